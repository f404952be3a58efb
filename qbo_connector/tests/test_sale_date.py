# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields

from .pull_common import PullCase
from .sale_common import SaleCase


class TestSaleDate(SaleCase, PullCase):
    """Sales dated before QuickBooks takes them."""

    def setUp(self):
        super().setUp()
        self.today = fields.Date.context_today(self.backend)
        self.item = self.new_item("Desk", Sku="DESK-1", InvStartDate=str(self.today))

    def early(self, **values):
        """An order of last week, confirmed; return its link."""
        order = self.order(self.line(), **values)
        order.action_confirm()
        with self.jobs():
            order.date_order = fields.Datetime.subtract(fields.Datetime.now(), days=7)
            order.action_qbo_push()
        return order, self.links(order)

    def in_qbo(self, link):
        self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
        return self.client().read("Invoice", link.qbo_id)

    def test_sale_before_the_item_is_counted_asks(self):
        order, link = self.early()
        self.assertEqual((link.state, link.error_code), ("blocked", "start"))
        self.assertIn("Desk", link.error)
        self.assertIn(str(self.today), link.error)
        self.assertTrue(order.qbo_too_early)
        with self.jobs():
            order.action_qbo_book_late()
        invoice = self.in_qbo(link)
        self.assertEqual(invoice["TxnDate"], str(self.today))
        self.assertIn(str(order._qbo_date()), invoice["PrivateNote"])
        self.assertFalse(order.qbo_too_early)

    def test_first_possible_day_is_the_latest_of_all_there_are(self):
        self.backend.closed_policy = "next"
        self.qbo.admin(
            "preferences",
            realm=self.qbo.realm,
            preferences={
                "AccountingInfoPrefs": {
                    "BookCloseDate": str(fields.Date.subtract(self.today, days=3))
                }
            },
        )
        self.backend.action_refresh_lists()
        _order, link = self.early()
        self.assertEqual(self.in_qbo(link)["TxnDate"], str(self.today))

    def test_earlier_start_set_by_the_bookkeeper_is_seen(self):
        order, link = self.early()
        items = self.env["qbo.binding"].search([("entity", "=", "Item")])
        self.assertEqual(items.start_date, self.today)
        # What QuickBooks has is read anew before it is said again.
        items.start_date = fields.Date.add(self.today, years=1)
        self.backend.closed_policy = "next"
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.in_qbo(link)["TxnDate"], str(self.today))
        self.assertEqual(items.start_date, self.today)

    def test_late_items_are_read_at_once_and_not_for_a_preview(self):
        self.new_item("Lamp", InvStartDate=str(self.today))
        order, link = self.early()
        with self.jobs():
            order.order_line = [self.line(self.lamp)]
        self.assertEqual((link.state, link.error_code), ("blocked", "start"))
        before = self.qbo.requests()
        preview = self.env["qbo.preview"].browse(order.action_qbo_preview()["res_id"])
        self.assertIn(str(self.today), preview.problem)
        self.assertEqual(self.qbo.requests(), before)
        with self.jobs():
            order.action_qbo_push()
        writes, reads = self.qbo.requests()
        self.assertEqual((writes, reads), (before[0], before[1] + 1))

    def test_items_we_make_are_counted_from_a_year_ago(self):
        self.confirm(self.order(self.line(self.lamp)))
        link = self.links(self.lamp)
        self.assertEqual(link.start_date, fields.Date.subtract(self.today, years=1))

    def test_booked_day_stays_when_the_books_are_closed_later(self):
        order, link = self.early()
        with self.jobs():
            order.action_qbo_book_late()
        self.qbo.admin(
            "preferences",
            realm=self.qbo.realm,
            preferences={"AccountingInfoPrefs": {"BookCloseDate": "2099-12-31"}},
        )
        self.backend.action_refresh_lists()
        self.backend.closed_policy = "next"
        with self.jobs():
            order.order_line.product_uom_qty = 2
        self.assertEqual((link.state, link.error_code), ("blocked", "6210"))
        self.assertIn("credit note", link.fix)
        theirs = self.client().read("Invoice", link.qbo_id)
        self.assertEqual(theirs["TxnDate"], str(self.today))
