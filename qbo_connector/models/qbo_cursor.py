# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..qbo import changes

# QuickBooks may store an object a little later than its time says.
OVERLAP = timedelta(minutes=2)


class QboCursor(models.Model):
    """Up to when one entity's changes were fetched: a row of its own.

    It moves in the transaction that takes the changes over, so that none is
    skipped whatever breaks off.
    """

    _name = "qbo.cursor"
    _inherit = "qbo.guarded"
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

    _entity_uniq = models.UniqueIndex("(backend_id, entity)")

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
