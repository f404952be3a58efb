# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..qbo import payloads
from .qbo_push import Held

SALES = {"out_invoice": "Invoice", "out_refund": "CreditMemo"}
# The forms that credit a sale: on account, or with the money given back at once.
CREDIT_FORMS = ("CreditMemo", "RefundReceipt")
# All that a credit note may be: one of them, and the Payment that sets it off.
NOTE_ENTITIES = (*CREDIT_FORMS, "Payment")
# QuickBooks wants them with each update of a Payment.
PAYMENT_RIDERS = ("CustomerRef", "TotalAmt")


class AccountMove(models.Model):
    """Customer invoices → Invoice, if that is how sales are billed; credit notes →
    CreditMemo, however they are."""

    _name = "account.move"
    _inherit = ["account.move", "qbo.sale.document"]
    _qbo_entities = ("Invoice", *NOTE_ENTITIES)
    _qbo_pages = {"Payment": ("recvpayment", "txnId")}
    _qbo_riders = {"Payment": PAYMENT_RIDERS}
    _qbo_tracked = (
        "state",
        "invoice_line_ids",
        "partner_id",
        "ref",
        "invoice_date",
        "invoice_date_due",
        "invoice_payment_term_id",
        "team_id",
        "invoice_user_id",
    )

    # ---------------------------------------------------------------- when
    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        for move in posted.filtered(lambda one: one._qbo_is_sale_to_send()):
            entity = SALES[move.move_type]
            move._qbo_renew(entity)
            move._qbo_enqueue(entity)
        posted._qbo_send_credits()
        return posted

    def _qbo_send_credits(self):
        """Queue what QuickBooks must know of these credit notes as they stand now."""
        if not self.env.context.get("qbo_import"):
            self.filtered(lambda one: one._qbo_is_credit_sent())._qbo_touch()

    def _qbo_is_credit_sent(self):
        """Whether this is a credit note that goes to QuickBooks, or is there."""
        if self.move_type != "out_refund":
            return False
        return any(link.entity in CREDIT_FORMS for link in self._qbo_bindings())

    def _qbo_touch(self):
        """What a credit note was before is queued first: it undoes itself."""
        result = super()._qbo_touch()
        for note in self.filtered(lambda one: one._qbo_is_credit_sent()):
            for entity in note._qbo_credit_entities(note._qbo_backend()):
                note._qbo_restore(entity)
                note._qbo_enqueue(entity)
        return result

    def _qbo_credit_entities(self, backend):
        """Return what a credit note is in QuickBooks now; empty if it isn't posted."""
        if self.state != "posted" or self.move_type != "out_refund":
            return []
        return ["CreditMemo", *(["Payment"] if self._qbo_applies(backend) else [])]

    def _qbo_restore(self, entity):
        """Send again what was taken back for a reason that is gone; not what
        somebody has deleted in QuickBooks."""
        links = self._qbo_bindings().filtered(lambda link: link.entity == entity)
        links.filtered(lambda one: one.state == "gone" and not one.error)._start_over()

    def _qbo_shown(self, links):
        """Of a credit note only what it is now: what it was before is history."""
        if self.move_type != "out_refund" or self.state != "posted":
            return super()._qbo_shown(links)
        now = self._qbo_credit_entities(self._qbo_backend())
        return links.filtered(
            lambda link: link.entity in now or link.state not in ("gone", "held")
        )

    def _qbo_is_sale_to_send(self):
        """Whether this goes to QuickBooks when it is posted."""
        if self.move_type not in SALES or self.env.context.get("qbo_import"):
            return False
        backend = self._qbo_backend()
        if self.move_type == "out_refund":
            return backend.push_refunds
        return backend.push_sales and self._qbo_bills_sales(backend)

    def _qbo_bills_sales(self, backend):
        """Whether this invoice, not its orders or deliveries, is QuickBooks' one."""
        orders = self._qbo_sale_orders()
        if not orders:
            return backend.invoice_when == "invoice"
        return all(order._qbo_billed_by(backend) == "invoice" for order in orders)

    def _qbo_due_entities(self):
        entity = SALES.get(self.move_type)
        return [entity] if entity else super()._qbo_due_entities()

    def _qbo_check_due(self, backend, entity):
        if entity not in ("Invoice", *CREDIT_FORMS):
            super()._qbo_check_due(backend, entity)
            return
        if self.state != "posted":
            raise Held(
                self.env._("It isn't posted."),
                self.env._("It is sent when it is posted."),
            )
        for order in self._qbo_sale_orders():
            order._qbo_check_hold(backend)
        if entity == "Invoice":
            self._qbo_check_single(backend)

    def _qbo_undo(self, entity):
        """QuickBooks voids invoices; credit memos it can only delete."""
        if self.state != "cancel":
            return super()._qbo_undo(entity)
        undo = {"Invoice": "void", "CreditMemo": "delete"}
        return undo.get(entity) or super()._qbo_undo(entity)

    # ---------------------------------------------------------------- what
    def _qbo_sale_orders(self):
        # Which orders an invoice bills: never shown, only sent.
        return self.sudo().invoice_line_ids.sale_line_ids.order_id

    def _qbo_base_lines(self):
        return [base for base in self._qbo_taxed_lines() if self._qbo_is_shown(base)]

    def _qbo_taxed_lines(self):
        """As booked: taxes that a person has corrected count as they are."""
        return self._get_rounded_base_and_tax_lines()[0]

    def _qbo_is_shown(self, base):
        """Lines without a product as well: they are sold as “Other”."""
        details = base["tax_details"]
        return bool(base["product_id"] or details["total_excluded_currency"])

    def _qbo_form_lines(self):
        return self.invoice_line_ids

    def _qbo_item_product(self, backend, line):
        """Goods that don't come back are credited as “Refund”: no stock moves."""
        if self.move_type == "out_refund" and line.product_id.is_storable:
            if not line._qbo_is_returned():
                return self.env.ref("qbo_connector.product_refund")
        return line.product_id or self.env.ref("qbo_connector.product_other")

    def _qbo_is_shipping_line(self, line):
        return any(line.sale_line_ids.mapped("is_delivery"))

    def _qbo_date(self):
        return self.invoice_date or self.date

    def _qbo_due_date(self, date):
        return self.invoice_date_due or date

    def _qbo_payment_term(self):
        return self.invoice_payment_term_id

    def _qbo_bill_partner(self):
        return self.partner_id

    def _qbo_ship_partner(self):
        return self.partner_shipping_id or self.partner_id

    def _qbo_memo(self):
        return self.narration

    def _qbo_po(self):
        return self.ref

    def _qbo_dimensions(self):
        found = super()._qbo_dimensions()
        return {
            **found,
            "team": self.team_id or found["team"],
            "salesperson": self.invoice_user_id or found["salesperson"],
        }

    def _qbo_pdf_report(self):
        return "account.account_invoices", self

    def _qbo_prepare_creditmemo(self, backend):
        """A credit note; QuickBooks has no link from it to the Invoice it credits."""
        return payloads.credit_memo(**self._qbo_form(backend, "CreditMemo"))


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "qbo.sale.document.line"]

    def _qbo_is_returned(self):
        """Whether the goods of this line of a credit note have come back."""
        moves = self.sale_line_ids.move_ids
        return any(move.state == "done" and move._is_incoming() for move in moves)
