"""Invoice, sales receipt, estimate, credit memo, refund receipt."""

from .. import tax
from ..errors import Fault, business, required
from ..forms import Form, detail_of, number_lines
from ..values import ZERO, dec, money
from . import addresses, currency, ledger_hooks, sales_ledger
from .auto_apply import apply_credits
from .document import Document, due_date
from .sales_lines import (
    ALLOWED,
    account_ref,
    arrange,
    check_length,
    description,
    discount_account,
    group,
    money_account,
    sold,
    zero,
)


class SalesForm(Document):
    """Lines, discount, shipping, tax, totals."""

    sign = 1  # +1 the customer owes, -1 we owe
    posts = True

    def lines(self, change, party):
        doc = change.doc
        addresses.complete(change, party)
        form = Form("Sales")
        kept = [
            line
            for line in doc.get("Line", [])
            if line.get("DetailType") != "SubTotalLineDetail"
        ]
        if not kept:
            raise required("Line")
        doc["Line"] = kept
        check_length(kept)
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
        form.discount = money(
            line.get("Amount")
            if percent is None
            else form.subtotal * dec(percent) / 100
        )
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
        doc.setdefault("PrintStatus", "NeedToPrint")
        doc.setdefault("EmailStatus", "NotSet")
        if doc["EmailStatus"] == "NeedToSend" and not doc.get("BillEmail"):
            raise required("BillEmail")
        if change.company.kind == "us":
            doc.setdefault("ApplyTaxAfterDiscount", False)
        else:
            doc.pop("ApplyTaxAfterDiscount", None)

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
        from .applying import release_target

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
        apply_credits(change)


class CreditMemo(SalesForm):
    """What we owe a customer."""

    sign = -1

    def settle(self, change, form):
        doc = change.doc
        used = ledger_hooks.applied_to(change.company, doc.get("Id"))
        doc["RemainingCredit"] = doc["Balance"] = doc["TotalAmt"] - used
        home_balance(change)
        keep_links(change, ("Payment",))

    def linked(self, change):
        apply_credits(change)


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
    own = [
        one
        for one in (change.old or {}).get("LinkedTxn", [])
        if one["TxnType"] in kinds
    ]
    sent = [
        one
        for one in change.doc.get("LinkedTxn", [])
        if one.get("TxnType") not in kinds
    ]
    change.doc["LinkedTxn"] = sent + own
    if not change.doc["LinkedTxn"]:
        del change.doc["LinkedTxn"]


RULES = {
    "Invoice": Invoice(),
    "SalesReceipt": SalesReceipt(),
    "Estimate": Estimate(),
    "CreditMemo": CreditMemo(),
    "RefundReceipt": RefundReceipt(),
}
