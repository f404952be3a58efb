# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.qbo_connector.models.qbo_push import Held
from odoo.addons.qbo_connector.qbo import marks, queries
from odoo.addons.qbo_connector.qbo.money import D, round_half_up
from odoo.addons.qbo_connector.qbo.payloads import Texts

from .. import payloads
from .account_move_credit import ENTITY, RIDERS


class AccountPayment(models.Model):
    """Payments to vendors → BillPayment: as much as is applied to bills.

    QuickBooks takes no money of a vendor that isn't applied; what is applied later
    in Odoo is added to the same BillPayment.
    """

    _inherit = "account.payment"
    _qbo_entities = (ENTITY,)
    _qbo_pages = {ENTITY: ("billpayment", "txnId")}
    _qbo_riders = {ENTITY: RIDERS}

    def _qbo_bill_payments(self):
        """Those that pay bills which are (or will be) in QuickBooks."""
        if self.env.context.get("qbo_import"):
            return self.browse()
        return self.filtered(
            lambda payment: (
                payment.payment_type == "outbound"
                and payment.partner_type == "supplier"
                and payment._qbo_backend().push_bills == "posted"
                and payment._qbo_bill_parts()
            )
        )

    def _qbo_send_bill_payments(self):
        """Queue the payments of bills, and those that paid one until now."""
        paying = self._qbo_bill_payments()
        paying._qbo_bindings()._renew_gone()
        paying._qbo_enqueue(ENTITY)
        if not self.env.context.get("qbo_import"):
            (self - paying)._qbo_touch()

    def _qbo_bill_parts(self):
        """Return [(bill, amount of its currency)] of what the payment is applied to."""
        if self.move_id:
            applied = [
                (partial.credit_move_id.move_id, partial.credit_amount_currency)
                for partial in self.move_id.line_ids.matched_credit_ids
            ]
        else:
            applied = self._qbo_planned_bills()
        return [
            (bill, round_half_up(D(amount), bill.currency_id.decimal_places))
            for bill, amount in applied
            if bill._qbo_is_sent("Bill")
        ]

    def _qbo_planned_bills(self):
        """A payment without a journal entry goes to its bills one after another."""
        left, applied = self.amount, []
        for bill in self.invoice_ids.sorted("invoice_date_due"):
            part = min(left, bill.amount_total)
            applied += [(bill, part)] if part else []
            left -= part
        return applied

    # ---------------------------------------------------------------- when
    def _qbo_due_entities(self):
        paid = self.partner_type == "supplier" and self.payment_type == "outbound"
        return [ENTITY] if paid else super()._qbo_due_entities()

    def _qbo_check_due(self, backend, entity):
        if entity != ENTITY:
            return super()._qbo_check_due(backend, entity)
        if self.state not in ("in_process", "paid"):
            raise Held(self.env._("The payment isn't posted."))
        return None

    def _qbo_undo(self, entity):
        """A payment that is cancelled, or pays no bill any more, is voided."""
        if entity != ENTITY:
            return super()._qbo_undo(entity)
        dead = self.state in ("canceled", "rejected") or not self._qbo_bill_parts()
        return "void" if dead else None

    def _qbo_dependencies(self, backend, entity):
        if entity != ENTITY:
            return super()._qbo_dependencies(backend, entity)
        bills = self.env["account.move"].union(
            *(bill for bill, _ in self._qbo_bill_parts())
        )
        return [(self._qbo_payee(backend), "Vendor"), (bills, "Bill")]

    # ---------------------------------------------------------------- what
    def _qbo_payee(self, backend):
        vendor = self.partner_id.commercial_partner_id
        return vendor._qbo_in_currency(backend, self.currency_id)

    def _qbo_total(self, entity):
        if entity != ENTITY:
            return super()._qbo_total(entity)
        return sum((amount for _bill, amount in self._qbo_bill_parts()), D(0))

    def _qbo_lookup(self, entity, body):
        """QuickBooks can't search its number: by vendor and day, then by our mark."""
        if entity != ENTITY:
            return super()._qbo_lookup(entity, body)
        vendor = body["VendorRef"]["value"]
        return [queries.eq("VendorRef", vendor), queries.eq("TxnDate", body["TxnDate"])]

    def _qbo_prepare_billpayment(self, backend):
        """One BillPayment of all bills this payment is applied to."""
        account = backend._payment_account(self.journal_id)
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        note = f"{self.name or ''} {self.memo or ''}".strip()
        card = account.kind == "Credit Card"
        return payloads.bill_payment(
            vendor_id=self._qbo_payee(backend)._qbo_ref(backend, "Vendor"),
            parts=[
                payloads.payment_part(amount, bill._qbo_ref(backend, "Bill"))
                for bill, amount in self._qbo_bill_parts()
            ],
            total=self._qbo_total(ENTITY),
            pay_type=payloads.CREDIT_CARD if card else payloads.CHECK,
            account_id=account.qbo_id,
            txn_date=self.date,
            private_note=marks.note_with_mark(
                note, marks.mark(uuid, self._name, self.id)
            ),
            texts=Texts(backend._charset()),
            **backend._currency_fields(self.currency_id, self.date),
        )


class AccountPartialReconcile(models.Model):
    """What a payment is applied to may change at any time."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        # Who reconciles needn't see the payments behind.
        partials.sudo()._qbo_send()
        return partials

    def unlink(self):
        # Who reconciles needn't see the payments behind.
        payments = self.sudo()._qbo_payments()
        # Who reconciles needn't see the payments behind.
        refunds = self.sudo()._qbo_refunds()
        result = super().unlink()
        payments.exists()._qbo_send_bill_payments()
        refunds.exists()._qbo_send_applied_credits()
        return result

    def _qbo_send(self):
        self._qbo_payments()._qbo_send_bill_payments()
        self._qbo_refunds()._qbo_send_applied_credits()

    def _qbo_payments(self):
        moves = self.debit_move_id.move_id
        return moves.payment_ids.filtered(lambda one: one.partner_type == "supplier")

    def _qbo_refunds(self):
        """Refunds that were set off against bills."""
        moves = self.debit_move_id.move_id
        return moves.filtered(lambda move: move.move_type == "in_refund")
