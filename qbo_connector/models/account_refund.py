# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from what is a credit note.
# pylint: disable=consider-merging-classes-inherited
from odoo import models

from ..qbo import payloads
from ..qbo.errors import Blocked
from ..qbo.money import D, round_half_up
from .account_move import NOTE_ENTITIES
from .qbo_push import Held

RECEIPT, CREDIT = "RefundReceipt", "CreditMemo"


class AccountMove(models.Model):
    """A credit note whose money went back at once → RefundReceipt, no CreditMemo.

    At once: all of it, on the credit note's own day, from one account. Else the
    CreditMemo stays, and what was paid out is applied to it (`account_refund_out`).
    """

    _inherit = "account.move"

    def _qbo_tracked_keys(self):
        return super()._qbo_tracked_keys() | {"matched_payment_ids"}

    # ---------------------------------------------------------------- when
    def _qbo_paid_out(self):
        """Return [(payment of Odoo, Decimal amount)] of the money given back."""
        if self.move_type != "out_refund":
            return []
        booked = [
            (one.debit_move_id.move_id.origin_payment_id, one.debit_amount_currency)
            for one in self.line_ids.matched_debit_ids.sorted("id")
            if one.debit_currency_id == self.currency_id
        ]
        # Without a journal entry nothing is reconciled until the bank says so.
        for payment in self.matched_payment_ids.filtered(lambda one: not one.move_id):
            planned = dict(payment._qbo_planned())
            booked.append((payment, planned.get(self, 0)))
        return [
            (payment, round_half_up(D(amount)))
            for payment, amount in booked
            if payment._qbo_is_given_back() and payment._qbo_is_out() and amount
        ]

    def _qbo_is_refunded_at_once(self, backend):
        """Whether QuickBooks' form for this is a RefundReceipt."""
        paid = self._qbo_paid_out()
        if not backend.push_payments or not paid:
            return False
        payments = self.env["account.payment"].union(*(one for one, _ in paid))
        same_day = set(payments.mapped("date")) == {self._qbo_date()}
        whole = sum(amount for _one, amount in paid) == self._qbo_total(RECEIPT)
        return whole and same_day and len(payments.journal_id) == 1

    def _qbo_credit_entities(self, backend):
        found = super()._qbo_credit_entities(backend)
        if found and self._qbo_is_refunded_at_once(backend):
            return [RECEIPT]
        return found

    def _qbo_due_entities(self):
        """What a person means with “Push now”: what it is, and was."""
        if self.move_type != "out_refund":
            return super()._qbo_due_entities()
        linked = set(self._qbo_bindings().mapped("entity"))
        now = self._qbo_credit_entities(self._qbo_backend()) or [CREDIT]
        return [entity for entity in NOTE_ENTITIES if entity in linked | set(now)]

    def _qbo_undo(self, entity):
        """Of the two forms only one stands; a RefundReceipt can only be deleted."""
        if entity not in (RECEIPT, CREDIT) or self.state == "draft":
            return super()._qbo_undo(entity)
        backend = self._qbo_backend()
        if self.state == "posted" and entity in self._qbo_credit_entities(backend):
            return None
        return "delete" if self._qbo_link(backend, entity).qbo_id else None

    def _qbo_check_due(self, backend, entity):
        result = super()._qbo_check_due(backend, entity)
        if entity in (RECEIPT, CREDIT):
            self._qbo_check_kind(backend, entity)
        return result

    def _qbo_check_kind(self, backend, entity):
        """:raise Held: if it is the other kind of document, or still that too"""
        if entity not in self._qbo_credit_entities(backend):
            raise Held(
                self.env._("The money was given back: it is a RefundReceipt.")
                if entity == CREDIT
                else self.env._("The money was not given back at once.")
            )
        others = self._qbo_links_there(backend, {RECEIPT, CREDIT} - {entity})
        if others:
            raise Held(
                self.env._("%s is deleted first.", others[0].display_name),
                self.env._("It is sent right after that."),
                waits_for=others[0],
            )

    def _qbo_links_there(self, backend, entities):
        return self._qbo_bindings().filtered(
            lambda link: (
                link.backend_id == backend
                and link.entity in entities
                and link.qbo_id
                and link.state != "gone"
            )
        )

    def _qbo_check_theirs(self, backend, entity, body, theirs):
        """Money that is back stays undoable; a set-off of ours goes first."""
        if entity == RECEIPT:
            return None
        if entity == CREDIT and not body:
            applied = self._qbo_links_there(backend, {"Payment"})
            if applied and "Payment" not in self._qbo_credit_entities(backend):
                raise Held(
                    self.env._("Its set-off is taken back first."), waits_for=applied[0]
                )
        return super()._qbo_check_theirs(backend, entity, body, theirs)

    # ---------------------------------------------------------------- what
    def _qbo_prepare_refundreceipt(self, backend):
        """The lines of the credit, and the account the money left.

        :raise Blocked: if the payment's journal has no account in QuickBooks
        """
        payment = self._qbo_paid_out()[0][0]
        return payloads.refund_receipt(
            deposit_account_id=backend._refund_account(payment.journal_id),
            payment_method_id=backend._payment_method_ref(
                payment.payment_method_line_id
            ),
            reference=payment.payment_reference or payment.name or "",
            **self._qbo_form(backend, RECEIPT),
        )


class QboBackend(models.Model):
    _inherit = "qbo.backend"

    def _refund_account(self, journal):
        """Return the id of the account that money of a journal leaves.

        :raise Blocked: if none is mapped; QuickBooks has no default for it (2020)
        """
        account = self._deposit_account(journal)
        if account:
            return account.qbo_id
        raise Blocked(
            "journal_id",
            self.env._("No account is chosen for the journal “%s”.", journal.name),
            self.env._(
                "Map the journal to QuickBooks' account, name it like the account, or "
                "choose where online payments go (QuickBooks → Configuration → "
                "Connections, Sales); then retry."
            ),
            "account",
        )
