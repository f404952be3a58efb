# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from what is a credit note.
# pylint: disable=consider-merging-classes-inherited
from datetime import timedelta, timezone

from odoo import api, models

from ..qbo import marks, payloads, queries, totals
from ..qbo.money import D, round_half_up
from .qbo_push import Held

APPLIED = "Payment"
# Odoo's clock and QuickBooks' needn't agree.
CLOCKS = timedelta(days=1)


class AccountMove(models.Model):
    """A credit note set off against invoices → Payment of 0 with both sides on it.

    QuickBooks has no link from a CreditMemo to an Invoice: a Payment without money
    names both. It belongs to the credit note and is taken back with the set-off.
    """

    _inherit = "account.move"

    # ---------------------------------------------------------------- when
    def _qbo_credited_invoices(self):
        """Return [(invoice in Odoo, Decimal amount)] the credit is set off against."""
        partials = self.line_ids.matched_debit_ids.filtered(
            lambda one: (
                one.debit_move_id.move_id.move_type == "out_invoice"
                and one.debit_currency_id == self.currency_id
            )
        )
        return [
            (one.debit_move_id.move_id, round_half_up(D(one.debit_amount_currency)))
            for one in partials.sorted("id")
        ]

    def _qbo_applies(self, backend):
        """Whether something is to be applied in QuickBooks, now or soon."""
        return any(
            invoice._qbo_billed_as(backend)
            for invoice, _amount in self._qbo_credited_invoices()
        )

    def _qbo_billed_as(self, backend):
        """Return the links of what bills this invoice's sale, sent or to be sent."""
        sent = self._qbo_invoice_links(backend)
        orders = self._qbo_sale_orders()
        family = (orders, orders.picking_ids, self)
        links = sent.union(*(records._qbo_bindings() for records in family))
        coming = links.filtered(
            lambda link: (
                link.backend_id == backend
                and link.entity == "Invoice"
                and link.state in ("pending", "blocked")
            )
        )
        return sent or coming

    def _qbo_undo(self, entity):
        """What isn't set off any more is not applied any more."""
        if entity != APPLIED:
            return super()._qbo_undo(entity)
        backend = self._qbo_backend()
        sent = self._qbo_link(backend, APPLIED).qbo_id
        gone = entity not in self._qbo_credit_entities(backend)
        return "delete" if sent and gone else None

    def _qbo_check_due(self, backend, entity):
        if entity != APPLIED:
            return super()._qbo_check_due(backend, entity)
        if entity not in self._qbo_credit_entities(backend):
            raise Held(self.env._("The credit note is not set off against anything."))
        return None

    def _qbo_dependencies(self, backend, entity):
        if entity != APPLIED:
            return super()._qbo_dependencies(backend, entity)
        return [(self, "CreditMemo"), *self._qbo_charges_needed(backend)]

    def _qbo_charges_needed(self, backend):
        """What must be in QuickBooks for the credit to be applied to it."""
        links = self.env["qbo.binding"].union(
            *(one._qbo_billed_as(backend) for one, _ in self._qbo_credited_invoices())
        )
        return [
            # What must be in QuickBooks before: never shown.
            (self.env[model].browse(some.mapped("res_id")).sudo(), "Invoice")
            for model, some in links.grouped("res_model").items()
        ]

    # ---------------------------------------------------------------- what
    def _qbo_charges(self, backend):
        """Return [(TxnType, QuickBooks' id, Decimal)] the credit is applied to.

        Where several Invoices bill what is one invoice in Odoo, payments begin with
        the first of them and credits with the last.
        """
        parts = totals.spread(
            (amount, self._qbo_rooms(invoice, backend))
            for invoice, amount in self._qbo_credited_invoices()
        )
        return [(link.entity, link.qbo_id, amount) for link, amount in parts.items()]

    def _qbo_rooms(self, invoice, backend):
        links = invoice._qbo_invoice_links(backend).sorted("id", reverse=True)
        return [(link, D(link.qbo_total or 0)) for link in links]

    def _qbo_total(self, entity):
        return D(0) if entity == APPLIED else super()._qbo_total(entity)

    def _qbo_prepare_payment(self, backend):
        """No money moves: the credit's part equals the invoices' parts."""
        charges = self._qbo_charges(backend)
        total = sum((amount for _kind, _oid, amount in charges), D(0))
        date = backend._open_date(self._qbo_applied_on())
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        credit = self._qbo_ref(backend, "CreditMemo")
        return payloads.payment(
            customer_id=self._qbo_applier(backend)._qbo_ref(backend, "Customer"),
            total=D(0),
            lines=[
                *(
                    payloads.payment_line(part, oid, kind)
                    for kind, oid, part in charges
                ),
                payloads.payment_line(total, credit, "CreditMemo"),
            ],
            txn_date=date,
            private_note=marks.mark(uuid, self._name, self.id),
            **self._qbo_currency(backend, date),
        )

    def _qbo_applier(self, backend):
        """Whose Payment it is: QuickBooks takes one Customer and those below it."""
        company = self.commercial_partner_id._qbo_in_currency(backend, self.currency_id)
        credited = [one for one, _amount in self._qbo_credited_invoices()]
        links = self._qbo_link(backend, "CreditMemo").union(
            *(one._qbo_invoice_links(backend) for one in credited)
        )
        return links._paid_by(company)

    def _qbo_applied_on(self):
        """When the last of what is set off was there."""
        return max(self.line_ids.matched_debit_ids.mapped("max_date"))

    def _qbo_check_answer(self, backend, entity, body, answer):
        if entity == APPLIED:
            return None
        return super()._qbo_check_answer(backend, entity, body, answer)

    # ------------------------------------------ applied by QuickBooks itself
    def _qbo_look_first(self, entity):
        """QuickBooks may have applied the credit already (“apply automatically”)."""
        if entity != APPLIED:
            return super()._qbo_look_first(entity)
        backend = self._qbo_backend()
        refused = self._qbo_link(backend, entity).attempt
        return backend.auto_apply_credit or bool(refused)

    def _qbo_lookup(self, entity, body):
        """QuickBooks can't search its number: by customer, since it was credited."""
        if entity != APPLIED:
            return super()._qbo_lookup(entity, body)
        credit = self._qbo_link(self._qbo_backend(), "CreditMemo")
        since = (credit.create_date - CLOCKS).replace(tzinfo=timezone.utc)
        return [
            queries.eq("CustomerRef", body["CustomerRef"]["value"]),
            queries.compare("MetaData.CreateTime", ">=", since),
        ]

    def _qbo_is_same(self, entity, body, found):
        """Ours; or QuickBooks' own, which becomes ours and is put right."""
        same = super()._qbo_is_same(entity, body, found)
        if entity != APPLIED or same:
            return same
        stranger = found.get("TotalAmt") or marks.find_mark(found.get("PrivateNote"))
        credit = body["Line"][-1]["LinkedTxn"][0]
        return not stranger and credit in [
            {"TxnId": link["TxnId"], "TxnType": link["TxnType"]}
            for line in found.get("Line", [])
            for link in line.get("LinkedTxn", [])
        ]


class AccountPartialReconcile(models.Model):
    """What a credit note is set off against may change at any time."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._qbo_credits()._qbo_send_credits()
        return partials

    def unlink(self):
        credits_found = self._qbo_credits()
        result = super().unlink()
        credits_found.exists()._qbo_send_credits()
        return result

    def _qbo_credits(self):
        # Who reconciles needn't see the orders behind.
        moves = self.sudo().credit_move_id.move_id
        return moves.filtered(lambda move: move.move_type == "out_refund")
