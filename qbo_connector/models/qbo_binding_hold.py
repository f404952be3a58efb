# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, models

HOLDABLE = ("sale.order", "stock.picking", "account.move")


class QboBinding(models.Model):
    """Sales that were held back go when the hold is off."""

    _inherit = "qbo.binding"

    @api.model
    def _release_held(self, customers):
        """Queue the held documents of these customers: each sees whether it may go.

        Those that wait as well: their push may be looking at the old hold just now.
        """
        waiting = self.search(
            [("res_model", "in", HOLDABLE), ("state", "in", ("held", "pending"))]
        )
        for model, links in waiting.grouped("res_model").items():
            records = self.env[model].browse(links.mapped("res_id")).exists()
            mine = records.filtered(
                lambda one: one._qbo_bill_partner().commercial_partner_id in customers
            )
            links.filtered(lambda link, mine=mine: link.res_id in mine.ids)._enqueue()

    @api.model
    def _push_pending(self, backend):
        """Held documents are looked at as well: a payment may have freed the credit."""
        result = super()._push_pending(backend)
        limited = backend.filtered("hold_over_limit")
        self.search(
            [
                ("backend_id", "in", limited.ids),
                ("res_model", "in", HOLDABLE),
                ("state", "=", "held"),
            ]
        ).filtered(lambda link: link._record().exists())._enqueue()
        return result
