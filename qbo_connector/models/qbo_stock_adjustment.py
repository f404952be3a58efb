# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..qbo import marks
from ..qbo.money import D, number_text


class QboStockAdjustment(models.Model):
    """Corrections of quantities on their way to QuickBooks: differences only, so
    that what happens there in the meantime stays."""

    _name = "qbo.stock.adjustment"
    _inherit = "qbo.mixin"
    _description = "Stock correction in QuickBooks"
    _order = "id desc"
    _qbo_entities = ("InventoryAdjustment",)
    _qbo_pages = {"InventoryAdjustment": ("inventoryadjustment", "txnId")}

    name = fields.Char(compute="_compute_name")
    backend_id = fields.Many2one("qbo.backend", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True, index=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("qbo.stock.adjustment.line", "adjustment_id")

    def _compute_name(self):
        for one in self:
            one.name = f"ADJ{one.id:05d}"

    @api.model
    def _new(self, lines):
        """Make and queue the correction of some `qbo.stock.line`."""
        adjustment = self.create(
            {
                "backend_id": lines.backend_id.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": line.product_id.id,
                            "quantity": line._missing_in_qbo(),
                        },
                    )
                    for line in lines
                ],
            }
        )
        adjustment._qbo_enqueue("InventoryAdjustment")
        return adjustment

    def _qbo_prepare_inventoryadjustment(self, backend):
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return {
            "DocNumber": self.name,
            "TxnDate": self.date.isoformat(),
            "AdjustAccountRef": {
                "value": backend._account_ref(
                    "adjustment_account_id", "expense_account_id"
                )
            },
            "PrivateNote": marks.mark(uuid, self._name, self.id),
            "Line": [line._qbo_prepare_line(backend) for line in self.line_ids],
        }

    def _qbo_check_answer(self, backend, entity, body, answer):
        """Nothing to compare: lines come back without their kind, and no total."""
        return None

    @api.model
    def _qbo_stock_ahead(self, backend, products):
        """What is sent already is waited for, not sent again."""
        lines = self.env["qbo.stock.adjustment.line"].search(
            [
                ("adjustment_id.backend_id", "=", backend.id),
                ("product_id", "in", products.ids),
            ]
        )
        open_ones = lines.adjustment_id.filtered(
            lambda one: one.qbo_state not in ("synced", "gone")
        )
        waiting = {}
        for line in lines.filtered(lambda one: one.adjustment_id in open_ones):
            waiting.setdefault(line.product_id.id, []).append(line.adjustment_id.name)
        return {}, waiting


class QboStockAdjustmentLine(models.Model):
    _name = "qbo.stock.adjustment.line"
    _description = "Line of a stock correction in QuickBooks"

    adjustment_id = fields.Many2one(
        "qbo.stock.adjustment", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    quantity = fields.Float(
        digits="Product Unit", help="What QuickBooks gains; below zero: loses."
    )

    def _qbo_prepare_line(self, backend):
        return {
            "DetailType": "ItemAdjustmentLineDetail",
            "ItemAdjustmentLineDetail": {
                "ItemRef": {"value": self.product_id._qbo_ref(backend, "Item")},
                "QtyDiff": D(number_text(D(self.quantity))),
            },
            "_key": str(self.id),
        }
