# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from ..qbo.errors import Blocked

# Which types of account QuickBooks takes for what.
ACCOUNT_KINDS = {
    "income_account_id": ("Income", "Other Income"),
    "expense_account_id": ("Cost of Goods Sold", "Expense"),
    "asset_account_id": ("Other Current Asset",),
    "shipping_account_id": ("Income", "Other Income"),
    "discount_account_id": ("Income", "Expense", "Cost of Goods Sold"),
    "receivable_account_id": ("Accounts Receivable",),
    "payable_account_id": ("Accounts Payable",),
}


def _account(name, string, help_text):
    return fields.Many2one(
        "qbo.reference",
        string,
        domain=f"[('backend_id', '=', id), ('entity', '=', 'Account'), "
        f"('kind', 'in', {ACCOUNT_KINDS[name]!r})]",
        ondelete="restrict",
        copy=False,
        help=help_text,
    )


class QboBackend(models.Model):
    """What is synced, when, and what it is booked on."""

    _inherit = "qbo.backend"

    # -- what is known of the QuickBooks company, read when connecting
    qbo_company_name = fields.Char("QuickBooks company", readonly=True, copy=False)
    qbo_country = fields.Char("Country in QuickBooks", readonly=True, copy=False)
    qbo_currency = fields.Char(
        "Home currency in QuickBooks", readonly=True, copy=False, help="ISO code."
    )
    multi_currency = fields.Boolean(
        readonly=True, copy=False, help="The QuickBooks company keeps currencies."
    )
    automated_tax = fields.Boolean(
        readonly=True,
        copy=False,
        help="QuickBooks computes US sales tax itself (automated sales tax).",
    )
    lists_refreshed = fields.Datetime(
        readonly=True, copy=False, help="UTC; when the lists were read last."
    )

    # -- switches
    push_sales = fields.Boolean(
        "Sale orders",
        default=True,
        help="Each confirmed sale order becomes an Invoice in QuickBooks.",
    )
    pull_stock = fields.Boolean(
        "Inventory from QuickBooks",
        help="Quantities on hand in QuickBooks are taken over as inventory "
        "adjustments, only where they differ.",
    )
    stock_location_id = fields.Many2one(
        "stock.location",
        "Stock location",
        domain="[('usage', '=', 'internal'), "
        "('company_id', 'in', [False, company_id])]",
        check_company=True,
        help="Where QuickBooks' quantities on hand lie in Odoo.",
    )
    log_days = fields.Integer(
        "Keep the log for (days)",
        default=90,
        help="Older rows of the sync log are removed; 0 keeps all.",
    )

    # -- accounts
    income_account_id = _account(
        "income_account_id",
        "Income account",
        "Sales of products that are new in QuickBooks are booked here.",
    )
    expense_account_id = _account(
        "expense_account_id",
        "Cost account",
        "Cost of goods sold of products that are new in QuickBooks.",
    )
    asset_account_id = _account(
        "asset_account_id",
        "Inventory account",
        "Value of stored products that are new in QuickBooks.",
    )
    shipping_account_id = _account(
        "shipping_account_id",
        "Shipping income account",
        "Shipping charged to customers; without one, the income account.",
    )
    discount_account_id = _account(
        "discount_account_id",
        "Discount account",
        "Discounts on a whole document; without one, QuickBooks' default.",
    )
    receivable_account_id = _account(
        "receivable_account_id",
        "Receivables (A/R)",
        "Shown for the check; QuickBooks books invoices on it by itself.",
    )
    payable_account_id = _account(
        "payable_account_id",
        "Payables (A/P)",
        "Where documents of vendors are booked.",
    )
    po_number_field_id = fields.Many2one(
        "qbo.reference",
        "Customer's PO number goes to",
        domain="[('backend_id', '=', id), ('entity', '=', 'CustomField'), "
        "('kind', '=', 'Sales')]",
        ondelete="restrict",
        copy=False,
        help="The custom field of QuickBooks' sales forms that shows the customer's "
        "order reference.",
    )
    mapping_ids = fields.One2many("qbo.mapping", "backend_id", copy=False)
    tax_mapping_ids = fields.One2many(
        "qbo.mapping", "backend_id", domain=[("entity", "=", "TaxCode")], copy=False
    )
    term_mapping_ids = fields.One2many(
        "qbo.mapping", "backend_id", domain=[("entity", "=", "Term")], copy=False
    )

    def _account_ref(self, name, fallback=None):
        """Return the QuickBooks id of a mapped account.

        :param str name: field of this model
        :raise Blocked: if it isn't mapped
        """
        account = self[name] or (fallback and self[fallback])
        if not account:
            label = self._fields[name].get_description(self.env)["string"]
            raise Blocked(
                name,
                self.env._("No account is chosen for “%s”.", label),
                self.env._("Choose it in QuickBooks → Configuration → Connections."),
                "account",
            )
        return account.qbo_id

    def _is_us(self):
        return (self.qbo_country or "US") in ("US", "USA")

    def _charset(self):
        """US companies keep Latin-1 characters, others Unicode."""
        return "latin1" if self._is_us() else "utf8"

    def _check_currency(self, currency):
        """:raise Blocked: if the QuickBooks company doesn't keep `currency`"""
        if self.multi_currency or currency.name == (self.qbo_currency or currency.name):
            return
        raise Blocked(
            "currency_id",
            self.env._(
                "The document is in %(currency)s, but QuickBooks company %(name)s "
                "keeps %(home)s only.",
                currency=currency.name,
                name=self.qbo_company_name,
                home=self.qbo_currency,
            ),
            self.env._(
                "Turn on multicurrency in QuickBooks (Settings → Advanced) and "
                "refresh the lists, or use a pricelist in %s.",
                self.qbo_currency,
            ),
            "currency",
        )
