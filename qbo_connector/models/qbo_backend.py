# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import contextmanager
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, verify_hash_signed
from odoo.tools.urls import urljoin

from odoo.addons.queue_job.exception import RetryableJobError

from ..qbo import auth, limits
from ..qbo.client import QboClient
from ..qbo.errors import QboAuthError, QboError
from .qbo_cipher import Cipher
from .qbo_governor import NappingTurn

_logger = logging.getLogger(__name__)

API_URLS = {
    "production": "https://quickbooks.api.intuit.com",
    "sandbox": "https://sandbox-quickbooks.api.intuit.com",
}
APP_URLS = {
    "production": "https://qbo.intuit.com",
    "sandbox": "https://sandbox.qbo.intuit.com",
}
CALLBACK = "/qbo/oauth/callback"
STATE_SCOPE = "qbo_connector.oauth_state"
STATE_HOURS = 1


class QboBackend(models.Model):
    """One connected QuickBooks company (realm) for one Odoo company."""

    _name = "qbo.backend"
    _description = "QuickBooks company"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env.company.name)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The Odoo company whose books are kept in this QuickBooks company.",
    )
    environment = fields.Selection(
        [
            ("production", "Production"),
            ("sandbox", "Intuit sandbox"),
            ("custom", "Custom"),
        ],
        required=True,
        default="production",
        help="Production for real books. Intuit sandbox for a test company of your "
        "Intuit developer account. Custom for any other server that speaks "
        "QuickBooks' API.",
    )
    api_url = fields.Char(
        "API URL", help="Base address of the API; used when Environment is Custom."
    )
    discovery_url = fields.Char(
        "Discovery URL",
        help="Address of the OpenID discovery document; used when Environment is "
        "Custom.",
    )
    client_id = fields.Char(
        "Client ID",
        groups="qbo_connector.group_qbo_admin",
        copy=False,
        help="From your app's Keys & credentials page at developer.intuit.com.",
    )
    client_secret = fields.Char(
        compute="_compute_client_secret",
        inverse="_inverse_client_secret",
        groups="qbo_connector.group_qbo_admin",
        help="From the same page. Stored encrypted.",
    )
    client_secret_encrypted = fields.Text(groups=fields.NO_ACCESS, copy=False)
    webhook_verifier_token = fields.Char(
        compute="_compute_webhook_verifier_token",
        inverse="_inverse_webhook_verifier_token",
        groups="qbo_connector.group_qbo_admin",
        help="From your app's Webhooks page at developer.intuit.com. Stored encrypted.",
    )
    webhook_verifier_encrypted = fields.Text(groups=fields.NO_ACCESS, copy=False)
    redirect_uri = fields.Char(
        "Redirect URI",
        compute="_compute_redirect_uri",
        help="Register this address in your Intuit app, under Redirect URIs.",
    )
    realm_id = fields.Char(
        "QuickBooks company ID",
        copy=False,
        readonly=True,
        help="The realm id; it comes from QuickBooks when the connection is made.",
    )
    state = fields.Selection(
        [
            ("draft", "Not connected"),
            ("connected", "Connected"),
            ("reconnect", "Reconnect needed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    state_reason = fields.Char(
        readonly=True, copy=False, help="Why the connection has to be made anew."
    )

    paused_until = fields.Datetime(
        compute="_compute_paused_until",
        help="UTC; QuickBooks answered “too many requests” and asked to wait.",
    )

    _realm_uniq = models.UniqueIndex(
        "(environment, realm_id) WHERE realm_id IS NOT NULL",
        "This QuickBooks company is connected already, maybe for another company "
        "of this database. Each QuickBooks company can be connected once.",
    )
    _company_uniq = models.UniqueIndex(
        "(company_id) WHERE active",
        "This company has a QuickBooks connection already.",
    )

    # ------------------------------------------------------------ secrets
    def _cipher(self):
        """Encrypts and decrypts with the key that lies outside the database."""
        return Cipher()

    @api.depends("client_secret_encrypted")
    def _compute_client_secret(self):
        for backend in self:
            backend.client_secret = backend._client_secret()

    def _inverse_client_secret(self):
        for backend in self:
            backend.sudo().client_secret_encrypted = self._cipher().encrypt(
                backend.client_secret
            )

    def _client_secret(self):
        return self._cipher().decrypt(self.sudo().client_secret_encrypted)

    @api.depends("webhook_verifier_encrypted")
    def _compute_webhook_verifier_token(self):
        for backend in self:
            backend.webhook_verifier_token = self._cipher().decrypt(
                backend.sudo().webhook_verifier_encrypted
            )

    def _inverse_webhook_verifier_token(self):
        for backend in self:
            backend.sudo().webhook_verifier_encrypted = self._cipher().encrypt(
                backend.webhook_verifier_token
            )

    def _compute_paused_until(self):
        rows = self.env["qbo.governor"].sudo().search([("backend_id", "in", self.ids)])
        pauses = {row.backend_id.id: row._paused_until() for row in rows}
        for backend in self:
            backend.paused_until = pauses.get(backend.id)

    # --------------------------------------------------------- addresses
    def _compute_redirect_uri(self):
        self.redirect_uri = urljoin(self.get_base_url(), CALLBACK)

    def _api_url(self):
        self.ensure_one()
        if self.environment == "custom":
            return (self.api_url or "").rstrip("/")
        return API_URLS[self.environment]

    def _app_url(self, page, **params):
        """Return the address of a page of QuickBooks' own web application."""
        base = APP_URLS.get(self.environment) or self._api_url()
        query = urlencode({**params, "deeplinkcompanyid": self.realm_id or ""})
        return f"{base}/app/{page}?{query}"

    def _endpoints(self):
        """Intuit's own addresses are known; a custom server tells its own.

        :raise QboError: if a custom server doesn't answer
        """
        custom = self.environment == "custom"
        return auth.discover(self.discovery_url if custom else None)

    def _form_url(self):
        return f"/odoo/action-qbo_connector.qbo_backend_action/{self.id}"

    # -------------------------------------------------------- connection
    @api.model
    def _for_company(self, company):
        """Return the active backend of an Odoo company, or an empty recordset."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def _is_connected(self):
        return self.state == "connected"

    def action_connect(self):
        """Send the administrator to Intuit's consent page.

        :return: an `ir.actions.act_url` to the authorization page; its `state` is
            signed, names this backend and this user, and is good for an hour
        :raise UserError: if credentials are missing or Intuit can't be reached
        """
        self.ensure_one()
        self._check_credentials()
        state = hash_sign(
            self.env(su=True),
            STATE_SCOPE,
            [self.id, self.env.uid, self._new_nonce()],
            expiration_hours=STATE_HOURS,
        )
        try:
            url = auth.authorization_url(
                self._endpoints(), self.sudo().client_id, self.redirect_uri, state
            )
        except QboError as error:
            raise UserError(self._error_text(error)) from error
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def _check_credentials(self):
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
        return self.env["qbo.oauth.nonce"].sudo()._new(self)

    @api.model
    def _from_oauth_state(self, state):
        """Return the backend an OAuth `state` was made for, and use the state up.

        :raise UserError: if it is forged, expired, used, or another user's
        """
        backend_id, uid, nonce = self._verified_state(state) or (0, 0, "")
        backend = self.browse(backend_id).exists()
        valid = backend and uid == self.env.uid
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
            return verify_hash_signed(self.env(su=True), STATE_SCOPE, state or "")
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
        self.env["qbo.token"].sudo()._store(backend, tokens)
        backend.write(
            {"realm_id": realm_id, "state": "connected", "state_reason": False}
        )
        backend.activity_unlink(["qbo_connector.activity_attention"])
        backend._after_connect()

    def _check_realm_is_free(self, realm_id):
        other = (
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
        """Revoke the tokens at Intuit and forget them; links and queue stay."""
        self.ensure_one()
        token = self._token()
        if token:
            try:
                auth.revoke(
                    self._endpoints(),
                    self.sudo().client_id,
                    self._client_secret(),
                    token._decrypted("refresh_token"),
                )
            except QboError as error:
                # Gone at our side in any case; Intuit lets it lapse by itself.
                _logger.info("Token of %s not revoked: %s", self.name, error)
            token.unlink()
        self.sudo().write({"state": "draft", "state_reason": False})
        return True

    def action_test(self):
        """Read the company's name over the connection and show it."""
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
                note=note,
            )

    @contextmanager
    def _own_transaction(self):
        """These records on a cursor of their own, committed at the end."""
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr, su=True))

    @contextmanager
    def _as_job(self):
        """Turn QuickBooks' errors into what the queue understands.

        :raise RetryableJobError: when waiting helps
        """
        try:
            yield
        except QboError as error:
            if error.kind == "reconnect":
                self._set_reconnect(error)
            if error.kind != "wait":
                raise
            raise RetryableJobError(
                str(error), seconds=int(error.retry_after or 60), ignore_retry=True
            ) from error

    # ------------------------------------------------------------ client
    def _token(self):
        return self.env["qbo.token"].sudo().search([("backend_id", "=", self.id)])

    def _client(self, binding=None, turn=None):
        """Return the API client of this backend.

        :param binding: the `qbo.binding` the exchanges are about, for the log
        :param Turn turn: the right to send, taken before; else taken on the way
        :raise QboAuthError: if the backend isn't connected
        """
        self.ensure_one()
        token = self._token()
        if not token or not self.realm_id:
            raise QboAuthError(
                f"{self.name} is not connected to QuickBooks", kind="reconnect"
            )
        turn = turn or NappingTurn(self, priority=limits.LISTS)
        log = self.env["qbo.log"]._writer(self, binding)

        def after_exchange(exchange):
            turn.after_request(exchange.error)
            log(exchange)

        return QboClient(
            self.realm_id,
            _TokenSource(token),
            self._api_url(),
            on_exchange=after_exchange,
            before_request=turn.before_request,
        )

    def _error_text(self, error):
        """Cause and fix in plain words, with QuickBooks' reference for support."""
        explanation = error.explanation
        parts = [self.env._(explanation.cause), self.env._(explanation.fix)]
        if error.detail and error.kind in ("fix", "bug"):
            parts.insert(1, f"({error.detail})")
        return " ".join(part for part in parts if part)


class _TokenSource:
    """What the client asks for its token: remembers the one it handed out last."""

    def __init__(self, token):
        self._token = token
        self._last = None

    def __call__(self, force_refresh=False):
        self._last = self._token._valid_access_token(
            refused=self._last if force_refresh else None
        )
        return self._last
