# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import html2plaintext

from ..qbo import payloads
from ..qbo.payloads import Texts
from .qbo_push import Held


class SaleOrder(models.Model):
    """Confirmed sale orders → Invoice."""

    _name = "sale.order"
    _inherit = ["sale.order", "qbo.document"]
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
            (self._qbo_customer(), "Customer"),
            (self._qbo_item_lines().product_id, "Item"),
            *self._qbo_term_dependency(backend),
        ]

    # ---------------------------------------------------------------- what
    def _qbo_customer(self):
        """The company that pays: contacts and addresses have no Customer."""
        return self.partner_invoice_id.commercial_partner_id

    def _qbo_prepare_invoice(self, backend):
        """The order as an Invoice; amounts in the order's currency."""
        self._qbo_check_lines()
        texts = Texts(backend._charset())
        date = self._qbo_local_date(self.date_order)
        return payloads.invoice(
            customer_id=self._qbo_customer()._qbo_ref(backend, "Customer"),
            doc_number=self.name,
            txn_date=date,
            due_date=self._qbo_due_date(date),
            term_id=self._qbo_term_id(backend),
            private_note=self._qbo_private_note(),
            customer_memo=html2plaintext(self.note or "").strip(),
            bill_address=self.partner_invoice_id._qbo_address(with_name=True),
            ship_address=self.partner_shipping_id._qbo_address(with_name=True),
            bill_email=self.partner_invoice_id.email or self.partner_id.email,
            custom_fields=[self._qbo_po_number(backend, texts)],
            lines=[line._qbo_prepare_line(backend, texts) for line in self.order_line],
            tax=self._qbo_tax(backend),
            texts=texts,
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
    _inherit = ["sale.order.line", "qbo.document.line"]

    def _qbo_prepare_item_line(self, backend, texts):
        return payloads.sales_line(
            item_id=self.product_id._qbo_ref(backend, "Item"),
            description=self.name,
            tax_code_id=self.tax_ids._qbo_line_code(backend),
            texts=texts,
            **self._qbo_priced(self.product_uom_qty),
        )
