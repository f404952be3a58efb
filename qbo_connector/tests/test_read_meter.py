# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .pull_common import PullCase


class TestReadMeter(PullCase):
    """What Intuit meters is counted as Intuit does, and warned of."""

    def test_meter_agrees_with_quickbooks(self):
        self.confirm(self.new_order())
        self.poll()
        self.env.invalidate_all()
        self.assertEqual(self.backend.reads_this_month, self.qbo.requests()[1])

    def test_warning_comes_once(self):
        self.backend.read_budget = 1
        for _time in range(2):
            self.env["qbo.backend"]._cron_poll_changes()
        found = self.backend.activity_ids.filtered(
            lambda one: "reads" in (one.summary or "")
        )
        self.assertEqual(len(found), 1)
