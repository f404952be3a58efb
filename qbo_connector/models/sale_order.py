# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..qbo import payloads
from ..qbo.money import D
from .qbo_push import Held
from .qbo_refusals import ELSEWHERE
from .qbo_sale_header import BILLING

WHEN = [
    ("order", "When the order is confirmed"),
    ("delivery", "For each delivery"),
    ("invoice", "When Odoo's invoice is posted"),
]
# What QuickBooks makes of an Estimate that was invoiced.
CLOSED = ("Closed", "Converted")


class SaleOrder(models.Model):
    """Sale orders → Estimate, then Invoice or SalesReceipt."""

    _name = "sale.order"
    _inherit = ["sale.order", "qbo.sale.document"]
    _qbo_entities = ("Invoice", "SalesReceipt", "Estimate")
    _qbo_tracked = (
        "state",
        "order_line",
        "client_order_ref",
        "payment_term_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "date_order",
        "note",
        "qbo_hold",
        "team_id",
        "user_id",
        "warehouse_id",
    )

    qbo_when = fields.Selection(
        WHEN,
        "To QuickBooks",
        copy=False,
        help="When this order is billed in QuickBooks; empty: as it is set for the "
        "connection.",
        groups="base.group_user",
    )
    qbo_hold = fields.Boolean(
        "Hold back from QuickBooks",
        copy=False,
        tracking=True,
        help="Nothing of this order goes to QuickBooks until this is taken off.",
        groups="base.group_user",
    )

    # ---------------------------------------------------------------- when
    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self:
            entity = order._qbo_entity_on_confirm()
            if entity:
                order._qbo_renew(entity)
                order._qbo_enqueue(entity)
        return result

    def _qbo_entity_on_confirm(self):
        """What a confirmed order becomes now: Invoice, SalesReceipt, or None."""
        backend = self._qbo_backend()
        if not backend.push_sales or self._qbo_billed_by(backend) != "order":
            return None
        linked = self._qbo_bindings().mapped("entity")
        if "Invoice" not in linked and self._qbo_is_paid_online(backend):
            return "SalesReceipt"
        return "SalesReceipt" if "SalesReceipt" in linked else "Invoice"

    def _qbo_billed_by(self, backend):
        """What bills this order: "order", "delivery" or "invoice".

        What nothing is delivered of can't wait for a delivery.
        """
        when = self.qbo_when or backend.invoice_when
        if when != "delivery":
            return when
        goods = self.order_line.product_id.filtered(lambda one: one.type == "consu")
        return "delivery" if goods else "order"

    def _qbo_is_paid_online(self, backend):
        """Whether online payments that are through cover the whole order."""
        if not backend.push_receipts:
            return False
        paid = self._qbo_paid_online()
        return bool(paid) and paid >= self._qbo_money(self.amount_total)

    def _qbo_transactions(self):
        # What was paid online: only added up.
        return self.sudo().transaction_ids.filtered(lambda one: one.state == "done")

    def _qbo_paid_online(self):
        transactions = self._qbo_transactions()
        return sum((self._qbo_money(one.amount) for one in transactions), D(0))

    def action_quotation_sent(self):
        result = super().action_quotation_sent()
        self._qbo_offer()
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sent":
            self._qbo_offer()
        return result

    def _qbo_offer(self):
        """Sent quotations become Estimates, if that is wanted."""
        wanted = self.filtered(lambda order: order._qbo_backend().push_quotations)
        wanted._qbo_enqueue("Estimate")

    def _qbo_touch(self):
        """An Estimate that was billed is history: QuickBooks has closed it.

        What is said on an order stands on the Invoices of its deliveries, too.
        """
        links = self._qbo_bindings().filtered(
            lambda link: (
                link.state not in ("drifted", "gone")
                and (link.entity != "Estimate" or link._record()._qbo_is_offer())
            )
        )
        links._enqueue()
        by_delivery = self.filtered(
            lambda order: (
                order.state == "sale"
                and order._qbo_billed_by(order._qbo_backend()) == "delivery"
            )
        )
        by_delivery.picking_ids._qbo_touch()

    def _qbo_is_offer(self):
        """Whether the Estimate is still what QuickBooks has of the order."""
        if self.state != "sale":
            return True
        if self._qbo_billed_by(self._qbo_backend()) == "order":
            return False
        return not any(
            link.entity in BILLING and link._is_there() for link in self._qbo_family()
        )

    def _qbo_due_entities(self):
        linked = self._qbo_bindings().mapped("entity")
        if self.state == "sale":
            linked = [entity for entity in linked if entity != "Estimate"]
        return linked or [self._qbo_default_entity()]

    def _qbo_default_entity(self):
        if self.state in ("draft", "sent"):
            return "Estimate"
        return self._qbo_entity_on_confirm() or "Invoice"

    def _qbo_check_due(self, backend, entity):
        self._qbo_check_hold(backend)
        if entity == "Estimate":
            return
        if self.state != "sale":
            raise Held(
                self.env._("The order isn't confirmed."),
                self.env._("It is sent when it is confirmed."),
            )
        self._qbo_check_single(backend)
        billed_by = self._qbo_billed_by(backend)
        if billed_by != "order" and not self._qbo_link(backend, entity).qbo_id:
            raise Held(
                self.env._("The order itself isn't sent: %s.", dict(WHEN)[billed_by]),
                self.env._("It goes to QuickBooks by itself then."),
                code=ELSEWHERE,
            )

    def _qbo_check_hold(self, backend):
        """:raise Held: if order or customer are held back"""
        customer = self.partner_invoice_id.commercial_partner_id
        fix = self.env._("It is sent when the hold is taken off.")
        if self.qbo_hold:
            raise Held(self.env._("The order is on hold."), fix)
        if customer.qbo_hold:
            raise Held(
                self.env._("The customer %s is on hold.", customer.display_name), fix
            )
        if backend.hold_over_limit and self._qbo_is_over_limit(customer):
            raise Held(
                self.env._(
                    "The customer %(name)s is over the credit limit of %(limit)s.",
                    name=customer.display_name,
                    limit=customer.credit_limit,
                ),
                self.env._(
                    "It is sent when the customer has paid, or the limit is up."
                ),
            )

    def _qbo_is_over_limit(self, customer):
        if not (self.company_id.account_use_credit_limit and customer.credit_limit):
            return False
        order = self.currency_id._convert(
            self.amount_total, self.company_id.currency_id, self.company_id
        )
        # A confirmed order that isn't invoiced counts in credit_to_invoice already.
        owed = customer.credit + max(customer.credit_to_invoice, order)
        return owed > customer.credit_limit

    def _qbo_undo(self, entity):
        if self.state != "cancel" or entity == "Estimate":
            return None
        return "void"

    # ---------------------------------------------------------------- what
    def _qbo_sale_orders(self):
        return self

    def _qbo_base_lines(self):
        lines = self._get_priced_lines()
        return [
            *(line._prepare_base_line_for_taxes_computation() for line in lines),
            *self._add_base_lines_for_early_payment_discount(),
        ]

    def _qbo_form_lines(self):
        return self.order_line

    def _qbo_date(self):
        return self._qbo_local_date(self.date_order)

    def _qbo_prepare_salesreceipt(self, backend):
        """Paid online at once: the money lies where the setting says.

        :raise Blocked: if the order has changed to another amount than was paid
        """
        done, paid = self._qbo_transactions(), self._qbo_paid_online()
        total = self._qbo_total("SalesReceipt")
        if total != paid:
            raise self._qbo_paid("SalesReceipt", paid, total, self.name)
        method = done.payment_method_id[:1]
        return payloads.sales_receipt(
            deposit_account_id=backend.receipt_account_id.qbo_id or "",
            payment_method_id=backend._payment_method_ref(method),
            reference=done[:1].provider_reference or done[:1].reference or "",
            **self._qbo_form(backend, "SalesReceipt"),
        )

    def _qbo_prepare_estimate(self, backend):
        """A quotation; a cancelled one is rejected, not deleted."""
        status = {"cancel": "Rejected", "sale": "Accepted"}.get(self.state, "Pending")
        return payloads.estimate(
            status=status,
            expiration_date=self.validity_date or None,
            **self._qbo_form(backend, "Estimate"),
        )

    def _qbo_not_drift(self, binding, values):
        """QuickBooks closes an Estimate by itself, when it is invoiced."""
        values = super()._qbo_not_drift(binding, values)
        ours = (binding.sent or {}).get("TxnStatus")
        kinds = {link.get("TxnType") for link in values.get("LinkedTxn") or ()}
        closed = values.get("TxnStatus") in CLOSED and "Invoice" in kinds
        return {**values, "TxnStatus": ours} if ours and closed else values


class SaleOrderLine(models.Model):
    """A change of a line is a change of its order."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "qbo.sale.document.line"]
    _qbo_tracked = (
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "price_unit",
        "discount",
        "tax_ids",
        "name",
        "sequence",
        "analytic_distribution",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._qbo_touch()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(self._qbo_tracked):
            self.order_id._qbo_touch()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._qbo_touch()
        return result
