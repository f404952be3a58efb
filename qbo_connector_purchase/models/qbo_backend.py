# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.qbo_connector.qbo.errors import Blocked
from odoo.addons.qbo_connector.qbo.money import D

MONEY = ("Bank", "Credit Card")
COSTS = ("Cost of Goods Sold", "Expense", "Other Expense")


def _cost_account(string, help_text):
    return fields.Many2one(
        "qbo.reference",
        string,
        domain="[('backend_id', '=', id), ('entity', '=', 'Account'), "
        f"('kind', 'in', {COSTS!r})]",
        ondelete="restrict",
        copy=False,
        help=help_text,
    )


class QboBackend(models.Model):
    """Whether, when and on what accounts purchases are synced."""

    _inherit = "qbo.backend"

    push_purchases = fields.Boolean(
        "Purchase orders",
        default=True,
        help="Each confirmed purchase order becomes a PurchaseOrder in QuickBooks.",
    )
    purchase_auto = fields.Boolean(
        "Purchase orders go by themselves",
        default=True,
        help="On approval and on each later change. Otherwise somebody presses "
        "“Push to QuickBooks now”.",
    )
    purchase_cancel = fields.Selection(
        [("delete", "Delete it"), ("close", "Close it")],
        "Cancelled purchase orders",
        default="delete",
        required=True,
        help="What becomes of the PurchaseOrder in QuickBooks when the order is "
        "cancelled in Odoo.",
    )
    push_bills = fields.Selection(
        [
            ("no", "In QuickBooks, by the bookkeeper"),
            ("posted", "When the vendor bill is posted in Odoo"),
            ("receipt", "When the goods are received"),
        ],
        "Bills are made",
        default="posted",
        required=True,
        help="The Bill is linked line by line to the PurchaseOrder, so that QuickBooks "
        "closes the order by itself.",
    )
    pull_vendors = fields.Boolean(
        "Vendors from QuickBooks",
        help="Vendors that are new or changed in QuickBooks become contacts.",
    )
    import_bills = fields.Boolean(
        "Bills come back as vendor bills",
        help="A Bill that the bookkeeper makes in QuickBooks from a purchase order of "
        "Odoo becomes a posted vendor bill in Odoo, and its payment a payment. "
        "Otherwise the order only shows what it was billed by.",
    )
    bill_payment_journal_id = fields.Many2one(
        "account.journal",
        "Journal of bill payments",
        domain="[('type', 'in', ('bank', 'cash', 'credit')), "
        "('company_id', '=', company_id)]",
        check_company=True,
        help="Where payments of bills that come from QuickBooks are booked; without "
        "one, the company's first bank journal.",
    )
    bill_payment_account_id = fields.Many2one(
        "qbo.reference",
        "Bills are paid from",
        domain="[('backend_id', '=', id), ('entity', '=', 'Account'), "
        f"('kind', 'in', {MONEY!r})]",
        ondelete="restrict",
        copy=False,
        help="The bank or credit card account in QuickBooks of payments to vendors, "
        "unless one has the name of Odoo's journal.",
    )
    drop_ship_billable = fields.Boolean(
        "Drop-shipped costs are billable",
        help="Lines that are delivered straight to a customer are marked billable to "
        "this customer in QuickBooks. Leave it off where Odoo's sale order makes the "
        "invoice.",
    )
    freight_account_id = _cost_account(
        "Freight and fees account",
        "Lines with a service that is bought but not sold (freight, fees), and lines "
        "without a product, are booked on this account instead of a QuickBooks item.",
    )
    purchase_tax_account_id = _cost_account(
        "Sales tax paid account",
        "US companies only: QuickBooks has no tax on purchases there, so Odoo's tax "
        "goes as a cost line on this account.",
    )
    purchase_field_id = fields.Many2one(
        "qbo.reference",
        "Vendor reference goes to",
        domain="[('backend_id', '=', id), ('entity', '=', 'CustomField'), "
        "('kind', '=', 'Purchase')]",
        ondelete="restrict",
        copy=False,
        help="The custom field of QuickBooks' purchase orders that shows the "
        "vendor's reference; without one it is in the memo.",
    )

    def _reference_fields(self):
        return super()._reference_fields() | self.purchase_field_id

    @api.constrains("purchase_field_id")
    def _check_purchase_field(self):
        self.custom_field_ids._check_free()

    def _purchases_go_by_themselves(self):
        return self.push_purchases and self.purchase_auto

    @api.model
    def _tax_uses(self):
        return [*super()._tax_uses(), "purchase"]

    def _unmapped_taxes(self):
        """In the US purchase taxes need no tax code: they go as a cost."""
        taxes = super()._unmapped_taxes()
        if not self._is_us():
            return taxes
        return taxes.filtered(lambda tax: tax.type_tax_use != "purchase")

    def _payable_ref(self, currency):
        """A/P account; QuickBooks keeps one for each foreign currency by itself.

        :raise Blocked: if none is mapped
        """
        foreign = self.multi_currency and currency.name != self.qbo_currency
        return "" if foreign else self._account_ref("payable_account_id")

    def _payment_account(self, journal):
        """The account money leaves: the journal's, by mapping or name, or the chosen.

        :raise Blocked: if there is none
        """
        mapped = self.env["qbo.mapping"]._get(self, journal, "Account")
        name = (journal.name or "").casefold()
        named = self._references("Account").filtered(
            lambda row: row.kind in MONEY and row.name.casefold() == name
        )
        found = mapped or named[:1] or self.bill_payment_account_id
        if not found:
            self._account_ref("bill_payment_account_id")
        return found

    def _buying_rates(self, codes):
        """Return {code: [(TaxRate id, percent), …]} of QuickBooks' tax codes."""
        found = self._references("TaxCode").filtered(lambda row: row.qbo_id in codes)
        return {
            code.qbo_id: [(oid, D(rate)) for oid, rate in code.buying_rates or []]
            for code in found
        }

    def _payment_journal(self):
        """:raise Blocked: if the company has no bank journal"""
        # The company's own journals.
        journals = self.env["account.journal"].sudo()
        bank = [("type", "=", "bank"), ("company_id", "=", self.company_id.id)]
        found = self.bill_payment_journal_id or journals.search(bank, limit=1)
        if not found:
            raise Blocked(
                "bill_payment_journal_id",
                self.env._("There is no bank journal for payments from QuickBooks."),
                self.env._("Choose one in QuickBooks → Configuration → Connections."),
                "journal",
            )
        return found

    def _currency_fields(self, currency, date):
        """CurrencyRef and ExchangeRate, where the company keeps currencies.

        :raise Blocked: if QuickBooks doesn't have the currency
        """
        self._check_currency(currency)
        if not self.multi_currency:
            return {}
        company = self.company_id
        rate = currency._get_conversion_rate(
            currency, company.currency_id, company, date
        )
        return {"currency": currency.name, "exchange_rate": D(rate)}

    def _suggest_mappings(self):
        result = super()._suggest_mappings()
        accounts = self._references("Account").filtered(lambda row: row.kind in COSTS)
        if not self.freight_account_id:
            self.freight_account_id = accounts.filtered(
                lambda row: (
                    row.kind != "Other Expense"
                    and (
                        "freight" in row.name.lower() or "shipping" in row.name.lower()
                    )
                )
            )[:1]
        if not self.bill_payment_account_id:
            self.bill_payment_account_id = self._references("Account").filtered(
                lambda row: row.kind == "Bank"
            )[:1]
        if not self.purchase_tax_account_id:
            self.purchase_tax_account_id = accounts.filtered(
                lambda row: row.subkind == "SuppliesMaterialsCogs"
            )[:1]
        return result
