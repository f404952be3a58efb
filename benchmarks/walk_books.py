"""What QuickBooks' books say, read over its API: the judge's other hand."""

import re
from collections import defaultdict
from decimal import Decimal

from dev.quickbooks import Books

from .walk_odoo import ZERO, Sum

MARK = re.compile(r"\[Odoo ([a-z0-9_.]+) ([0-9]+) · [0-9a-f]{8}\]")
SALES = {"Invoice": 1, "CreditMemo": -1, "RefundReceipt": -1, "SalesReceipt": 1}
MONEY = ("Payment", "Purchase", "Bill", "VendorCredit", "BillPayment")
OTHERS = ("PurchaseOrder", "Deposit", "JournalEntry")
# What each adds to what a customer or a vendor owes or is owed.
RECEIVABLE = {"Invoice": 1, "CreditMemo": -1, "Payment": -1, "Purchase": 1}
PAYABLE = {"Bill": 1, "VendorCredit": -1, "BillPayment": -1}
TAX_ACCOUNTS = ("SalesTaxPayable", "GlobalTaxPayable")


class QuickBooks:
    """All documents of the company's books, and its trial balance."""

    def __init__(self, books: Books):
        self.books = books
        self.by_record: dict[tuple[str, int], list[dict]] = defaultdict(list)
        self.by_id: dict[tuple[str, str], dict] = {}
        self.parties = {
            (kind, one["Id"]): one
            for kind in ("Customer", "Vendor")
            for one in books.all(kind)
        }
        for entity in (*SALES, *MONEY, *OTHERS):
            for found in books.all(entity):
                self._take(entity, found)

    def _take(self, entity: str, found: dict) -> None:
        found["entity"] = entity
        note = found.get("PrivateNote") or ""
        found["void"] = note.startswith("Voided")
        marks = MARK.findall(note)
        found["record"] = (marks[-1][0], int(marks[-1][1])) if marks else None
        self.by_id[entity, found["Id"]] = found
        if found["record"] and not found["void"]:
            self.by_record[found["record"]].append(found)

    # ------------------------------------------------------------- documents
    def of(self, records, *entities: str) -> list[dict]:
        """Return the documents of some records of Odoo that aren't void."""
        return [
            one
            for record in sorted(records)
            for one in self.by_record[record]
            if not entities or one["entity"] in entities
        ]

    def sold(self, records) -> Sum:
        """Return Invoices less credits of these records."""
        result = Sum()
        for one in self.of(records, *SALES):
            part = amounts(one)
            result = result + part if SALES[one["entity"]] > 0 else result - part
        return result

    def street(self, document: dict) -> str:
        """Return the street of whom a document is for."""
        for key, kind in (("CustomerRef", "Customer"), ("VendorRef", "Vendor")):
            if key in document:
                return self._street(kind, document[key]["value"])
        payee = document.get("EntityRef") or {}
        return self._street(payee.get("type", "Customer"), payee.get("value"))

    def _street(self, kind: str, party: str | None) -> str:
        found = self.parties.get((kind, party)) or {}
        return (found.get("BillAddr") or {}).get("Line1", f"{kind} {party}")

    def balances(self, signs: dict[str, int]) -> dict[str, Decimal]:
        """Return who owes us (RECEIVABLE) or whom we owe (PAYABLE), by street."""
        result: dict[str, Decimal] = defaultdict(Decimal)
        for entity, sign in signs.items():
            for one in self.every(entity):
                if entity != "Purchase" or _on_receivables(one):
                    result[self.street(one)] += sign * one["TotalAmt"]
        return result

    def every(self, entity: str) -> list[dict]:
        """Return all documents of an entity that aren't void."""
        return [
            one
            for (kind, _oid), one in self.by_id.items()
            if kind == entity and not one["void"]
        ]

    # --------------------------------------------------------- trial balance
    def trial_balance(self) -> dict[str, Decimal]:
        """Return debit less credit of what the judge looks at, in home currency."""
        kinds = {one["Id"]: one for one in self.books.all("Account")}
        names = {"Accounts Receivable": "A/R", "Accounts Payable": "A/P"}
        names |= {"Income": "income", "Bank": "bank"}
        result: dict[str, Decimal] = defaultdict(Decimal)
        rows = self.books.report("TrialBalance", end_date="2099-12-31")["Rows"]
        for row in rows.get("Row", []):
            if row.get("type") != "Data":
                continue
            first, debit, credit = row["ColData"]
            account = kinds[first["id"]]
            name = names.get(account["AccountType"])
            if account.get("AccountSubType") in TAX_ACCOUNTS:
                name = "tax"
            if name:
                result[name] += Decimal(debit["value"] or 0)
                result[name] -= Decimal(credit["value"] or 0)
        return result


def amounts(document: dict) -> Sum:
    """Return net amount and tax of a document."""
    tax = Decimal((document.get("TxnTaxDetail") or {}).get("TotalTax") or ZERO)
    return Sum(Decimal(document["TotalAmt"]) - tax, tax)


def _on_receivables(purchase: dict) -> bool:
    return (purchase.get("EntityRef") or {}).get("type") == "Customer"
