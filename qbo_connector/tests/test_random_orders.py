# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random orders in four kinds of company: equal to the cent, or explained.

`QBO_RANDOM_ORDERS=10000` sets how many go through, over all kinds together;
`QBO_RANDOM_SEED` draws others; `QBO_RANDOM_TABLE=file` has counts appended to a file,
as a line of JSON for each hundred orders.
"""

import json
import os
from collections import Counter
from contextlib import closing
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some

from .random_company import RandomCompany
from .random_orders import POLICIES, SPECS, traits
from .sale_common import SaleCase

KINDS = 4
ORDERS = int(os.environ.get("QBO_RANDOM_ORDERS", 80))
SEED = int(os.environ.get("QBO_RANDOM_SEED", 2026))
TABLE = os.environ.get("QBO_RANDOM_TABLE")
# Orders made together, for speed; and in how many such batches they are counted.
TOGETHER, BATCHES = 10, 10
CENT = Decimal("0.01")
BELOW_ZERO = "below zero"


class RandomOrders(RandomCompany):
    """The test, for each kind of company."""

    def test_random_orders(self):
        batches = max(ORDERS // KINDS // TOGETHER, 1)
        for number in range(0, batches, BATCHES):
            self.run_batches(number, min(BATCHES, batches - number))

    def run_batches(self, number, count):
        outcomes, seen = Counter(), Counter()

        @seed(SEED + number)
        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(POLICIES, some.lists(SPECS, min_size=TOGETHER, max_size=TOGETHER))
        def run(policies, specs):
            outcomes.update(self.together(policies, specs))
            for spec in specs:
                seen.update(traits(policies, spec) | {self.currency_of(spec)})

        run()
        self.report(number, outcomes, seen)

    def together(self, policies, specs):
        """Send orders, and forget them: all meet the same company."""
        with closing(self.env.cr.savepoint()):
            self.use(policies)
            orders = self.build(specs)
            self.confirm(orders)
            outcomes = self.settle(policies, specs, orders)
            changed = [
                (spec, order)
                for spec, order, outcome in zip(specs, orders, outcomes, strict=True)
                if spec.change and outcome != BELOW_ZERO
            ]
            with self.jobs():
                for spec, order in changed:
                    self.change(order, spec.change)
            for spec, order in changed:
                self.settle(policies, [spec], order)
        return outcomes

    # --------------------------------------------------------------- check
    def settle(self, policies, specs, orders):
        """Return how each order became equal to its Invoice."""
        links = {link.res_id: link for link in self.links(orders)}
        outcomes = []
        for spec, order in zip(specs, orders, strict=True):
            try:
                outcomes.append(self.settled(policies, order, links[order.id]))
            except AssertionError as fault:
                raise AssertionError(f"{policies} {spec}: {fault}") from fault
        return outcomes

    def settled(self, policies, order, link):
        """Do what the settings leave to a person; return how it became equal."""
        if order.amount_total < 0:
            self.assertEqual((link.state, link.error_code), ("blocked", "below_zero"))
            return BELOW_ZERO
        asked = ""
        if link.error_code == "digits":
            asked = "third decimal, "
            self.round_up(order)
        if link.error_code == "total" and "would come to" in link.error:
            asked += "asked, "
            self.answer(policies, order, link)
        self.assertEqual(link.state, "synced", f"{link.error} {link.error_code}")
        self.check(policies, order, link)
        return asked + self.policy(policies, link)

    def round_up(self, order):
        """What the fix says: change a price so that the total has two decimals."""
        total = Decimal(str(order.amount_total))
        self.assertTrue(total % CENT)
        with self.jobs():
            order.order_line = [
                self.line(self.work, price=float(CENT - total % CENT), taxes=[])
            ]

    def answer(self, policies, order, link):
        """A person was asked for good reason, and decides."""
        theirs = self.us and policies.us_tax_mode == "qbo"
        taxed = order.amount_tax and not theirs
        self.assertTrue(policies.total_policy == "block" or not taxed)
        self.backend.total_policy = policies.second_policy if taxed else "line"
        with self.jobs():
            link.action_retry()
        self.backend.total_policy = policies.total_policy

    def check(self, policies, order, link):
        """The books beside Odoo's own figures, tax and net apart."""
        theirs = self.client().read("Invoice", link.qbo_id)
        tax = Decimal((theirs.get("TxnTaxDetail") or {}).get("TotalTax") or 0)
        total = Decimal(theirs["TotalAmt"])
        if self.us and policies.us_tax_mode == "qbo" and link.warning:
            self.assertIn(f"tax is {tax:.2f}", link.warning)
            tax = self.cents(order.amount_total) - (total - tax)
        else:
            self.assertFalse(link.warning)
            self.assertEqual(total, self.cents(order.amount_total))
        if self.policy(policies, link) != "rounding line" and self.unit(order) >= CENT:
            self.assertEqual(tax, self.cents(order.amount_tax))
        self.check_lines(order, link, theirs)

    def check_lines(self, order, link, theirs):
        """Quantities in QBO's unit; amounts, but for what Odoo's rounding spreads."""
        lines = {line["Id"]: line for line in theirs["Line"] if line.get("Id")}
        for line in order.order_line:
            theirs = lines.get((link.line_ids or {}).get(str(line.id)))
            if not theirs:
                continue
            off = abs(Decimal(theirs["Amount"]) - self.cents(line.price_subtotal))
            spread = max(CENT, self.unit(order)) * len(order.order_line)
            self.assertLessEqual(off, spread)
            detail = theirs["SalesItemLineDetail"]
            if "Qty" in detail:
                factor = line.product_uom_id.factor / line.product_id.uom_id.factor
                wanted = line.product_uom_qty * factor
                self.assertAlmostEqual(float(detail["Qty"]), wanted, delta=0.00501)

    def policy(self, policies, link):
        if "rounding" in (link.line_ids or {}):
            return "rounding line"
        if self.us and policies.us_tax_mode == "qbo":
            return "QuickBooks' tax, shown" if link.warning else "QuickBooks' tax"
        sent = (link.sent.get("TxnTaxDetail") or {}).keys()
        return "Odoo's tax sent" if sent else "equal as it is"

    @staticmethod
    def cents(amount):
        return Decimal(f"{amount:.2f}")

    @staticmethod
    def unit(order):
        return Decimal(1).scaleb(-order.currency_id.decimal_places)

    def report(self, number, outcomes, seen):
        if TABLE:
            row = {
                "kind": self.kind_name,
                "seed": SEED + number,
                "orders": outcomes.total(),
                "outcomes": outcomes,
                "seen": seen,
            }
            with open(TABLE, "a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


class TestRandomUs(RandomOrders, SaleCase):
    kind_name = "US, manual tax"
    qbo_company = {"multicurrency": True}
    choices = (
        ([9.1], "Tucson", False),
        ([7.1, 2], "Tucson", False),
        ([7.1, 2], "Tucson", True),
        ([8], "California", False),
        ([6.25], "Tax 6.25%", False),
        ([0], "Out of scope", False),
    )
    currencies = ("USD", "EUR", "GBP", "JPY", "KWD")


class TestRandomUsAutomated(RandomOrders, SaleCase):
    kind_name = "US, automated tax"
    qbo_company = {"multicurrency": True, "ast": True}
    choices = (
        ([8.875], "City", False),
        ([7.25, 1.5], "State and county", False),
        ([7.25, 1.5], "State and county", True),
        ([1.5], "County", False),
        ([0], "Exempt", False),
    )
    currencies = ("USD", "EUR", "CAD", "JPY", "KWD")

    def setUp(self):
        self.customer.write(
            {
                "state_id": self.env.ref("base.state_us_5").id,
                "country_id": self.env.ref("base.us").id,
            }
        )
        super().setUp()


class TestRandomCanada(RandomOrders, SaleCase):
    kind_name = "Canada"
    country, currency = "base.ca", "base.CAD"
    qbo_company = {"kind": "ca", "multicurrency": True}
    choices = (
        ([13], "HST ON", False),
        ([12], "GST/PST BC", False),
        ([5, 7], "GST/PST BC", False),
        ([5, 7], "GST/PST BC", True),
        ([5], "GST", False),
        ([0], "Exempt", False),
    )
    currencies = ("CAD", "USD", "EUR", "JPY", "KWD")


class TestRandomBritain(RandomOrders, SaleCase):
    kind_name = "United Kingdom"
    country, currency = "base.uk", "base.GBP"
    qbo_company = {"kind": "uk", "multicurrency": True}
    choices = (
        ([20], "20.0% S", False),
        ([5], "5.0% R", False),
        ([0], "0.0% Z", False),
        ([0], "Exempt", False),
    )
    currencies = ("GBP", "EUR", "USD", "JPY", "KWD")
