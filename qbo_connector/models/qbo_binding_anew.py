# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the way to QuickBooks.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models
from odoo.exceptions import UserError

from .qbo_guarded import MANAGER

GONE = "gone"


class QboBinding(models.Model):
    """A second document for a record whose first one is void or deleted."""

    _inherit = "qbo.binding"

    revision = fields.Integer(
        readonly=True,
        help="How many documents of this record were voided or deleted before; it "
        "stands behind the number, because QuickBooks keeps a voided one's.",
    )

    def _start_over(self):
        """Forget the object that is gone: the next push makes a new one."""
        for link in self:
            # Else a late retry would look first, and find the voided one.
            self.env["qbo.attempt"]._end(link)
            link.write(
                {
                    "qbo_id": False,
                    "sync_token": False,
                    "doc_number": False,
                    "sent": False,
                    "line_ids": False,
                    "payload_hash": False,
                    "qbo_total": False,
                    "qbo_updated": False,
                    "warning": False,
                    "attempt": link.attempt + 1,
                    "revision": link.revision + 1,
                }
            )
        self._set_pending()

    def action_send_anew(self):
        """Make a new document in QuickBooks in place of the one that is gone.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if it isn't gone
        """
        self._qbo_check_role("write", MANAGER)
        if any(link.state != GONE for link in self):
            raise UserError(
                self.env._("Only what was voided or deleted can be sent as new.")
            )
        # Checked above; links are the connector's.
        self.sudo()._start_over()
        # Checked above; links are the connector's.
        self.sudo()._enqueue(priority=1)
        return True
