# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from contextlib import suppress

from odoo.addons.queue_job.exception import RetryableJobError

from .common import QboCase

PATIENCE = 90  # seconds


class TestBulk(QboCase):
    """The first load: batch calls, matched first, each record once."""

    def setUp(self):
        super().setUp()
        self.partners = self.env["res.partner"].create(
            [
                {"name": f"Bulk {number}", "email": f"bulk{number}@example.com"}
                for number in range(35)
            ]
        )

    def start(self):
        with self.queued():
            self.backend._start_bulk([(self.partners, "Customer")])
        self.env.flush_all()

    def run_all(self):
        """Chunk by chunk; in between, the realm may have to wait."""
        end = time.monotonic() + PATIENCE
        while self.backend.bulk_state != "done" and time.monotonic() < end:
            with self.queued(), suppress(RetryableJobError):
                self.backend._job_push_bulk()
            self.env.invalidate_all()
            time.sleep(0.1)

    def customers(self):
        return self.client().query(
            "SELECT * FROM Customer WHERE DisplayName LIKE 'Bulk %' MAXRESULTS 1000"
        )

    def test_35_customers_take_two_batches_and_four_queries(self):
        """Queries are apart: QuickBooks takes 500 a minute of them, but 40 batches."""
        self.start()
        before = self.env["qbo.log"].search_count([])
        self.run_all()
        self.assertEqual(len(self.customers()), 35)
        self.assertEqual(self.env["qbo.log"].search_count([]) - before, 2 + 4 + 1)
        self.assertEqual(set(self.links(self.partners).mapped("state")), {"synced"})
        self.assertEqual(self.backend.bulk_progress, 100)

    def test_known_customers_are_linked_not_copied(self):
        known = self.client().create("Customer", {"DisplayName": "bulk 7"}, "known")
        self.start()
        self.run_all()
        self.assertEqual(self.partners[7].qbo_id, known["Id"])
        self.assertEqual(len(self.customers()), 35)

    def test_lost_reply_of_a_batch_makes_no_doubles(self):
        self.start()
        self.qbo.admin(
            "faults", kind="cut_after", count=1, match={"operation": "batch"}
        )
        self.run_all()
        self.assertEqual(len(self.customers()), 35)
        self.assertEqual(set(self.links(self.partners).mapped("state")), {"synced"})

    def test_one_bad_record_holds_up_nobody(self):
        self.partners[3].name = " : "
        self.start()
        self.run_all()
        self.assertEqual(self.links(self.partners[3]).state, "blocked")
        self.assertEqual(len(self.customers()), 34)

    def test_paused_and_resumed(self):
        self.start()
        self.backend.action_pause_bulk()
        self.env.flush_all()
        self.backend._job_push_bulk()
        self.assertEqual(self.backend.bulk_left, 35)
        with self.queued():
            self.backend.action_resume_bulk()
        self.env.flush_all()
        self.run_all()
        self.assertEqual(self.backend.bulk_left, 0)

    def test_orders_whose_customer_is_missing_go_alone(self):
        order = self.new_order(partner_id=self.partners[0].id)
        with self.queued():
            order.action_confirm()
            self.backend._start_bulk([(order, "Invoice")])
        self.env.flush_all()
        with self.jobs():
            pass
        with self.queued() as trap:
            self.backend._job_push_bulk()
            trap.assert_jobs_count(1, only=self.links(order)._job_push)
