# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the product's other files.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from .qbo_once import once

# Field of an Item -> setting of the connection; the product's has "qbo_" before it.
ACCOUNTS = {
    "IncomeAccountRef": "income_account_id",
    "ExpenseAccountRef": "expense_account_id",
    "AssetAccountRef": "asset_account_id",
}
ACCOUNTS_HERE = (
    "[('entity', '=', 'Account'), ('company_id', 'in', allowed_company_ids)]"
)


def _account(label, text):
    return fields.Many2one(
        "qbo.reference",
        label,
        company_dependent=True,
        domain=ACCOUNTS_HERE,
        groups="base.group_user",
        help=f"{text} Empty: the one chosen on the connection.",
    )


class ProductTemplate(models.Model):
    """A product's own accounts in QuickBooks."""

    _inherit = "product.template"

    qbo_income_account_id = _account(
        "Income account in QuickBooks", "Where QuickBooks books its sales."
    )
    qbo_expense_account_id = _account(
        "Expense account in QuickBooks", "Where QuickBooks books its cost."
    )
    qbo_asset_account_id = _account(
        "Inventory account in QuickBooks", "Where QuickBooks keeps its stock's value."
    )

    def write(self, vals):
        """What variants share is written here only."""
        result = super().write(vals)
        variants = self.with_context(active_test=False).product_variant_ids
        if not variants._qbo_tracked_keys().isdisjoint(vals):
            variants._qbo_touch()
        return result


class ProductProduct(models.Model):
    """Accounts of an Item, both ways."""

    _inherit = "product.product"

    def _qbo_tracked_keys(self):
        own = {f"qbo_{name}" for name in ACCOUNTS.values()}
        return super()._qbo_tracked_keys() | own

    def _qbo_account(self, backend, name):
        """The product's own account of this connection, or none."""
        # An entry of the connection's own list.
        account = self.with_company(backend.company_id).sudo()[f"qbo_{name}"]
        return account.filtered(lambda row: row.backend_id == backend)

    def _qbo_account_ref(self, backend, name, fallback=None):
        """The product's own account, else the connection's.

        :raise Blocked: if neither is chosen
        """
        own = f"qbo_{name}" in self._fields and self._qbo_account(backend, name)
        return own.qbo_id if own else backend._account_ref(name, fallback)

    # ---------------------------------------------------------------- read
    def _qbo_read_account(self, backend, values, field):
        """Variants share theirs: what differs among them stays in QuickBooks."""
        name = ACCOUNTS[field]
        theirs = (values.get(field) or {}).get("value")
        if not theirs or self and self.product_tmpl_id.product_variant_count > 1:
            return {}
        account = self._qbo_accounts(backend).get(theirs)
        own = account if account and account != backend[name].id else False
        return {f"qbo_{name}": own} if self or own else {}

    def _qbo_accounts(self, backend):
        """{QuickBooks id: id of the row} of the accounts."""
        return once(
            self.env,
            ("accounts", backend.id),
            lambda: {row.qbo_id: row.id for row in backend._references("Account")},
        )
