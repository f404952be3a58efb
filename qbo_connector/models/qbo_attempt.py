# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

# Nobody documents how long QuickBooks remembers a request id: minutes for sure.
LATE = timedelta(minutes=15)


class QboAttempt(models.Model):
    """A link whose record may be in QuickBooks although we have no answer.

    Written and committed before the first try to create it leaves: it tells a late
    retry (after a killed worker, say) to look first. Once the answer is stored it
    means nothing any more.
    """

    _name = "qbo.attempt"
    _description = "QuickBooks create under way"
    _log_access = False

    # No foreign key: it would wait for the worker that holds the link.
    binding_id = fields.Integer(required=True)
    begun = fields.Datetime(required=True, help="UTC; of the first try.")

    _binding_uniq = models.UniqueIndex("(binding_id)")

    @api.model
    def _begin(self, binding):
        """Note, for good, that a create is about to leave.

        :return: False if one has left before without a known outcome
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                "INSERT INTO qbo_attempt (binding_id, begun) "
                "VALUES (%s, now() AT TIME ZONE 'UTC') "
                "ON CONFLICT (binding_id) DO NOTHING",
                [binding.id],
            )
            return bool(cr.rowcount)

    @api.model
    def _is_late(self, binding):
        """Whether a create may have left too long ago for its request id."""
        found = self.search([("binding_id", "=", binding.id)])
        return bool(found) and found.begun < fields.Datetime.now() - LATE

    @api.model
    def _end(self, binding):
        """The outcome is known: definitely refused, or there and gone again."""
        self.search([("binding_id", "=", binding.id)]).unlink()

    @api.autovacuum
    def _gc_stored(self):
        """Drop the rows of links whose answer is stored.

        (The transaction that stores it can't: it began before the row was made.)
        """
        self.env.cr.execute(
            "DELETE FROM qbo_attempt USING qbo_binding "
            "WHERE qbo_binding.id = binding_id AND qbo_id IS NOT NULL"
        )
