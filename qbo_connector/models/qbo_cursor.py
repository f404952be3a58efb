# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..qbo import changes

# QuickBooks may store an object a little later than its time says.
OVERLAP = timedelta(minutes=2)
# Fetched by a scheduled action of its own.
CRONS = {"QtyOnHand": "cron_pull_inventory"}


class QboCursor(models.Model):
    """Up to when one entity's changes were fetched: a row of its own.

    It moves in the transaction that takes the changes over, so that none is
    skipped whatever breaks off.
    """

    _name = "qbo.cursor"
    _description = "QuickBooks changes fetched"
    _order = "backend_id, entity"
    _rec_name = "entity"

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True
    )
    entity = fields.Char(required=True, readonly=True)
    since = fields.Datetime(
        "Fetched up to", required=True, readonly=True, help="UTC, by QuickBooks' clock."
    )
    last_run = fields.Datetime(readonly=True, help="UTC.")
    last_result = fields.Char(readonly=True)

    interval = fields.Char(compute="_compute_schedule", compute_sudo=True)
    next_run = fields.Datetime(
        compute="_compute_schedule", compute_sudo=True, help="UTC."
    )

    _entity_uniq = models.UniqueIndex("(backend_id, entity)")

    def _compute_schedule(self):
        """Which scheduled action looks for it, and when."""
        for cursor in self:
            cron = self.env.ref(f"qbo_connector.{cursor._cron()}")
            unit = dict(cron._fields["interval_type"].selection)[cron.interval_type]
            cursor.interval = f"{cron.interval_number} {unit}"
            cursor.next_run = cron.active and cron.nextcall

    def _cron(self):
        return CRONS.get(self.entity, "cron_poll_changes")

    def action_refresh(self):
        """Look now, ahead of the schedule.

        :raise AccessError: if the user is no QuickBooks manager
        """
        self.backend_id.check_access("write")
        stock = self.filtered(lambda cursor: cursor.entity in CRONS)
        stock.backend_id.action_pull_inventory()
        (self - stock).backend_id.action_poll_changes()
        return True

    @api.model
    def _of(self, backend, entities):
        """Return the cursors of `entities`, new ones from now on."""
        found = self.search([("backend_id", "=", backend.id)])
        known = set(found.mapped("entity"))
        found |= self.create(
            [
                {
                    "backend_id": backend.id,
                    "entity": entity,
                    "since": fields.Datetime.now(),
                }
                for entity in entities
                if entity not in known
            ]
        )
        return found.filtered(lambda cursor: cursor.entity in entities)

    def _start(self):
        """From when to ask: the oldest, with the overlap (naive UTC)."""
        return min(self.mapped("since")) - OVERLAP

    def _too_old(self):
        """Those further back than CDC goes."""
        oldest = fields.Datetime.now() - timedelta(days=changes.CDC_DAYS) + 2 * OVERLAP
        return self.filtered(lambda cursor: cursor.since <= oldest)

    def _move(self, moment, result):
        """Everything up to `moment` (QuickBooks' clock, naive UTC) is taken over."""
        for cursor in self:
            cursor.write(
                {
                    "since": max(cursor.since, moment or cursor.since),
                    "last_run": fields.Datetime.now(),
                    "last_result": result,
                }
            )
