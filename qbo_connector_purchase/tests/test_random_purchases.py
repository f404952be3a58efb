# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random purchase orders: no fault, and equal to the cent.

`QBO_RANDOM_PURCHASES=1000` sets how many go through, over all kinds together.
"""

import os
from decimal import Decimal
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from odoo import Command

from .common import PurchaseCase

KINDS = 3
ORDERS = int(os.environ.get("QBO_RANDOM_PURCHASES", 45))


class Line(NamedTuple):
    product: str
    dozens: bool
    qty: float
    price: float
    discount: float
    tax: int


class Spec(NamedTuple):
    lines: list
    per_line: bool
    currency: int
    vendor: int
    reference: str
    changes: list


def decimals(low, high, digits):
    """Floats with up to so many decimals."""
    scale = 10**digits
    return some.integers(low * scale, high * scale).map(lambda n: n / scale)


LINES = some.builds(
    Line,
    some.sampled_from(["board", "desk", "freight"]),
    some.booleans(),
    decimals(0, 500, 2),
    decimals(0, 3000, 2) | decimals(0, 10, 6),
    some.sampled_from([0.0, 0.0, 5.0, 12.5, 33.33]),
    some.integers(0, 2),
)
SPECS = some.builds(
    Spec,
    some.lists(LINES, min_size=1, max_size=8),
    some.booleans(),
    some.integers(0, 1),
    some.integers(0, 4),
    # Odoo itself takes no control characters.
    some.text(some.characters(exclude_categories=("Cc", "Cs")), max_size=40),
    some.lists(decimals(0, 50, 2), max_size=3),
)


class RandomPurchases:
    """The test, for each kind of company."""

    currencies = ("USD",)
    rates = ()

    def test_random_purchases(self):
        self.prepare()

        @settings(
            max_examples=max(ORDERS // KINDS, 1),
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(SPECS)
        def run(spec):
            self.push(spec)
            self.env.cr.precommit.clear()

        run()

    def prepare(self):
        currency = self.env["res.currency"].with_context(active_test=False)
        self.money = currency.search([("name", "in", self.currencies)])
        self.money.active = True
        self.vendors = self.vendor.create(
            [{"name": f"Vendor {number}"} for number in range(5)]
        )
        self.buying = [
            self.env["account.tax"].create(
                {
                    "name": f"Buying {rate}%",
                    "amount": rate,
                    "type_tax_use": "purchase",
                    "company_id": self.company.id,
                }
            )
            for rate in self.rates
        ]
        self.backend.action_refresh_lists()

    def push(self, spec):
        """Approve and change the order: each time it is equal to the cent."""
        self.company.tax_calculation_rounding_method = (
            "round_per_line" if spec.per_line else "round_globally"
        )
        order = self.build(spec)
        link = self.approve(order)
        self.compare(order, link, spec)
        for line, quantity in zip(order.order_line, spec.changes, strict=False):
            with self.jobs():
                line.product_qty = quantity
            self.compare(order, link, spec)

    def compare(self, order, link, spec):
        if not any(line.price_subtotal > 0 for line in order.order_line):
            self.assertEqual(link.error_code, "cost", spec)
            return
        self.assertEqual(
            link.state, "synced", f"{spec}: {link.error} {link.error_code}"
        )
        self.assertFalse(link.warning, spec)
        ours = f"{order.amount_total:.2f}"
        self.assertEqual(f"{Decimal(link.qbo_total):.2f}", ours, spec)

    def build(self, spec):
        return self.new_purchase(
            *(self.random_line(line) for line in spec.lines),
            partner_id=self.vendors[spec.vendor].id,
            currency_id=self.money[spec.currency % len(self.money)].id,
            partner_ref=spec.reference,
        )

    def random_line(self, line):
        values = {"discount": line.discount}
        if self.buying:
            tax = self.buying[line.tax % len(self.buying)]
            values["tax_ids"] = [Command.set(tax.ids)]
        if line.dozens and line.product != "freight":
            values["product_uom_id"] = self.env.ref("uom.product_uom_dozen").id
        return getattr(self, line.product), line.qty, line.price, values


class TestRandomPurchasesUs(RandomPurchases, PurchaseCase):
    qbo_company = {"multicurrency": True}
    currencies = ("USD", "EUR")


class TestRandomPurchasesUsTax(RandomPurchases, PurchaseCase):
    rates = (0, 7.25)


class TestRandomPurchasesCanada(RandomPurchases, PurchaseCase):
    qbo_company = {"kind": "ca", "multicurrency": True}
    currencies = ("CAD", "USD")
    rates = (13, 5, 0)
