# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import Command

from .sale_common import SaleCase

D = Decimal


class TestCanada(SaleCase):
    """Codes on lines, QuickBooks computes; a cent between is handled by the policy."""

    country, currency = "base.ca", "base.CAD"
    qbo_company = {"kind": "ca"}
    taxes = {"HST ON": 13, "Exempt": 0, "GST": 5}

    def test_recorded_pair_canada(self):
        """50 with HST and 70 exempt less 10: tax 5.96, total 115.96."""
        order = self.order(
            self.line(qty=5, price=10),
            self.line(price=70, taxes=self.by_name["Exempt"]),
        )
        self.discount(order, percent=100 / 12)
        self.assertEqual(order.amount_total, 115.96)
        answer = self.invoice(order)
        [discount] = self.of_kind(answer, "DiscountLineDetail")
        self.assertEqual(discount["Amount"], 10)
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("5.96"))

    def test_two_taxes_of_a_line_are_the_code_with_both_rates(self):
        pst = self.new_tax("PST BC", 7)
        gst = self.by_name["GST"]
        group = self.new_tax(
            "GST + PST",
            0,
            amount_type="group",
            children_tax_ids=[Command.set((gst | pst).ids)],
        )
        self.map_tax(group, "GST/PST BC")
        for taxes in (gst | pst, group):
            answer = self.invoice(self.order(self.line(price=19.99, taxes=taxes)))
            self.assertEqual(len(answer["TxnTaxDetail"]["TaxLine"]), 2)

    def test_unmapped_pair_of_taxes_is_blocked(self):
        pst = self.new_tax("PST QC", 9.975)
        order = self.order(self.line(taxes=self.by_name["GST"] | pst))
        self.blocked(order, "tax")

    def test_line_without_tax_has_the_code_for_that(self):
        self.assertEqual(self.backend.no_tax_code_id.name, "Out of Scope")
        self.invoice(self.order(self.line(price=12.34, taxes=[])))
        self.backend.no_tax_code_id = False
        self.blocked(self.order(self.line(taxes=[])), "tax")

    def rounded_order(self):
        """Odoo rounds 0.0455 up four times: 0.20; QuickBooks 0.182 once: 0.18."""
        self.company.tax_calculation_rounding_method = "round_per_line"
        return self.order(*[self.line(price=0.35) for _ in range(4)])

    def test_policy_tax(self):
        answer = self.invoice(self.rounded_order())
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("0.2"))
        self.assertEqual(len(self.items(answer)), 4)

    def test_policy_tax_survives_a_change_of_words(self):
        order = self.rounded_order()
        answer = self.invoice(order)
        with self.jobs():
            order.client_order_ref = "PO-9"
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
        answer = self.client().read("Invoice", answer["Id"])
        self.assert_total(order, answer)

    def test_policy_line(self):
        self.backend.total_policy = "line"
        answer = self.invoice(self.rounded_order())
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("0.18"))
        self.assertEqual(self.items(answer)[4], (1, D("0.02"), D("0.02")))

    def test_policy_line_where_the_discount_field_would_move_a_cent(self):
        """A rounding line shares QuickBooks' discount: here its tax flips by that."""
        self.backend.total_policy = "line"
        self.company.tax_calculation_rounding_method = "round_per_line"
        order = self.order(self.line(price=0.17), self.line(price=0.17))
        self.discount(order, percent=20)
        answer = self.invoice(order)
        self.assertFalse(self.of_kind(answer, "DiscountLineDetail"))
        amounts = [amount for _qty, _price, amount in self.items(answer)]
        self.assertEqual(amounts, [D("0.17"), D("0.17"), D("-0.07"), D("-0.01")])

    def test_policy_block(self):
        self.backend.total_policy = "block"
        link = self.blocked(self.rounded_order(), "total")
        self.assertIn("0.02", link.error)
        self.backend.total_policy = "tax"
        with self.jobs():
            link.action_retry()
        self.assertEqual(link.state, "synced", link.error)

    def test_wrong_code_is_no_rounding_difference(self):
        self.map_tax(self.tax, "GST")
        link = self.blocked(self.order(self.line(price=100)), "tax")
        self.assertIn("13.00", link.error)
        self.assertIn("5.00", link.error)


class TestBritain(SaleCase):
    """Prices with VAT inside."""

    country, currency = "base.uk", "base.GBP"
    qbo_company = {"kind": "uk"}
    taxes = {"20.0% S": 20, "0.0% Z": 0}

    def test_included_tax_comes_to_the_price_the_customer_saw(self):
        tax = self.new_tax("VAT incl", 20, price_include_override="tax_included")
        self.map_tax(tax, "20.0% S")
        for policy in ("tax", "line"):
            self.backend.total_policy = policy
            order = self.order(
                self.line(qty=3, price=9.99, taxes=tax),
                self.line(qty=7, price=0.99, discount=15, taxes=tax),
            )
            answer = self.invoice(order)
            self.assertEqual(answer["GlobalTaxCalculation"], "TaxExcluded")

    def test_export_at_zero_rate(self):
        order = self.order(self.line(price=100, taxes=self.by_name["0.0% Z"]))
        self.assertEqual(self.invoice(order)["TotalAmt"], 100)


