# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..qbo import marks, payloads, queries, totals
from ..qbo.money import D, round_half_up
from ..qbo.payloads import Texts
from .account_move import PAYMENT_RIDERS
from .qbo_push import Held
from .qbo_sale_header import BILLING

PAYMENT, EXPENSE = "Payment", "Purchase"
# What an expense of a payment is.
FEE, REFUND = "fee", "refund"
POSTED = ("in_process", "paid")


class AccountPayment(models.Model):
    """Payments of customers → Payment: one, however many invoices it is for.

    What isn't applied in Odoo stays unapplied in QuickBooks; what is applied later
    goes onto the same Payment.
    """

    _name = "account.payment"
    _inherit = ["account.payment", "qbo.mixin"]
    _qbo_entities = (PAYMENT,)
    _qbo_tracked = ("state", "date", "amount", "memo", "payment_reference")
    _qbo_pages = {PAYMENT: ("recvpayment", "txnId")}
    _qbo_riders = {PAYMENT: PAYMENT_RIDERS}

    # ----------------------------------------------------------- which one
    def _qbo_kind(self, entity):
        """Return which document this is as an entity, for all files that answer for
        one of them: PAYMENT; as an expense FEE, what a provider keeps of money that
        came, or REFUND, money that went back. None: another addon's.
        """
        expense = FEE if self.payment_type == "inbound" else REFUND
        return {PAYMENT: PAYMENT, EXPENSE: expense}.get(entity)

    def _qbo_prepare_purchase(self, backend):
        """The provider's fee, or money given back.

        :raise Blocked: as either of them
        """
        if self._qbo_kind(EXPENSE) == FEE:
            return self._qbo_prepare_fee(backend)
        return self._qbo_prepare_refund(backend)

    # ---------------------------------------------------------------- when
    def action_post(self):
        result = super().action_post()
        self._qbo_send_payments()
        return result

    def _qbo_send_payments(self):
        """Queue those that go to QuickBooks; they see themselves what changed."""
        wanted = self.filtered(lambda payment: payment._qbo_is_received())
        wanted._qbo_renew_undone()
        wanted._qbo_enqueue(PAYMENT)

    def _qbo_renew_undone(self):
        """What was cancelled and is posted again gets a new Payment; not what
        somebody has voided in QuickBooks."""
        posted = self.filtered(lambda payment: payment.state in POSTED)
        links = posted._qbo_bindings()
        links.filtered(lambda one: one.state == "gone" and not one.error)._start_over()

    def _qbo_is_received(self):
        """Whether this is a customer's money that QuickBooks doesn't have yet."""
        if self.env.context.get("qbo_import") or self.partner_type != "customer":
            return False
        return self.payment_type == "inbound" and self._qbo_backend().push_payments

    def _qbo_due_entities(self):
        received = self.partner_type == "customer" and self.payment_type == "inbound"
        return [PAYMENT] if received else super()._qbo_due_entities()

    def _qbo_check_due(self, backend, entity):
        if entity != PAYMENT:
            return super()._qbo_check_due(backend, entity)
        if self.state not in POSTED:
            raise Held(
                self.env._("The payment isn't posted."),
                self.env._("It is sent when it is posted."),
            )
        receipts = self._qbo_receipts(backend)
        if receipts:
            raise Held(
                self.env._(
                    "QuickBooks has this money with %s.",
                    ", ".join(receipts.mapped("display_name")),
                ),
                self.env._("A sales receipt is paid. Nothing has to be done."),
            )
        return None

    def _qbo_receipts(self, backend):
        """The links of the sales receipts this online payment is the money of."""
        # Which orders a payment pays: never shown, only sent.
        orders = self.sudo().payment_transaction_id.sale_order_ids
        return orders._qbo_bindings().filtered(
            lambda link: (
                link.backend_id == backend
                and link.entity == "SalesReceipt"
                and link.state != "gone"
            )
        )

    def _qbo_undo(self, entity):
        if entity != PAYMENT:
            return super()._qbo_undo(entity)
        return "void" if self.state in ("canceled", "rejected") else None

    # ---------------------------------------------------------------- what
    def _qbo_payer(self, backend):
        """Return whose Payment it is; what was the company's stays so, whatever it is
        applied to later."""
        payer = self.partner_id.commercial_partner_id
        company = payer._qbo_in_currency(backend, self.currency_id)
        links = self.env["qbo.binding"]
        of_company = links._of(backend, company, "Customer").qbo_id
        if of_company and self._qbo_link(backend, PAYMENT)._customer_id() == of_company:
            return company
        parts = self._qbo_received_parts(backend)
        return links.union(*(link for link, _amount in parts))._paid_by(company)

    def _qbo_applied(self):
        """Return [(invoice in Odoo, amount in its currency)]."""
        if not self.move_id:
            return self._qbo_planned()
        return [
            (partial.debit_move_id.move_id, partial.debit_amount_currency)
            for partial in self.move_id.line_ids.matched_debit_ids
        ]

    def _qbo_planned(self):
        """Without a journal entry it goes to its invoices one after another."""
        left, applied = self.amount, []
        for invoice in self.invoice_ids.sorted("invoice_date_due"):
            part = min(left, invoice.amount_total)
            applied += [(invoice, part)] if part else []
            left -= part
        return applied

    def _qbo_received_parts(self, backend):
        """Return [(link of an Invoice, Decimal amount)] the payment is applied to.

        An invoice of Odoo that isn't QuickBooks' one stands for its order's, or for
        those of its deliveries, one after the other.
        """
        found = totals.spread(
            (
                round_half_up(D(amount)),
                [
                    (link, D(link.qbo_total or 0))
                    for link in move._qbo_invoice_links(backend)
                ],
            )
            for move, amount in self._qbo_applied()
        )
        return list(found.items()) or self._qbo_online_parts(backend)

    def _qbo_online_parts(self, backend):
        """An online payment of orders that have no invoice in Odoo."""
        # Which orders a payment pays: never shown, only sent.
        orders = self.sudo().payment_transaction_id.sale_order_ids
        left, found = round_half_up(D(self.amount)), []
        for link in orders._qbo_billing_links(backend):
            part = min(left, D(link.qbo_total or 0))
            found += [(link, part)] if part > 0 else []
            left -= part
        return found

    def _qbo_dependencies(self, backend, entity):
        if entity != PAYMENT:
            return super()._qbo_dependencies(backend, entity)
        return [(self._qbo_payer(backend), "Customer")]

    def _qbo_total(self, entity):
        if entity != PAYMENT:
            return super()._qbo_total(entity)
        return round_half_up(D(self.amount))

    def _qbo_lookup(self, entity, body):
        """QuickBooks can't search its number: by customer and day, then our mark; of an
        expense not even the customer."""
        if entity == EXPENSE:
            return [queries.eq("TxnDate", body["TxnDate"])]
        if entity != PAYMENT:
            return super()._qbo_lookup(entity, body)
        customer = body["CustomerRef"]["value"]
        return [
            queries.eq("CustomerRef", customer),
            queries.eq("TxnDate", body["TxnDate"]),
        ]

    def _qbo_prepare_payment(self, backend):
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        note = f"{self.name or ''} {self.memo or ''}".strip()
        line = self.payment_method_line_id
        return payloads.payment(
            customer_id=self._qbo_payer(backend)._qbo_ref(backend, "Customer"),
            total=self._qbo_total(PAYMENT),
            lines=[
                payloads.payment_line(amount, link.qbo_id, link.entity)
                for link, amount in self._qbo_received_parts(backend)
            ],
            txn_date=self.date,
            reference=self.payment_reference or self.name or "",
            payment_method_id=backend._payment_method_ref(line),
            deposit_account_id=backend._deposit_account(self.journal_id).qbo_id or "",
            private_note=marks.note_with_mark(
                note, marks.mark(uuid, self._name, self.id)
            ),
            texts=Texts(backend._charset()),
            **self._qbo_currency(backend),
        )

    def _qbo_currency(self, backend):
        backend._check_currency(self.currency_id)
        if not backend.multi_currency:
            return {}
        rate = self.currency_id._get_conversion_rate(
            self.currency_id, self.company_id.currency_id, self.company_id, self.date
        )
        return {"currency": self.currency_id.name, "exchange_rate": D(rate)}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_invoice_links(self, backend):
        """The links of what bills this invoice's sale in QuickBooks."""
        own = self._qbo_bindings().filtered(_billing(backend))
        return own or self._qbo_sale_orders()._qbo_billing_links(backend)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _qbo_billing_links(self, backend):
        """The links of these orders' Invoices: their own, or their deliveries'."""
        links = self._qbo_bindings() | self.picking_ids._qbo_bindings()
        return links.filtered(_billing(backend)).sorted("id")


def _billing(backend):
    """Whether a link is an Invoice that is in QuickBooks (a receipt is paid)."""
    return lambda link: (
        link.backend_id == backend
        and link.entity in BILLING[:1]
        and link.qbo_id
        and link.state != "gone"
    )


class AccountPartialReconcile(models.Model):
    """What a payment is applied to may change at any time."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._qbo_received()._qbo_send_payments()
        return partials

    def unlink(self):
        payments = self._qbo_received()
        result = super().unlink()
        payments.exists()._qbo_send_payments()
        return result

    def _qbo_received(self):
        return self.credit_move_id.move_id.origin_payment_id.filtered(
            lambda payment: payment._qbo_is_received()
        )
