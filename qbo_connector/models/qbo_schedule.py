# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the connection itself.
# pylint: disable=consider-merging-classes-inherited
from contextlib import contextmanager
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..qbo.errors import QboError
from .qbo_guarded import MANAGER

PREFIX = "QuickBooks: "
PUSH = "qbo_connector.cron_push_pending"


class QboSchedule(models.Model):
    """Regular work for one connection: when it is done, and what came of it.

    Written through a cursor of its own, so that a failure is told as well.
    """

    _name = "qbo.schedule"
    _inherit = "qbo.guarded"
    _description = "Scheduled work with QuickBooks"
    _order = "backend_id, id"

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True, index=True
    )
    job = fields.Char(
        required=True, readonly=True, help="External id of the scheduled action."
    )
    name = fields.Char("What", compute="_compute_schedule", compute_sudo=True)
    interval = fields.Char("Every", compute="_compute_schedule", compute_sudo=True)
    next_run = fields.Datetime(
        compute="_compute_schedule",
        compute_sudo=True,
        help="UTC; empty while it is switched off or nothing is connected.",
    )
    last_run = fields.Datetime(readonly=True, help="UTC.")
    last_result = fields.Char(readonly=True)
    failed = fields.Boolean(readonly=True)

    _job_uniq = models.UniqueIndex("(backend_id, job)")

    @api.depends("job", "backend_id.state")
    def _compute_schedule(self):
        for row in self:
            cron = self.env.ref(row.job, raise_if_not_found=False)
            row.name = cron and row._title(cron)
            row.interval = cron and row._interval(cron)
            row.next_run = cron and cron.active and row._is_wanted() and cron.nextcall

    def _title(self, cron):
        title = cron.name.removeprefix(PREFIX)
        return title[:1].upper() + title[1:]

    def _interval(self, cron):
        if cron.interval_number == 1:
            units = {
                "minutes": self.env._("minute"),
                "hours": self.env._("hour"),
                "days": self.env._("day"),
                "weeks": self.env._("week"),
                "months": self.env._("month"),
            }
            return units[cron.interval_type]
        unit = dict(cron._fields["interval_type"]._description_selection(self.env))
        return f"{cron.interval_number} {unit[cron.interval_type].lower()}"

    def _is_wanted(self):
        _run, wanted = self.backend_id._scheduled().get(self.job, (None, False))
        return wanted and self.backend_id._is_connected()

    @api.model
    def _of(self, backend, jobs):
        """Return the rows of some jobs, made if need be, whoever else makes them."""
        now = fields.Datetime.now()
        rows = [
            (backend.id, backend.company_id.id, job, now, now) for job in sorted(jobs)
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO qbo_schedule "
                "(backend_id, company_id, job, create_date, write_date) VALUES %s "
                "ON CONFLICT DO NOTHING",
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        return self.search([("backend_id", "=", backend.id), ("job", "in", jobs)])

    # ------------------------------------------------------------- buttons
    def action_refresh(self):
        """Do it now, ahead of the schedule.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if it can't be done now
        """
        self._qbo_check_role("read", MANAGER)
        self.backend_id.check_access("write")
        # Checked above: a manager of this company.
        for row in self.sudo():
            run, _wanted = row.backend_id._scheduled()[row.job]
            try:
                run()
            except QboError as error:
                raise UserError(row.backend_id._error_text(error)) from error
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_cron(self):
        """Open the scheduled action, where its interval is chosen."""
        self._qbo_check_role("read", MANAGER)
        return {
            "type": "ir.actions.act_window",
            "res_model": "ir.cron",
            "res_id": self.env.ref(self.job).id,
            "views": [(False, "form")],
        }


class QboBackend(models.Model):
    """What is done regularly for a connection."""

    _inherit = "qbo.backend"

    def _scheduled(self):
        """Say what is done regularly; each part of the connector adds its own.

        :return: {external id of the scheduled action: (function that does it now
            for this connection, whether its settings want it)}
        """
        # Queues what waits; asked for by a manager.
        pending = self.env["qbo.binding"].sudo()
        return {PUSH: (partial(pending._push_pending, self), True)}

    def _after_connect(self):
        result = super()._after_connect()
        with self._own_transaction() as backend:
            backend.env["qbo.schedule"]._of(backend, [*backend._scheduled()])
        return result

    @contextmanager
    def _noted(self, job):
        """Keep what a scheduled job came to, however it ends.

        Yields a list for what there is to say; empty: there is more to come.
        """
        said = []
        try:
            yield said
        except psycopg2.OperationalError:  # a lost race: it begins again
            raise
        except Exception as error:
            self._note_run(job, self._failure_text(error), failed=True)
            raise
        if said:
            self._note_run(job, " ".join(said))

    def _note_run(self, job, result, failed=False):
        with self._own_transaction() as backend:
            backend.env["qbo.schedule"]._of(backend, [job]).write(
                {
                    "last_run": fields.Datetime.now(),
                    "last_result": result,
                    "failed": failed,
                }
            )

    def _failure_text(self, error):
        """What happened, in plain words where QuickBooks' fault is known."""
        cause = error.__cause__ if isinstance(error.__cause__, QboError) else error
        if isinstance(cause, QboError):
            return self._error_text(cause)
        return str(error) or type(error).__name__
