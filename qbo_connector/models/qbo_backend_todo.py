# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models

ATTENTION = ("blocked", "drifted")
WAITING = ("pending", "held")


class QboBackend(models.Model):
    """What is still missing in the set-up, and what waits in the queue."""

    _inherit = "qbo.backend"

    setup_todo = fields.Html(
        "Still to do",
        compute="_compute_setup_todo",
        compute_sudo=True,
        help="What is missing before orders can go to QuickBooks.",
    )
    attention_count = fields.Integer(compute="_compute_link_counts")
    waiting_count = fields.Integer(compute="_compute_link_counts")

    # --------------------------------------------------------------- to do
    def _compute_setup_todo(self):
        for backend in self:
            backend.setup_todo = backend._setup_todo_html(backend._setup_todo())

    def _setup_todo_html(self, texts):
        """Return `texts` as a list in HTML; False if there are none."""
        return bool(texts) and self.env["ir.qweb"]._render(
            "qbo_connector.setup_todo", {"texts": texts}
        )

    def _setup_todo(self, step=None):
        """Return what is missing, as sentences.

        :param str step: of this step of the set-up only
        """
        return [
            text
            for at, done, text in self._setup_checks()
            if not done and step in (None, at)
        ]

    def _setup_checks(self):
        """Return [(step of the set-up, whether it is done, what to do), …]."""
        self.ensure_one()
        return [
            *self._setup_checks_connection(),
            *self._setup_checks_company(),
            *self._setup_checks_accounts(),
            *self._setup_checks_taxes(),
            (
                "sync",
                not self.pull_stock or bool(self.stock_location_id),
                self.env._("Choose the stock location QuickBooks' quantities lie in."),
            ),
        ]

    def _setup_checks_connection(self):
        custom = self.environment == "custom"
        return [
            (
                "credentials",
                bool(self.client_id)
                and bool(self.client_secret or self.client_secret_set),
                self.env._("Enter the client ID and the client secret."),
            ),
            (
                "credentials",
                not custom or bool(self.api_url and self.discovery_url),
                self.env._("Enter the API URL and the discovery URL."),
            ),
            (
                "connect",
                self._is_connected(),
                self.env._("Connect to QuickBooks."),
            ),
            (
                "company",
                bool(self.lists_refreshed),
                self.env._("Read QuickBooks' lists (it is done when you connect)."),
            ),
        ]

    def _setup_checks_company(self):
        ours = self.company_id.currency_id.name
        theirs = self.qbo_currency
        return [
            (
                "company",
                not theirs or ours == theirs or self.multi_currency,
                self.env._(
                    "QuickBooks keeps %(theirs)s, Odoo %(ours)s: turn on multicurrency "
                    "in QuickBooks, then refresh the lists.",
                    theirs=theirs,
                    ours=ours,
                ),
            )
        ]

    def _setup_checks_accounts(self):
        names = ("income_account_id", "expense_account_id", "asset_account_id")
        return [
            (
                "accounts",
                bool(self[name]),
                self.env._(
                    "Choose the account: %s.",
                    self._fields[name].get_description(self.env)["string"],
                ),
            )
            for name in names
        ]

    def _setup_checks_taxes(self):
        names = self._unmapped_taxes().mapped("name")
        text = self.env._(
            "Choose tax codes for %(count)s taxes (%(names)s%(more)s).",
            count=len(names),
            names=", ".join(names[:3]),
            more=", …" if len(names) > 3 else "",
        )
        return [("taxes", not names, text)]

    def _unmapped_taxes(self):
        """Taxes a document would be blocked for; in the US, zero rates need none."""
        ids = self.tax_mapping_ids.filtered(lambda row: not row.reference_id)
        taxes = self.env["account.tax"].browse(ids.mapped("res_id")).exists()
        return taxes.filtered(
            lambda tax: (
                tax.type_tax_use in self._tax_uses()
                and not (self._is_us() and tax._qbo_is_zero())
            )
        )

    @api.model
    def _tax_uses(self):
        """Uses of taxes that go to QuickBooks; other addons add theirs."""
        return ["sale"]

    # --------------------------------------------------------------- queue
    def _compute_link_counts(self):
        groups = self.env["qbo.binding"]._read_group(
            [("backend_id", "in", self.ids)], ["backend_id", "state"], ["__count"]
        )
        counts = {(backend.id, state): count for backend, state, count in groups}
        for backend in self:
            backend.attention_count = sum(
                counts.get((backend.id, state), 0) for state in ATTENTION
            )
            backend.waiting_count = sum(
                counts.get((backend.id, state), 0) for state in WAITING
            )

    def action_open_attention(self):
        """Open the links that need a person."""
        self._qbo_check_role("read")
        return self._open_links("qbo_connector.qbo_binding_attention_action", ATTENTION)

    def action_open_waiting(self):
        """Open the links that wait."""
        self._qbo_check_role("read")
        return self._open_links("qbo_connector.qbo_binding_waiting_action", WAITING)

    def _open_links(self, xmlid, states):
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        action["domain"] = [("backend_id", "in", self.ids), ("state", "in", states)]
        return action
