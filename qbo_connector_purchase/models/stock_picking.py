# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.qbo_connector.models.qbo_push import Held
from odoo.addons.qbo_connector.qbo.money import D

from .qbo_bill import ENTITIES, Head


class StockPicking(models.Model):
    """Receipts of purchase orders → Bill, goods sent back → VendorCredit.

    Where the setting says that receipts make the bills.
    """

    _name = "stock.picking"
    _inherit = ["qbo.bill", "stock.picking"]
    _qbo_entities = ENTITIES

    def _action_done(self):
        result = super()._action_done()
        # Who moves goods need not see what they cost.
        for picking in self.sudo().filtered(lambda one: one._qbo_makes_bill()):
            picking._qbo_enqueue(picking._qbo_bill_entity())
        # Orders note what has been received.
        self.sudo().move_ids.purchase_line_id.order_id._qbo_touch()
        return result

    def _qbo_makes_bill(self):
        return (
            self.state == "done"
            and self._qbo_backend().push_bills == "receipt"
            and bool(self._qbo_bill_moves())
        )

    def _qbo_bill_moves(self):
        return self.move_ids.filtered(
            lambda move: (
                move.purchase_line_id and move.state == "done" and move.quantity
            )
        )

    def _qbo_bill_entity(self):
        sent_back = any(move._is_purchase_return() for move in self._qbo_bill_moves())
        return "VendorCredit" if sent_back else "Bill"

    def _qbo_due_entities(self):
        if self._qbo_bill_moves():
            return [self._qbo_bill_entity()]
        return super()._qbo_due_entities()

    def _qbo_check_due(self, backend, entity):
        if entity not in ENTITIES:
            return super()._qbo_check_due(backend, entity)
        if self.state != "done":
            raise Held(self.env._("The transfer isn't done."))
        return None

    def _qbo_bill_orders(self):
        return self._qbo_bill_moves().purchase_line_id.order_id

    def _qbo_bill_head(self):
        """The vendor's own number isn't known yet: the transfer's stands for it."""
        order = self._qbo_bill_orders()[:1]
        date = order._qbo_local_date(self.date_done)
        costs, tax = self._qbo_received_costs()
        net = sum((cost.amount for cost in costs), D(0))
        return Head(
            vendor=order.partner_id.commercial_partner_id,
            currency=order.currency_id,
            date=date,
            due_date=order._qbo_due_date(date),
            term=order.payment_term_id,
            number=self.name,
            tax=tax,
            total=net + tax,
            note=", ".join(self._qbo_bill_orders().mapped("name")),
        )

    def _qbo_bill_costs(self):
        return self._qbo_received_costs()[0]

    def _qbo_received_costs(self):
        """:return: (`Cost` rows, their tax)"""
        received = self._qbo_received()
        lines = self.env["purchase.order.line"].concat(*(line for line, _ in received))
        return lines._qbo_costs([quantity for _line, quantity in received])

    def _qbo_received(self):
        """Return [(order line, quantity in its unit)]; costs go with the first."""
        received = [
            (
                move.purchase_line_id,
                move.product_uom._compute_quantity(
                    move.quantity, move.purchase_line_id.product_uom_id, round=False
                ),
            )
            for move in self._qbo_bill_moves()
        ]
        if self._qbo_bill_entity() == "Bill":
            costs = self._qbo_orders_begun_here().order_line.filtered(
                lambda line: line.product_id.type == "service" and line.product_qty
            )
            received += [(line, line.product_qty) for line in costs]
        return received

    def _qbo_orders_begun_here(self):
        """Orders whose first receipt this is."""
        return self._qbo_bill_orders().filtered(
            lambda order: (
                order.picking_ids.filtered(
                    lambda one: one.state == "done" and one._qbo_bill_moves()
                ).sorted(lambda one: (one.date_done, one.id))[:1]
                == self
            )
        )
