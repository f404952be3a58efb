"""Journal entry, deposit, inventory adjustment."""

from ..errors import Fault, business, required
from ..ledger import Entry, converted
from ..values import ZERO, cents, dec, money, ref_id
from . import currency, ledger_hooks
from .document import Document
from .sales_lines import money_account

NO_FIELDS = ("SalesFormsPrefs", "NoCustomField", "-")
PARTIES = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}


class JournalEntry(Document):
    """Debits and credits by hand."""

    custom_pref = NO_FIELDS

    def party(self, change):
        """None: a journal entry has its currency itself."""
        return None

    def custom_numbers(self, company):
        return True

    def lines(self, change, party):
        from ..forms import number_lines

        doc = change.doc
        if not doc.get("Line"):
            raise required("Line")
        for line in doc["Line"]:
            self.line(change, line)
        if sum(signed(line) for line in doc["Line"]):
            raise Fault(2300, "Total debits must equal total credits", "Line")
        number_lines(change, numbered=False)
        doc["TotalAmt"] = ZERO
        doc.setdefault("Adjustment", False)

    def line(self, change, line):
        """One line: posting type, account, amount, partner where one is needed."""
        if line.get("DetailType") == "DescriptionOnly":
            line.pop("Amount", None)
            return
        detail = line.get("JournalEntryLineDetail") or {}
        if not detail.get("PostingType"):
            raise Fault(2260, "PostingType is required on every line", "PostingType")
        if not detail.get("AccountRef"):
            raise Fault(6440, "An account is required on every line", "AccountRef")
        if dec(line.get("Amount")) < 0:
            raise Fault(2290, "Amounts of journal entry lines are positive", "Amount")
        line["Amount"] = money(line.get("Amount"))
        kind = change.company.account_type(detail["AccountRef"]["value"])
        wanted = PARTIES.get(kind)
        if wanted and (detail.get("Entity") or {}).get("Type") != wanted:
            raise business(
                f"When you use {kind}, you must choose a "
                f"{wanted.lower()} in the Name field."
            )

    def entries(self, change):
        found = []
        for line in change.doc["Line"]:
            detail = line.get("JournalEntryLineDetail")
            if detail:
                found.append(
                    Entry(detail["AccountRef"]["value"], signed(line), partner(detail))
                )
        return converted(found, currency.rate(change.doc)), []


def signed(line):
    """Cents of a line, credits negative."""
    detail = line.get("JournalEntryLineDetail") or {}
    if not detail:
        return 0
    amount = cents(line.get("Amount", 0))
    return amount if detail.get("PostingType") == "Debit" else -amount


def partner(detail):
    """(kind, id) of a journal line's customer or vendor, or None."""
    one = detail.get("Entity") or {}
    if one.get("Type") in ("Customer", "Vendor"):
        return one["Type"], one["EntityRef"]["value"]
    return None


class Deposit(Document):
    """Money brought to the bank: payments kept in Undeposited Funds, and more."""

    custom_pref = NO_FIELDS
    SOURCES = ("Payment", "SalesReceipt", "RefundReceipt")

    def party(self, change):
        """None: the lines have their own."""
        return None

    def custom_numbers(self, company):
        return True

    def lines(self, change, party):
        from ..forms import number_lines

        doc = change.doc
        if not doc.get("DepositToAccountRef"):
            raise required("DepositToAccountRef")
        money_account(change.company, doc["DepositToAccountRef"])
        if not doc.get("Line"):
            raise required("Line")
        change.sources = [self.line(change, line) for line in doc["Line"]]
        number_lines(change)
        back = dec((doc.get("CashBack") or {}).get("Amount"))
        doc["TotalAmt"] = sum((line["Amount"] for line in doc["Line"]), ZERO) - back

    def line(self, change, line):
        """A line takes a document out of Undeposited Funds, or books to an account."""
        line["Amount"] = money(line.get("Amount"))
        if line.get("LinkedTxn"):
            return self.source(change, line)
        line.pop("LinkedTxn", None)
        line.setdefault("DetailType", "DepositLineDetail")
        if not (line.get("DepositLineDetail") or {}).get("AccountRef"):
            raise Fault(6440, "An account is required on every line", "AccountRef")
        return None

    def source(self, change, line):
        """The payment or receipt a line deposits."""
        link = line["LinkedTxn"][0]
        entity, company = link.get("TxnType"), change.company
        found = company.get(entity, link["TxnId"]) if entity in self.SOURCES else None
        if found is None:
            raise Fault(
                620, f"{entity} {link['TxnId']} cannot be deposited", "LinkedTxn"
            )
        if "TxnLineId" not in link:
            raise required("TxnLineId")
        other = [
            one
            for one in found.get("LinkedTxn", [])
            if one["TxnType"] == "Deposit" and one["TxnId"] != change.doc.get("Id")
        ]
        account = ref_id(found, "DepositToAccountRef")
        if other or account != company.account("UndepositedFunds"):
            raise business("You can only deposit what is in Undeposited Funds.")
        sign = -1 if entity == "RefundReceipt" else 1
        if line["Amount"] != sign * found["TotalAmt"]:
            raise business("The whole payment must be deposited.")
        return entity, found

    def entries(self, change):
        company, doc = change.company, change.doc
        found = [Entry(doc["DepositToAccountRef"]["value"], cents(doc["TotalAmt"]))]
        back = doc.get("CashBack") or {}
        if back.get("Amount"):
            found.append(Entry(back["AccountRef"]["value"], cents(back["Amount"])))
        for line in doc["Line"]:
            detail = line.get("DepositLineDetail") or {}
            account = (detail.get("AccountRef") or {}).get("value")
            if line.get("LinkedTxn"):
                account = company.account("UndepositedFunds")
            found.append(Entry(account, -cents(line["Amount"]), deposit_party(detail)))
        return converted(found, currency.rate(doc)), []

    def linked(self, change):
        now = {(e, d["Id"]) for e, d in filter(None, change.sources)}
        for entity, oid in sorted(self.deposited(change.old) | now):
            mark(change.company, entity, oid, change.doc["Id"], (entity, oid) in now)

    def unlink(self, change):
        for entity, oid in sorted(self.deposited(change.old)):
            mark(change.company, entity, oid, change.old["Id"], False)

    def deposited(self, doc):
        """{(entity, id)} of what stands in the deposit."""
        return {
            (line["LinkedTxn"][0]["TxnType"], line["LinkedTxn"][0]["TxnId"])
            for line in (doc or {}).get("Line", [])
            if line.get("LinkedTxn")
        }