class TestCurrencies(SaleCase):
    """Foreign documents: the right rate, a Customer for each currency."""

    qbo_company = {"multicurrency": True}

    def test_customer_of_its_own_in_each_currency(self):
        home = self.invoice(self.order(self.line(price=100)))
        euro = self.pricelist("EUR", 1.25)
        order = self.order(self.line(price=100), pricelist_id=euro.id)
        answer = self.invoice(order)
        self.assertEqual(answer["CurrencyRef"]["value"], "EUR")
        self.assertEqual(answer["ExchangeRate"], D("1.25"))
        self.assertEqual(answer["HomeTotalAmt"], 135)
        self.assertNotEqual(answer["CustomerRef"], home["CustomerRef"])
        customer = self.client().read("Customer", answer["CustomerRef"]["value"])
        self.assertEqual(customer["DisplayName"], "Azure Interior (EUR)")
        again = self.invoice(self.order(self.line(), pricelist_id=euro.id))
        self.assertEqual(again["CustomerRef"], answer["CustomerRef"])

    def test_currency_without_decimals(self):
        self.qbo.admin("knobs", unknown_currency="add")
        self.addCleanup(self.qbo.admin, "knobs", unknown_currency="home")
        yen = self.pricelist("JPY", 0.0067)
        order = self.order(self.line(qty=3, price=333.4), pricelist_id=yen.id)
        self.assertEqual(self.invoice(order)["TotalAmt"], 1080)

    def test_currency_with_three_decimals(self):
        self.client().create("CompanyCurrency", {"Code": "KWD"}, "test-kwd")
        dinar = self.pricelist("KWD", 3.25)
        good = self.order(
            self.line(price=10.125), self.line(price=10.125), pricelist_id=dinar.id
        )
        for line in good.order_line:
            line.tax_ids = False
        self.backend.total_policy = "line"
        self.assertEqual(self.invoice(good)["TotalAmt"], D("20.25"))
        odd = self.order(self.line(price=10.125, taxes=[]), pricelist_id=dinar.id)
        link = self.blocked(odd, "digits")
        self.assertIn("10.125", link.error)

    def test_tax_of_three_decimals_beside_a_rounding_line(self):
        """Lines of 10.06 and 5.01 and a tax of 0.81 are a cent more than 15.87."""
        self.client().create("CompanyCurrency", {"Code": "KWD"}, "test-kwd")
        self.backend.total_policy = "line"
        lines = [self.line(price=10.057), self.line(price=5.008, taxes=[])]
        dinar = self.pricelist("KWD", 3.25)
        order = self.order(*lines, pricelist_id=dinar.id)
        self.assertEqual((order.amount_tax, order.amount_total), (0.805, 15.87))
        answer = self.invoice(order)
        self.assertEqual(answer["TxnTaxDetail"]["TotalTax"], D("0.81"))
        self.assertEqual(self.items(answer)[2], (1, D("-0.01"), D("-0.01")))

    def test_quickbooks_own_tax_beside_one_of_three_decimals(self):
        """Odoo's 0.912 and QuickBooks' 0.63 differ by no whole cent."""
        self.client().create("CompanyCurrency", {"Code": "KWD"}, "test-kwd")
        self.backend.us_tax_mode = "qbo"
        other = self.new_tax("Tax 6.25%", 9.1)
        self.map_tax(other, "Tax 6.25%")
        order = self.order(
            self.line(price=10.017, taxes=other),
            self.line(price=5.001, taxes=[]),
            pricelist_id=self.pricelist("KWD", 3.25).id,
        )
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        self.assertIn("tax is 0.63, not 0.912", link.warning)

    def test_lines_of_three_decimals_beside_quickbooks_own_tax(self):
        """Two of 10.005 are 20.02 in cents, and 20.01 in Odoo."""
        self.client().create("CompanyCurrency", {"Code": "KWD"}, "test-kwd")
        self.backend.us_tax_mode = "qbo"
        dinar = self.pricelist("KWD", 3.25)
        lines = [
            self.line(price=10.005),
            self.line(price=10.005),
            self.line(price=0.11),
        ]
        link = self.blocked(self.order(*lines, pricelist_id=dinar.id), "total")
        self.assertIn("-0.01", link.error)
        self.backend.total_policy = "line"
        with self.jobs():
            link.action_retry()
        self.assertEqual(link.state, "synced", link.error)
        self.assertFalse(link.warning)

    def test_currency_that_quickbooks_turns_into_its_own_is_noticed(self):
        franc = self.pricelist("SEK", 0.1)
        self.confirm(self.order(self.line(), pricelist_id=franc.id))
        link = self.links(self.env["qbo.partner.currency"].search([]))
        self.assertEqual((link.state, link.error_code), ("blocked", "currency"))
        self.assertIn("SEK", link.error)


class TestYen(SaleCase):
    """Odoo rounds to whole yen, QuickBooks to cents."""

    country, currency = "base.ca", "base.CAD"
    qbo_company = {"kind": "ca", "multicurrency": True}
    taxes = {"HST ON": 13}

    def test_rounding_to_whole_yen_is_no_wrong_tax_code(self):
        """13 % of 104 is 14 yen on each line, 27.04 in QuickBooks."""
        self.client().create("CompanyCurrency", {"Code": "JPY"}, "test-yen")
        yen = self.pricelist("JPY", 0.0091)
        self.company.tax_calculation_rounding_method = "round_per_line"
        for policy in ("tax", "line"):
            self.backend.total_policy = policy
            lines = [self.line(price=104), self.line(price=104)]
            answer = self.invoice(self.order(*lines, pricelist_id=yen.id))
            self.assertEqual(answer["TotalAmt"], 236)
