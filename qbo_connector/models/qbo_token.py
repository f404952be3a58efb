# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models

from ..qbo import auth
from ..qbo.errors import QboAuthError, QboError

_logger = logging.getLogger(__name__)

# An access token lives 3600 s; one that ends sooner than this is renewed first.
REFRESH_MARGIN = timedelta(minutes=5)
# Before the connection ends for good, administrators are told twice.
ANNOUNCE_DAYS = (30, 7)
# Losers of the race for the row's lock see the winner's token at the next look.
RACE_TRIES = 10


class QboToken(models.Model):
    """The OAuth tokens of one backend, encrypted, alone in their own row.

    Nobody has access rights on this model: only sudo reads it. The row is apart
    from the backend because it is written from a cursor of its own that commits
    before the new token is used: Intuit rotates the refresh token, and a rotated
    one that rolls back with a failing job is lost for good.
    """

    _name = "qbo.token"
    _description = "QuickBooks OAuth tokens"
    _rec_name = "backend_id"

    backend_id = fields.Many2one("qbo.backend", required=True, ondelete="cascade")
    access_token = fields.Text(help="Encrypted access token (lives one hour).")
    refresh_token = fields.Text(help="Encrypted refresh token (100 days, rotates).")
    access_expires_at = fields.Datetime(help="UTC.")
    refresh_expires_at = fields.Datetime(help="UTC; moves on with each refresh.")
    hard_expires_at = fields.Datetime(
        help="UTC; Intuit's cap of five years, after which a person must reconnect."
    )

    origin = fields.Char(help="Addresses and app they came from: good for these only.")
    announced_days = fields.Integer(
        help="The last threshold at which the administrators were told of the end."
    )

    _backend_uniq = models.UniqueIndex("(backend_id)")

    @api.model
    def _store(self, backend, tokens):
        """Keep a `TokenSet` for `backend`, encrypted."""
        cipher = backend._cipher()
        values = {
            "access_token": cipher.encrypt(tokens.access_token),
            "refresh_token": cipher.encrypt(tokens.refresh_token),
            "access_expires_at": _naive(tokens.access_expires_at),
            "refresh_expires_at": _naive(tokens.refresh_expires_at),
            "hard_expires_at": _naive(tokens.hard_expires_at),
            "origin": backend._origin_of_tokens(),
        }
        row = self.search([("backend_id", "=", backend.id)])
        if row:
            row.write(values)
        else:
            row = self.create({"backend_id": backend.id, **values})
        return row

    def _fits(self):
        """Whether the connection still has the addresses these tokens came from.

        (Those stored before addresses were noted have none.)
        """
        return not self.origin or self.origin == self.backend_id._origin_of_tokens()

    def _valid_access_token(self, refused=None):
        """Return an access token that can be used now, refreshed when needed.

        :param str refused: the token QuickBooks just answered 401 to, if any; it
            is refreshed unless another worker has done so already
        :raise QboAuthError: when the connection must be made anew
        :raise QboUnreachable: when Intuit can't be reached
        """
        for _attempt in range(RACE_TRIES):
            try:
                return self._access_token_once(refused)
            except psycopg2.errors.SerializationFailure:
                # Another worker refreshed while we waited for the row: look anew.
                _logger.debug("Token row %s was refreshed by another worker", self.id)
        raise QboError("The token row stays locked by other workers", kind="wait")

    def _access_token_once(self, refused):
        with self.env.registry.cursor() as cr:
            # The connector's own transaction: rows that were checked before.
            token = self.with_env(self.env(cr=cr, su=True))
            if not token._is_stale(refused):
                return token._decrypted("access_token")
            token._lock()
            if token._is_stale(refused):
                token._refresh()
            return token._decrypted("access_token")

    def _lock(self):
        # Waits for the winner instead of skipping (`lock_for_update` skips).
        self.env.cr.execute(
            "SELECT id FROM qbo_token WHERE id = %s FOR UPDATE", [self.id]
        )
        self.invalidate_recordset()

    def _is_stale(self, refused=None):
        if refused is not None and self._decrypted("access_token") == refused:
            return True
        return self.access_expires_at <= fields.Datetime.now() + REFRESH_MARGIN

    def _refresh(self):
        """Exchange the refresh token; the caller's cursor commits the new pair."""
        backend = self.backend_id
        if not self._fits():
            raise QboAuthError("The connection's address has changed", kind="reconnect")
        try:
            tokens = auth.refresh(
                backend._endpoints(),
                backend.client_id,
                backend._client_secret(),
                self._decrypted("refresh_token"),
            )
        except QboAuthError as error:
            if error.kind == "reconnect":
                backend._set_reconnect(error)
            raise
        self._store(backend, tokens)

    def _announce_end(self):
        """Tell the administrators 30 and 7 days before nothing can be refreshed.

        A refresh token lives 100 days from its last use, and five years at most.
        """
        ends = min(filter(None, [self.refresh_expires_at, self.hard_expires_at]))
        days = (ends - fields.Datetime.now()).days
        due = min((limit for limit in ANNOUNCE_DAYS if days <= limit), default=0)
        if due and (not self.announced_days or due < self.announced_days):
            self.backend_id._notify_administrators(
                self.env._("Reconnect QuickBooks within %s days", max(days, 0)),
                self.env._(
                    "The connection of %(name)s ends on %(date)s (UTC). Press Connect "
                    "on it before then; nothing is lost.",
                    name=self.backend_id.name,
                    date=ends,
                ),
            )
        self.announced_days = due

    def _decrypted(self, name):
        return self.backend_id._cipher().decrypt(self[name])


def _naive(moment):
    """Odoo keeps UTC without a zone."""
    return moment and moment.replace(tzinfo=None, microsecond=0)
