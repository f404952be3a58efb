# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress

from odoo import Command

from odoo.addons.queue_job.exception import RetryableJobError

from .common import QboCase


class TestBlocked(QboCase):
    """What can't go through says what, why and how; the rest isn't held up."""

    def assert_blocked(self, order, code):
        link = self.confirm(order)
        self.assertEqual((link.state, link.error_code), ("blocked", code), link.error)
        self.assertTrue(link.error)
        self.assertTrue(link.fix)
        self.assertEqual(order.qbo_state, "blocked")
        self.assertIn(link.fix, order.qbo_message)
        return link

    def retry(self, link):
        with self.jobs():
            link.action_retry()
        self.assertEqual(link.state, "synced", link.error)

    def test_missing_income_account(self):
        account = self.backend.income_account_id
        self.backend.income_account_id = False
        link = self.assert_blocked(self.new_order(), "account")
        self.assertEqual(link.error_field, "income_account_id")
        self.backend.income_account_id = account
        self.retry(link)

    def test_missing_tax_mapping(self):
        mapping = self.backend.tax_mapping_ids.filtered(
            lambda row: row.res_id == self.tax.id
        )
        code = mapping.reference_id
        mapping.reference_id = False
        link = self.assert_blocked(self.new_order(), "tax")
        mapping.reference_id = code
        self.retry(link)

    def test_customer_with_a_name_of_nothing_blocks_its_order_only(self):
        nobody = self.env["res.partner"].create({"name": " : "})
        link = self.assert_blocked(self.new_order(partner_id=nobody.id), "name")
        self.assertEqual(link.blocked_by_id.res_id, nobody.id)
        other = self.confirm(self.new_order())
        self.assertEqual(other.state, "synced")
        with self.jobs():
            nobody.name = "Somebody"
        with self.jobs():
            self.env["qbo.binding"]._cron_push_pending()
        self.assertEqual(link.state, "synced", link.error)

    def test_order_without_product_lines(self):
        order = self.new_order()
        order.order_line = [
            Command.clear(),
            Command.create({"display_type": "line_note", "name": "Only words"}),
        ]
        self.assert_blocked(order, "lines")

    def test_currency_quickbooks_does_not_keep(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": self.company.id}
        )
        order = self.new_order(pricelist_id=pricelist.id)
        self.assert_blocked(order, "currency")

    def test_names_with_colons_and_600_characters_go_through(self):
        self.customer.name = "Azure: " + "x" * 600
        self.desk.name = "Desk: " + "y" * 600
        link = self.confirm(self.new_order())
        self.assertEqual(link.state, "synced", link.error)

    def test_item_made_inactive_in_quickbooks(self):
        self.confirm(self.new_order())
        link = self.links(self.desk)
        item = self.client().read("Item", link.qbo_id)
        self.client().update(
            "Item",
            {"Id": item["Id"], "SyncToken": item["SyncToken"], "Active": False},
            "test-inactive",
        )
        order = self.confirm(self.new_order())
        self.assertEqual(order.state, "blocked")
        self.assertIn(order.error_code, ("610", "2500"))

    def test_without_connection_the_order_confirms_and_waits(self):
        self.backend.action_disconnect()
        order = self.new_order()
        link = self.confirm(order)
        self.assertEqual((order.state, link.state), ("sale", "pending"))
        self.assertTrue(order.qbo_message)
        with self.jobs():
            self.connect()
        self.assertEqual(self.links(order).state, "synced")

    def test_quickbooks_down_has_the_job_try_again(self):
        self.confirm(self.new_order())
        self.qbo.admin("faults", kind="status", status=503, count=1)
        order = self.new_order()
        with self.queued():
            order.action_confirm()
        link = self.links(order)
        self.env.flush_all()
        # No assertRaises: it would roll back what the job has committed.
        with suppress(RetryableJobError):
            link._job_push()
        self.env.invalidate_all()
        self.assertEqual((link.state, link.tries), ("pending", 1))
        self.assertTrue(link.next_try)
        self.assertTrue(order.qbo_message)
        link._job_push()
        self.env.invalidate_all()
        self.assertEqual((link.state, link.tries), ("synced", 0))
