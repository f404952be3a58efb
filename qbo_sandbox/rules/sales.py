"""Invoice, sales receipt, estimate, credit memo, refund receipt."""

from .. import tax
from ..errors import Fault, business, required
from ..forms import (
    SHIPPING,
    Form,
    FormLine,
    check_amount,
    detail_of,
    item_of,
    number_lines,
)
from ..values import ZERO, dec, money
from . import addresses, currency, ledger_hooks, sales_ledger
from .document import Document, due_date

ALLOWED = ("SalesItemLineDetail", "DescriptionOnly", "DiscountLineDetail",
           "GroupLineDetail", "SubTotalLineDetail", "DescriptionLineDetail")


class SalesForm(Document):
    """Lines, discount, shipping, tax, totals."""

    sign = 1  # +1 the customer owes, -1 we owe
    posts = True

    def lines(self, change, party):
        doc = change.doc
        addresses.complete(change, party)
        form = Form("Sales")
        kept = [line for line in doc.get("Line", [])
                if line.get("DetailType") != "SubTotalLineDetail"]
        if not kept:
            raise required("Line")
        doc["Line"] = kept
        for line in kept:
            self.line(change, form, line)
        number_lines(change)
        form.recount()
        self.discount(change, form)
        self.total(change, form, tax.compute(change, form))
        self.settle(change, form)
        arrange(doc, form)

    def line(self, change, form, line):
        """Check one line and add it to the form."""
        detail = detail_of(line, ALLOWED)
        kind = line["DetailType"]
        if kind == "DiscountLineDetail":
            if form.discount_line is not None:
                raise business("Only one discount line is allowed on a transaction.")
            form.discount_line = line
        elif kind == "GroupLineDetail":
            group(change, form, line, detail)
        elif kind == "SalesItemLineDetail" and detail.get("ItemRef"):
            sold(change, form, line, detail)
        else:
            description(line)

    def discount(self, change, form):
        """Amount of the discount line; 6090 if it says neither amount nor percent."""
        line = form.discount_line
        if line is None:
            return
        company = change.company
        if not company.pref("SalesFormsPrefs", "AllowDiscount"):
            raise business("Discounts are not turned on for this company.")
        detail = line["DiscountLineDetail"] = line.get("DiscountLineDetail") or {}
        percent = detail.get("DiscountPercent") if detail.get("PercentBased") else None
        if percent is None and line.get("Amount") is None:
            raise Fault(6090, "Discount line needs an amount or a percent", "Line")
        form.discount = money(line.get("Amount") if percent is None
                              else form.subtotal * dec(percent) / 100)
        line["Amount"] = form.discount
        detail.setdefault("PercentBased", False)
        detail.setdefault("DiscountAccountRef", discount_account(company))

    def total(self, change, form, tax_amount):
        """TotalAmt; a document below zero is refused."""
        doc = change.doc
        total = form.net_total() + tax_amount
        if total < 0:
            raise business("The transaction amount must be 0 or greater.")
        doc["TotalAmt"] = total
        for name in ("PrintStatus", "EmailStatus"):
            doc.setdefault(name, "NotSet")
        if doc["EmailStatus"] == "NeedToSend" and not doc.get("BillEmail"):
            raise required("BillEmail")
        doc.setdefault("ApplyTaxAfterDiscount", False)

    def settle(self, change, form):
        """Balance, due date and what else the kind of document has."""

    def entries(self, change):
        if not self.posts:
            return [], []
        return sales_ledger.entries(change, self.sign, self.main_account(change))

    def main_account(self, change):
        """(account id, with the customer as party) the total is booked to."""
        code = change.doc["CurrencyRef"]["value"]
        return sales_ledger.receivable(change.company, code), True

    def unlink(self, change):
        from .payments import release_target

        release_target(change)

    def voiding(self, change):
        """All amounts zero, a word in the note, payments back to unapplied."""
        self.removing(change)
        zero(change.doc)


