# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the file of the connection's data and client.
# pylint: disable=consider-merging-classes-inherited
import logging
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, verify_hash_signed

from ..qbo import auth
from ..qbo.errors import QboError
from .qbo_guarded import ADMIN, MANAGER, plain

_logger = logging.getLogger(__name__)

STATE_SCOPE = "qbo_connector.oauth_state"
STATE_HOURS = 1


class QboBackend(models.Model):
    """Connecting, testing, disconnecting; and saying when it must be done anew."""

    _inherit = "qbo.backend"

    def action_connect(self):
        """Send the administrator to Intuit's consent page.

        :return: an `ir.actions.act_url` to the authorization page; its `state` is
            signed, names this backend and this user, and is good for an hour
        :raise AccessError: if the user is no QuickBooks administrator
        :raise UserError: if credentials are missing or Intuit can't be reached
        """
        self.ensure_one()
        self._qbo_check_role("write", ADMIN)
        self._check_credentials()
        state = hash_sign(
            # Signing needs the database's secret, which it doesn't show.
            self.env(su=True),
            STATE_SCOPE,
            [self.id, self.env.uid, self._new_nonce(), self._origin_of_tokens()],
            expiration_hours=STATE_HOURS,
        )
        try:
            url = auth.authorization_url(
                self._endpoints(),
                # The app's id, for an administrator: checked above.
                self.sudo().client_id,
                self.redirect_uri,
                state,
            )
        except QboError as error:
            raise UserError(self._error_text(error)) from error
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def _check_credentials(self):
        # An administrator's: the role was checked, and the signed state.
        backend = self.sudo()
        if not backend.client_id or not backend.client_secret_encrypted:
            raise UserError(
                self.env._(
                    "Enter the client ID and the client secret of your Intuit app "
                    "first (developer.intuit.com, Keys & credentials)."
                )
            )
        custom = backend.environment == "custom"
        if custom and not (backend.api_url and backend.discovery_url):
            raise UserError(
                self.env._(
                    "A custom environment needs its API URL and its discovery URL."
                )
            )

    def _new_nonce(self):
        """Make the OAuth state good for one use: the newest nonce counts."""
        # A nonce of this connection; nobody reads them.
        return self.env["qbo.oauth.nonce"].sudo()._new(self)

    @api.model
    def _from_oauth_state(self, state):
        """Return the backend an OAuth `state` was made for, and use the state up.

        :raise UserError: if it is forged, expired, used, or another user's
        """
        backend_id, uid, nonce, origin = self._verified_state(state) or (0, 0, "", "")
        backend = self.browse(backend_id).exists()
        valid = backend and uid == self.env.uid
        valid = valid and origin == backend._origin_of_tokens()
        # A nonce of this connection; nobody reads them.
        if not valid or not self.env["qbo.oauth.nonce"].sudo()._use(backend, nonce):
            raise UserError(
                self.env._(
                    "This answer doesn't belong to a connection you started here, or "
                    "it is too old. Press Connect again."
                )
            )
        return backend

    @api.model
    def _verified_state(self, state):
        try:
            # Signing needs the database's secret, which it doesn't show.
            found = verify_hash_signed(self.env(su=True), STATE_SCOPE, state or "")
            return found if found and len(found) == 4 else None
        except ValueError:  # not even the shape of a signed text
            return None

    def _finish_connect(self, code, realm_id):
        """Exchange the code, keep the tokens and the realm, check the company.

        :raise UserError: if the realm isn't the one known or Intuit refuses
        """
        self.ensure_one()
        if self.realm_id and self.realm_id != realm_id:
            raise UserError(
                self.env._(
                    "%(name)s belongs to QuickBooks company %(known)s, but you chose "
                    "company %(chosen)s. Press Connect again and choose the first, or "
                    "archive this connection and make a new one.",
                    name=self.name,
                    known=self.realm_id,
                    chosen=realm_id,
                )
            )
        # An administrator's: the role was checked, and the signed state.
        backend = self.sudo()
        backend._check_realm_is_free(realm_id)
        try:
            tokens = auth.exchange_code(
                backend._endpoints(),
                backend.client_id,
                backend._client_secret(),
                backend.redirect_uri,
                code,
            )
        except QboError as error:
            raise UserError(self._error_text(error)) from error
        client = backend._check_realm(realm_id, tokens)
        # Tokens that have just come for this connection.
        self.env["qbo.token"].sudo()._store(backend, tokens)
        backend.write(
            {"realm_id": realm_id, "state": "connected", "state_reason": False}
        )
        backend.activity_unlink(["qbo_connector.activity_attention"])
        backend._after_connect()
        return client

    def _check_realm(self, realm_id, tokens):
        """The realm comes from the browser: only QuickBooks knows whose token it is.

        :return: the client of this realm
        :raise UserError: if the token opens another company, or none
        """
        client = self._client_with(realm_id, tokens.access_token)
        try:
            client.company_info()
        except QboError as error:
            self._revoke_token(tokens.refresh_token)
            raise UserError(
                self.env._(
                    "QuickBooks doesn't confirm company %(realm)s: %(reason)s",
                    realm=realm_id,
                    reason=self._error_text(error),
                )
            ) from error
        return client

    def _check_realm_is_free(self, realm_id):
        other = (
            # Realms are unique over all companies: only looked for.
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("realm_id", "=", realm_id),
                    ("environment", "=", self.environment),
                    ("id", "!=", self.id),
                ],
                limit=1,
            )
        )
        if other:
            raise UserError(
                self.env._(
                    "QuickBooks company %(realm)s is already connected as %(name)s. "
                    "Each QuickBooks company can be connected once.",
                    realm=realm_id,
                    name=other.name,
                )
            )

    def _after_connect(self):
        """What a fresh connection sets going; other files add to it."""
        self.env["qbo.binding"]._resume(self)

    def action_disconnect(self):
        """Revoke the tokens at Intuit and forget them; links and queue stay.

        :raise AccessError: if the user is no QuickBooks administrator
        """
        self.ensure_one()
        self._qbo_check_role("write", ADMIN)
        self._revoke()
        # The administrator was checked above.
        self.sudo().write({"state": "draft", "state_reason": False})
        return True

    def _revoke(self):
        """Revoke the tokens where they came from, and forget them."""
        token = self._token()
        if token and token._fits():
            with suppress(QboError):  # a key that doesn't open it any more
                self._revoke_token(token._decrypted("refresh_token"))
        token.unlink()

    def _revoke_token(self, refresh_token):
        # The administrator has just asked for it.
        client_id = self.sudo().client_id
        try:
            auth.revoke(
                self._endpoints(), client_id, self._client_secret(), refresh_token
            )
        except QboError as error:
            # Gone at our side in any case; Intuit lets it lapse by itself.
            _logger.info("Token of %s not revoked: %s", self.name, error)

    def action_test(self):
        """Read the company's name over the connection and show it."""
        self._qbo_check_role("write", MANAGER)
        self.ensure_one()
        try:
            info = self._client().company_info()
        except QboError as error:
            raise UserError(self._error_text(error)) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Connected to %(company)s in QuickBooks.",
                    company=info.get("CompanyName"),
                ),
            },
        }

    def _set_reconnect(self, error):
        """Stop using a dead connection, for good even if the caller rolls back."""
        with self._own_transaction() as backend:
            if backend.state == "connected":
                backend.write(
                    {"state": "reconnect", "state_reason": self._error_text(error)}
                )
                backend._notify_reconnect()

    def _notify_reconnect(self):
        """Nothing moves until an administrator reconnects."""
        self._notify_administrators(
            self.env._("Reconnect QuickBooks"), self.state_reason
        )

    def _notify_administrators(self, summary, note):
        """Give the company's QuickBooks administrators an activity."""
        group = self.env.ref("qbo_connector.group_qbo_admin")
        for user in group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        ):
            self.activity_schedule(
                "qbo_connector.activity_attention",
                user_id=user.id,
                summary=summary,
                note=plain(note),
            )
