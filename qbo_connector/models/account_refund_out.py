# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from what customers pay.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, models

from ..qbo import marks, payloads
from ..qbo.errors import Blocked
from ..qbo.money import D, round_half_up
from ..qbo.payloads import Texts
from .account_payment import EXPENSE, REFUND
from .account_refund import CREDIT, RECEIPT
from .qbo_push import Held

# What a Payment's line calls an expense.
LINK_TYPE = "Expense"


class AccountPayment(models.Model):
    """Money given back to a customer → Expense on accounts receivable.

    Not what is on a RefundReceipt. As bookkeepers do it: the expense moves the money,
    the credit note's Payment of 0 applies it to the CreditMemo.
    """

    _inherit = "account.payment"
    _qbo_entities = (EXPENSE,)
    _qbo_pages = {EXPENSE: ("expense", "txnId")}
    # QuickBooks wants the kind with each update; account and payee to be safe.
    _qbo_riders = {EXPENSE: ("PaymentType", "AccountRef", "EntityRef")}

    # ---------------------------------------------------------------- when
    def _qbo_is_given_back(self):
        return self.partner_type == "customer" and self.payment_type == "outbound"

    def _qbo_is_out(self):
        return self.state in ("in_process", "paid")

    def action_post(self):
        result = super().action_post()
        self._qbo_send_refunds()
        return result

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("state", "date", "journal_id")):
            self._qbo_refunded_notes()._qbo_send_credits()
        return result

    def _qbo_send_refunds(self):
        """Queue money that goes back, and the credit notes it is for."""
        if self.env.context.get("qbo_import"):
            return
        back = self.filtered(
            lambda one: one._qbo_is_given_back() and one._qbo_backend().push_payments
        )
        back._qbo_enqueue(EXPENSE)
        back._qbo_refunded_notes()._qbo_send_credits()

    def _qbo_refunded_notes(self):
        # Which notes money goes back for: never shown, only sent.
        back = self.filtered(lambda one: one._qbo_is_given_back()).sudo()
        booked = back.move_id.line_ids.matched_credit_ids.credit_move_id.move_id
        notes = booked | back.invoice_ids
        return notes.filtered(lambda move: move.move_type == "out_refund")

    def _qbo_rest(self, backend):
        """What isn't on RefundReceipts (Decimal, in the payment's currency)."""
        rest = round_half_up(D(self.amount))
        for note in self._qbo_refunded_notes():
            if note._qbo_credit_entities(backend) == [RECEIPT]:
                rest -= sum(part for one, part in note._qbo_paid_out() if one == self)
        return rest

    def _qbo_due_entities(self):
        return [EXPENSE] if self._qbo_is_given_back() else super()._qbo_due_entities()

    def _qbo_undo(self, entity):
        """Cancelled, or on a RefundReceipt now; expenses can only be deleted."""
        if self._qbo_kind(entity) != REFUND:
            return super()._qbo_undo(entity)
        backend = self._qbo_backend()
        dead = self.state in ("canceled", "rejected") or not self._qbo_rest(backend)
        there = self.env["qbo.binding"]._of(backend, self, EXPENSE).qbo_id
        return "delete" if dead and there else None

    def _qbo_check_due(self, backend, entity):
        if self._qbo_kind(entity) != REFUND:
            return super()._qbo_check_due(backend, entity)
        if not self._qbo_is_out():
            raise Held(
                self.env._("The payment isn't posted."),
                self.env._("It is sent when it is posted."),
            )
        if not self._qbo_rest(backend):
            raise Held(self.env._("It is on a RefundReceipt."), state="synced")
        return None

    # ---------------------------------------------------------------- what
    def _qbo_payer(self, backend):
        """Money goes back to the Customer that the credit is for."""
        if not self._qbo_is_given_back():
            return super()._qbo_payer(backend)
        payer = self.partner_id.commercial_partner_id
        company = payer._qbo_in_currency(backend, self.currency_id)
        notes = self._qbo_refunded_notes()
        links = notes._qbo_bindings().filtered(lambda link: link.entity == CREDIT)
        return links._paid_by(company)

    def _qbo_dependencies(self, backend, entity):
        if self._qbo_kind(entity) != REFUND:
            return super()._qbo_dependencies(backend, entity)
        return [(self._qbo_payer(backend), "Customer")]

    def _qbo_total(self, entity):
        if self._qbo_kind(entity) != REFUND:
            return super()._qbo_total(entity)
        return self._qbo_rest(self._qbo_backend())

    def _qbo_prepare_refund(self, backend):
        """:raise Blocked: if journal or receivables have no account in QuickBooks"""
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        note = f"{self.name or ''} {self.memo or ''}".strip()
        return payloads.expense(
            customer_id=self._qbo_payer(backend)._qbo_ref(backend, "Customer"),
            account_id=backend._refund_account(self.journal_id),
            booked_on_id=backend._receivable_ref(self.currency_id),
            amount=self._qbo_rest(backend),
            txn_date=backend._open_date(self.date),
            taxed=not backend._is_us(),
            private_note=marks.note_with_mark(
                note, marks.mark(uuid, self._name, self.id)
            ),
            texts=Texts(backend._charset()),
            **self._qbo_currency(backend),
        )


class AccountMove(models.Model):
    """What was paid out of a credit is applied to it, beside its invoices."""

    _inherit = "account.move"

    def _qbo_applies(self, backend):
        paid = backend.push_payments and self._qbo_paid_out()
        return bool(paid) or super()._qbo_applies(backend)

    def _qbo_charges_needed(self, backend):
        payments = self.env["account.payment"].union(
            *(payment for payment, _amount in self._qbo_expenses(backend))
        )
        return [*super()._qbo_charges_needed(backend), (payments, EXPENSE)]

    def _qbo_charges(self, backend):
        return [
            *super()._qbo_charges(backend),
            *(
                (LINK_TYPE, payment._qbo_ref(backend, EXPENSE), amount)
                for payment, amount in self._qbo_expenses(backend)
            ),
        ]

    def _qbo_expenses(self, backend):
        return self._qbo_paid_out() if backend.push_payments else []

    def _qbo_applied_on(self):
        dates = [payment.date for payment, _amount in self._qbo_paid_out()]
        dates += self.line_ids.matched_debit_ids.mapped("max_date")
        return max(dates)


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._qbo_given_back()._qbo_send_refunds()
        return partials

    def unlink(self):
        payments = self._qbo_given_back()
        result = super().unlink()
        payments.exists()._qbo_send_refunds()
        return result

    def _qbo_given_back(self):
        # Which payments are set off: never shown, only sent.
        payments = self.sudo().debit_move_id.move_id.origin_payment_id
        return payments.filtered(lambda one: one._qbo_is_given_back())


class QboBackend(models.Model):
    _inherit = "qbo.backend"

    def _receivable_ref(self, currency):
        """Return the id of accounts receivable in a currency.

        QuickBooks keeps one account for each, such as “Accounts Receivable (A/R) -
        EUR”.

        :raise Blocked: if it isn't known
        """
        if currency.name == (self.qbo_currency or currency.name):
            return self._account_ref("receivable_account_id")
        found = self._references("Account").filtered(
            lambda row: (
                row.kind == "Accounts Receivable" and row.name.endswith(currency.name)
            )
        )
        if found:
            return found[0].qbo_id
        raise Blocked(
            "currency_id",
            self.env._("QuickBooks has no receivables in %s.", currency.name),
            self.env._("Refresh QuickBooks' lists, then retry."),
            "account",
        )