class Invoice(SalesForm):
    """What a customer owes."""

    def settle(self, change, form):
        doc, company = change.doc, change.company
        terms(change)
        paid = ledger_hooks.applied_to(company, doc.get("Id"))
        deposit = dec(doc.get("Deposit"))
        if doc["TotalAmt"] < paid + deposit:
            raise business("The amount is less than what has been paid on it.")
        doc["Balance"] = doc["TotalAmt"] - paid - deposit
        home_balance(change)
        keep_links(change, ("Payment", "Deposit"))

    def linked(self, change):
        from .estimates import close_estimates

        close_estimates(change)


class CreditMemo(SalesForm):
    """What we owe a customer."""

    sign = -1

    def settle(self, change, form):
        doc = change.doc
        used = ledger_hooks.applied_to(change.company, doc.get("Id"))
        doc["RemainingCredit"] = doc["Balance"] = doc["TotalAmt"] - used
        home_balance(change)
        keep_links(change, ("Payment",))


class SalesReceipt(SalesForm):
    """Sold and paid at once."""

    def settle(self, change, form):
        doc, company = change.doc, change.company
        doc["Balance"] = ZERO
        if not doc.get("DepositToAccountRef"):
            doc["DepositToAccountRef"] = account_ref(company, "UndepositedFunds")
        money_account(company, doc["DepositToAccountRef"])
        keep_links(change, ("Deposit",))

    def main_account(self, change):
        return change.doc["DepositToAccountRef"]["value"], False


class RefundReceipt(SalesReceipt):
    """Money given back."""

    sign = -1

    def settle(self, change, form):
        if not change.doc.get("DepositToAccountRef"):
            raise required("DepositToAccountRef")
        super().settle(change, form)


class Estimate(SalesForm):
    """An offer: not in the books."""

    posts = False

    def settle(self, change, form):
        change.doc.setdefault("TxnStatus", "Pending")
        keep_links(change, ("Invoice",))


def sold(change, form, line, detail):
    """A line that sells an item, or QuickBooks' own shipping."""
    company = change.company
    oid = detail["ItemRef"]["value"]
    line.setdefault("DetailType", "SalesItemLineDetail")
    check_amount(line, detail, change.doc.get("GlobalTaxCalculation") == "TaxInclusive")
    if oid in SHIPPING:
        ship(company, form, oid)
        item = None
    else:
        item = item_of(company, detail)
        ledger_hooks.check_start(item, change.doc["TxnDate"])
        item_account(detail, item)
    if company.kind == "us":
        detail["TaxCodeRef"] = detail.get("TaxCodeRef") or {"value": line_tax(change, item)}
    form.lines.append(FormLine(line, detail, item, oid in SHIPPING))


def item_account(detail, item):
    """ItemAccountRef: the income account of the item."""
    ref = item.get("IncomeAccountRef")
    if not ref:
        raise business(f"The item {item['Name']} is not sold (it has no income account).")
    detail["ItemAccountRef"] = ref


def line_tax(change, item):
    """TAX or NON for a US line that says neither."""
    by_item = change.company.knob("default_line_tax") == "item"
    return "TAX" if by_item and item and item.get("Taxable") else "NON"


def ship(company, form, oid):
    """One shipping line, if the company allows it."""
    if not company.pref("SalesFormsPrefs", "AllowShipping"):
        raise business("Shipping is not turned on for this company.")
    if any(one.detail["ItemRef"]["value"] == oid for one in form.lines if one.shipping):
        raise business("Only one shipping line is allowed on a transaction.")


def group(change, form, line, detail):
    """A bundle: the sum of its lines."""
    for child in detail.get("Line", []):
        inner = detail_of(child, ("SalesItemLineDetail", "DescriptionOnly"))
        if inner.get("ItemRef"):
            sold(change, form, child, inner)
    line["Amount"] = sum((dec(c.get("Amount")) for c in detail.get("Line", [])), ZERO)


def description(line):
    """A line without an item is text; its amount does not count."""
    line.pop("SalesItemLineDetail", None)
    line.pop("Amount", None)
    line["DetailType"] = "DescriptionOnly"
    line["DescriptionLineDetail"] = (line.pop("DescriptionOnly", None)
                                     or line.get("DescriptionLineDetail") or {})


