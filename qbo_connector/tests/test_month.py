# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""QuickBooks' trial balance after a month, beside what an accountant expects.

The month, in each company's own currency; net amounts are the same everywhere:

day  what                                                       net
  1  bought: 10 desks at 60.00, 24 lamps at 8.00             792.00
  2  A: 4 desks at 149.90 less 10 %; 2.5 hours at 80, no tax 739.64
  3  B: a dozen lamps for 228.00, the whole order less 10 %  205.20
  4  A becomes 5 desks: 674.55 + 200.00                      874.55
  5  C: 6 desks at 150.00, parcel 25.00, other tax           925.00
  6  C ships 4 desks: billed with the parcel                 625.00
  7  D: a desk at 150.00                                     150.00
  8  D is cancelled: its Invoice is void                       0.00
  9  E: abroad, 10 hours at 30.00 of foreign money, no tax   300.00
 10  bought: 10 desks at 66.00                               660.00
 12  C ships the last 2 desks                                300.00
 14  A is paid to the bank
 15  100.00 of B are paid to the till
 16  a desk of A comes back, its money goes back            -134.91
 17  50.00 are entered for C by mistake: void
 18  10.00 off one lamp of B, which stays there, set off     -10.00
 20  E is paid to the till, at another rate
next month  F: a lamp: in none of these figures
"""

from decimal import Decimal

from .common import ROOT
from .month_common import MonthCase

D = Decimal

# Debit less credit, each with the sum of Odoo's figures that an accountant makes of it.
US = {
    # A is paid; B 221.62 - 100.00 paid - 10.80 credited; C 675.00 + 324.00
    "Accounts Receivable (A/R)": "1109.82",
    # 10 + 10 desks and 24 lamps bought for 1452.00; left 10 desks at 66.00 and 12
    # lamps at 8.00
    "Inventory Asset": "756.00",
    # A: 674.55 + 53.96 tax + 200.00; given back: 134.91 + 10.79 tax
    "Checking": "782.81",
    "Undeposited Funds": "436.00",  # 100.00 of B; E: 300.00 at 1.12
    "Accounts Payable (A/P)": "-1452.00",
    # A 53.96, B 16.42, C 50.00 + 24.00, credited 10.79 and 0.80
    "Sales Tax Payable": "-132.79",
    # A 874.55, B 228.00, C 900.00, E 300.00 at 1.10; credited 134.91 and 10.00
    "Sales of Product Income": "-2187.64",
    "Shipping Income": "-25.00",  # C
    "Discounts given": "22.80",  # 10 % of B's 228.00
    # first in, first out: desks 5 (A) and 4 (C) at 60.00, of C's last two one at
    # 60.00 and one at 66.00, one back at 66.00; 12 lamps (B) at 8.00
    "Cost of Goods Sold": "696.00",
    "Exchange Gain or Loss": "-6.00",  # E: sold at 330.00, paid with 336.00
}
CANADA = {
    # A is paid; B 231.88 - 100.00 paid - 11.30 credited; C 700.00 + 336.00
    "Accounts Receivable (A/R)": "1156.58",
    "Inventory Asset": "756.00",
    # A: 674.55 + 87.69 tax + 200.00; given back: 134.91 + 17.54 tax
    "Checking": "809.79",
    "Undeposited Funds": "514.00",  # 100.00 of B; E: 300.00 at 1.38
    "Accounts Payable (A/P)": "-1452.00",
    # HST: A 87.69, B 26.68, credited 17.54 and 1.30; C: GST 31.25 + 15.00,
    # PST 43.75 + 21.00
    "GST/HST Payable": "-206.53",
    # as in the US, but E: 300.00 at 1.36
    "Sales of Product Income": "-2265.64",
    "Shipping Income": "-25.00",
    "Discounts given": "22.80",
    "Cost of Goods Sold": "696.00",
    "Exchange Gain or Loss": "-6.00",  # E: sold at 408.00, paid with 414.00
}
BRITAIN = {
    # A is paid; B 246.24 - 100.00 paid - 12.00 credited; C 656.25 + 315.00
    "Accounts Receivable (A/R)": "1105.49",
    "Inventory Asset": "756.00",
    # A: 5 × 179.88 less 10 %, tax included, and 200.00; given back: one of the 5
    "Checking": "847.57",
    "Undeposited Funds": "352.00",  # 100.00 of B; E: 300.00 at 0.84
    "Accounts Payable (A/P)": "-1452.00",
    # 20 %: A 134.91, B 41.04, credited 26.98 and 2.00; 5 %: C 31.25 + 15.00
    "VAT Control": "-193.22",
    # as in the US, but E: 300.00 at 0.86
    "Sales of Product Income": "-2115.64",
    "Shipping Income": "-25.00",
    "Discounts given": "22.80",
    "Cost of Goods Sold": "696.00",
    "Exchange Gain or Loss": "6.00",  # E: sold at 258.00, paid with 252.00: a loss
}

# What Odoo's own ledger has no account of: it books no purchase of this month, and
# values stock without entries.
ONLY_QUICKBOOKS = ("Inventory Asset", "Accounts Payable (A/P)", "Cost of Goods Sold")


class Month:
    """The month and its trial balance, for each kind of company."""

    def test_month(self):
        self.live()
        found = self.trial_balance()
        self.assertEqual(found, {name: D(text) for name, text in self.expected.items()})
        self.assertEqual(sum(found.values()), 0)
        self.assertEqual(self.documented(), found)
        self.assertEqual(self.by_rate(), self.tax_by_rate)
        self.assert_odoo_agrees(found)

    def live(self):
        """Each step as people take it; see the table above."""
        with self.jobs():
            (self.desk | self.lamp).action_qbo_push()
        self.buy(1, (self.desk, 10, "60"), (self.lamp, 24, "8"))
        a, b, c = self.sell_a(), self.sell_b(), self.sell_c()
        self.ship(6, c, Desk=4)
        self.sell_d_and_cancel()
        e = self.sell_e()
        self.buy(10, (self.desk, 10, "66"))
        self.ship(12, c)
        self.settle(a, self.bill(2, a), self.bill(3, b), self.bill(12, c))
        self.pay(20, self.bill(9, e), self.till)
        self.sell(32, self.line(self.lamp, price=19))

    # ----------------------------------------------------------------- steps
    def sell_a(self):
        desks = self.line(
            qty=4, price=self.desk_price, taxes=self.desk_tax(), discount=10
        )
        hours = self.line(self.work, qty=2.5, price=80, taxes=[])
        order = self.sell(2, desks, hours)
        with self.jobs():
            order.order_line[0].write(
                {"product_uom_qty": 5, "price_unit": self.desk_price}
            )
        return order

    def sell_b(self):
        dozen = self.line(self.lamp, price=228, product_uom_id=self.dozen.id)
        return self.sell(3, dozen, discount=10)

    def sell_c(self):
        desks = self.line(qty=6, price=150, taxes=self.other_tax)
        parcel = self.line(
            self.parcel, price=25, taxes=self.other_tax, is_delivery=True
        )
        return self.sell(5, desks, parcel, qbo_when="delivery")

    def sell_d_and_cancel(self):
        order = self.sell(7, self.line(price=150))
        with self.jobs():
            order._action_cancel()
        self.assertEqual(self.links(order).state, "gone")

    def sell_e(self):
        hours = self.line(self.work, qty=10, price=30, taxes=[])
        return self.sell(9, hours, pricelist_id=self.pricelist.id)

    def settle(self, order_a, invoice_a, invoice_b, invoice_c):
        """Payments and credits; a desk comes back of A's delivery."""
        self.pay(14, invoice_a, self.checking)
        self.pay(15, invoice_b, self.till, 100)
        self.take_back(self.ship(13, order_a), 1)
        self.give_back(16, self.credit(16, invoice_a, self.desk, 1), self.checking)
        self.undo(self.pay(17, invoice_c, self.till, 50))
        self.set_off(self.credit(18, invoice_b, self.lamp, 1, 10), invoice_b)

    desk_price = 149.9

    def desk_tax(self):
        """The tax of A's desks."""
        return self.goods_tax

    # --------------------------------------------------------- what is asked
    def trial_balance(self):
        """QuickBooks' report on the month's last day: {account: Decimal}."""
        day = {"end_date": str(self.last_day)}
        rows = self.client().get_report("TrialBalance", day)["Rows"]["Row"]
        cells = [[one["value"] for one in row["ColData"]] for row in rows[:-1]]
        return {name: D(debit or 0) - D(credit or 0) for name, debit, credit in cells}

    def documented(self):
        """What the accountants' page says of this kind of company."""
        page = (ROOT / "docs" / "accountants.md").read_text(encoding="utf-8")
        table = page.partition("| account | US | Canada | UK |")[2].partition("\n\n")[0]
        rows = [row.split(" | ") for row in table.replace("−", "-").splitlines()[2:]]
        column = ("us", "ca", "uk").index(self.qbo_company.get("kind", "us"))
        return {self.our_name(row[0]): D(row[1 + column]) for row in rows}

    def our_name(self, names):
        """The tax account has another name in each country."""
        return self.tax_account if self.tax_account in names else names.lstrip("| ")

    def by_rate(self):
        """What QuickBooks has of each tax rate, credited taxes taken off."""
        names = {
            one["Id"]: one["Name"]
            for one in self.client().query("select * from TaxRate")
        }
        found = {}
        signs = {"Invoice": 1, "CreditMemo": -1, "RefundReceipt": -1}
        for entity, sign in signs.items():
            for doc in self.client().query(f"select * from {entity}"):
                if doc["TxnDate"] <= str(self.last_day):
                    self.add_rates(found, doc, sign, names)
        return {name: f"{amount:.2f}" for name, amount in found.items() if amount}

    def add_rates(self, found, doc, sign, names):
        for line in (doc.get("TxnTaxDetail") or {}).get("TaxLine", []):
            name = names[line["TaxLineDetail"]["TaxRateRef"]["value"]]
            found[name] = found.get(name, D(0)) + sign * line["Amount"]

    def assert_odoo_agrees(self, found):
        """Odoo's own ledger of that day says the same, where it has a say."""
        company = self.company
        exchange = (
            company.income_currency_exchange_account_id
            | company.expense_currency_exchange_account_id
        )
        income = self.accounts("income") - exchange
        pairs = [
            (self.accounts("asset_receivable"), ["Accounts Receivable (A/R)"]),
            (self.money(self.checking), ["Checking"]),
            (self.money(self.till), ["Undeposited Funds"]),
            (self.payable, [self.tax_account]),
            (income, ["Sales of Product Income", "Shipping Income", "Discounts given"]),
            (exchange, ["Exchange Gain or Loss"]),
        ]
        for accounts, names in pairs:
            theirs = sum(found[name] for name in names)
            self.assertEqual(self.balance(accounts), theirs, names)
        compared = {name for _accounts, names in pairs for name in names}
        self.assertEqual(set(found) - compared, set(ONLY_QUICKBOOKS))

    def accounts(self, kind):
        domain = [("company_ids", "in", self.company.ids), ("account_type", "=", kind)]
        return self.env["account.account"].search(domain)

    @staticmethod
    def money(journal):
        return journal.inbound_payment_method_line_ids.payment_account_id

    def balance(self, accounts):
        [[balance]] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("parent_state", "=", "posted"),
                ("date", "<=", self.last_day),
            ],
            aggregates=["balance:sum"],
        )
        return D(f"{balance:.2f}")


