# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import html2plaintext

from ..qbo import payloads
from ..qbo.payloads import Texts
from .qbo_push import Held


class SaleOrder(models.Model):
    """Confirmed sale orders → Invoice."""

    _name = "sale.order"
    _inherit = ["sale.order", "qbo.sale.document"]
    _qbo_entities = ("Invoice",)
    _qbo_tracked = (
        "state",
        "order_line",
        "client_order_ref",
        "payment_term_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "date_order",
        "note",
    )

    def _action_confirm(self):
        result = super()._action_confirm()
        wanted = self.filtered(lambda order: order._qbo_backend().push_sales)
        wanted._qbo_renew("Invoice")
        wanted._qbo_enqueue("Invoice")
        return result

    # ---------------------------------------------------------------- when
    def _qbo_check_due(self, backend, entity):
        if self.state != "sale":
            raise Held(
                self.env._("The order isn't confirmed."),
                self.env._("It is sent when it is confirmed."),
            )

    def _qbo_undo(self, entity):
        return "void" if self.state == "cancel" else None

    def _qbo_dependencies(self, backend, entity):
        return [
            (self._qbo_customer(backend), "Customer"),
            (self._qbo_sold_products(backend), "Item"),
            *self._qbo_term_dependency(backend),
        ]

    # ---------------------------------------------------------------- what
    def _qbo_base_lines(self):
        lines = self._get_priced_lines()
        return [
            *(line._prepare_base_line_for_taxes_computation() for line in lines),
            *self._add_base_lines_for_early_payment_discount(),
        ]

    def _qbo_form_lines(self):
        return self.order_line

    def _qbo_customer(self, backend):
        """The company that pays: contacts and addresses have no Customer."""
        partner = self.partner_invoice_id.commercial_partner_id
        return partner._qbo_in_currency(backend, self.currency_id)

    def _qbo_prepare_invoice(self, backend):
        """The order as an Invoice; amounts in the order's currency."""
        self._qbo_check_lines()
        texts = Texts(backend._charset())
        date = self._qbo_local_date(self.date_order)
        return payloads.invoice(
            customer_id=self._qbo_customer(backend)._qbo_ref(backend, "Customer"),
            doc_number=self._qbo_number(backend, "Invoice", self.name),
            txn_date=date,
            due_date=self._qbo_due_date(date),
            term_id=self._qbo_term_id(backend),
            private_note=self._qbo_private_note(),
            customer_memo=html2plaintext(self.note or "").strip(),
            bill_address=self.partner_invoice_id._qbo_address(with_name=True),
            ship_address=self.partner_shipping_id._qbo_address(with_name=True),
            bill_email=self.partner_invoice_id.email or self.partner_id.email,
            custom_fields=[self._qbo_po_number(backend, texts)],
            texts=texts,
            **self._qbo_sale_form(backend, texts).body(),
            **self._qbo_currency(backend, date),
        )

    def _qbo_po_number(self, backend, texts):
        """The customer's reference, in the custom field chosen for it."""
        field = backend.po_number_field_id
        if not field or not self.client_order_ref:
            return None
        return payloads.custom_field(
            field.qbo_id, self.client_order_ref, field.name, texts
        )


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "qbo.sale.document.line"]
