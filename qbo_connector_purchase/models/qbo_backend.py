# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class QboBackend(models.Model):
    """Whether and on what accounts purchases are synced."""

    _inherit = "qbo.backend"

    push_purchases = fields.Boolean(
        "Purchase orders",
        default=True,
        help="Each confirmed purchase order becomes a PurchaseOrder in QuickBooks.",
    )
    freight_account_id = fields.Many2one(
        "qbo.reference",
        "Freight and fees account",
        domain="[('backend_id', '=', id), ('entity', '=', 'Account'), "
        "('kind', 'in', ('Cost of Goods Sold', 'Expense', 'Other Expense'))]",
        ondelete="restrict",
        copy=False,
        help="Lines with a service that is bought but not sold (freight, fees) are "
        "booked on this account instead of a QuickBooks item.",
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

    def _suggest_mappings(self):
        result = super()._suggest_mappings()
        if not self.freight_account_id:
            accounts = self._references("Account").filtered(
                lambda row: row.kind in ("Cost of Goods Sold", "Expense")
                and ("freight" in row.name.lower() or "shipping" in row.name.lower())
            )
            self.freight_account_id = accounts[:1]
        return result
