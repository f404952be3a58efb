# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    def _renew_gone(self):
        """Let what was deleted be made anew, as its record counts again."""
        self.filtered(lambda link: link.state == "gone")._start_over()

    def _enqueue(self, *args, **kwargs):
        """What the bookkeeper made isn't sent back."""
        own = self.filtered(
            lambda link: not (link.entity in NEVER_SENT_BACK and link.imported)
        )
        return super(QboBinding, own)._enqueue(*args, **kwargs)

    def _watch(self, values):
        record = self._record().exists()
        result = super()._watch(values)
        if hasattr(record, "_qbo_on_watched"):
            record._qbo_on_watched(self, values)
        return result

    def _hold_change(self):
        """The record has changed, and a person decides when it is sent."""
        self.filtered(lambda link: link.state == "synced").write(
            {
                "state": "held",
                "error": self.env._("It has changed since it was sent."),
                "fix": self.env._("Press “Push to QuickBooks now” to send it."),
            }
        )


# Entities that are sent only if Odoo made them.
NEVER_SENT_BACK = ("Bill", "VendorCredit", "BillPayment")
