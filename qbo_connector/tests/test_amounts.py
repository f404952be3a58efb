# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import Command

from .pull_common import PullCase
from .sale_common import SaleCase

D = Decimal


class TestAmounts(SaleCase):
    """US, manual tax: QuickBooks comes to Odoo's cent."""

    def test_a_dozen_is_twelve_and_the_price_follows(self):
        order = self.order(self.line(qty=2, price=120, product_uom_id=self.dozen.id))
        self.assertEqual(self.items(self.invoice(order)), [(24, 10, 240)])

    def test_a_dozen_at_a_price_that_does_not_divide(self):
        order = self.order(self.line(qty=1, price=100, product_uom_id=self.dozen.id))
        [(qty, price, amount)] = self.items(self.invoice(order))
        self.assertEqual((qty, amount), (12, 100))
        self.assertEqual(round(qty * price, 2), amount)

    def test_fractional_quantity_in_another_unit(self):
        order = self.order(
            self.line(
                self.wire,
                qty=12.5,
                price=0.333,
                product_uom_id=self.env.ref("uom.product_uom_cm").id,
            )
        )
        [(qty, _price, amount)] = self.items(self.invoice(order))
        self.assertEqual(qty, D("0.13"))  # as Odoo's stock counts metres
        self.assertEqual(amount, D("4.16"))

    def test_price_with_many_digits(self):
        order = self.order(
            self.line(qty=128.35, price=14.5), self.line(price=0.0012345)
        )
        self.assertEqual(
            self.items(self.invoice(order)),
            [(D("128.35"), D("14.5"), D("1861.08")), (1, D("0.0012345"), 0)],
        )

    def test_discount_on_a_line_goes_into_the_price(self):
        order = self.order(self.line(qty=3, price=19.99, discount=12.5))
        [(qty, price, amount)] = self.items(self.invoice(order))
        self.assertEqual((qty, price, amount), (3, D("17.49125"), D("52.47")))

    def test_discount_of_a_hundred_percent_and_a_free_line(self):
        order = self.order(
            self.line(qty=2, price=50, discount=100), self.line(price=0), self.line()
        )
        amounts = [amount for _qty, _price, amount in self.items(self.invoice(order))]
        self.assertEqual(amounts, [0, 0, 10])

    def test_order_of_nothing_but_gifts(self):
        self.assertEqual(self.invoice(self.order(self.line(price=0)))["TotalAmt"], 0)

    def test_recorded_pair_california(self):
        """5 × 10 and 1 × 70 less 10 at 8 %: 8.80 on both sides, not 9.60."""
        order = self.order(self.line(qty=5, price=10), self.line(price=70))
        self.discount(order, amount=order.amount_total * 10 / 120)
        self.assertEqual((order.amount_untaxed, order.amount_tax), (110, 8.8))
        answer = self.invoice(order)
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("8.8"))
        self.assertTrue(answer["ApplyTaxAfterDiscount"])
        [discount] = self.of_kind(answer, "DiscountLineDetail")
        self.assertEqual(discount["Amount"], 10)

    def test_recorded_pair_is_what_quickbooks_computes_by_itself(self):
        """The same with no tax sent: QuickBooks' own 8.80."""
        self.backend.us_tax_mode = "qbo"
        order = self.order(self.line(qty=5, price=10), self.line(price=70))
        self.discount(order, amount=order.amount_total * 10 / 120)
        answer = self.invoice(order)
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("8.8"))

    def test_discount_on_a_part_of_the_order_is_a_negative_line(self):
        order = self.order(
            self.line(price=100), self.line(self.lamp, price=50, taxes=[])
        )
        product = self.new_product("Discount", type="service")
        self.company.sale_discount_product_id = product
        order.order_line = [self.line(product, price=-10)]
        answer = self.invoice(order)
        self.assertFalse(self.of_kind(answer, "DiscountLineDetail"))
        self.assertEqual([one[2] for one in self.items(answer)], [100, 50, -10])

    def test_discount_as_negative_lines_by_setting(self):
        self.backend.discount_mode = "lines"
        order = self.order(self.line(price=100))
        self.discount(order, percent=10)
        answer = self.invoice(order)
        self.assertEqual([one[2] for one in self.items(answer)], [100, -10])

    def test_company_without_discounts_gets_negative_lines(self):
        self.qbo.admin(
            "preferences",
            realm=self.qbo.realm,
            preferences={"SalesFormsPrefs": {"AllowDiscount": False}},
        )
        self.backend.action_refresh_lists()
        order = self.order(self.line(price=100))
        self.discount(order, percent=10)
        self.assertEqual(len(self.items(self.invoice(order))), 2)

    def test_shipping_as_a_line_or_in_the_shipping_field(self):
        lines = [
            self.line(price=100),
            self.line(self.parcel, price=9.5, taxes=[], is_delivery=True),
        ]
        answer = self.invoice(self.order(*lines))
        self.assertEqual(self.items(answer)[1][2], D("9.5"))
        self.backend.shipping_mode = "field"
        order = self.order(*reversed(lines))
        answer = self.invoice(order)
        shipping = self.of_kind(answer, "SalesItemLineDetail")[1]
        self.assertEqual(self.detail(shipping)["ItemRef"]["value"], "SHIPPING_ITEM_ID")
        self.assertEqual(shipping["Amount"], D("9.5"))
        with self.jobs():
            order.order_line.filtered("is_delivery").price_unit = 12
        self.assert_total(order, self.client().read("Invoice", answer["Id"]))

    def test_exempt_customer(self):
        exempt = self.env["account.fiscal.position"].create(
            {"name": "Resale", "company_id": self.company.id}
        )
        order = self.order(self.line(price=100, taxes=[]), fiscal_position_id=exempt.id)
        answer = self.invoice(order)
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], 0)

    def test_several_taxes_of_a_line_are_one_code_by_their_group(self):
        state = self.new_tax("AZ State", 7.1)
        city = self.new_tax("Tucson City", 2)
        group = self.new_tax(
            "Tucson",
            0,
            amount_type="group",
            children_tax_ids=[Command.set((state | city).ids)],
        )
        self.map_tax(group, "Tucson")
        answer = self.invoice(self.order(self.line(price=99.99, taxes=state | city)))
        self.assertEqual(len(answer["TxnTaxDetail"]["TaxLine"]), 2)

    def test_lines_of_different_sales_taxes_are_blocked(self):
        other = self.new_tax("Tax 6.25%", 6.25)
        self.map_tax(other, "Tax 6.25%")
        order = self.order(self.line(), self.line(taxes=other))
        self.blocked(order, "tax")

    def test_taxes_of_the_same_code_are_one_sales_tax(self):
        """One for prices without tax and one for prices with it, say."""
        included = self.new_tax("8% incl", 8, price_include_override="tax_included")
        self.map_tax(included, "California")
        order = self.order(self.line(price=100), self.line(price=54, taxes=included))
        self.assertEqual(self.invoice(order)["TxnTaxDetail"]["TotalTax"], 12)

    def test_total_below_zero_is_blocked_before_anything_is_sent(self):
        order = self.order(self.line(price=10), self.line(self.lamp, price=-30))
        writes, _reads = self.qbo.requests()
        link = self.blocked(order, "below_zero")
        self.assertIn("credit note", link.fix)
        self.assertEqual(self.qbo.requests()[0], writes)

    def test_rounding_per_line_and_per_tax(self):
        lines = [self.line(qty=1, price=price) for price in (0.31, 0.44, 0.56, 0.81)]
        totals = set()
        for method in ("round_globally", "round_per_line"):
            self.company.tax_calculation_rounding_method = method
            totals.add(self.invoice(self.order(*lines))["TotalAmt"])
        self.assertEqual(len(totals), 2)

    def test_tax_included_prices(self):
        tax = self.new_tax(
            "California 8% incl", 8, price_include_override="tax_included"
        )
        self.map_tax(tax, "California")
        order = self.order(
            self.line(qty=3, price=9.99, taxes=tax), self.line(price=19.99, taxes=tax)
        )
        self.assertEqual(self.invoice(order)["TotalAmt"], D("49.96"))

    def test_tax_that_was_changed_in_quickbooks_is_never_passed(self):
        """Said with the figures; pushing it overwrites and hides nothing."""
        order = self.order(self.line(price=100))
        link = self.confirm(order)
        invoice = self.client().read("Invoice", link.qbo_id)
        self.client().update(
            "Invoice",
            {
                "Id": invoice["Id"],
                "SyncToken": invoice["SyncToken"],
                "TxnTaxDetail": {
                    "TxnTaxCodeRef": invoice["TxnTaxDetail"]["TxnTaxCodeRef"],
                    "TotalTax": 9,
                },
            },
            "test-tax",
        )
        link.payload_hash = False
        for _time in range(2):
            with self.jobs():
                link.action_retry()
            self.assertEqual(link.state, "drifted", link.error)
            self.assertIn("TxnTaxDetail", link.error)
        compare = self.env["qbo.compare"].browse(link.action_compare()["res_id"])
        total = compare.line_ids.filtered(lambda row: row.field_name == "TotalAmt")
        self.assertEqual((total.mine, total.theirs), ("108.00", "109"))


