"""QuickBooks' lists and the facts about a company, read in one batch call."""

from typing import NamedTuple

from . import queries
from .client import BatchItem
from .money import D, number_text

LISTS = (
    *("Account", "TaxCode", "Term", "PaymentMethod", "Class", "Department"),
    "CustomerType",
)
# Read for the rates of tax codes; no list of its own.
EXTRA = ("TaxRate", "CompanyInfo", "Preferences")
PAGE = 1000
# Legacy custom fields: the preference that lists them -> the forms they are on.
CUSTOM_FIELDS = {
    "SalesFormsPrefs": ("CustomField", "Sales"),
    "VendorAndPurchasesPrefs": ("POCustomField", "Purchase"),
}


class Company(NamedTuple):
    """facts: about the company, by name of a setting; rows: entity -> entries."""

    facts: dict
    rows: dict


def read(client) -> Company:
    """Read everything that mappings need; raises QboError.

    One HTTP request; Intuit meters each query in it as a read. A list longer
    than one page is read on with plain queries.
    """
    entities = (*LISTS, *EXTRA)
    answers = client.batch(
        [
            BatchItem(str(number), query=queries.select(entity, limit=PAGE))
            for number, entity in enumerate(entities)
        ]
    )
    found = {}
    for number, entity in enumerate(entities):
        answer = answers[str(number)]
        if isinstance(answer, Exception):
            raise answer
        found[entity] = answer
        if len(found[entity]) >= PAGE:
            found[entity] = list(client.query_all(entity))
        # The US pseudo codes TAX and NON come on top of a page that has them.
        found[entity] = list({one["Id"]: one for one in found[entity]}.values())
    return _company(found)


def _company(found):
    info = found["CompanyInfo"][0] if found["CompanyInfo"] else {}
    prefs = found["Preferences"][0] if found["Preferences"] else {}
    rates = {rate["Id"]: D(rate.get("RateValue", 0)) for rate in found["TaxRate"]}
    rows = {entity: [_row(one) for one in found[entity]] for entity in LISTS}
    for row, account in zip(rows["Account"], found["Account"], strict=True):
        row["kind"] = account.get("AccountType")
        row["subkind"] = account.get("AccountSubType")
    for row, code in zip(rows["TaxCode"], found["TaxCode"], strict=True):
        row["rates"] = _tax_rates(code, rates)
        row["buying_rates"] = _tax_rates(code, rates, "PurchaseTaxRateList")
        row["amount"] = float(sum((D(rate) for _id, rate in row["rates"]), D(0)))
    for row, term in zip(rows["Term"], found["Term"], strict=True):
        row["amount"] = float(term.get("DueDays", -1))
    rows["CustomField"] = list(_custom_fields(prefs))
    return Company(_facts(info, prefs), rows)


def _row(one):
    name = one.get("FullyQualifiedName") or one.get("Name") or one["Id"]
    return {"qbo_id": one["Id"], "name": name}


def _tax_rates(code, rates, side="SalesTaxRateList"):
    """A code's rates as plain JSON: [[id of the TaxRate, percent as text], …]."""
    details = (code.get(side) or {}).get("TaxRateDetail", [])
    ids = [one["TaxRateRef"]["value"] for one in details]
    return [[oid, number_text(rates.get(oid, 0))] for oid in ids]


def _facts(info, prefs):
    currency = prefs.get("CurrencyPrefs") or {}
    taxes = prefs.get("TaxPrefs") or {}
    forms = prefs.get("SalesFormsPrefs") or {}
    books = prefs.get("AccountingInfoPrefs") or {}
    return {
        "qbo_company_name": info.get("CompanyName"),
        "qbo_country": info.get("Country"),
        "qbo_currency": (currency.get("HomeCurrency") or {}).get("value"),
        "multi_currency": bool(currency.get("MultiCurrencyEnabled")),
        "automated_tax": bool(taxes.get("PartnerTaxEnabled")),
        # Absent says nothing: only a plain "false" turns them off.
        "allow_discount": forms.get("AllowDiscount") is not False,
        "allow_shipping": bool(forms.get("AllowShipping")),
        "auto_apply_credit": bool(forms.get("AutoApplyCredit")),
        "book_close_date": books.get("BookCloseDate") or False,
        "class_on_lines": bool(books.get("ClassTrackingPerTxnLine")),
        "class_on_documents": bool(books.get("ClassTrackingPerTxn")),
        "location_on_documents": bool(books.get("TrackDepartments")),
    }


def _custom_fields(prefs):
    """The enabled legacy custom fields: at most three text fields a form.

    Preferences hold two lists of name/value pairs: `UseSalesCustom1` (enabled)
    and `SalesCustomName1` (label); the digit is the DefinitionId.
    """
    for block, (key, form) in CUSTOM_FIELDS.items():
        pairs = list(_pairs((prefs.get(block) or {}).get(key) or []))
        names = {name[-1]: value for name, value in pairs if "CustomName" in name}
        used = {name[-1]: value for name, value in pairs if "Use" in name}
        for digit, label in sorted(names.items()):
            if label and used.get(digit) in (True, "true", None):
                yield {"qbo_id": digit, "name": label, "kind": form}


def _pairs(blocks):
    for block in blocks:
        for one in block.get("CustomField") or [block]:
            name = (one.get("Name") or "").rsplit(".", 1)[-1]
            yield name, one.get("StringValue", one.get("BooleanValue"))
