# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the payment itself.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from ..qbo import marks, payloads
from ..qbo.money import D, round_half_up
from ..qbo.payloads import Texts
from .account_payment import EXPENSE, FEE, PAYMENT, POSTED
from .qbo_push import Held

COSTS = ("Expense", "Other Expense", "Cost of Goods Sold")


class QboBackend(models.Model):
    _inherit = "qbo.backend"

    fee_account_id = fields.Many2one(
        "qbo.reference",
        "Processing fees",
        domain=f"[('backend_id', '=', id), ('entity', '=', 'Account'), "
        f"('kind', 'in', {COSTS!r})]",
        ondelete="restrict",
        copy=False,
        help="The account in QuickBooks of what payment providers keep of a payment.",
    )


class QboMapping(models.Model):
    _inherit = "qbo.mapping"

    fee_percent = fields.Float(
        "Fee in %",
        digits=(6, 3),
        aggregator=None,
        help="What the provider keeps of each payment of this journal.",
    )
    fee_fixed = fields.Float(
        "Fixed fee",
        digits=(16, 2),
        aggregator=None,
        help="What the provider keeps besides, in the payment's currency.",
    )

    def _fee(self, amount, digits):
        """Return the fee (Decimal) of an amount, rounded half up.

        :param float amount: of the payment, in its currency
        :param int digits: decimals of that currency
        """
        share = D(amount) * D(self.fee_percent) / 100
        return round_half_up(share + D(self.fee_fixed), digits)


class AccountPayment(models.Model):
    """What a payment provider keeps → Expense, from where the payment lies.

    QuickBooks' Payment is the whole amount, as the customer has paid it; the expense
    takes the fee off the same account, so that it comes to what the provider pays out.
    """

    _inherit = "account.payment"

    qbo_fee = fields.Monetary(
        "Processing fee",
        copy=False,
        help="What the payment provider keeps of it, booked in QuickBooks. Filled in "
        "from the fees of the journal when the payment is posted; correct it where "
        "the provider has taken another amount.",
        groups="base.group_user",
    )

    # ---------------------------------------------------------------- when
    def action_post(self):
        for payment in self:
            payment._qbo_fill_in_fee()
        return super().action_post()

    def write(self, vals):
        result = super().write(vals)
        if "qbo_fee" in vals:
            self._qbo_send_fees()
        return result

    def _qbo_tracked_keys(self):
        return super()._qbo_tracked_keys() | {"qbo_fee"}

    def _qbo_send_payments(self):
        result = super()._qbo_send_payments()
        self._qbo_send_fees()
        return result

    def _qbo_send_fees(self):
        charged = self.filtered(
            lambda one: one.qbo_fee and one.state in POSTED and one._qbo_is_received()
        )
        charged._qbo_renew_undone()
        charged._qbo_enqueue(EXPENSE)

    def _qbo_fill_in_fee(self):
        """The usual fee of its journal, unless somebody has said another one."""
        if self.qbo_fee or not self._qbo_is_received() or self._qbo_bindings():
            return
        # The rates of the company's own journals.
        rows = self._qbo_backend().sudo().journal_mapping_ids
        row = rows.filtered(lambda one: one.res_id == self.journal_id.id)[:1]
        if fee := row._fee(self.amount, self.currency_id.decimal_places):
            self.qbo_fee = float(fee)

    def _qbo_due_entities(self):
        found = super()._qbo_due_entities()
        return [*found, EXPENSE] if PAYMENT in found and self.qbo_fee else found

    def _qbo_undo(self, entity):
        """Cancelled, or without a fee now; expenses can only be deleted."""
        if self._qbo_kind(entity) != FEE:
            return super()._qbo_undo(entity)
        dead = self.state in ("canceled", "rejected") or not self.qbo_fee
        there = self._qbo_link(self._qbo_backend(), EXPENSE).qbo_id
        return "delete" if dead and there else None

    def _qbo_check_due(self, backend, entity):
        if self._qbo_kind(entity) != FEE:
            return super()._qbo_check_due(backend, entity)
        if self.state not in POSTED or not self.qbo_fee:
            raise Held(self.env._("The payment isn't posted, or it has no fee."))
        return None

    # ---------------------------------------------------------------- what
    def _qbo_dependencies(self, backend, entity):
        """The money must be there first."""
        if self._qbo_kind(entity) != FEE:
            return super()._qbo_dependencies(backend, entity)
        receipts = self._qbo_receipts(backend)
        if receipts:
            return [(link._record(), link.entity) for link in receipts]
        return [(self, PAYMENT)]

    def _qbo_total(self, entity):
        if self._qbo_kind(entity) != FEE:
            return super()._qbo_total(entity)
        return round_half_up(D(self.qbo_fee))

    def _qbo_prepare_fee(self, backend):
        """:raise Blocked: if no account is chosen for fees, or for the journal"""
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        note = self.env._("Processing fee of %s", self.name or "")
        return payloads.expense(
            account_id=self._qbo_fee_source(backend),
            booked_on_id=backend._account_ref("fee_account_id"),
            amount=self._qbo_total(EXPENSE),
            txn_date=backend._open_date(self.date),
            taxed=not backend._is_us(),
            private_note=marks.note_with_mark(
                note, marks.mark(uuid, self._name, self.id)
            ),
            texts=Texts(backend._charset()),
            **self._qbo_currency(backend),
        )

    def _qbo_fee_source(self, backend):
        """The id of the account the payment lies on."""
        if self._qbo_receipts(backend) and backend.receipt_account_id:
            return backend.receipt_account_id.qbo_id
        return backend._refund_account(self.journal_id)
