"""Purchase: an expense or a check, money that leaves at once."""

from ..errors import Fault, business, required
from ..ledger import Entry, converted
from ..values import ZERO, cents, dec
from . import currency, ledger_hooks, purchase_ledger, sales_ledger
from .purchases import PurchaseForm, spent

RECEIVABLE = "Accounts Receivable"
# Which accounts the money may leave, by the kind of payment.
SOURCES = {
    "Cash": ("Bank", "Other Current Asset", "Credit Card"),
    "Check": ("Bank",),
    "CreditCard": ("Credit Card",),
}
# How a Payment's LinkedTxn calls a Purchase.
LINK_TYPES = {"Cash": "Expense", "Check": "Check", "CreditCard": "CreditCardCredit"}


class Purchase(PurchaseForm):
    """Money to a vendor, or back to a customer on accounts receivable."""

    custom_pref = ("VendorAndPurchasesPrefs", "NoCustomField", "-")

    def party(self, change):
        kind, oid = payee(change.doc)
        return change.company.get(kind, oid) if oid else None

    def spent(self, change, line, detail):
        """A line on accounts receivable needs a customer as the payee."""
        oid = (detail.get("AccountRef") or {}).get("value")
        if change.company.account_type(oid) != RECEIVABLE:
            return spent(change, line, detail)
        if payee(change.doc)[0] != "Customer":
            raise business(
                f"When you use {RECEIVABLE}, you must choose a customer in the "
                "Name field."
            )
        if line.get("Amount") is None:
            raise required("Amount")
        line["Amount"] = dec(line["Amount"])
        return None

    def payable(self, change):
        """The account the money leaves."""
        doc = change.doc
        kind = change.company.account_type(doc["AccountRef"]["value"])
        if kind not in SOURCES[doc["PaymentType"]]:
            raise Fault(6430, f"Invalid account type used : {kind}", "AccountRef")

    def settle(self, change, party):
        used = ledger_hooks.applied_to(change.company, change.doc.get("Id"))
        if used > refunded(change.company, change.doc):
            raise business("The amount is less than what has been applied.")
        change.doc.setdefault("Credit", False)

    def entries(self, change):
        company, doc = change.company, change.doc
        kind, oid = payee(doc)
        sign = -1 if doc["Credit"] else 1
        found = [Entry(doc["AccountRef"]["value"], -sign * cents(doc["TotalAmt"]))]
        found += sales_ledger.taxes(company, doc, -sign)
        moves = []
        for line in doc["Line"]:
            entry, item = purchase_ledger.debit(company, line, sign)
            if entry:
                if company.account_type(entry.account) == RECEIVABLE:
                    entry.party = (kind, oid)
                found.append(entry)
                moves += purchase_ledger.stock(doc, line, item, sign)
        return converted(found, currency.rate(doc)), moves


def payee(doc):
    """(kind, id) of the payee, or (None, None)."""
    ref = doc.get("EntityRef") or {}
    return ref.get("type"), ref.get("value")


def refunded(company, doc):
    """What the document books on accounts receivable: a payment can take it up."""
    return sum(
        (
            dec(line["Amount"])
            for line in doc.get("Line", [])
            if company.account_type(booked_on(line)) == RECEIVABLE
        ),
        ZERO,
    )


def booked_on(line):
    """Id of the account a line names, or None."""
    detail = line.get("AccountBasedExpenseLineDetail") or {}
    return (detail.get("AccountRef") or {}).get("value")


RULES = {"Purchase": Purchase()}
