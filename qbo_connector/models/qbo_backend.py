# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from urllib.parse import urlencode

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools.urls import urljoin

from odoo.addons.queue_job.exception import RetryableJobError

from ..qbo import auth, limits
from ..qbo.addresses import is_safe
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
    _inherit = ["qbo.guarded", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _qbo_keys = frozenset()
    # Whose books, where secrets go, and the secrets.
    _qbo_admins = frozenset(
        (
            *("active", "company_id", "environment", "api_url", "discovery_url"),
            *("client_id", "client_secret", "webhook_verifier_token"),
        )
    )

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
        help="From the same page. Stored encrypted; it can be replaced, not read.",
    )
    client_secret_set = fields.Boolean(
        compute="_compute_secrets_set", groups="qbo_connector.group_qbo_admin"
    )
    client_secret_encrypted = fields.Text(groups=fields.NO_ACCESS, copy=False)
    webhook_verifier_token = fields.Char(
        compute="_compute_webhook_verifier_token",
        inverse="_inverse_webhook_verifier_token",
        groups="qbo_connector.group_qbo_admin",
        help="From your app's Webhooks page at developer.intuit.com. Stored encrypted; "
        "it can be replaced, not read.",
    )
    webhook_verifier_set = fields.Boolean(
        compute="_compute_secrets_set", groups="qbo_connector.group_qbo_admin"
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

    def _compute_client_secret(self):
        """Secrets go in only: nobody reads them back."""
        self.client_secret = False

    def _compute_webhook_verifier_token(self):
        self.webhook_verifier_token = False

    @api.depends("client_secret_encrypted", "webhook_verifier_encrypted")
    def _compute_secrets_set(self):
        # Only says whether there is one that the key opens.
        for backend, secrets in zip(self, self.sudo(), strict=True):
            known = self._shown(secrets.client_secret_encrypted)
            backend.client_secret_set = bool(known)
            backend.webhook_verifier_set = bool(secrets._webhook_verifier())

    def _shown(self, ciphertext):
        """A secret, or False when the key is another one: it can be entered again."""
        try:
            return self._cipher().decrypt(ciphertext)
        except QboWrongKey:
            return False

    def _inverse_client_secret(self):
        for backend in self:
            # The field's groups have let the writer pass.
            backend.sudo().client_secret_encrypted = self._cipher().encrypt(
                backend.client_secret
            )

    def _client_secret(self):
        # For the token endpoint only.
        return self._cipher().decrypt(self.sudo().client_secret_encrypted)

    def _webhook_verifier(self):
        # To check a signature with.
        return self._shown(self.sudo().webhook_verifier_encrypted)

    def _inverse_webhook_verifier_token(self):
        for backend in self:
            # The field's groups have let the writer pass.
            backend.sudo().webhook_verifier_encrypted = self._cipher().encrypt(
                backend.webhook_verifier_token
            )

    def _forget_typed(self):
        """What was just typed isn't shown again, either."""
        self.flush_recordset()
        names = ["client_secret", "webhook_verifier_token"]
        self.invalidate_recordset(names, flush=False)

    def _compute_paused_until(self):
        # When the pause ends is no secret.
        rows = self.env["qbo.governor"].sudo().search([("backend_id", "in", self.ids)])
        pauses = {row.backend_id.id: row._paused_until() for row in rows}
        for backend in self:
            backend.paused_until = pauses.get(backend.id)

    # --------------------------------------------------------- addresses
    @api.constrains("api_url", "discovery_url")
    def _check_addresses(self):
        for url in filter(
            None, [*self.mapped("api_url"), *self.mapped("discovery_url")]
        ):
            if not is_safe(url):
                raise ValidationError(
                    self.env._("%s isn't an https:// address of a server.", url)
                )

    def _origin_of_tokens(self):
        """Where tokens come from and are good for: addresses and app."""
        custom = self.environment == "custom"
        discovery = self.discovery_url if custom else ""
        # The app's id is no secret, but for administrators to see.
        client = self.sudo().client_id
        return " ".join((self._api_url(), discovery or "", client or ""))

    @api.constrains(
        lambda self: [
            name
            for name, field in self._fields.items()
            if field.type == "many2one" and field.comodel_name == "qbo.reference"
        ]
    )
    def _check_references(self):
        """An entry of another company's lists is none of ours."""
        for backend in self:
            for name, field in self._fields.items():
                if field.type == "many2one" and field.comodel_name == "qbo.reference":
                    if backend[name] and backend[name].backend_id != backend:
                        raise ValidationError(
                            self.env._("%s belongs to another connection.", name)
                        )

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
        # Which connection a company has: each confirmation asks.
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
        # Which connection a company has: each confirmation asks.
        return self.sudo().search([("company_id", "=", company_id)], limit=1).id

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        backends = super().create(vals_list)
        backends._forget_typed()
        return backends

    def write(self, vals):
        if not vals.keys().isdisjoint(("active", "company_id")):
            self.env.registry.clear_cache()
        result = super().write(vals)
        if not vals.keys().isdisjoint(("client_secret", "webhook_verifier_token")):
            self._forget_typed()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        self.check_access("unlink")
        for backend in self:
            backend._revoke()
        return super().unlink()

    def _is_connected(self):
        return self.state == "connected"

    @contextmanager
    def _own_transaction(self):
        """These records on a cursor of their own, committed at the end."""
        with self.env.registry.cursor() as cr:
            # The connector's own transaction: rows that were checked before.
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
        # For the client only, which keeps them to itself.
        return self.env["qbo.token"].sudo().search([("backend_id", "=", self.id)])

    def _client(self, binding=None, turn=None):
        """Return the API client of this backend.

        :param binding: the `qbo.binding` the exchanges are about, for the log
        :param Turn turn: the right to send, taken before; else taken on the way
        :raise QboAuthError: if the backend isn't connected
        """
        self.ensure_one()
        token = self._token()
        if not token or not self.realm_id or not token._fits():
            raise QboAuthError(
                f"{self.name} is not connected to QuickBooks", kind="reconnect"
            )
        return self._client_with(self.realm_id, _TokenSource(token), binding, turn)

    def _client_with(self, realm_id, access_token, binding=None, turn=None):
        """Return a client for a realm that may not be ours yet."""
        turn = turn or NappingTurn(self, priority=limits.LISTS)
        log = self.env["qbo.log"]._writer(self, binding)

        def after_exchange(exchange):
            turn.after_request(exchange.error)
            log(exchange)

        return QboClient(
            realm_id,
            access_token,
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
