# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# What sale orders mean for the comparison of quantities.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, models

from ..qbo.money import D

OUT = ("Invoice", "SalesReceipt")


class SaleOrder(models.Model):
    """Invoiced and not delivered: QuickBooks counts less than Odoo."""

    _inherit = "sale.order"

    @api.model
    def _qbo_stock_ahead(self, backend, products):
        """See `qbo.mixin`; only orders where invoice and delivery differ count."""
        ahead, waiting = {}, {}
        for line, link in self._qbo_open_lines(backend, products):
            product = line.product_id
            if link.state in ("pending", "blocked"):
                waiting.setdefault(product.id, []).append(line.order_id.name)
            delivered = line.product_uom_id._compute_quantity(
                line.qty_delivered, product.uom_id, round=False
            )
            counted = line._qbo_counted(backend, link)
            ahead[product.id] = ahead.get(product.id, 0.0) + counted - delivered
        return ahead, waiting

    def _qbo_open_lines(self, backend, products):
        """(order line, link of its order) where QuickBooks and Odoo may differ."""
        lines = self.env["sale.order.line"].search(
            [
                ("product_id", "in", products.ids),
                ("company_id", "=", backend.company_id.id),
                ("state", "=", "sale"),
            ]
        )
        links = self.env["qbo.binding"].search(
            [
                ("backend_id", "=", backend.id),
                ("res_model", "=", "sale.order"),
                ("res_id", "in", lines.order_id.ids),
                ("entity", "in", OUT),
            ]
        )
        by_order = {link.res_id: link for link in links}
        for line in lines:
            link = by_order.get(line.order_id.id)
            settled = line.product_uom_qty == line.qty_delivered
            if link and not (settled and link.state == "synced"):
                yield line, link


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _qbo_counted(self, backend, link):
        """How much of the line QuickBooks has taken off its stock, in the product's
        unit."""
        if not link.qbo_id or link.state == "gone":
            return 0.0
        ids = link.line_ids or {}
        sent = (link.sent or {}).get("Line") or []
        if not sent:
            return self.product_uom_id._compute_quantity(
                self.product_uom_qty, self.product_id.uom_id, round=False
            )
        mine = ids.get(str(self.id))
        details = (
            one.get("SalesItemLineDetail") or {}
            for one in sent
            if one.get("Id") == mine or not mine
        )
        item = self.product_id._qbo_ref(backend, "Item")
        return sum(
            float(D(detail.get("Qty") or 0))
            for detail in details
            if (detail.get("ItemRef") or {}).get("value") == item
        )
