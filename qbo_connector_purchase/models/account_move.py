# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.qbo_connector.models.qbo_push import Held
from odoo.addons.qbo_connector.qbo.money import D, round_half_up

from .qbo_bill import ENTITIES, Head
from .qbo_cost import Cost

BILL_OF = {"in_invoice": "Bill", "in_refund": "VendorCredit"}


class AccountMove(models.Model):
    """Posted vendor bills → Bill, refunds of vendors → VendorCredit."""

    _name = "account.move"
    _inherit = ["qbo.bill", "account.move"]
    _qbo_entities = ENTITIES

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        for move in posted.filtered(lambda one: one._qbo_bill_goes_by_itself()):
            move._qbo_bindings()._renew_gone()
            move._qbo_enqueue(BILL_OF[move.move_type])
        # Posting a refund sets it off against the bill it reverses.
        posted._qbo_send_applied_credits()
        return posted

    def _qbo_bill_goes_by_itself(self):
        """Bills and refunds that belong to purchase orders; others on request."""
        if self.move_type not in BILL_OF or self.env.context.get("qbo_import"):
            return False
        if self._qbo_backend().push_bills != "posted":
            return False
        return bool(self._qbo_orders() or self.reversed_entry_id._qbo_bindings())

    def _qbo_orders(self):
        return self.invoice_line_ids.purchase_line_id.order_id

    def _qbo_due_entities(self):
        entity = BILL_OF.get(self.move_type)
        return [entity] if entity else super()._qbo_due_entities()

    def _qbo_bill_state(self, backend):
        """:raise Held: if the move isn't to be a Bill or VendorCredit now"""
        if any(self._qbo_bindings().mapped("imported")):
            raise Held(self.env._("It comes from QuickBooks."), state="synced")
        if backend.push_bills == "receipt" and self._qbo_orders():
            raise Held(
                self.env._("The receipt of the goods makes the bill in QuickBooks."),
                self.env._("Settings → QuickBooks says when bills are made."),
            )
        if self.state != "posted":
            raise Held(
                self.env._("The bill isn't posted."),
                self.env._("It is sent when it is posted."),
            )

    def _qbo_check_due(self, backend, entity):
        if entity in ENTITIES:
            return self._qbo_bill_state(backend)
        return super()._qbo_check_due(backend, entity)

    def _qbo_undo(self, entity):
        if entity in ENTITIES:
            return "delete" if self.state == "cancel" else None
        return super()._qbo_undo(entity)

    def _qbo_bill_head(self):
        digits = self.currency_id.decimal_places
        return Head(
            vendor=self.commercial_partner_id,
            currency=self.currency_id,
            date=self.invoice_date or self.date,
            due_date=self.invoice_date_due,
            term=self.invoice_payment_term_id,
            number=self.ref or "",
            tax=round_half_up(D(self.amount_tax), digits),
            total=round_half_up(D(self.amount_total), digits),
            note=self.name,
        )

    def _qbo_bill_costs(self):
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.quantity
        )
        return [line._qbo_cost() for line in lines]

    def _qbo_bill_orders(self):
        return self._qbo_orders() or self.reversed_entry_id._qbo_orders()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _qbo_cost(self):
        """What this line of a bill costs.

        :rtype: Cost
        """
        unit = self.product_uom_id
        own = self.product_id.uom_id or unit
        quantity = unit._compute_quantity(self.quantity, own, round=False)
        digits = self.currency_id.decimal_places
        sign = -1 if self.move_id.move_type == "in_refund" else 1
        return Cost(
            key=str(self.id),
            product=self.product_id,
            quantity=D(quantity if unit else self.quantity),
            amount=round_half_up(D(sign * self.amount_currency), digits),
            price=self._qbo_net_price(),
            description=self.name or self.product_id.display_name or "",
            taxes=self.tax_ids,
            order_line=self.purchase_line_id,
            analytic=self._qbo_analytic(),
        )

    def _qbo_net_price(self):
        """Price of the product's own unit after the discount, if it is simply that."""
        plain = self.product_uom_id == self.product_id.uom_id
        if not plain or any(self.tax_ids.mapped("price_include")):
            return None
        return D(self.price_unit) * (100 - D(self.discount)) / 100
