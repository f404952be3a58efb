# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's files.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from .qbo_guarded import plain

# What Intuit gives away each month; above that it refuses to answer.
FREE_READS = 500_000
WARN_AT = 80  # percent


class QboLog(models.Model):
    _inherit = "qbo.log"

    reads = fields.Integer(
        "Metered reads",
        readonly=True,
        help="A batch counts once for each of its queries.",
    )

    _reads_idx = models.Index("(backend_id, create_date) WHERE is_read")

    def _values(self, backend, exchange):
        values = super()._values(backend, exchange)
        queries = exchange.request.count('"Query"') if exchange.is_read else 0
        answered = exchange.is_read and not exchange.error
        return {**values, "reads": max(queries, 1) if answered else 0}


class QboBackend(models.Model):
    """Intuit meters what is read: a budget for each month."""

    _inherit = "qbo.backend"

    read_budget = fields.Integer(
        "Reads a month",
        default=FREE_READS,
        help="Intuit gives 500,000 reads a month away and refuses more; several "
        "companies of one Intuit app share them. Errors and writes aren't counted.",
    )
    reads_this_month = fields.Integer(
        compute="_compute_reads",
        help="Counted in the sync log, since the first of the month (UTC).",
    )
    read_share = fields.Float("Budget used", compute="_compute_reads", help="Percent.")

    def _compute_reads(self):
        start = fields.Datetime.now().replace(day=1, hour=0, minute=0, second=0)
        groups = self.env["qbo.log"]._read_group(
            [
                ("backend_id", "in", self.ids),
                ("is_read", "=", True),
                ("create_date", ">=", start),
            ],
            ["backend_id"],
            ["reads:sum"],
        )
        counts = {backend.id: reads for backend, reads in groups}
        for backend in self:
            backend.reads_this_month = counts.get(backend.id, 0)
            budget = backend.read_budget
            used = 100.0 * backend.reads_this_month / budget if budget else 0.0
            backend.read_share = used

    def _cron_poll_changes(self):
        result = super()._cron_poll_changes()
        self.search([("state", "=", "connected")])._warn_of_reads()
        return result

    def _warn_of_reads(self):
        """Give the administrators an activity, once a month."""
        first = fields.Date.today().replace(day=1)
        for backend in self.filtered(lambda one: one.read_share >= WARN_AT):
            summary = self.env._("QuickBooks reads %s", first.strftime("%Y-%m"))
            if summary in backend.activity_ids.mapped("summary"):
                continue
            note = self.env._(
                "%(count)s of %(budget)s reads of this month are used. Look for "
                "changes less often, or use webhooks only.",
                count=backend.reads_this_month,
                budget=backend.read_budget,
            )
            backend.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, note=plain(note)
            )
