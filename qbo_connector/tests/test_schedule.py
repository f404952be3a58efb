# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.queue_job.exception import RetryableJobError

from .pull_common import PullCase


class TestSchedule(PullCase):
    """One page says what is done regularly, when, and what came of it."""

    def rows(self):
        self.env.invalidate_all()
        return self.env["qbo.schedule"].search([("backend_id", "=", self.backend.id)])

    def row(self, name):
        job = f"qbo_connector.cron_{name}"
        return self.rows().filtered(lambda row: row.job == job)

    def test_each_scheduled_action_has_a_row(self):
        crons = self.env["ir.cron"].with_context(active_test=False)
        crons = crons.search([("model_id.model", "=like", "qbo.%")])
        self.assertEqual(
            set(self.rows().mapped("job")), set(crons.get_external_id().values())
        )

    def test_a_row_says_how_often_and_when_next(self):
        row = self.row("poll_changes")
        cron = self.env.ref(row.job)
        self.assertEqual(row.name, "Look for changes")
        self.assertEqual((row.interval, row.next_run), ("hour", cron.nextcall))
        self.assertEqual(self.row("push_pending").interval, "15 minutes")

    def test_what_is_switched_off_has_no_next_run(self):
        self.assertFalse(self.row("pull_inventory").next_run)
        self.env.ref("qbo_connector.cron_refresh_lists").active = False
        self.assertFalse(self.row("refresh_lists").next_run)

    def test_refresh_now_does_all_of_them_and_says_what_came_of_it(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.backend.stock_location_id = warehouse.lot_stock_id
        self.save("Customer", DisplayName="Corner Shop")
        with self.jobs():
            self.rows().action_refresh()
        for row in self.rows():
            self.assertTrue(row.last_run and row.last_result, row.job)
            self.assertFalse(row.failed, row.last_result)
        self.assertIn("1 taken over", self.row("poll_changes").last_result)
        self.assertIn("entries read", self.row("refresh_lists").last_result)

    def test_a_failure_is_said_in_words_and_outlives_its_transaction(self):
        self.qbo.admin("faults", kind="status", status=503, count=9)
        with contextlib.suppress(RetryableJobError):
            self.backend._job_poll()
        row = self.row("poll_changes")
        self.assertTrue(row.failed)
        self.assertIn("QuickBooks", row.last_result)
        self.qbo.admin("faults/clear")
        self.poll()
        self.assertFalse(self.row("poll_changes").failed)

    def test_refresh_now_says_what_is_missing(self):
        with self.assertRaisesRegex(UserError, "location"):
            self.row("pull_inventory").action_refresh()

    def test_only_managers_refresh(self):
        user = new_test_user(
            self.env,
            "qbo_looker",
            "qbo_connector.group_qbo_user",
            company_id=self.company.id,
            company_ids=[fields.Command.set(self.company.ids)],
        )
        row = self.row("poll_changes").with_user(user)
        self.assertEqual(row.name, "Look for changes")
        with self.assertRaises(AccessError):
            row.action_refresh()
