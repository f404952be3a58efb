# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from what an order is while its Invoice can change.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..qbo import credit, payloads, totals
from ..qbo.errors import Blocked
from ..qbo.money import D, price_line, round_half_up
from ..qbo.payloads import Texts
from .account_move import CREDIT_FORMS
from .qbo_push import Held
from .qbo_sale_tax import US_TAXABLE, _tax_line

CREDIT_OF = {"Invoice": "CreditMemo", "SalesReceipt": "RefundReceipt"}
# Why a document can't change any more: paid, closed, settled, deposited.
FINAL = ("paid", "closed", "6200", "6210", "6450", "6480", "6540")


class SaleOrder(models.Model):
    """An order whose Invoice can't change any more → CreditMemo of the difference.

    From then on the Invoice stays as it is, and the CreditMemo follows the order: it
    grows and shrinks with it, and is deleted when the order is up to the Invoice again.
    """

    _inherit = "sale.order"
    _qbo_entities = CREDIT_FORMS

    qbo_credit_date = fields.Date(
        "Credited in QuickBooks on",
        readonly=True,
        copy=False,
        help="When what was taken off the order was credited in QuickBooks.",
        groups="base.group_user",
    )
    qbo_can_credit = fields.Boolean(
        compute="_compute_qbo_can_credit",
        compute_sudo=True,
        help="Its document in QuickBooks is final, and the order is less than that.",
        groups="base.group_user",
    )

    @api.depends_context("company")
    @api.depends("qbo_state", "amount_total", "state")
    def _compute_qbo_can_credit(self):
        for order in self:
            now = D(0) if order.state == "cancel" else D(order.amount_total)
            order.qbo_can_credit = any(
                link.state == "blocked"
                and link.entity in CREDIT_OF
                and link.error_code in FINAL
                and D(link.qbo_total or 0) > order._qbo_money(now)
                for link in order._qbo_bindings()
            )

    def action_qbo_credit(self):
        """Credit what the order is less than its document in QuickBooks.

        With Odoo's credit note where the order is invoiced in Odoo; it becomes a
        CreditMemo. Else with a CreditMemo of the difference.

        :raise UserError: if nothing is to be credited
        """
        self.ensure_one()
        self._qbo_check_role("write")
        if not self.qbo_can_credit:
            raise UserError(
                self.env._("The order isn't less than a final document in QuickBooks.")
            )
        # Who may write the order may credit it: checked above.
        order, backend = self.sudo(), self._qbo_backend().sudo()
        invoices = order.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        if invoices and backend.push_refunds:
            return self._qbo_credit_note_action(invoices)
        order._qbo_start_credit(backend)
        return True

    def _qbo_credit_note_action(self, invoices):
        """Odoo's own way of crediting these invoices."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        context = {"active_model": "account.move", "active_ids": invoices.ids}
        return {**action, "context": context}

    def _qbo_start_credit(self, backend):
        self.qbo_credit_date = fields.Date.context_today(self)
        billed = self._qbo_billed_link(backend)
        entity = CREDIT_OF[billed.entity]
        self._qbo_renew(entity)
        (billed | self._qbo_enqueue(entity)).action_retry()

    # ---------------------------------------------------------------- when
    def _qbo_billed_link(self, backend):
        """The link of what bills the order in QuickBooks."""
        return self._qbo_bindings().filtered(
            lambda link: (
                link.backend_id == backend
                and link.entity in CREDIT_OF
                and link.qbo_id
                and link.state != "gone"
            )
        )[:1]

    def _qbo_too_much(self, backend):
        """What the document in QuickBooks is above the order (Decimal)."""
        now = D(0) if self.state == "cancel" else self._qbo_figures().total
        return D(self._qbo_billed_link(backend).qbo_total or 0) - now

    def _qbo_credit_link(self, backend):
        links = self._qbo_bindings().filtered(lambda one: one.backend_id == backend)
        return links.filtered(
            lambda one: one.entity in CREDIT_FORMS and one.state != "gone"
        )

    def _qbo_noted(self, backend):
        """The credit that Odoo's credit notes are in QuickBooks (Decimal)."""
        # Who sees the order may know what bills it.
        notes = self.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_refund"
        )
        links = notes._qbo_credits_there(backend)
        return sum((D(link.qbo_total or 0) for link in links), D(0))

    def _qbo_check_credited(self, backend):
        """:raise Held: if a credit makes up for what the document has too much"""
        too_much = self._qbo_too_much(backend)
        if too_much <= 0:
            return
        noted = self._qbo_noted(backend)
        if self._qbo_credit_link(backend) or too_much == noted:
            raise Held(
                self.env._(
                    "It stays as it is: %s less on the order are credited.", too_much
                ),
                state="synced",
            )

    def _qbo_undo(self, entity):
        backend = self._qbo_backend()
        if entity in CREDIT_FORMS:
            over = self._qbo_too_much(backend) <= 0
            return "delete" if over and self._qbo_link(backend, entity).qbo_id else None
        undo = super()._qbo_undo(entity)
        if undo and entity in CREDIT_OF:
            self._qbo_check_credited(backend)
        return undo

    def _qbo_check_due(self, backend, entity):
        if entity in CREDIT_FORMS:
            self._qbo_check_hold(backend)
            if self._qbo_too_much(backend) <= 0:
                raise Held(self.env._("Nothing is to be credited."), state="gone")
            return None
        if entity in CREDIT_OF:
            self._qbo_check_credited(backend)
        return super()._qbo_check_due(backend, entity)

    def _qbo_check_theirs(self, backend, entity, body, theirs):
        """A refund receipt has no balance that could be used up."""
        if entity == "RefundReceipt":
            return None
        return super()._qbo_check_theirs(backend, entity, body, theirs)

    # ---------------------------------------------------------------- what
    def _qbo_date(self):
        return self.env.context.get("qbo_credit_date") or super()._qbo_date()

    def _qbo_total(self, entity):
        if entity in CREDIT_FORMS:
            return self._qbo_too_much(self._qbo_backend())
        return super()._qbo_total(entity)

    def _qbo_dependencies(self, backend, entity):
        found = super()._qbo_dependencies(backend, entity)
        if entity in CREDIT_FORMS:
            found.append((self._qbo_refund_product(), "Item"))
        return found

    def _qbo_refund_product(self):
        return self.env.ref("qbo_connector.product_refund")

    def _qbo_prepare_creditmemo(self, backend):
        """What the Invoice has too much; amounts are positive."""
        return payloads.credit_memo(**self._qbo_credit_form(backend, "CreditMemo"))

    def _qbo_prepare_refundreceipt(self, backend):
        """What the sales receipt has too much, out of the account it lies in.

        :raise Blocked: if that account isn't known
        """
        sent = self._qbo_billed_link(backend).sent or {}
        account = (sent.get("DepositToAccountRef") or {}).get("value")
        return payloads.refund_receipt(
            deposit_account_id=account or backend._undeposited_funds(),
            **self._qbo_credit_form(backend, "RefundReceipt"),
        )

    def _qbo_credit_form(self, backend, entity):
        dated = self.with_context(qbo_credit_date=self.qbo_credit_date)
        form = dated._qbo_form(backend, entity)
        before = self._qbo_credit_before(backend)
        keys = [line.get("_key") for line in form["lines"]]
        after = credit.read(form["lines"], keys)
        if self.state == "cancel":
            after = credit.Form([])
        lines = credit.difference(before, after, self._qbo_kept())
        tax = self._qbo_too_much(backend) - (before.net - after.net)
        for name in ("tax", "GlobalTaxCalculation", "TxnTaxDetail"):
            form.pop(name, None)
        return {
            **form,
            "lines": [self._qbo_credit_line(backend, line) for line in lines],
            "tax": self._qbo_credit_tax(backend, lines, tax),
            "apply_tax_after_discount": None,
        }

    def _qbo_credit_before(self, backend):
        """The document as it stands in QuickBooks."""
        link = self._qbo_billed_link(backend)
        keys = {oid: key for key, oid in (link.line_ids or {}).items()}
        lines = (link.sent or {}).get("Line", [])
        return credit.read(
            lines, [keys.get(line.get("Id"), f"#{at}") for at, line in enumerate(lines)]
        )

    def _qbo_kept(self):
        """{line: quantity of stored goods that the customer has, in Item's unit}."""
        stored = self.order_line.filtered("product_id.is_storable")
        return {
            str(line.id): line._qbo_item_quantity(line.qty_delivered) for line in stored
        }

    def _qbo_credit_line(self, backend, line):
        """A line of the credit; money only goes as “Refund”, so that no stock moves."""
        item = line.item or self._qbo_refund_product()._qbo_ref(backend, "Item")
        priced = price_line(D(1) if line.qty is None else line.qty, line.amount)
        body = payloads.sales_line(
            item_id=item,
            amount=priced.amount,
            qty=priced.qty,
            unit_price=priced.unit_price,
            description=line.text,
            tax_code_id=line.code,
            texts=Texts(backend._charset()),
        )
        return {**body, "_key": f"{line.key}:{'item' if line.item else 'money'}"}

    def _qbo_credit_tax(self, backend, lines, tax):
        """The tax that the two documents differ by."""
        if backend._is_us():
            return self._qbo_credit_us_tax(backend, lines, tax)
        parts = [totals.Part(line.amount, line.code) for line in lines]
        rates = backend._tax_rates({line.code for line in lines})
        found = totals.taxes(parts, D(0), rates)
        gap = tax - totals.total_tax(found)
        corrected = totals.with_gap(found, gap) if gap else []
        return payloads.global_tax(tax_lines=[_tax_line(one) for one in corrected])

    def _qbo_credit_us_tax(self, backend, lines, tax):
        if not tax and not any(line.code == US_TAXABLE for line in lines):
            return {}
        sent = (self._qbo_billed_link(backend).sent or {}).get("TxnTaxDetail") or {}
        code = (sent.get("TxnTaxCodeRef") or {}).get("value", "")
        own = backend.us_tax_mode == "qbo"
        return payloads.us_tax(code, total=None if own else tax)

    def _qbo_after_push(self, binding, answer, created):
        result = super()._qbo_after_push(binding, answer, created)
        if binding.entity in CREDIT_FORMS:
            # Not the order's: it keeps its day when the books are closed over it.
            binding.dated = self.qbo_credit_date
        return result

    def _qbo_check_answer(self, backend, entity, body, answer):
        if entity not in CREDIT_FORMS:
            return super()._qbo_check_answer(backend, entity, body, answer)
        ours, theirs = self._qbo_total(entity), round_half_up(D(answer["TotalAmt"]))
        if ours == theirs:
            return None
        reason = self.env._(
            "The credit is %(theirs)s in QuickBooks; the order is %(ours)s less than "
            "its document.",
            theirs=theirs,
            ours=ours,
        )
        if backend._is_us() and backend.us_tax_mode == "qbo":
            return reason
        return Blocked("amount_total", reason, self._qbo_total_fix(backend), "total")


