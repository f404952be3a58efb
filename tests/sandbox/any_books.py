"""A company in which anything happens, and what must hold in its books."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
)

from qbo_sandbox.app import App
from qbo_sandbox.catalog import ENTITIES
from qbo_sandbox.engine import delete, save, void
from qbo_sandbox.errors import Fault
from qbo_sandbox.ledger import Ledger
from qbo_sandbox.stock import Stock
from tests.sandbox.kit import discount, expense, pays, purchase, ref, sale, stored_item

QUANTITIES = st.integers(1, 30)
PRICES = st.decimals("0.01", "99.99", places=2)
DAYS = st.integers(1, 28).map(lambda day: f"2026-10-{day:02}")


PARTS = st.sampled_from([1, 2, 3])
SALE = {
    "who": st.integers(0, 1),
    "qty": QUANTITIES,
    "price": PRICES,
    "day": DAYS,
    "percent": st.sampled_from([0, 10, 33]),
}
PURCHASE = {
    "qty": QUANTITIES,
    "price": PRICES,
    "day": DAYS,
    "which": st.integers(0, 1),
}
invoices, memos, bills, credits, moneys = (
    Bundle(name) for name in ("invoices", "memos", "bills", "credits", "moneys")
)
ANYTHING = st.one_of(invoices, memos, bills, credits, moneys)


class Books(RuleBasedStateMachine):
    """Random sales, purchases, payments, edits, voids and deletions."""

    invoices, memos, bills = invoices, memos, bills
    credits, moneys = credits, moneys

    def __init__(self):
        super().__init__()
        self.app = App(":memory:", seed=1)
        self.company = self.app.add_company(kind="us")
        self.customers = [
            self.write("Customer", DisplayName=f"C{n}")["Id"] for n in (1, 2)
        ]
        self.vendor = self.write("Vendor", DisplayName="V")["Id"]
        self.items = [
            self.write("Item", **stored_item(f"Item {number}")) for number in (1, 2)
        ]

    def teardown(self):
        self.app.store.close()

    def write(self, entity, **body):
        """Save; None if QuickBooks refuses."""
        return self.attempt(save, entity, body)

    def attempt(self, action, entity, body):
        """Do something in a transaction; None if QuickBooks refuses."""
        try:
            with self.app.store.transaction():
                return action(self.company, ENTITIES[entity], body)
        except Fault:
            self.company.cache.clear()
            return None

    def lines(self, qty, price, percent):
        """A sale of the first item with a discount."""
        line = sale(self.items[0], None, "TAX", Qty=qty, UnitPrice=price)
        del line["Amount"]
        return [line] + [discount(percent=percent)] * bool(percent)

    def sale(self, kind, who, qty, price, day, percent):
        """(kind, id) of a new sales form."""
        body = {
            "CustomerRef": ref(self.customers[who]),
            "TxnDate": day,
            "Line": self.lines(qty, price, percent),
            "TxnTaxDetail": {"TxnTaxCodeRef": ref(2)},
        }
        if kind in ("SalesReceipt", "RefundReceipt"):
            body["DepositToAccountRef"] = ref(4)
        return kind, self.write(kind, **body)["Id"]

    @rule(target=invoices, **SALE)
    def invoice(self, **sale):
        return self.sale("Invoice", **sale)

    @rule(target=memos, **SALE)
    def credit_memo(self, **sale):
        return self.sale("CreditMemo", **sale)

    @rule(
        target=moneys, kind=st.sampled_from(["SalesReceipt", "RefundReceipt"]), **SALE
    )
    def receipt(self, kind, **sale):
        return self.sale(kind, **sale)

    def buy(self, kind, qty, price, day, which):
        """(kind, id) of a new purchase form."""
        line = purchase(self.items[which], None, Qty=qty, UnitPrice=price)
        del line["Amount"]
        lines = [line, expense(15, 3)]
        done = self.write(kind, VendorRef=ref(self.vendor), TxnDate=day, Line=lines)
        return kind, done["Id"]

    @rule(target=bills, **PURCHASE)
    def bill(self, **bought):
        return self.buy("Bill", **bought)

    @rule(target=credits, **PURCHASE)
    def vendor_credit(self, **bought):
        return self.buy("VendorCredit", **bought)

    @rule(target=moneys, about=invoices, part=PARTS)
    def pay(self, about, part):
        doc = self.get(about)
        if not doc:
            return "Payment", None
        amount = self.part(doc, part)
        done = self.write(
            "Payment",
            CustomerRef=doc["CustomerRef"],
            TotalAmt=amount + part - 1,
            Line=[pays(doc, "Invoice", amount)] * bool(amount),
        )
        return "Payment", done and done["Id"]

    @rule(target=moneys, about=bills, credit=credits, part=PARTS)
    def pay_bill(self, about, credit, part):
        doc, other = self.get(about), self.get(credit)
        if not doc or not doc["Balance"]:
            return "BillPayment", None
        amount = self.part(doc, part)
        lines, used = [pays(doc, "Bill", amount)], 0
        if other and 0 < other["Balance"] <= amount:
            used = other["Balance"]
            lines.append(pays(other, "VendorCredit", used))
        done = self.write(
            "BillPayment",
            VendorRef=doc["VendorRef"],
            TotalAmt=amount - used,
            PayType="Check",
            CheckPayment={"BankAccountRef": ref(35)},
            Line=lines,
        )
        return "BillPayment", done and done["Id"]

    def part(self, doc, part):
        """A part of what is open."""
        return (Decimal(doc["Balance"]) / part).quantize(Decimal("0.01"))

    @rule(target=moneys, invoice=invoices, memo=memos)
    def credit(self, invoice, memo):
        doc, other = self.get(invoice), self.get(memo)
        if not doc or not other:
            return "Payment", None
        amount = min(doc["Balance"], other["Balance"])
        lines = [pays(doc, "Invoice", amount), pays(other, "CreditMemo", amount)]
        done = self.write(
            "Payment", CustomerRef=doc["CustomerRef"], TotalAmt=0, Line=lines
        )
        return "Payment", done and done["Id"]

    @rule(target=moneys, about=moneys)
    def bring_to_the_bank(self, about):
        doc = self.get(about)
        if not doc or about[0] not in ("Payment", "SalesReceipt", "RefundReceipt"):
            return "Deposit", None
        link = {"TxnId": doc["Id"], "TxnType": about[0], "TxnLineId": "0"}
        sign = -1 if about[0] == "RefundReceipt" else 1
        line = {"Amount": sign * doc["TotalAmt"], "LinkedTxn": [link]}
        done = self.write("Deposit", DepositToAccountRef=ref(35), Line=[line])
        return "Deposit", done and done["Id"]

    @rule(item=st.integers(0, 1), number=st.integers(-20, 50), day=DAYS)
    def count_stock(self, item, number, day):
        held = self.company.get("Item", self.items[item]["Id"])
        if number >= 0:
            head = {"Id": held["Id"], "SyncToken": held["SyncToken"], "sparse": True}
            self.write("Item", **head, QtyOnHand=number)
            return
        detail = {"ItemRef": ref(held["Id"]), "QtyDiff": number}
        line = {
            "DetailType": "ItemAdjustmentLineDetail",
            "ItemAdjustmentLineDetail": detail,
        }
        self.write(
            "InventoryAdjustment", AdjustAccountRef=ref(91), TxnDate=day, Line=[line]
        )

    @rule(about=ANYTHING, qty=QUANTITIES, price=PRICES, day=DAYS)
    def edit(self, about, qty, price, day):
        doc = self.get(about)
        if not doc:
            return
        body = {"Id": doc["Id"], "SyncToken": doc["SyncToken"], "sparse": True}
        body |= {name: doc[name] for name in ENTITIES[about[0]].always}
        body["TxnDate"] = day
        if about[0] in ("Invoice", "CreditMemo", "SalesReceipt"):
            body["Line"] = self.lines(qty, price, 0)
        self.write(about[0], **body)

    @rule(about=ANYTHING, action=st.sampled_from([delete, void]))
    def remove(self, about, action):
        doc = self.get(about)
        if doc:
            body = {"Id": doc["Id"], "SyncToken": doc["SyncToken"]}
            self.attempt(action, about[0], body)

    def get(self, about):
        """The document as it stands, or None."""
        return about[1] and self.company.get(*about)

    def open_amount(self, entity, field="Balance"):
        """Sum of a field over all documents of an entity."""
        return sum((doc[field] for doc in self.company.every(entity)), Decimal(0))

    @invariant()
    def entries_balance(self):
        ledger = Ledger(self.company)
        assert ledger.unbalanced() == []
        assert sum(ledger.balances().values()) == 0

    @invariant()
    def running_totals_are_the_postings(self):
        for account, amount in Ledger(self.company).balances().items():
            assert self.company.total("account", account) == amount

    @invariant()
    def receivables_agree(self):
        held = Ledger(self.company).balances().get("84", 0)
        documents = self.open_amount("Invoice") - self.open_amount("CreditMemo")
        assert held == documents - self.open_amount("Payment", "UnappliedAmt")
        assert held == self.open_amount("Customer")

    @invariant()
    def payables_agree(self):
        held = -Ledger(self.company).balances().get("33", 0)
        spare = sum(
            (
                doc["TotalAmt"] - settled(doc)
                for doc in self.company.every("BillPayment")
            ),
            Decimal(0),
        )
        documents = self.open_amount("Bill") - self.open_amount("VendorCredit")
        assert held == documents - spare
        assert held == self.open_amount("Vendor")

    @invariant()
    def stock_agrees(self):
        stock = Stock(self.company)
        whole = 0
        for item in self.items:
            quantity, cents = stock.quantity(item["Id"])
            whole += cents
            assert self.company.get("Item", item["Id"])["QtyOnHand"] == quantity
        assert Ledger(self.company).balances().get("81", 0) * 100 == whole

    @invariant()
    def undeposited_funds_agree(self):
        held = Ledger(self.company).balances().get("4", 0)
        waiting = Decimal(0)
        for entity, sign in (
            ("Payment", 1),
            ("SalesReceipt", 1),
            ("RefundReceipt", -1),
        ):
            for doc in self.company.every(entity):
                kinds = [one["TxnType"] for one in doc.get("LinkedTxn", [])]
                if "Deposit" not in kinds:
                    waiting += sign * doc["TotalAmt"]
        assert held == waiting


def settled(doc):
    """What a bill payment has paid of bills, less the credits it used."""
    paid = Decimal(0)
    for line in doc["Line"]:
        credit = line["LinkedTxn"][0]["TxnType"] == "VendorCredit"
        paid += -line["Amount"] if credit else line["Amount"]
    return paid