def arrange(doc, form):
    """QuickBooks' order: lines, SubTotal (no Id), then discount and shipping."""
    tail = [line for line in doc["Line"] if line is form.discount_line
            or any(one.line is line and one.shipping for one in form.lines)]
    head = [line for line in doc["Line"] if not any(line is last for last in tail)]
    subtotal = {"Amount": form.subtotal, "DetailType": "SubTotalLineDetail",
                "SubTotalLineDetail": {}}
    doc["Line"] = [*head, subtotal, *tail]


def discount_account(company):
    """The preferred discount account, else the first of its kind."""
    oid = company.pref("SalesFormsPrefs", "DefaultDiscountAccount")
    if oid and str(oid) in company.accounts():
        return {"value": str(oid), "name": company.accounts()[str(oid)]["Name"]}
    return account_ref(company, "DiscountsRefundsGiven")


def account_ref(company, subtype):
    """Reference to the first account of a sub-type (6000 if there is none)."""
    oid = company.account(subtype)
    if oid is None:
        raise business(f"The company has no {subtype} account.")
    return {"value": oid, "name": company.accounts()[oid]["Name"]}


def money_account(company, ref):
    """6430 unless money can lie there."""
    kind = company.account_type(ref["value"])
    if kind not in ("Bank", "Other Current Asset", "Credit Card"):
        raise Fault(6430, f"Invalid account type used : {kind}", "DepositToAccountRef")


def terms(change):
    """SalesTermRef from the customer, DueDate from the term."""
    doc, company = change.doc, change.company
    if change.old is None and not doc.get("SalesTermRef"):
        customer = company.get("Customer", doc["CustomerRef"]["value"])
        if customer.get("SalesTermRef"):
            doc["SalesTermRef"] = customer["SalesTermRef"]
    moved = change.changed("SalesTermRef") or change.changed("TxnDate")
    if not doc.get("DueDate") or (moved and "DueDate" not in change.sent):
        doc["DueDate"] = due_date(company, doc, doc.get("SalesTermRef"))


def home_balance(change):
    """HomeBalance in companies with several currencies."""
    doc = change.doc
    if change.company.multicurrency():
        doc["HomeBalance"] = money(dec(doc["Balance"]) * currency.rate(doc))


def keep_links(change, kinds):
    """Links QuickBooks sets itself stay, whatever was sent."""
    own = [one for one in (change.old or {}).get("LinkedTxn", [])
           if one["TxnType"] in kinds]
    sent = [one for one in change.doc.get("LinkedTxn", [])
            if one.get("TxnType") not in kinds]
    change.doc["LinkedTxn"] = sent + own
    if not change.doc["LinkedTxn"]:
        del change.doc["LinkedTxn"]


def zero(doc):
    """Amounts and quantities to zero; 'Voided' before the note."""
    for line in doc.get("Line", []):
        zero_line(line)
    for name in ("TotalAmt", "Balance", "HomeTotalAmt", "HomeBalance",
                 "RemainingCredit", "UnappliedAmt"):
        if name in doc:
            doc[name] = ZERO
    if doc.get("TxnTaxDetail"):
        doc["TxnTaxDetail"] = {**doc["TxnTaxDetail"], "TotalTax": ZERO, "TaxLine": []}
    note = doc.get("PrivateNote")
    doc["PrivateNote"] = f"Voided - {note}" if note else "Voided"


def zero_line(line):
    """One line to zero."""
    if "Amount" in line:
        line["Amount"] = ZERO
    detail = line.get(line.get("DetailType"), {})
    for name in ("Qty", "UnitPrice", "TaxInclusiveAmt"):
        if name in detail:
            detail[name] = ZERO
    for child in detail.get("Line", []):
        zero_line(child)


RULES = {
    "Invoice": Invoice(),
    "SalesReceipt": SalesReceipt(),
    "Estimate": Estimate(),
    "CreditMemo": CreditMemo(),
    "RefundReceipt": RefundReceipt(),
}