class QboBackend(models.Model):
    _inherit = "qbo.backend"

    def _undeposited_funds(self):
        """Return the id of the account that receipts lie in if they name none.

        :raise Blocked: if it isn't known
        """
        found = self._references("Account").filtered(
            lambda row: row.subkind == "UndepositedFunds"
        )
        if found:
            return found[0].qbo_id
        raise Blocked(
            "receipt_account_id",
            self.env._("No account is chosen that online payments go to."),
            self.env._("Choose it in QuickBooks → Configuration → Connections."),
            "account",
        )


class AccountMove(models.Model):
    """An order that waits for a credit looks again when there is one."""

    _inherit = "account.move"

    def _qbo_credits_there(self, backend):
        """Return the links of these credit notes' credits in QuickBooks."""
        return self._qbo_bindings().filtered(
            lambda link: (
                link.backend_id == backend
                and link.entity in CREDIT_FORMS
                and link.qbo_id
                and link.state != "gone"
            )
        )

    def _qbo_after_push(self, binding, answer, created):
        result = super()._qbo_after_push(binding, answer, created)
        if binding.entity in CREDIT_FORMS:
            # Whatever state they seem to be in: a push that is under way may block
            # such an order a moment from now.
            links = self._qbo_sale_orders()._qbo_bindings()
            links.filtered(
                lambda one: (
                    one.entity in CREDIT_OF and one.state not in ("drifted", "gone")
                )
            )._enqueue()
        return result
