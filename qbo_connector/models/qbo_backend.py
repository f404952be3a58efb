# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from urllib.parse import urlencode

from odoo import api, fields, models, tools
from odoo.tools.urls import urljoin

from odoo.addons.queue_job.exception import RetryableJobError

from ..qbo import auth, limits
from ..qbo.client import QboClient
from ..qbo.errors import QboAuthError, QboError, QboWrongKey
from .qbo_cipher import Cipher
from .qbo_governor import NappingTurn

API_URLS = {
    "production": "https://quickbooks.api.intuit.com",
    "sandbox": "https://sandbox-quickbooks.api.intuit.com",
}
APP_URLS = {
    "production": "https://qbo.intuit.com",
    "sandbox": "https://sandbox.qbo.intuit.com",
}
CALLBACK = "/qbo/oauth/callback"


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
        for backend, secrets in zip(self, self.sudo(), strict=True):
            backend.client_secret = self._shown(secrets.client_secret_encrypted)

    def _shown(self, ciphertext):
        """A secret for its field; empty when the key is another one, so that the
        form still opens and it can be entered again."""
        try:
            return self._cipher().decrypt(ciphertext)
        except QboWrongKey:
            return False

    def _inverse_client_secret(self):
        for backend in self:
            backend.sudo().client_secret_encrypted = self._cipher().encrypt(
                backend.client_secret
            )

    def _client_secret(self):
        return self._cipher().decrypt(self.sudo().client_secret_encrypted)

    @api.depends("webhook_verifier_encrypted")
    def _compute_webhook_verifier_token(self):
        for backend, secrets in zip(self, self.sudo(), strict=True):
            backend.webhook_verifier_token = self._shown(
                secrets.webhook_verifier_encrypted
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

    @api.model
    def _for_company(self, company):
        """Return the active backend of an Odoo company, or an empty recordset."""
        backend = self.sudo().browse(self._id_for_company(company.id))
        backend.fetch(self._often_read())
        return backend

    def _often_read(self):
        """The fields that confirming a document reads, of a hundred."""
        return ["company_id", "state"]

    @api.model
    @tools.ormcache("company_id")
    def _id_for_company(self, company_id):
        """Asked at each confirmation: it costs no query there."""
        return self.sudo().search([("company_id", "=", company_id)], limit=1).id

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if not vals.keys().isdisjoint(("active", "company_id")):
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _is_connected(self):
        return self.state == "connected"

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
