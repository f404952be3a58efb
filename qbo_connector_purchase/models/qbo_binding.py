# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    def _renew(self):
        """Forget an object that is gone: the next push makes a new one."""
        for link in self:
            link.write({**dict.fromkeys(KNOWN, False), "attempt": link.attempt + 1})
        self._set_pending()

    def _renew_gone(self):
        """Let what was deleted be made anew, as its record counts again."""
        self.filtered(lambda link: link.state == "gone")._renew()

    def _watch(self, values):
        result = super()._watch(values)
        record = self._record().exists()
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


# What a link knows of its object.
KNOWN = (
    "qbo_id",
    "sync_token",
    "doc_number",
    "payload_hash",
    "sent",
    "line_ids",
    "qbo_total",
    "warning",
)
