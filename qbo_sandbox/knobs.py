"""Every behaviour that can be switched, with its default and what is known of it.

``doc`` facts come from Intuit's documentation or recordings; ``guess`` facts have no
public source, so both behaviours are offered. A knob is set for all companies or,
with a realm, for one.
"""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Knob:
    """One switch: its default, allowed values (or None) and what it does."""

    default: object
    choices: tuple | None
    basis: str
    text: str


def _knob(default, choices, basis, text):
    return Knob(default, choices, basis, text)


BOTH = (True, False)
KNOBS = {
    "refresh_rotation": _knob(
        "window",
        ("window", "always", "never"),
        "doc",
        "the refresh token changes every 24 h, at every refresh, or never",
    ),
    "refresh_window": _knob(86400, None, "doc", "seconds until a new refresh token"),
    "refresh_grace": _knob(
        0, None, "guess", "seconds the replaced refresh token still works (0 or 86400)"
    ),
    "access_lifetime": _knob(3600, None, "doc", "seconds an access token lives"),
    "code_lifetime": _knob(300, None, "guess", "seconds an authorization code lives"),
    "code_reuse_kills": _knob(
        True, BOTH, "doc", "a code exchanged twice revokes the tokens it gave"
    ),
    "reconsent_kills": _knob(
        True, BOTH, "guess", "a new consent for a company ends its former tokens"
    ),
    "clock_offset": _knob(0, None, "doc", "seconds added to the server's clock"),
    "latency": _knob(
        "none", ("none", "recorded"), "doc", "answer at once, or as slowly as Intuit"
    ),
    "latency_scale": _knob(1.0, None, "doc", "factor on the recorded latency"),
    "limits": _knob(
        "off", ("off", "on"), "doc", "500/min and 10/s per company, 40 batches/min"
    ),
    "limit_minute": _knob(500, None, "doc", "requests a minute and company"),
    "limit_second": _knob(10, None, "doc", "requests a second and company"),
    "limit_batch": _knob(40, None, "doc", "batch calls a minute and company"),
    "retry_after": _knob(
        "", None, "guess", "value of a 429's Retry-After header (empty: none sent)"
    ),
    "throttle_envelope": _knob(
        "lower",
        ("lower", "capital"),
        "doc",
        "a 429's fault: in the gateway's lower case, or capital (both were seen)",
    ),
    "batch_limit": _knob(30, (10, 30, 50), "doc", "most items in a batch"),
    "subscription": _knob(
        "active",
        ("active", "lapsed"),
        "doc",
        "with a lapsed subscription every write is refused with 6190",
    ),
    "replay_faults": _knob(
        False, BOTH, "guess", "a repeated requestid also replays a 4xx answer"
    ),
    "requestid_new_body": _knob(
        "replay",
        ("replay", "refuse"),
        "guess",
        "same requestid, other body: the first answer again, or fault 600",
    ),
    "duplicate_docnumber": _knob(
        "warn",
        ("warn", "accept"),
        "doc",
        "with custom numbers on: refuse a used number with 6140, or take it",
    ),
    "duplicate_detail": _knob(
        "long",
        ("long", "short"),
        "guess",
        "6140 names the document that has the number, or does not",
    ),
    "us_charset": _knob(
        "refuse",
        ("refuse", "question", "keep"),
        "guess",
        "text outside ISO-8859-1 in a US company: 2040, a question mark, or kept",
    ),
    "account_number_length": _knob(
        20, (7, 20), "doc", "longest AcctNum: documented 7 in US/UK, accepted 20"
    ),
    "unknown_currency": _knob(
        "home",
        ("home", "add", "refuse"),
        "doc",
        "customer or vendor in a currency the company lacks: silently the home "
        "currency (measured), added (documented) or refused",
    ),
    "undefined_custom_field": _knob(
        "drop",
        ("drop", "refuse"),
        "doc",
        "custom field without a definition: dropped with a 200, or fault 3000",
    ),
    "billpayment_purchase_link": _knob(
        "drop", ("drop", "refuse"), "doc", "a BillPayment's link to a Purchase"
    ),
    "total_tax": _knob(
        "honour",
        ("honour", "update", "ignore"),
        "doc",
        "automated sales tax takes the TotalTax that was sent, only in an update, or "
        "its own",
    ),
    "tax_rounding": _knob(
        "rate",
        ("rate", "line"),
        "guess",
        "outside the US a rate's tax is rounded once for the form, or on each line",
    ),
    "tax_without_code": _knob(
        "honour",
        ("honour", "ignore"),
        "guess",
        "US, manual tax: TotalTax without TxnTaxCodeRef counts, or not",
    ),
    "default_line_tax": _knob(
        "NON", ("NON", "item"), "guess", "US line without a code: NON, or the item's"
    ),
    "inclusive_amount": _knob(
        "gross",
        ("gross", "net"),
        "guess",
        "TaxInclusive without TaxInclusiveAmt: what a line's Amount is taken for",
    ),
    "missing_line_tax": _knob(
        "refuse", ("refuse", "accept"), "doc", "non-US line without TaxCodeRef"
    ),
    "ast_code": _knob(
        "assign",
        ("assign", "respect"),
        "doc",
        "automated sales tax replaces a sent TxnTaxCodeRef, or respects it",
    ),
    "po_ap_account": _knob(
        "default",
        ("default", "require"),
        "guess",
        "PurchaseOrder without APAccountRef: defaulted, or 2020",
    ),
    "po_due_date": _knob(
        "drop",
        ("drop", "keep"),
        "doc",
        "a PurchaseOrder's DueDate: dropped with a 200 (recorded), or kept",
    ),
    "po_closes": _knob(
        True, BOTH, "guess", "a PO closes when all its lines are billed"
    ),
    "negative_stock": _knob(True, BOTH, "guess", "stock may go below zero; else 6000"),
    "oversized_page": _knob("cap", ("cap", "refuse"), "guess", "MAXRESULTS over 1000"),
    "cdc_empty": _knob(
        "one", ("one", "each"), "guess", "CDC with no changes: one {} or one each"
    ),
    "inactive_suffix": _knob(
        "items",
        ("items", "all", "none"),
        "doc",
        "whose names get ' (deleted)' when made inactive and so are free again: items "
        "(recorded); other inactive names still collide (documented)",
    ),
    "adjustments": _knob(
        "us",
        ("us", "all"),
        "doc",
        "which companies have InventoryAdjustment: US Plus and Advanced, or all; "
        "others refuse it with 500 (a guess)",
    ),
    "merge_documents": _knob(
        "touched",
        ("touched", "silent"),
        "guess",
        "documents of what was merged away: a new SyncToken and an event, or neither",
    ),
    "merge_leaves": _knob(
        "inactive",
        ("inactive", "deleted"),
        "guess",
        "what was merged away is made inactive, or vanishes at once",
    ),
    "address_rewrite": _knob(
        True, BOTH, "doc", "an address on a transaction is flattened when updated"
    ),
    "xml_without_accept": _knob(
        True, BOTH, "guess", "no 'Accept: application/json' gives XML"
    ),
    "linked_order_delete": _knob(
        "refuse",
        ("refuse", "allow"),
        "doc",
        "a PurchaseOrder a Bill is linked to: its deletion is refused, or allowed",
    ),
    "webhook_format": _knob(
        "cloudevents", ("cloudevents", "legacy"), "doc", "shape of a webhook's body"
    ),
    "webhook_duplicate": _knob(False, BOTH, "doc", "deliver every event twice"),
    "webhook_disorder": _knob(False, BOTH, "doc", "newest event first"),
    "webhook_bad_signature": _knob(False, BOTH, "doc", "sign with a wrong key"),
    "webhook_delay": _knob(0.2, None, "guess", "seconds events are gathered"),
    "webhook_retry_scale": _knob(
        1.0, None, "doc", "factor on 10 s, 20 s, 30 s, 5 m, 20 m, 2 h, 4 h, 6 h"
    ),
    "webhook_timeout": _knob(3.0, None, "doc", "seconds the receiver has"),
}


class Knobs:
    """The switches' values: defaults, then all companies', then one company's."""

    def __init__(self, store):
        self.store = store
        self.values = json.loads(store.meta("knobs", "{}"))

    def get(self, name, realm=None):
        """Value of a knob; KeyError if there is none of that name."""
        for scope in (str(realm), ""):
            if name in self.values.get(scope, {}):
                return self.values[scope][name]
        return KNOBS[name].default

    def set(self, values, realm=None):
        """Set several; ValueError names a wrong name or value. None resets one."""
        for name, value in values.items():
            _check(name, value)
        scope = self.values.setdefault(str(realm or ""), {})
        scope.update(values)
        for name in [name for name, value in scope.items() if value is None]:
            del scope[name]
        self.store.set_meta("knobs", json.dumps(self.values))

    def show(self, realm=None):
        """{name: {value, default, choices, basis, text}} for people and tests."""
        return {
            name: {"value": self.get(name, realm), **vars(knob)}
            for name, knob in KNOBS.items()
        }


def _check(name, value):
    if name not in KNOBS:
        raise ValueError(f"no knob {name}")
    choices = KNOBS[name].choices
    if value is not None and choices and value not in choices:
        raise ValueError(f"{name}: one of {list(choices)}")