def deposit_party(detail):
    """(kind, id) of a deposit line's Entity, or None."""
    one = detail.get("Entity") or {}
    kind = str(one.get("type", "")).capitalize()
    return (kind, one["value"]) if kind in ("Customer", "Vendor") else None


def mark(company, entity, oid, deposit, inside):
    """Write or remove a document's link to its deposit."""
    doc = company.get(entity, oid)
    if doc is None:
        return
    link = {"TxnId": deposit, "TxnType": "Deposit"}
    links = [one for one in doc.get("LinkedTxn", []) if one != link] + [link] * inside
    if links == doc.get("LinkedTxn", []):
        return
    doc["LinkedTxn"] = links
    company.touch(entity, doc)


class InventoryAdjustment(Document):
    """Quantities put right, against an account."""

    custom_pref = NO_FIELDS

    def party(self, change):
        """None."""
        return None

    def custom_numbers(self, company):
        return company.pref("SalesFormsPrefs", "CustomTxnNumbers")

    def prepare(self, change):
        company = change.company
        counted = company.pref("ProductAndServicesPrefs", "QuantityOnHand")
        here = company.kind == "us" and counted
        if not here and company.knob("adjustments") != "all":
            detail = "InventoryAdjustment is not supported for this company"
            raise Fault(500, detail, "", status=400)
        super().prepare(change)

    def lines(self, change, party):
        from ..forms import number_lines

        doc = change.doc
        if not doc.get("AdjustAccountRef"):
            raise required("AdjustAccountRef")
        if not doc.get("Line"):
            raise required("Line")
        for line in doc["Line"]:
            self.line(change, line)
        number_lines(change, numbered=False)

    def shown(self, company, doc):
        """Intuit's answer has no DetailType on the lines and one time only."""
        doc["MetaData"] = {"LastUpdatedTime": doc["MetaData"]["LastUpdatedTime"]}
        for line in doc["Line"]:
            line.pop("DetailType", None)
        return doc

    def line(self, change, line):
        """One line: a tracked item and a difference."""
        detail = line.get("ItemAdjustmentLineDetail") or {}
        for name in ("ItemRef", "QtyDiff"):
            if detail.get(name) is None:
                raise required(name)
        item = change.company.get("Item", detail["ItemRef"]["value"])
        if item["Type"] != "Inventory":
            raise business(f"{item['Name']} is not an inventory item.")
        ledger_hooks.check_start(item, change.doc["TxnDate"])
        line["DetailType"] = "ItemAdjustmentLineDetail"

    def entries(self, change):
        counter = change.doc["AdjustAccountRef"]["value"]
        moves = []
        for line in change.doc["Line"]:
            detail = line["ItemAdjustmentLineDetail"]
            moves.append(
                (detail["ItemRef"]["value"], dec(detail["QtyDiff"]), None, counter)
            )
        return [], moves


RULES = {
    "JournalEntry": JournalEntry(),
    "Deposit": Deposit(),
    "InventoryAdjustment": InventoryAdjustment(),
}
