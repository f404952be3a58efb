# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from what is a bill.
# pylint: disable=consider-merging-classes-inherited
from odoo import models

from odoo.addons.qbo_connector.qbo import marks, queries
from odoo.addons.qbo_connector.qbo.money import D, round_half_up

from .. import payloads

ENTITY = "BillPayment"
# QuickBooks wants them with each update, as those of a Payment.
RIDERS = ("VendorRef", "TotalAmt", "PayType")


class AccountMove(models.Model):
    """A refund set off against bills → BillPayment of 0 with both sides on it."""

    _inherit = "account.move"
    _qbo_entities = (ENTITY,)
    _qbo_pages = {ENTITY: ("billpayment", "txnId")}
    _qbo_riders = {ENTITY: RIDERS}

    def _qbo_is_sent(self, entity):
        """Whether this is in QuickBooks, or on its way there."""
        links = self._qbo_bindings().filtered(lambda link: link.entity == entity)
        return any(link.state != "gone" for link in links)

    def _qbo_set_off(self):
        """Return [(bill, amount)] of what this refund was set off against."""
        return [
            (
                partial.credit_move_id.move_id,
                round_half_up(
                    D(partial.credit_amount_currency), self.currency_id.decimal_places
                ),
            )
            for partial in self.line_ids.matched_credit_ids
            if partial.credit_move_id.move_id._qbo_is_sent("Bill")
        ]

    def _qbo_send_applied_credits(self):
        if self.env.context.get("qbo_import"):
            return
        for refund in self.filtered(lambda move: move._qbo_is_sent("VendorCredit")):
            links = refund._qbo_bindings().filtered(lambda one: one.entity == ENTITY)
            if refund._qbo_set_off():
                links._renew_gone()
                refund._qbo_enqueue(ENTITY)
            else:
                links.filtered(lambda link: link.state != "gone")._enqueue()

    def _qbo_undo(self, entity):
        if entity == ENTITY:
            return None if self._qbo_set_off() else "void"
        return super()._qbo_undo(entity)

    def _qbo_dependencies(self, backend, entity):
        if entity != ENTITY:
            return super()._qbo_dependencies(backend, entity)
        bills = self.browse().union(*(bill for bill, _amount in self._qbo_set_off()))
        return [(self, "VendorCredit"), (bills, "Bill")]

    def _qbo_total(self, entity):
        return D(0) if entity == ENTITY else super()._qbo_total(entity)

    def _qbo_lookup(self, entity, body):
        if entity != ENTITY:
            return super()._qbo_lookup(entity, body)
        vendor = body["VendorRef"]["value"]
        return [queries.eq("VendorRef", vendor), queries.eq("TxnDate", body["TxnDate"])]

    def _qbo_prepare_billpayment(self, backend):
        """No money moves: the credit's part equals the bills' parts."""
        bills = self._qbo_set_off()
        total = sum((amount for _bill, amount in bills), D(0))
        credit = self._qbo_ref(backend, "VendorCredit")
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return payloads.bill_payment(
            vendor_id=self._qbo_bill_vendor(backend)._qbo_ref(backend, "Vendor"),
            parts=[
                *(
                    payloads.payment_part(amount, bill._qbo_ref(backend, "Bill"))
                    for bill, amount in bills
                ),
                payloads.payment_part(total, credit, "VendorCredit"),
            ],
            total=D(0),
            pay_type=payloads.CHECK,
            txn_date=self.date,
            private_note=marks.mark(uuid, self._name, self.id),
            **backend._currency_fields(self.currency_id, self.date),
        )
