# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.queue_job.exception import RetryableJobError

from .common import QboCase


class TestExactlyOnce(QboCase):
    """Lost replies, late retries and strangers' documents: one Invoice each."""

    def setUp(self):
        super().setUp()
        self.confirm(self.new_order())  # customer and item are known from here on

    def lose_reply(self, order):
        """Confirm; QuickBooks books the Invoice, but its answer never arrives."""
        self.qbo.admin("faults", kind="cut_after", match={"entity": "Invoice"})
        with self.queued():
            order.action_confirm()
        link = self.links(order)
        self.env.flush_all()
        self.run_job(link)
        # A test's cursors are nested, so the job's failure took this along.
        self.env["qbo.attempt"]._begin(link)
        self.assertEqual(link.state, "pending")
        self.assertEqual(len(self.invoices(order)), 1)
        return link

    def run_job(self, link):
        with suppress(RetryableJobError):
            link._job_push()
        self.env.invalidate_all()

    def invoices(self, order):
        return self.client().query(
            f"SELECT * FROM Invoice WHERE DocNumber = '{order.name}'"
        )

    def test_retry_after_a_lost_reply_gets_the_same_invoice(self):
        order = self.new_order()
        link = self.lose_reply(order)
        self.run_job(link)
        self.assertEqual(link.state, "synced", link.error)
        self.assertEqual([one["Id"] for one in self.invoices(order)], [link.qbo_id])

    def test_late_retry_looks_first_and_knows_its_own_invoice(self):
        order = self.new_order()
        link = self.lose_reply(order)
        self.forget_request_ids()
        attempt = self.env["qbo.attempt"].search([("binding_id", "=", link.id)])
        attempt.begun = fields.Datetime.now() - timedelta(days=2)
        self.env.flush_all()
        self.run_job(link)
        self.assertEqual(link.state, "synced", link.error)
        self.assertEqual([one["Id"] for one in self.invoices(order)], [link.qbo_id])

    def test_order_changed_between_lost_reply_and_retry_ends_up_right(self):
        order = self.new_order()
        link = self.lose_reply(order)
        with self.jobs():
            change = {"product_uom_qty": 7}
            order.order_line = [Command.update(order.order_line.id, change)]
        self.run_job(link)
        self.assertEqual(link.state, "synced", link.error)
        (invoice,) = self.invoices(order)
        self.assertEqual(float(invoice["TotalAmt"]), order.amount_total)

    def test_cancelled_between_lost_reply_and_retry_is_voided(self):
        order = self.new_order()
        link = self.lose_reply(order)
        with self.queued():
            order._action_cancel()
        self.env.flush_all()
        self.run_job(link)
        self.assertEqual(link.state, "gone", link.error)
        (invoice,) = self.invoices(order)
        self.assertEqual(float(invoice["TotalAmt"]), 0)

    def test_cancelled_before_a_lost_request_waits_until_it_is_sure(self):
        """The request may still be under way: it isn't said that nothing was sent."""
        order = self.new_order()
        with self.queued():
            order.action_confirm()
            order._action_cancel()
        link = self.links(order)
        self.env["qbo.attempt"]._begin(link)
        self.run_job(link)
        self.assertEqual(link.state, "pending")
        attempt = self.env["qbo.attempt"].search([("binding_id", "=", link.id)])
        attempt.begun = fields.Datetime.now() - timedelta(minutes=4)
        self.env.flush_all()
        self.run_job(link)
        self.assertEqual(link.state, "held")
        self.assertFalse(self.invoices(order))

    def test_a_strangers_invoice_of_the_same_number_is_never_adopted(self):
        order = self.new_order()
        stranger = self.client().create(
            "Invoice",
            {
                "DocNumber": order.name,
                "CustomerRef": {"value": self.customer.qbo_id},
                "Line": [
                    {
                        "Amount": 1,
                        "DetailType": "SalesItemLineDetail",
                        "SalesItemLineDetail": {"ItemRef": {"value": self.desk.qbo_id}},
                    }
                ],
            },
            "stranger",
        )
        link = self.confirm(order)
        self.assertNotEqual(link.qbo_id, stranger["Id"])

    def test_two_jobs_of_one_order_make_one_invoice(self):
        order = self.new_order()
        with self.queued():
            order.action_confirm()
        link = self.links(order)
        self.env.flush_all()
        self.run_job(link)
        self.run_job(link)
        self.assertEqual(len(self.invoices(order)), 1)

    def test_refused_order_goes_out_under_a_new_request_id(self):
        self.qbo.admin("faults", kind="closed", match={"entity": "Invoice"})
        order = self.new_order()
        link = self.confirm(order)
        self.assertEqual((link.state, link.error_code), ("blocked", "6210"))
        first = self.env["qbo.log"].search([("binding_id", "=", link.id)], limit=1)
        with self.jobs():
            link.action_retry()
        self.assertEqual(link.state, "synced", link.error)
        second = self.env["qbo.log"].search([("binding_id", "=", link.id)], limit=1)
        self.assertNotEqual(first.request_id, second.request_id)

    def forget_request_ids(self):
        self.qbo.admin("requestids/forget", realm=self.qbo.realm)
