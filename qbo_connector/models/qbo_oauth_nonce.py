# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets

from odoo import api, fields, models


class QboOauthNonce(models.Model):
    """The one OAuth state a backend waits for: a replayed answer finds none."""

    _name = "qbo.oauth.nonce"
    _description = "QuickBooks OAuth state in use"

    backend_id = fields.Many2one("qbo.backend", required=True, ondelete="cascade")
    nonce = fields.Char(required=True)

    _backend_uniq = models.UniqueIndex("(backend_id)")

    @api.model
    def _new(self, backend):
        """Return a fresh nonce; an older one stops being good."""
        self.search([("backend_id", "=", backend.id)]).unlink()
        nonce = secrets.token_urlsafe(16)
        self.create({"backend_id": backend.id, "nonce": nonce})
        return nonce

    @api.model
    def _use(self, backend, nonce):
        """Return whether `nonce` is the one waited for, and forget it."""
        row = self.search([("backend_id", "=", backend.id), ("nonce", "=", nonce)])
        found = bool(row)
        row.unlink()
        return found
