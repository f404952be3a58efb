# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's files, which know no business object.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models

from ..qbo.errors import Blocked

MONEY = ("bank", "cash", "credit")
JOURNAL = "account.journal"


class QboBackend(models.Model):
    """Whether payments come back from QuickBooks, and into which journals."""

    _inherit = "qbo.backend"

    pull_payments = fields.Boolean(
        "Payments from QuickBooks",
        help="Payments entered in QuickBooks on invoices that Odoo has too are "
        "registered in Odoo. The sale order shows what is paid in any case.",
    )
    received_journal_id = fields.Many2one(
        JOURNAL,
        "Journal of other payments",
        domain=f"[('type', 'in', {MONEY!r}), ('company_id', '=', company_id)]",
        check_company=True,
        help="Where payments are registered whose account in QuickBooks belongs to no "
        "journal, neither by mapping nor by name; without one, a person decides.",
    )
    journal_mapping_ids = fields.One2many(
        "qbo.mapping", "backend_id", domain=[("res_model", "=", JOURNAL)], copy=False
    )

    def write(self, vals):
        result = super().write(vals)
        if not {"pull_payments", "received_journal_id"}.isdisjoint(vals):
            self._retry_payments()
        return result

    def _retry_payments(self):
        """What waited for a journal is tried again."""
        # What failed for want of a journal; the setting's writer was checked.
        changes = self.env["qbo.change"].sudo()
        for backend in self:
            failed = [
                ("backend_id", "=", backend.id),
                ("entity", "=", "Payment"),
                ("state", "=", "failed"),
            ]
            if found := changes.search(failed):
                found.write({"state": "new", "reason": False})
                backend._enqueue_changes()

    def _received_journal(self, ref):
        """The journal of money that lies on an account of QuickBooks.

        :param dict ref: DepositToAccountRef
        :raise Blocked: if there is none
        """
        account = self._references("Account").filtered(
            lambda row: row.qbo_id == ref.get("value")
        )
        mapped = self._mapped_record("Account", ref.get("value"), JOURNAL)
        found = mapped or self._journal_named(account.name) or self.received_journal_id
        if not found:
            raise Blocked(
                "received_journal_id",
                self.env._(
                    "No journal of Odoo stands for QuickBooks' account “%s”.",
                    account.name or ref.get("name") or "",
                ),
                self.env._(
                    "Map one in QuickBooks → Configuration → Journals, or choose a "
                    "journal of other payments for the connection. It is tried again "
                    "by itself."
                ),
                "journal",
            )
        return found

    def _journal_named(self, name):
        domain = [("type", "in", MONEY), ("name", "=ilike", name)]
        return self._own_records(JOURNAL, domain)[:1] if name else self.env[JOURNAL]

    def _suggest_mappings(self):
        """A row for each journal, for a person to fill in what its name doesn't say."""
        result = super()._suggest_mappings()
        known = self.journal_mapping_ids.mapped("res_id")
        journals = self._own_records(JOURNAL, [("type", "in", MONEY)])
        # A row for each of the company's own journals.
        self.env["qbo.mapping"].sudo().create(
            [
                {
                    "backend_id": self.id,
                    "res_model": JOURNAL,
                    "res_id": journal.id,
                    "entity": "Account",
                }
                for journal in journals
                if journal.id not in known
            ]
        )
        return result


class QboMapping(models.Model):
    _inherit = "qbo.mapping"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._retry_payments()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._retry_payments()
        return result

    def _retry_payments(self):
        mapped = self.filtered(lambda row: row.res_model == JOURNAL)
        mapped.filtered("reference_id").backend_id._retry_payments()
