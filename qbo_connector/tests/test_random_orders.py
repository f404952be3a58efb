# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random orders in four kinds of company: equal to the cent, or explained.

`QBO_RANDOM_ORDERS=10000` sets how many go through, over all kinds together;
`QBO_RANDOM_TABLE=file` has the counts of the policies appended to a file as JSON.
"""

import json
import os
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from .sale_common import SaleCase

KINDS = 4
ORDERS = int(os.environ.get("QBO_RANDOM_ORDERS", 48))
TABLE = os.environ.get("QBO_RANDOM_TABLE")


class Line(NamedTuple):
    product: str
    dozens: bool
    qty: float
    price: float
    discount: float
    tax: int


class Spec(NamedTuple):
    lines: list
    discount: float
    shipping: float
    included: bool
    per_line: bool
    currency: int
    total_policy: str
    discount_mode: str
    shipping_mode: str


def decimals(low, high, digits):
    """Floats with up to so many decimals."""
    scale = 10**digits
    return some.integers(low * scale, high * scale).map(lambda n: n / scale)


LINES = some.builds(
    Line,
    some.sampled_from(["desk", "lamp", "work"]),
    some.booleans(),
    decimals(0, 200, 2),
    decimals(0, 3000, 2) | decimals(0, 10, 6),
    some.sampled_from([0.0, 0.0, 5.0, 12.5, 33.33, 100.0]),
    some.integers(0, 2),
)
SPECS = some.builds(
    Spec,
    some.lists(LINES, min_size=1, max_size=8),
    some.sampled_from([0.0, 0.0, 5.0, 7.77, 10.0]),
    some.sampled_from([0.0, 4.99, 12.0]),
    some.booleans(),
    some.booleans(),
    some.integers(0, 2),
    some.sampled_from(["tax", "tax", "line"]),
    some.sampled_from(["field", "lines"]),
    some.sampled_from(["line", "field"]),
)


class RandomOrders:
    """The test, for each kind of company."""

    def test_random_orders(self):
        counts = Counter()

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
            counts[self.push(spec)] += 1
            self.env.cr.precommit.clear()

        run()
        self.report(counts)
        unexplained = set(counts) - self.expected
        self.assertFalse(unexplained, counts)

    expected = {"equal as it is", "Odoo's tax sent", "rounding line"}

    def push(self, spec):
        """Confirm the order; return which policy made it equal."""
        order = self.build(spec)
        link = self.confirm(order)
        self.assertEqual(
            link.state, "synced", f"{spec}: {link.error} {link.error_code}"
        )
        self.assertFalse(link.warning, spec)
        ours = f"{order.amount_total:.2f}"
        self.assertEqual(f"{Decimal(link.qbo_total):.2f}", ours, spec)
        return self.policy(link.sent)

    @staticmethod
    def policy(sent):
        if "rounding" in str(sent["Line"][-3:]).casefold():
            return "rounding line"
        if (sent.get("TxnTaxDetail") or {}).get("TotalTax") is not None:
            return "Odoo's tax sent"
        return "Odoo's tax sent" if sent.get("TxnTaxDetail") else "equal as it is"

    def build(self, spec):
        self.backend.write(
            {
                "total_policy": spec.total_policy,
                "discount_mode": spec.discount_mode,
                "shipping_mode": spec.shipping_mode,
            }
        )
        self.company.tax_calculation_rounding_method = (
            "round_per_line" if spec.per_line else "round_globally"
        )
        taxes = self.choices(spec.included)
        lines = [self.random_line(line, taxes) for line in spec.lines]
        if spec.shipping:
            line = self.line(
                self.parcel, price=spec.shipping, taxes=taxes[0], is_delivery=True
            )
            lines.append(line)
        order = self.order(*lines, pricelist_id=self.pricelists[spec.currency].id)
        if spec.discount and order.amount_total:
            self.discount(order, percent=spec.discount)
        return order

    def random_line(self, line, taxes):
        dozens = line.dozens and line.product != "work"
        return self.line(
            getattr(self, line.product),
            qty=line.qty,
            price=line.price,
            discount=line.discount,
            taxes=taxes[line.tax % len(taxes)],
            **({"product_uom_id": self.dozen.id} if dozens else {}),
        )

    def choices(self, included):
        """The taxes a line may have; in the US one for all, or none."""
        taxes = self.included if included else self.excluded
        none = self.env["account.tax"]
        return [taxes[0], none] if self.us else [*taxes, none]

    def setUp(self):
        super().setUp()
        self.us = self.backend._is_us()
        self.excluded = list(self.by_name.values())
        self.included = [
            self.new_tax(
                f"{tax.name} incl", tax.amount, price_include_override="tax_included"
            )
            for tax in self.excluded
        ]
        if not self.backend.automated_tax:
            for tax, code in zip(
                self.excluded * 1 + self.included, list(self.codes) * 2, strict=True
            ):
                self.map_tax(tax, code)
        self.pricelists = [self.pricelist(code) for code in self.currencies]

    def pricelist(self, code):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", code)])
        )
        currency.active = True
        return self.env["product.pricelist"].create(
            {"name": code, "currency_id": currency.id, "company_id": self.company.id}
        )

    def report(self, counts):
        if TABLE:
            with open(TABLE, "a", encoding="utf-8") as file:
                file.write(json.dumps({"kind": self.kind_name, **counts}) + "\n")


class TestRandomUs(RandomOrders, SaleCase):
    kind_name = "US, manual tax"
    qbo_company = {"multicurrency": True}
    taxes = {"Tucson 9.1%": 9.1}
    codes = ("Tucson",)
    currencies = ("USD", "EUR", "GBP")


class TestRandomUsAutomated(RandomOrders, SaleCase):
    kind_name = "US, automated tax"
    qbo_company = {"multicurrency": True, "ast": True}
    taxes = {"City 8.875%": 8.875}
    codes = ()
    currencies = ("USD", "EUR", "CAD")

    def setUp(self):
        super().setUp()
        self.customer.write(
            {
                "state_id": self.env.ref("base.state_us_5").id,
                "country_id": self.env.ref("base.us").id,
            }
        )


class TestRandomCanada(RandomOrders, SaleCase):
    kind_name = "Canada"
    country, currency = "base.ca", "base.CAD"
    qbo_company = {"kind": "ca", "multicurrency": True}
    taxes = {"HST ON": 13, "GST/PST BC": 12}
    codes = ("HST ON", "GST/PST BC")
    currencies = ("CAD", "USD", "EUR")


class TestRandomBritain(RandomOrders, SaleCase):
    kind_name = "United Kingdom"
    country, currency = "base.uk", "base.GBP"
    qbo_company = {"kind": "uk", "multicurrency": True}
    taxes = {"20.0% S": 20, "5.0% R": 5}
    codes = ("20.0% S", "5.0% R")
    currencies = ("GBP", "EUR", "USD")
