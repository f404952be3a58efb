# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..qbo.errors import Blocked
from ..qbo.money import D
from .qbo_push import Held
from .qbo_refusals import ELSEWHERE

# Transfers that take goods to a customer, from a warehouse or straight from a vendor.
SHIPPING = ("outgoing", "dropship")


class StockPicking(models.Model):
    """Deliveries → Invoice: each bills what was shipped with it."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "qbo.sale.document"]
    _qbo_entities = ("Invoice",)
    _qbo_tracked = ("carrier_tracking_ref", "carrier_id")

    qbo_position = fields.Integer(
        "Place in the order",
        readonly=True,
        copy=False,
        help="The first, second … delivery of its order that is billed in QuickBooks.",
        groups="base.group_user",
    )

    # ---------------------------------------------------------------- when
    def _action_done(self):
        result = super()._action_done()
        for picking in self.filtered(lambda one: one.state == "done"):
            picking._qbo_note_returns()
            if picking._qbo_is_billed():
                picking._qbo_take_place()
                picking._qbo_enqueue("Invoice")
        return result

    def _qbo_is_billed(self):
        """Whether this transfer ships something of an order billed by delivery."""
        order = self.sale_id
        if self.picking_type_code not in SHIPPING or not order:
            return False
        backend = order._qbo_backend()
        return backend.push_sales and order._qbo_billed_by(backend) == "delivery"

    def _qbo_take_place(self):
        """Number the order's deliveries; the first bills what isn't shipped, too."""
        # Two deliveries of an order done at once must not get the same number.
        self.sale_id.lock_for_update(allow_referencing=True)
        others = self.sale_id.picking_ids.mapped("qbo_position")
        self.qbo_position = self.qbo_position or max(others, default=0) + 1

    def _qbo_due_entities(self):
        return ["Invoice"] if self._qbo_is_billed() else super()._qbo_due_entities()

    def _qbo_check_due(self, backend, entity):
        if entity != "Invoice":
            super()._qbo_check_due(backend, entity)
            return
        self.sale_id._qbo_check_hold(backend)
        if self.state != "done":
            raise Held(
                self.env._("The transfer isn't done."),
                self.env._("It is sent when it is done."),
            )
        self._qbo_check_single(backend)
        if not any(self._qbo_shares().values()):
            raise Held(
                self.env._("All of it came back before it was billed."),
                self.env._("Nothing has to be done."),
                code=ELSEWHERE,
            )

    def _qbo_note_returns(self):
        """Goods that come back before QuickBooks has their Invoice aren't billed.

        A push that is under way counts as done.
        """
        for move in self.move_ids.filtered("origin_returned_move_id"):
            delivery = move.origin_returned_move_id.picking_id
            links = delivery._qbo_bindings().filtered(
                lambda link: link.entity == "Invoice" and not link.qbo_id
            )
            move.qbo_unbilled = bool(links.try_lock_for_update())

    # ---------------------------------------------------------------- what
    def _qbo_sale_orders(self):
        return self.sale_id

    def _qbo_base_lines(self):
        shares = self._qbo_shares()
        return [
            line._qbo_base_line(shares[line])
            for line in self.sale_id._get_priced_lines()
            if shares.get(line)
        ]

    def _qbo_shares(self):
        """{order line: quantity this delivery bills, in the line's unit}.

        What isn't shipped (work, shipping, fees) goes with the first delivery; a
        discount on the whole order with each, for its part of the goods.
        """
        lines = self.sale_id._get_priced_lines()
        shipped = {line: self._qbo_shipped(line) for line in lines if line.move_ids}
        discount = self._qbo_discount_share(shipped)
        for line in lines - self.env["sale.order.line"].union(*shipped):
            if self._qbo_is_document_discount(line):
                shipped[line] = line.product_uom_qty * discount
            elif self.qbo_position == 1:
                shipped[line] = line.product_uom_qty
        return shipped

    def _qbo_shipped(self, line):
        moves = line.move_ids.filtered(
            lambda move: move.picking_id == self and move.state == "done"
        )
        if moves.product_id - line.product_id:
            raise self._qbo_is_kit(line)
        back = moves.returned_move_ids.filtered(
            lambda move: move.qbo_unbilled and move.state == "done"
        )
        return moves._qbo_quantity(line) - back._qbo_quantity(line)

    def _qbo_is_kit(self, line):
        """Parts were shipped: how much of the kit they are, nobody can say for sure."""
        return Blocked(
            "order_line",
            self.env._(
                "“%s” is a kit: its parts are delivered, and its price isn't theirs.",
                line.product_id.display_name,
            ),
            self.env._(
                "On the order set “To QuickBooks” to “When the order is confirmed” and "
                "press “Push to QuickBooks now”: it is billed as a whole."
            ),
            "kit",
        )

    def _qbo_discount_share(self, shipped):
        """Which part of the order's goods, by value, goes with this delivery."""
        whole = sum(line.price_subtotal for line in shipped)
        part = sum(
            line.price_subtotal * quantity / line.product_uom_qty
            for line, quantity in shipped.items()
            if line.product_uom_qty
        )
        return part / whole if whole else 0

    def _qbo_form_lines(self):
        """The billed lines, and of the words those before one of them."""
        billed = {base["record"] for base in self._qbo_base_lines()}
        words = self.sale_id.order_line.browse()
        shown = words
        for line in self.sale_id.order_line:
            if line.display_type:
                words |= line
            elif line in billed:
                shown |= words | line
                words = words.browse()
        return shown

    def _qbo_date(self):
        return self._qbo_local_date(self.date_done)

    def _qbo_name(self):
        return f"{self.sale_id.name}/{self.qbo_position}"

    def _qbo_currency_record(self):
        return self.sale_id.currency_id

    def _qbo_payment_term(self):
        return self.sale_id.payment_term_id

    def _qbo_bill_partner(self):
        return self.sale_id.partner_invoice_id

    def _qbo_ship_partner(self):
        return self.partner_id or self.sale_id.partner_shipping_id

    def _qbo_memo(self):
        return self.sale_id.note

    def _qbo_po(self):
        return self.sale_id.client_order_ref

    def _qbo_dimensions(self):
        warehouse = self.picking_type_id.warehouse_id
        return {**super()._qbo_dimensions(), "warehouse": warehouse}

    def _qbo_form(self, backend, entity):
        return {
            **super()._qbo_form(backend, entity),
            "ship_date": self._qbo_date(),
            "ship_method": self.carrier_id.name or "",
            "tracking_number": self.carrier_tracking_ref or "",
        }


class StockMove(models.Model):
    _inherit = "stock.move"

    qbo_unbilled = fields.Boolean(
        "Returned before it was billed",
        readonly=True,
        copy=False,
        help="Came back before its delivery was in QuickBooks: it isn't billed.",
        groups="base.group_user",
    )

    def _qbo_quantity(self, line):
        """How much these moves are, in the unit of an order line."""
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, line.product_uom_id, round=False
            )
            for move in self
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _qbo_base_line(self, quantity):
        """The line for the tax engine, for a part of its quantity."""
        base = self._prepare_base_line_for_taxes_computation(quantity=quantity)
        if D(quantity) != D(self.product_uom_qty):
            # Amounts that Odoo fixed are those of the whole quantity.
            base.update(
                manual_total_excluded_currency=None,
                manual_total_excluded=None,
                manual_tax_amounts=None,
            )
        return base
