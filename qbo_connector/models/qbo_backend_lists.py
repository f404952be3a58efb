# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
import contextlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..qbo import lists
from ..qbo.errors import QboError
from .qbo_backend_settings import ACCOUNT_KINDS
from .qbo_guarded import MANAGER

LISTS = "qbo_connector.cron_refresh_lists"
TOKENS = "qbo_connector.cron_refresh_tokens"
# Which account QuickBooks' own companies use: field -> what to look for, best first.
ACCOUNT_HINTS = {
    "income_account_id": [("subkind", "SalesOfProductIncome"), ("kind", "Income")],
    "expense_account_id": [
        ("subkind", "SuppliesMaterialsCogs"),
        ("kind", "Cost of Goods Sold"),
    ],
    "asset_account_id": [("subkind", "Inventory")],
    "shipping_account_id": [("name", "Shipping")],
    "discount_account_id": [("subkind", "DiscountsRefundsGiven")],
    "receivable_account_id": [("kind", "Accounts Receivable")],
    "payable_account_id": [("kind", "Accounts Payable")],
}


class QboBackend(models.Model):
    """QuickBooks' lists, and what they suggest for the mappings."""

    _inherit = "qbo.backend"

    def action_refresh_lists(self):
        """Read company, preferences and lists now, and suggest open mappings."""
        self._qbo_check_role("write", MANAGER)
        for backend in self:
            try:
                backend._refresh_lists()
            except QboError as error:
                raise UserError(backend._error_text(error)) from error
        return True

    def _refresh_lists(self, client=None):
        """One batch call reads all lists (metered as one read each).

        :raise QboError: if QuickBooks doesn't answer
        """
        self.ensure_one()
        with self._noted(LISTS) as said:
            said.append(self.sudo()._read_lists(client))  # settings of its own

    def _read_lists(self, client):
        """Return what came of it, in words."""
        company = lists.read(client or self._client())
        self.write({**company.facts, "lists_refreshed": fields.Datetime.now()})
        # Written now: who refreshes at the same time waits for this row, and then
        # starts anew instead of making the same entries twice.
        self.flush_recordset()
        for entity, rows in company.rows.items():
            # Lists as QuickBooks has them: nothing a person sends.
            self.env["qbo.reference"].sudo()._replace(self, entity, rows)
        self._suggest_mappings()
        count = sum(map(len, company.rows.values()))
        return self.env._("%s entries read", count)

    def _job_refresh_lists(self):
        """As a job: what is in the way has the job run again."""
        with self._as_job():
            self._refresh_lists()

    def _after_connect(self):
        result = super()._after_connect()
        # A list that can't be read now is read by the scheduled action.
        self._enqueue_lists(eta=self._lists_delay())
        return result

    def _enqueue_lists(self, **options):
        # A job that reads QuickBooks' lists, with the connection's rights.
        self.sudo().with_delay(
            channel="root.qbo",
            description=f"QuickBooks: lists of {self.name}",
            **options,
        )._job_refresh_lists()

    def _scheduled(self):
        jobs = {
            LISTS: (self._enqueue_lists, True),
            TOKENS: (self._refresh_tokens, True),
        }
        return {**super()._scheduled(), **jobs}

    def _lists_delay(self):
        """Seconds after connecting before a job reads the lists."""
        return 0

    def _suggest_mappings(self):
        """Fill accounts, taxes, terms and fields that nobody has chosen yet."""
        for name, hints in ACCOUNT_HINTS.items():
            if not self[name]:
                self[name] = self._suggest_account(name, hints)
        if not self.po_number_field_id:
            fields_found = self._references("CustomField").filtered(
                lambda row: row.kind == "Sales"
            )
            fields_found -= self.custom_field_ids.reference_id
            named = fields_found.filtered(lambda row: "po" in row.name.lower())
            self.po_number_field_id = named[:1]
        # Suggested from the company's own records.
        mapping = self.env["qbo.mapping"].sudo()
        mapping._suggest(
            self,
            self._own_records("account.tax", [("type_tax_use", "!=", "none")]),
            "TaxCode",
            lambda tax: tax._qbo_percent(),
        )
        mapping._suggest(
            self,
            self._own_records("account.payment.term", []).filtered(
                lambda term: term.qbo_simple_days >= 0
            ),
            "Term",
            lambda term: term.qbo_simple_days,
        )

    def _references(self, entity):
        return (
            self.env["qbo.reference"]
            # Entries of this connection's lists, or records of its company.
            .sudo()
            .search([("backend_id", "=", self.id), ("entity", "=", entity)])
        )

    def _suggest_account(self, name, hints):
        accounts = self._references("Account").filtered(
            lambda row: row.kind in ACCOUNT_KINDS[name]
        )
        for attribute, wanted in hints:
            found = accounts.filtered(
                lambda row, a=attribute, w=wanted: w in (row[a] or "")
            )
            if found:
                return found[0]
        return accounts.browse()

    def _own_records(self, model, domain):
        company = self.company_id
        return (
            self.env[model]
            # Entries of this connection's lists, or records of its company.
            .sudo()
            .with_company(company)
            .search([("company_id", "in", [False, company.id]), *domain])
        )

    @api.model
    def _cron_refresh_lists(self):
        """Daily: QuickBooks' lists change seldom."""
        for backend in self.search([("state", "=", "connected")]):
            backend._enqueue_lists(identity_key=f"qbo.lists:{backend.id}")

    @api.model
    def _cron_refresh_tokens(self):
        """Renew tokens ahead of expiry, so that no order waits for it."""
        for backend in self.search([("state", "=", "connected")]):
            # What is in the way is said there; where a person must act, on the
            # backend too. Else the next run, or the next document, tries again.
            with contextlib.suppress(QboError):
                backend._refresh_tokens()

    def _refresh_tokens(self):
        """Renew the tokens if they end soon.

        :raise QboError: if Intuit can't be reached, or refuses
        """
        with self._noted(TOKENS) as said:
            self._token()._valid_access_token()
            self._token()._announce_end()
            said.append(self.env._("The tokens are good."))
