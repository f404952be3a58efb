"""Objects of python-quickbooks, made as an integrator makes them."""

from quickbooks import objects
from quickbooks.objects.deposit import DepositLine, DepositLineDetail

from tests.sandbox.kit import unique


def first(cls, qb, where=""):
    """The first object of a class."""
    return cls.where(where, max_results=1, qb=qb)[0]


def sales_line(qb, amount=100):
    """A sales line of the first item."""
    line = objects.SalesItemLine()
    line.Amount = amount
    line.SalesItemLineDetail = objects.SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = first(objects.Item, qb).to_ref()
    return line


def expense_line(qb, amount=200):
    """A purchase line of an account."""
    line = objects.AccountBasedExpenseLine()
    line.Amount = amount
    line.AccountBasedExpenseLineDetail = objects.AccountBasedExpenseLineDetail()
    account = first(objects.Account, qb, "AccountType = 'Expense'")
    line.AccountBasedExpenseLineDetail.AccountRef = account.to_ref()
    return line


def sold(cls):
    """A maker of a sales form."""

    def make(qb):
        doc = cls()
        doc.CustomerRef = first(objects.Customer, qb).to_ref()
        doc.Line = [sales_line(qb)]
        if cls is objects.RefundReceipt:
            account = first(objects.Account, qb, "AccountSubType = 'Checking'")
            doc.DepositToAccountRef = account.to_ref()
        return doc

    return make


def bought(cls):
    """A maker of a purchase form."""

    def make(qb):
        doc = cls()
        doc.VendorRef = first(objects.Vendor, qb).to_ref()
        doc.Line = [expense_line(qb)]
        return doc

    return make


def named(cls, field="Name", **values):
    """A maker of a list entry."""

    def make(qb):
        one = cls()
        setattr(one, field, f"{cls.__name__} {unique()}")
        for name, value in values.items():
            setattr(one, name, value)
        return one

    return make


def item(qb):
    """A service item."""
    one = named(objects.Item, Type="Service")(qb)
    account = first(objects.Account, qb, "AccountType = 'Income'")
    one.IncomeAccountRef = account.to_ref()
    return one


def payment(qb):
    """An unapplied payment."""
    one = objects.Payment()
    one.TotalAmt = 50
    one.CustomerRef = first(objects.Customer, qb).to_ref()
    return one


def bill_payment(qb):
    """A payment of a new bill."""
    bill = bought(objects.Bill)(qb).save(qb=qb)
    one = objects.BillPayment()
    one.VendorRef, one.PayType, one.TotalAmt = bill.VendorRef, "Check", 200
    one.CheckPayment = objects.CheckPayment()
    account = first(objects.Account, qb, "AccountSubType = 'Checking'")
    one.CheckPayment.BankAccountRef = account.to_ref()
    line = objects.BillPaymentLine()
    line.Amount = 200
    line.LinkedTxn = [bill.to_linked_txn()]
    one.Line = [line]
    return one


def journal(qb):
    """A journal entry between two accounts."""
    one = objects.JournalEntry()
    account = first(objects.Account, qb, "AccountType = 'Expense'").to_ref()
    for kind in ("Debit", "Credit"):
        line = objects.JournalEntryLine()
        line.Amount = 30
        line.JournalEntryLineDetail = objects.JournalEntryLineDetail()
        line.JournalEntryLineDetail.PostingType = kind
        line.JournalEntryLineDetail.AccountRef = account
        one.Line.append(line)
    return one


def deposit(qb):
    """A deposit from an income account."""
    one = objects.Deposit()
    bank = first(objects.Account, qb, "AccountSubType = 'Checking'")
    one.DepositToAccountRef = bank.to_ref()
    line = DepositLine()
    line.Amount = 20
    line.DepositLineDetail = DepositLineDetail()
    account = first(objects.Account, qb, "AccountType = 'Income'")
    line.DepositLineDetail.AccountRef = account.to_ref()
    one.Line = [line]
    return one


def note(qb):
    """A note on a vendor."""
    one = objects.Attachable()
    one.Note = "a note"
    link = objects.AttachableRef()
    link.EntityRef = first(objects.Vendor, qb).to_ref()
    one.AttachableRef = [link]
    return one


LISTS = {
    "Customer": named(objects.Customer, "DisplayName"),
    "Vendor": named(objects.Vendor, "DisplayName"),
    "Employee": named(objects.Employee, "GivenName"),
    "Item": item,
    "Account": named(objects.Account, AccountType="Bank", AccountSubType="Savings"),
    "Term": named(objects.Term, DueDays=9),
    "PaymentMethod": named(objects.PaymentMethod, Type="NON_CREDIT_CARD"),
    "Class": named(objects.Class),
    "Department": named(objects.Department),
}
DOCUMENTS = {
    "Invoice": sold(objects.Invoice),
    "SalesReceipt": sold(objects.SalesReceipt),
    "Estimate": sold(objects.Estimate),
    "CreditMemo": sold(objects.CreditMemo),
    "RefundReceipt": sold(objects.RefundReceipt),
    "Payment": payment,
    "PurchaseOrder": bought(objects.PurchaseOrder),
    "Bill": bought(objects.Bill),
    "VendorCredit": bought(objects.VendorCredit),
    "BillPayment": bill_payment,
    "JournalEntry": journal,
    "Deposit": deposit,
    "Attachable": note,
}