class TestAutomatedTax(PullCase, SaleCase):
    """US, automated sales tax."""

    qbo_company = {"ast": True}
    taxes = {"City 8.25%": 8.25}

    def setUp(self):
        super().setUp()
        self.customer.write(
            {
                "street": "1 Main St",
                "city": "San Pablo",
                "state_id": self.env.ref("base.state_us_5").id,
                "country_id": self.env.ref("base.us").id,
            }
        )

    def test_odoos_tax_counts(self):
        self.assertTrue(self.backend.automated_tax)
        order = self.order(self.line(price=100), self.line(price=33.33, taxes=[]))
        answer = self.invoice(order)
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("8.25"))

    def test_taxes_need_no_mapping_and_may_differ(self):
        other = self.new_tax("County 1.5%", 1.5)
        order = self.order(self.line(), self.line(taxes=other), self.line(taxes=[]))
        self.invoice(order)

    def test_quickbooks_computes_by_setting_and_the_difference_is_shown(self):
        self.backend.us_tax_mode = "qbo"
        order = self.order(self.line(price=100))
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        answer = self.client().read("Invoice", link.qbo_id)
        theirs = answer["TxnTaxDetail"]["TotalTax"]
        self.assertEqual(theirs, 8)
        self.assertIn("tax is 8.00, not 8.25", link.warning)
        self.assertIn("tax is", order.qbo_message)

    def test_tax_that_quickbooks_ignores_is_blocked_and_explained(self):
        self.qbo.admin("knobs", total_tax="ignore")
        self.addCleanup(self.qbo.admin, "knobs", total_tax="honour")
        link = self.blocked(self.order(self.line(price=100)), "total")
        self.assertIn("tax is", link.error)
        self.assertIn("automated", link.fix)
        self.assertTrue(link.qbo_id)
        with self.jobs():
            link.action_retry()
        self.assertEqual(link.state, "blocked", "retrying alone must not hide it")

    def test_tax_that_quickbooks_takes_only_in_an_update(self):
        self.qbo.admin("knobs", total_tax="update")
        self.addCleanup(self.qbo.admin, "knobs", total_tax="honour")
        answer = self.invoice(self.order(self.line(price=100)))
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("8.25"))
