# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.queue_job.exception import RetryableJobError

from ..models.qbo_binding_job import LONGEST_WAIT
from .common import QboCase

OUTAGE = 8 * 3600  # seconds


class TestOutage(QboCase):
    """QuickBooks is away for a working day; nobody has to do anything."""

    def try_until_passed(self, link, seconds):
        """Run the job as often as it asks for within a time; return its waits."""
        waits = []
        while sum(waits) < seconds:
            asked = self.asks_to_run_again(link)
            # Such a try doesn't count: the job can't run out of retries.
            self.assertTrue(asked.ignore_retry)
            waits.append(asked.seconds)
            self.let_pass(asked.seconds)
        return waits

    def asks_to_run_again(self, link):
        """(Not `assertRaises`: it would undo what the job has written.)"""
        try:
            link._job_push()
        except RetryableJobError as error:
            return error
        self.fail("the job should have waited for QuickBooks")

    def let_pass(self, seconds):
        """The database's clock can't be moved: what it is compared with is."""
        self.env.invalidate_all()
        self.env.cr.execute("UPDATE qbo_governor SET state = NULL")
        self.env.cr.execute(
            "UPDATE qbo_attempt SET begun = begun - %s * interval '1 second'",
            [seconds],
        )

    def test_eight_hours_heal_by_themselves(self):
        order = self.new_order()
        self.confirm(self.new_order())  # customer and product are known
        with self.queued() as trap:
            order.action_confirm()
        self.assertEqual(trap.enqueued_jobs[0].max_retries, 0)
        link = self.links(order)
        self.qbo.admin("faults", kind="refuse", count=None)
        waits = self.try_until_passed(link, OUTAGE)
        self.assertLessEqual(max(waits), LONGEST_WAIT + 1)
        self.assertLess(len(waits), 150)
        self.assertEqual(link.state, "pending")
        self.assertTrue(link.next_try)

        self.qbo.admin("faults/clear")
        link._job_push()
        self.assertEqual(self.links(order).state, "synced")
        found = self.client().query(
            f"SELECT * FROM Invoice WHERE DocNumber = '{order.name}'"
        )
        self.assertEqual(len(found), 1)

    def test_what_was_voided_is_not_taken_for_a_lost_answer(self):
        order = self.new_order()
        link = self.confirm(order)
        voided = link.qbo_id
        self.client().void("Invoice", voided, link.sync_token, "void-it")
        link.state = "gone"
        self.let_pass(OUTAGE)
        with self.jobs():
            link.action_send_anew()
        self.assertEqual(link.state, "synced")
        self.assertNotEqual(link.qbo_id, voided)