class TestMonthUs(Month, MonthCase):
    qbo_company = {"multicurrency": True}
    taxes = {"California 8%": 8}
    first = second = "California 8%"
    codes = {"California 8%": "California"}
    sold_at, paid_at = 1.1, 1.12
    expected, tax_account = US, "Sales Tax Payable"
    tax_by_rate = {"California": "132.79"}


class TestMonthCanada(Month, MonthCase):
    country, currency = "base.ca", "base.CAD"
    qbo_company = {"kind": "ca", "multicurrency": True}
    taxes = {"HST ON": 13, "GST/PST BC": 12}
    first, second = taxes
    codes = {name: name for name in taxes}
    foreign, sold_at, paid_at = "USD", 1.36, 1.38
    expected, tax_account = CANADA, "GST/HST Payable"
    tax_by_rate = {"HST ON": "95.53", "GST": "46.25", "PST BC": "64.75"}


class TestMonthBritain(Month, MonthCase):
    """A is sold with the tax in its price: 179.88 for 149.90 and 20 %."""

    country, currency = "base.uk", "base.GBP"
    qbo_company = {"kind": "uk", "multicurrency": True}
    taxes = {"20.0% S": 20, "5.0% R": 5}
    first, second = taxes
    codes = {name: name for name in taxes}
    sold_at, paid_at = 0.86, 0.84
    expected, tax_account = BRITAIN, "VAT Control"
    tax_by_rate = {"20.0% S (sales)": "146.97", "5.0% R (sales)": "46.25"}
    desk_price = 179.88

    def desk_tax(self):
        tax = self.new_tax("20 % incl.", 20, price_include_override="tax_included")
        self.book_on_payable(tax)
        self.map_tax(tax, "20.0% S")
        return tax
