# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.qbo_guarded import ADMIN
from ..qbo.errors import QboError

STEPS = [
    ("credentials", "Credentials"),
    ("connect", "Connect"),
    ("company", "Company"),
    ("accounts", "Accounts"),
    ("taxes", "Taxes and terms"),
    ("sync", "What is synced"),
    ("done", "Done"),
]
ORDER = [step for step, _label in STEPS]


class QboBackend(models.Model):
    """The set-up assistant: one step of the connection's own form after another.

    It works on the connection itself, so that nothing has to be copied, and so
    that it goes on where it was left, also after the visit to QuickBooks.
    """

    _inherit = "qbo.backend"

    setup_step = fields.Selection(
        STEPS, "Step of the set-up", default="credentials", required=True, copy=False
    )
    setup_missing = fields.Html(
        compute="_compute_setup_step_facts",
        compute_sudo=True,
        help="What this step of the set-up still lacks.",
    )
    setup_company_check = fields.Html(
        compute="_compute_setup_step_facts", compute_sudo=True
    )

    @api.depends(
        "setup_step",
        "environment",
        "client_id",
        "client_secret",
        "client_secret_set",
        "api_url",
        "discovery_url",
        "state",
        "lists_refreshed",
        "income_account_id",
        "expense_account_id",
        "asset_account_id",
        "tax_mapping_ids.reference_id",
        "pull_stock",
        "stock_location_id",
    )
    def _compute_setup_step_facts(self):
        for backend in self:
            step = None if backend.setup_step == "done" else backend.setup_step
            missing = backend._setup_todo(step)
            backend.setup_missing = backend._setup_todo_html(missing)
            backend.setup_company_check = self.env["ir.qweb"]._render(
                "qbo_connector.setup_company_check",
                {"rows": backend._setup_company_rows()},
            )

    def _setup_company_rows(self):
        """Return (label, in Odoo, in QuickBooks, equal?) for the company check."""
        company = self.company_id
        country, theirs = company.country_id.code or "", self.qbo_country or ""
        name = self.qbo_company_name or ""
        currency = company.currency_id.name
        return [
            (
                self.env._("Name"),
                company.name,
                name,
                company.name.casefold() == name.casefold(),
            ),
            (self.env._("Country"), country, theirs, country == theirs[:2]),
            (
                self.env._("Currency"),
                currency,
                self.qbo_currency or "",
                currency == self.qbo_currency,
            ),
        ]

    # ------------------------------------------------------------- buttons
    @api.model
    def _setup_action(self, backend):
        """Return the action that opens the assistant, empty for a new connection."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qbo_connector.qbo_setup_action"
        )
        action["res_id"] = backend.id
        return action

    def action_setup_open(self):
        """Open the set-up assistant."""
        self._qbo_check_role("write", ADMIN)
        self.ensure_one()
        if self.setup_step == "done":
            self.setup_step = "credentials" if self.state == "draft" else "company"
        return self._setup_action(self)

    def action_setup_next(self):
        """Go one step on; read QuickBooks' lists where their suggestions are due.

        :raise UserError: if the credentials are incomplete
        """
        self._qbo_check_role("write", ADMIN)
        self.ensure_one()
        self._check_credentials()
        if self._is_connected() and not self.lists_refreshed:
            self.action_refresh_lists()
        self.setup_step = ORDER[min(ORDER.index(self.setup_step) + 1, len(ORDER) - 1)]

    def action_setup_back(self):
        """Go one step back."""
        self._qbo_check_role("write", ADMIN)
        self.ensure_one()
        self.setup_step = ORDER[max(ORDER.index(self.setup_step) - 1, 0)]

    def action_setup_other_company(self):
        """Forget the QuickBooks company that was chosen, to choose another one.

        :raise UserError: if records are linked with it already
        """
        self.ensure_one()
        self._qbo_check_role("write", ADMIN)
        linked = [("backend_id", "=", self.id), ("qbo_id", "!=", False)]
        # Only whether there are any; an administrator asks.
        if self.env["qbo.binding"].sudo().search_count(linked, limit=1):
            raise UserError(
                self.env._(
                    "Records are linked with this QuickBooks company already. "
                    "Archive this connection and make a new one instead."
                )
            )
        self.action_disconnect()
        self._forget_lists()
        # An administrator's, checked where it begins.
        self.sudo().write(
            {"realm_id": False, "lists_refreshed": False, "setup_step": "connect"}
        )

    def _forget_lists(self):
        """Drop the lists of a QuickBooks company, and what points at them."""
        chosen = [
            name
            for name, field in self._fields.items()
            if field.type == "many2one" and field.comodel_name == "qbo.reference"
        ]
        # An administrator's, checked where it begins.
        self.sudo().write(dict.fromkeys(chosen, False))
        # An administrator's, checked where it begins.
        lists = self.env["qbo.reference"].sudo().with_context(active_test=False)
        lists.search([("backend_id", "=", self.id)]).unlink()

    def action_setup_finish(self):
        """Leave the assistant for the connection's form."""
        self._qbo_check_role("read")
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qbo_connector.qbo_backend_action"
        )
        return {
            **action,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "main",
        }

    # --------------------------------------------------- back from QuickBooks
    def _form_url(self):
        """While the set-up lasts, come back to it from QuickBooks."""
        if self.setup_step == "done":
            return super()._form_url()
        return f"/odoo/action-qbo_connector.qbo_setup_action/{self.id}"

    def _lists_delay(self):
        """The assistant reads the lists itself; the job is there in case it can't."""
        return super()._lists_delay() if self.setup_step == "done" else 60

    def _after_connect(self):
        result = super()._after_connect()
        if self.setup_step in ("credentials", "connect"):
            # The step after what an administrator has done.
            self.sudo().setup_step = "company"
        return result

    def _setup_read_lists(self, client=None):
        """Read the lists right after connecting, so that suggestions are there.

        What is in the way is no reason to stop: the step says that they lack, and
        the queued job tries again.
        """
        self.ensure_one()
        if self.setup_step == "company" and not self.lists_refreshed:
            try:
                self._refresh_lists(client)
            except QboError:
                return False
        return True
