"""Purchase order, bill, vendor credit."""

from .. import tax
from ..errors import Fault, business, required
from ..forms import Form, FormLine, check_amount, detail_of, item_of, number_lines
from ..values import dec
from . import currency, ledger_hooks, purchase_ledger, sales_ledger
from .document import PURCHASE_NUMBERS, Document, due_date
from .sales import home_balance, keep_links

ALLOWED = (
    "ItemBasedExpenseLineDetail",
    "AccountBasedExpenseLineDetail",
    "DescriptionOnly",
    "DescriptionLineDetail",
)


class PurchaseForm(Document):
    """Item and account lines, tax where purchases have it."""

    party_field, party_kind = "VendorRef", "Vendor"
    numbered = False
    sign = 1  # +1 we owe, -1 the vendor owes
    custom_pref = (
        "VendorAndPurchasesPrefs",
        "POCustomField",
        "PurchasePrefs.PurchaseCustomName",
    )

    def custom_numbers(self, company):
        """Bills always carry the vendor's own number."""
        return True

    def lines(self, change, party):
        doc = change.doc
        if not doc.get("Line"):
            raise required("Line")
        form = Form("Purchase")
        for line in doc["Line"]:
            self.line(change, form, line)
        number_lines(change)
        form.recount()
        doc["TotalAmt"] = form.net_total() + tax.compute(change, form)
        if doc["TotalAmt"] < 0:
            raise business("The transaction amount must be 0 or greater.")
        self.payable(change)
        self.settle(change, party)

    def line(self, change, form, line):
        """Check one line and add it to the form."""
        detail = detail_of(line, ALLOWED)
        kind = line["DetailType"]
        if kind == "ItemBasedExpenseLineDetail":
            item = bought(change, line, detail)
        elif kind == "AccountBasedExpenseLineDetail":
            item = self.spent(change, line, detail)
        else:
            line.pop("Amount", None)
            return
        if change.company.kind == "us" and not detail.get("TaxCodeRef"):
            detail["TaxCodeRef"] = {"value": "NON"}
        default_billable(detail)
        form.lines.append(FormLine(line, detail, item))

    def spent(self, change, line, detail):
        """Check a line that books to an account."""
        return spent(change, line, detail)

    def payable(self, change):
        """APAccountRef: the vendor's currency decides; another type is 6430."""
        doc, company = change.doc, change.company
        if doc.get("APAccountRef"):
            return
        code = doc["CurrencyRef"]["value"]
        oid = sales_ledger.payable(company, code)
        doc["APAccountRef"] = {"value": oid, "name": company.accounts()[oid]["Name"]}

    def settle(self, change, party):
        """Balance, due date and what else the kind of document has."""

    def unlink(self, change):
        from .applying import release_target

        release_target(change)


class PurchaseOrder(PurchaseForm):
    """Ordered, not yet in the books."""

    numbered = True

    def prepare(self, change):
        if not change.company.pref("ProductAndServicesPrefs", "QuantityOnHand"):
            detail = "Purchase orders are not part of this company's subscription"
            raise Fault(5030, detail, "")
        super().prepare(change)

    def custom_numbers(self, company):
        for one in company.pref("OtherPrefs", "NameValue") or []:
            if one["Name"] == PURCHASE_NUMBERS:
                return one["Value"] == "true"
        return False

    def payable(self, change):
        if not change.doc.get("APAccountRef"):
            if change.company.knob("po_ap_account") == "require":
                raise required("APAccountRef")
            super().payable(change)

    def settle(self, change, party):
        doc = change.doc
        doc.setdefault("POStatus", "Open")
        doc.setdefault("EmailStatus", "NotSet")
        if change.company.knob("po_due_date") == "drop":
            doc.pop("DueDate", None)
        if party and not doc.get("VendorAddr") and party.get("BillAddr"):
            doc["VendorAddr"] = party["BillAddr"]
        keep_links(change, ("Bill",))

    def unlink(self, change):
        refused = change.company.knob("linked_order_delete") == "refuse"
        if change.old.get("LinkedTxn") and refused:
            raise Fault(
                6480,
                "The purchase order is linked to a bill. Remove the link first.",
                "",
            )


class Bill(PurchaseForm):
    """What we owe a vendor."""

    custom_pref = ("VendorAndPurchasesPrefs", "NoCustomField", "-")

    def settle(self, change, party):
        doc, company = change.doc, change.company
        if change.old is None and not doc.get("SalesTermRef") and party.get("TermRef"):
            doc["SalesTermRef"] = party["TermRef"]
        moved = change.changed("SalesTermRef") or change.changed("TxnDate")
        if not doc.get("DueDate") or (moved and "DueDate" not in change.sent):
            doc["DueDate"] = due_date(company, doc, doc.get("SalesTermRef"))
        self.balance(change)
        keep_links(change, ("BillPaymentCheck", "BillPaymentCreditCard"))

    def balance(self, change):
        """What is still to be paid."""
        doc = change.doc
        paid = ledger_hooks.applied_to(change.company, doc.get("Id"))
        if paid > doc["TotalAmt"]:
            raise business("The amount is less than what has been paid on it.")
        doc["Balance"] = doc["TotalAmt"] - paid
        home_balance(change)

    def entries(self, change):
        return purchase_ledger.entries(change, self.sign)

    def linked(self, change):
        from .orders import bill_orders

        bill_orders(change)

    def removing(self, change):
        super().removing(change)
        from .orders import reopen_orders

        reopen_orders(change)


class VendorCredit(Bill):
    """What a vendor owes us."""

    sign = -1

    def settle(self, change, party):
        self.balance(change)
        keep_links(change, ("BillPaymentCheck", "BillPaymentCreditCard"))

    def linked(self, change):
        """A credit closes no purchase order."""

    def removing(self, change):
        Document.removing(self, change)


def bought(change, line, detail):
    """A line that buys an item: amount, start date, an account to book it to."""
    if not detail.get("ItemRef"):
        raise Fault(6440, "An item is required on every item line", "ItemRef")
    check_amount(line, detail, change.doc.get("GlobalTaxCalculation") == "TaxInclusive")
    item = item_of(change.company, detail)
    if not item.get("ExpenseAccountRef"):
        raise business(f"The item {item['Name']} is not bought (no expense account).")
    ledger_hooks.check_start(item, change.doc["TxnDate"])
    return item


def spent(change, line, detail):
    """A line that books to an account."""
    if not detail.get("AccountRef"):
        raise Fault(6440, "An account is required on every expense line", "AccountRef")
    check_amount(line, {})
    kind = change.company.account_type(detail["AccountRef"]["value"])
    if kind in ("Accounts Receivable", "Accounts Payable"):
        raise Fault(6430, f"Invalid account type used : {kind}", "AccountRef")


def default_billable(detail):
    """A customer without a status becomes billable; HasBeenBilled can't be sent."""
    if detail.get("BillableStatus") == "HasBeenBilled":
        raise Fault(2170, "Invalid Enumeration : HAS_BEEN_BILLED", "BillableStatus")
    default = "Billable" if detail.get("CustomerRef") else "NotBillable"
    detail.setdefault("BillableStatus", default)


def total_in_home(doc):
    """The document's total in the company's currency."""
    return dec(doc["TotalAmt"]) * currency.rate(doc)


RULES = {
    "PurchaseOrder": PurchaseOrder(),
    "Bill": Bill(),
    "VendorCredit": VendorCredit(),
}
