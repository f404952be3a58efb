# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .bill_common import BillCase


class TestForeignVendors(BillCase):
    """A vendor in QuickBooks has one currency."""

    qbo_company = {"multicurrency": True}

    def setUp(self):
        super().setUp()
        self.euro = self.env.ref("base.EUR")
        self.euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.euro.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 0.8,
            }
        )

    def test_a_vendor_of_its_own_for_each_currency(self):
        self.pushed()
        order = self.pushed(currency_id=self.euro.id)
        found = self.in_qbo(order)
        self.assertEqual(found["CurrencyRef"]["value"], "EUR")
        self.assertEqual(found["ExchangeRate"], 1.25)
        vendor = self.client().read("Vendor", found["VendorRef"]["value"])
        self.assertEqual(vendor["DisplayName"], "Sierra Timber (EUR)")

    def test_bill_and_refund_in_a_foreign_currency(self):
        order = self.pushed(currency_id=self.euro.id)
        self.receive(order, 10)
        move = self.bill(order)
        self.assert_synced(move)
        self.assertEqual(self.in_qbo(move, "Bill")["HomeTotalAmt"], 93.75)
        self.assert_synced(self.refund(move))
        self.assertFalse(self.ledger().get("Accounts Payable (A/P) - EUR"))


class CanadaCase(BillCase):
    """Outside the US taxes are QuickBooks' own, on each line."""

    qbo_company = {"kind": "ca"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        canadian = cls.env.ref("base.CAD")
        canadian.active = True
        cls.company.currency_id = canadian
        cls.hst = cls.env["account.tax"].create(
            {
                "name": "HST ON",
                "amount": 13,
                "type_tax_use": "purchase",
                "company_id": cls.company.id,
            }
        )


class TestCanada(CanadaCase):
    def test_taxes_of_orders_and_bills(self):
        row = self.backend.tax_mapping_ids.filtered(
            lambda one: one.res_id == self.hst.id
        )
        self.assertTrue(row.reference_id, "no tax code was suggested")
        taxes = {"tax_ids": [Command.set(self.hst.ids)]}
        order = self.pushed((self.board, 10, 7.5, taxes), (self.freight, 1, 12, taxes))
        found = self.in_qbo(order)
        self.assertEqual(f"{found['TotalAmt']:.2f}", "98.31")
        self.receive(order, 10)
        move = self.bill(order)
        self.assert_synced(move)
        self.assertEqual(f"{self.in_qbo(move, 'Bill')['TotalAmt']:.2f}", "98.31")

    def test_a_tax_that_odoo_rounds_otherwise_survives_each_update(self):
        """Each line's tax is rounded by Odoo, the sum of them by QuickBooks."""
        self.company.tax_calculation_rounding_method = "round_per_line"
        taxes = {"tax_ids": [Command.set(self.hst.ids)]}
        lines = [(self.board, 1, 0.35, taxes) for _line in range(5)]
        order = self.pushed((self.desk, 1, 10, taxes), *lines)
        self.assertEqual(order.amount_tax, 1.55)
        self.assertEqual(f"{self.in_qbo(order)['TotalAmt']:.2f}", "13.30")
        for quantity in (2, 3):
            with self.jobs():
                order.order_line[0].product_qty = quantity
            self.assertEqual(order.qbo_state, "synced", order.qbo_message)
            ours = f"{order.amount_total:.2f}"
            self.assertEqual(f"{self.in_qbo(order)['TotalAmt']:.2f}", ours)
