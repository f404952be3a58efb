# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import html2plaintext

from odoo.addons.qbo_connector.models.qbo_push import Held
from odoo.addons.qbo_connector.qbo import payloads
from odoo.addons.qbo_connector.qbo.payloads import Texts


class PurchaseOrder(models.Model):
    """Confirmed purchase orders → PurchaseOrder."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "qbo.document"]
    _qbo_entities = ("PurchaseOrder",)
    _qbo_tracked = (
        "state",
        "order_line",
        "partner_id",
        "partner_ref",
        "payment_term_id",
        "date_planned",
        "dest_address_id",
        "note",
    )

    def button_approve(self, force=False):
        result = super().button_approve(force=force)
        approved = self.filtered(
            lambda order: order.state == "purchase"
            and order._qbo_backend().push_purchases
        )
        approved._qbo_enqueue("PurchaseOrder")
        return result

    # ---------------------------------------------------------------- when
    def _qbo_check_due(self, backend, entity):
        if self.state != "purchase":
            raise Held(
                self.env._("The purchase order isn't confirmed."),
                self.env._("It is sent when it is confirmed."),
            )

    def _qbo_undo(self, entity):
        return "delete" if self.state == "cancel" else None

    def _qbo_dependencies(self, backend, entity):
        items = self._qbo_item_lines().filtered(lambda line: not line._qbo_is_cost())
        return [
            (self._qbo_vendor(), "Vendor"),
            (items.product_id, "Item"),
            *self._qbo_term_dependency(backend),
        ]

    # ---------------------------------------------------------------- what
    def _qbo_vendor(self):
        return self.partner_id.commercial_partner_id

    def _qbo_prepare_purchaseorder(self, backend):
        """The order as a PurchaseOrder; amounts in the order's currency.

        QuickBooks drops DueDate on purchase orders at times, and its purchase forms
        have no lines of words only: the memo says when the goods are expected, and
        what sections and notes say.
        """
        self._qbo_check_lines()
        texts = Texts(backend._charset())
        date = self._qbo_local_date(self.date_approve or self.date_order)
        planned = self.date_planned and self._qbo_local_date(self.date_planned)
        return payloads.purchase_order(
            vendor_id=self._qbo_vendor()._qbo_ref(backend, "Vendor"),
            ap_account_id=backend._account_ref("payable_account_id"),
            doc_number=self.name,
            txn_date=date,
            due_date=planned,
            term_id=self._qbo_term_id(backend),
            memo=self._qbo_memo(planned),
            private_note=self._qbo_private_note(),
            vendor_email=self.partner_id.email,
            vendor_address=self.partner_id._qbo_address(with_name=True),
            ship_address=self._qbo_ship_to()._qbo_address(with_name=True),
            custom_fields=[self._qbo_reference(backend, texts)],
            lines=[
                line._qbo_prepare_line(backend, texts)
                for line in self._qbo_item_lines()
            ],
            tax=self._qbo_tax(backend),
            texts=texts,
            **self._qbo_currency(backend, date),
        )

    def _qbo_memo(self, planned):
        parts = [
            self.partner_ref and self.env._("Your reference: %s", self.partner_ref),
            planned and self.env._("Expected: %s", planned.isoformat()),
            *self.order_line.filtered("display_type").mapped("name"),
            html2plaintext(self.note or "").strip(),
        ]
        return "\n".join(part for part in parts if part)

    def _qbo_reference(self, backend, texts):
        field = backend.purchase_field_id
        if not field or not self.partner_ref:
            return None
        return payloads.custom_field(field.qbo_id, self.partner_ref, field.name, texts)

    def _qbo_ship_to(self):
        """The drop-shipped customer, else the warehouse, else the company."""
        warehouse = self.picking_type_id.warehouse_id.partner_id
        return self.dest_address_id or warehouse or self.company_id.partner_id


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "qbo.document.line"]

    def _qbo_is_cost(self):
        """Services that are bought but not sold (freight, fees) are costs."""
        return self.product_id.type == "service" and not self.product_id.sale_ok

    def _qbo_prepare_item_line(self, backend, texts):
        common = {
            "description": self.name,
            "tax_code_id": self.tax_ids._qbo_line_code(backend),
            "texts": texts,
        }
        priced = self._qbo_priced(self.product_qty)
        if self._qbo_is_cost():
            return payloads.account_cost_line(
                account_id=backend._account_ref("freight_account_id"),
                amount=priced["amount"],
                **common,
            )
        item = self.product_id._qbo_ref(backend, "Item")
        return payloads.item_cost_line(item_id=item, **priced, **common)
