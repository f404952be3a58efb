# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import float_repr

from odoo.addons.qbo_connector.qbo.money import D

from .qbo_cost import Cost

TRACKED = {
    "name",
    "product_id",
    "product_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "sequence",
    "analytic_distribution",
}


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "qbo.document.line"]

    # A line may be changed by itself, without its order being written.
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._qbo_touch()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not TRACKED.isdisjoint(vals):
            self.order_id._qbo_touch()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._qbo_touch()
        return result

    def _qbo_is_cost(self):
        """Services that are bought but not sold (freight, fees) are costs."""
        return self.product_id._qbo_is_cost()

    def _qbo_is_billed(self, bills):
        """Whether these `qbo.vendor.bill` rows cover the quantity, or the amount."""
        parts = [bill.billed.get(str(self.id), (0, 0)) for bill in bills if bill.billed]
        quantity, amount = (sum(values) for values in zip(*parts, (0, 0), strict=True))
        unit = self.product_id.uom_id
        enough = unit and unit.compare(quantity, self.product_uom_qty) >= 0
        return (
            enough or self.currency_id.compare_amounts(amount, self.price_subtotal) >= 0
        )

    def _qbo_costs(self, quantities):
        """Return (`Cost` rows, their tax) of so much of each line.

        :param list quantities: in the lines' units
        """
        bases = []
        for line, quantity in zip(self, quantities, strict=True):
            base = line._prepare_base_line_for_taxes_computation()
            bases.append({**base, "quantity": quantity})
        order = self.order_id[:1]
        amounts, tax = self.env["qbo.cost"]._net_amounts(
            bases, order.company_id, order.currency_id
        )
        costs = [
            line._qbo_cost(quantity, amount)
            for line, quantity, amount in zip(self, quantities, amounts, strict=True)
        ]
        return costs, tax

    def _qbo_cost(self, quantity, amount):
        """What `quantity` (in the line's unit) of this line costs.

        :rtype: Cost
        """
        unit = self.product_id.uom_id
        return Cost(
            key=str(self.id),
            product=self.product_id,
            quantity=D(
                self.product_uom_id._compute_quantity(quantity, unit, round=False)
            ),
            amount=amount,
            price=self._qbo_net_price(),
            description=self._qbo_description(quantity),
            taxes=self.tax_ids,
            order_line=self,
            analytic=self._qbo_analytic(),
        )

    def _qbo_description(self, quantity):
        """QuickBooks counts in the product's unit; the vendor's is said in words."""
        if self.product_uom_id == self.product_id.uom_id:
            return self.name
        return f"{self.name} ({self._qbo_number(quantity)} {self.product_uom_id.name})"

    def _qbo_received(self):
        """A line for the note: how much has been received."""
        return self.env._(
            "Received: %(received)s of %(ordered)s %(unit)s %(product)s",
            received=self._qbo_number(self.qty_received),
            ordered=self._qbo_number(self.product_qty),
            unit=self.product_uom_id.name,
            product=self.product_id.display_name,
        )

    def _qbo_number(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        text = float_repr(quantity, digits)
        return text.rstrip("0").rstrip(".") if "." in text else text
