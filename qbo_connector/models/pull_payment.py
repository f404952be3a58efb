# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# The way back of payments, apart from the way out.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, models
from odoo.exceptions import UserError

from ..qbo import changes
from ..qbo.errors import Blocked
from .pull_payment_form import ENTITY, PaymentForm
from .qbo_push import Held

IMPORT = {"qbo_import": True}


class AccountPayment(models.Model):
    """Payment entered in QuickBooks → payment of Odoo's invoices.

    One for each, however many invoices it is for. QuickBooks decides: what is
    changed there is changed here, nothing of it goes back.
    """

    _inherit = "account.payment"

    # ------------------------------------------------ nothing goes back out
    def _qbo_their_links(self):
        # Links of payments at hand: never shown.
        return self.sudo().qbo_link_ids.filtered(
            lambda link: link.imported and link.entity == ENTITY
        )

    def _qbo_from_quickbooks(self):
        """Return those that were made in QuickBooks."""
        return self.browse(self._qbo_their_links().mapped("res_id"))

    def _qbo_is_received(self):
        return super()._qbo_is_received() and not self._qbo_from_quickbooks()

    def _qbo_touch(self):
        theirs = self._qbo_from_quickbooks()
        if theirs and not self.env.context.get("qbo_import"):
            theirs._qbo_say_cancelled()
        return super(AccountPayment, self - theirs)._qbo_touch()

    def _qbo_undo(self, entity):
        return None if self._qbo_from_quickbooks() else super()._qbo_undo(entity)

    def _qbo_check_due(self, backend, entity):
        if self._qbo_from_quickbooks():
            raise Held(*self._qbo_refusal())
        return super()._qbo_check_due(backend, entity)

    def _qbo_refusal(self):
        """(reason, fix, state) of what isn't sent."""
        if self.state == "canceled":
            reason = self.env._("It was cancelled in Odoo; QuickBooks still has it.")
            fix = self.env._("Void it in QuickBooks, or confirm it again in Odoo.")
            return reason, fix, "held"
        return self.env._("It was made in QuickBooks: change it there."), "", "synced"

    def _qbo_say_cancelled(self):
        """A person cancels it in Odoo, or confirms it again: QuickBooks keeps it."""
        for link in self._qbo_their_links():
            if link.state not in ("synced", "held"):
                continue
            payment = link._record()
            cancelled = payment.state == "canceled"
            reason, fix, state = payment._qbo_refusal()
            link.write(
                {
                    "state": state,
                    "error": cancelled and reason,
                    "fix": cancelled and fix,
                }
            )

    # -------------------------------------------------------------- import
    @api.model
    def _qbo_import_payment(self, backend, objects):
        """Register, change or take back what QuickBooks says was paid.

        :return: {QuickBooks id: reason} of those a person must look at
        """
        # What QuickBooks says is taken over with the connection's rights.
        model = self.with_company(backend.company_id).with_context(**IMPORT).sudo()
        links = self.env["qbo.binding"]._of_objects(backend, ENTITY, objects)
        refused = {}
        for values in objects:
            link = links.get(values["Id"], self.env["qbo.binding"])
            payment = link and link._record().exists().with_context(**IMPORT)
            form = PaymentForm(self.env, backend, values, payment)
            for invoice, _amount in form.parts:
                invoice._note_payment(values["Id"], values["TxnDate"])
            try:
                with self.env.cr.savepoint():
                    model._qbo_take_payment(link, form)
            except (Blocked, UserError) as error:
                self.env.invalidate_all()
                refused[values["Id"]] = str(error)
        return refused

    def _qbo_take_payment(self, link, form):
        if not link:
            if form.backend.pull_payments and form.amount > 0 and form.invoices:
                self._qbo_register(form)
        elif form.payment:
            form.payment._qbo_follow(link, form)
        else:
            link.write(link._version(form.values))

    def _qbo_register(self, form):
        """Make the payment of a Payment whose invoices Odoo has."""
        payment = self.create(
            {
                **form.header(),
                "payment_type": "inbound",
                "partner_type": "customer",
                "company_id": form.backend.company_id.id,
            }
        )
        payment._qbo_book(form, form.plan)
        self.env["qbo.binding"]._link(form.backend, ENTITY, [(payment, form.values)])

    def _qbo_follow(self, link, form):
        """It was changed in QuickBooks, or an invoice of it is new in Odoo."""
        if changes.is_voided(form.values) or form.amount <= 0:
            reason = self.env._("It was voided in QuickBooks.")
            if not changes.is_voided(form.values):
                reason = self.env._("In QuickBooks it pays no invoice of Odoo now.")
            link.write(link._version(form.values))
            if link.state != "gone":
                link._removed(reason)
            return
        if self.state == "canceled" and link.state == "held":
            link.write(link._version(form.values))
            return
        header, plan = form.header(), form.plan
        if self._qbo_differs(header) or form.applied_now() != plan:
            self._qbo_reopen()
            self._qbo_write_changed(header)
            self._qbo_book(form, plan)
        link.write(link._facts(form.values))

    def _qbo_differs(self, header):
        if self.state not in ("in_process", "paid"):
            return True
        return any(
            self._fields[name].convert_to_write(self[name], self) != value
            for name, value in header.items()
        )

    def _qbo_reopen(self):
        """Odoo leaves a payment applied that is reset to draft."""
        if self.state != "draft":
            self.action_draft()
        self.move_id.line_ids.remove_move_reconcile()

    def _qbo_book(self, form, plan):
        """Post it, and apply it as QuickBooks has it."""
        self.action_post()
        for move, amount in plan:
            left = float(amount)
            for line in form.lines(move):
                part = min(left, line.amount_residual_currency)
                if part > 0:
                    self._qbo_apply(line, part)
                    left -= part

    def _qbo_apply(self, line, amount):
        """Set off so much of the payment against one line of an invoice."""
        own = self.move_id.line_ids.filtered(
            lambda one: one.account_id == line.account_id
        )
        (own | line).with_context(qbo_part=(line.id, own.id, amount)).reconcile()

    def _qbo_on_removed(self, binding, reason):
        result = super()._qbo_on_removed(binding, reason)
        if binding.imported and binding.entity == ENTITY and self.state != "canceled":
            payment = self.with_context(**IMPORT)
            payment._qbo_reopen()
            payment.action_cancel()
        return result


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _prepare_reconciliation_single_partial(
        self, debit_values, credit_values, shadowed_aml_values=None
    ):
        """Odoo always applies all it can: `qbo_part` in the context says how much.

        (id of the invoice's line, id of the payment's line, amount in its currency)
        """
        part = self.env.context.get("qbo_part")
        pair = (debit_values["aml"].id, credit_values["aml"].id)
        if part and pair == tuple(part[:2]):
            credit_values = _limited(credit_values, part[2])
        return super()._prepare_reconciliation_single_partial(
            debit_values, credit_values, shadowed_aml_values
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        for move in posted.filtered(lambda one: one.move_type == "out_invoice"):
            move._qbo_take_payments()
        return posted

    def _qbo_take_payments(self):
        """Register what was paid in QuickBooks before Odoo had this invoice."""
        backend = self._qbo_backend()
        if backend.pull_payments:
            links = self._qbo_invoice_links(backend)
            paid = [qbo_id for link in links for qbo_id in link.payment_days or {}]
            backend._take_again(ENTITY, list(dict.fromkeys(paid)))


def _limited(values, amount):
    """A credit line of which only `amount` is left, in both currencies."""
    currency = values["aml"].company_currency_id
    share = amount / -values["amount_residual_currency"]
    return {
        **values,
        "amount_residual": currency.round(values["amount_residual"] * share),
        "amount_residual_currency": -amount,
    }
