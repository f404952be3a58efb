# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the file of the amounts.
# pylint: disable=consider-merging-classes-inherited
from odoo import models
from odoo.tools import html2plaintext

from ..qbo import marks, payloads
from ..qbo.payloads import Texts
from .qbo_push import Held
from .qbo_refusals import ELSEWHERE

# What bills a customer: of these a sale gets one kind only, from one model.
BILLING = ("Invoice", "SalesReceipt")


class QboSaleDocument(models.AbstractModel):
    """Who and when of a sales form; and that a sale is billed once."""

    _inherit = "qbo.sale.document"

    # --------------------------------------------------------------- hooks
    def _qbo_date(self):
        """Return the document's date."""
        raise NotImplementedError

    def _qbo_name(self):
        """Return the document's number in Odoo."""
        return self.name

    def _qbo_bill_partner(self):
        return self.partner_invoice_id

    def _qbo_ship_partner(self):
        return self.partner_shipping_id

    def _qbo_memo(self):
        """Return what the customer reads below the lines (HTML)."""
        return self.note

    def _qbo_po(self):
        """Return the customer's own reference."""
        return self.client_order_ref

    # ----------------------------------------------------------- once only
    def _qbo_check_single(self, backend):
        """:raise Held: if the sale is billed by another kind of document already"""
        orders = self._qbo_sale_orders()
        # Who sees the order may know what bills it.
        family = (orders, orders.picking_ids, orders.sudo().invoice_ids)
        for records in family:
            if records._name == self._name:
                continue
            links = records._qbo_bindings().filtered(
                lambda link: (
                    link.backend_id == backend
                    and link.entity in BILLING
                    and link.qbo_id
                    and link.state != "gone"
                )
            )
            if links:
                raise Held(
                    self.env._(
                        "The sale is in QuickBooks already: %s.",
                        ", ".join(links.mapped("display_name")),
                    ),
                    self.env._("A sale is billed once. Nothing has to be done."),
                    code=ELSEWHERE,
                )

    # ------------------------------------------------------------- content
    def _qbo_dependencies(self, backend, entity):
        return [
            (self._qbo_customer(backend), "Customer"),
            (self._qbo_sold_products(backend), "Item"),
            *self._qbo_term_dependency(backend),
        ]

    def _qbo_form(self, backend, entity):
        """What all kinds of sales form say, for `payloads`.

        :raise Blocked: if something is missing or can't be mapped
        """
        self._qbo_check_lines()
        texts = Texts(backend._charset())
        date = self._qbo_booked_on(backend, entity)
        bill, ship = self._qbo_bill_partner(), self._qbo_ship_partner()
        return {
            "customer_id": self._qbo_customer(backend)._qbo_ref(backend, "Customer"),
            "doc_number": self._qbo_number(backend, entity, self._qbo_name()),
            "txn_date": date,
            "private_note": self._qbo_note(date),
            "customer_memo": html2plaintext(self._qbo_memo() or "").strip(),
            "bill_address": bill._qbo_address(with_name=True),
            "ship_address": ship._qbo_address(with_name=True),
            "bill_email": self._qbo_email_to(),
            "email_status": self._qbo_email_status(backend, entity),
            "custom_fields": [
                self._qbo_po_number(backend, texts),
                *self._qbo_custom_fields(backend, texts),
            ],
            "texts": texts,
            **self._qbo_sale_form(backend, texts).body(),
            **self._qbo_currency(backend, date),
            **self._qbo_tracking(backend),
        }

    def _qbo_field_records(self):
        """What the document itself doesn't show is shown of its sale order."""
        orders = self._qbo_sale_orders()[:1]
        return [self] if orders == self else [self, *orders]

    def _qbo_note(self, date):
        """Our mark; above it the real date of what is booked on another."""
        mark = self._qbo_private_note()
        if date == self._qbo_date():
            return mark
        note = self.env._("Dated %s in Odoo.", self._qbo_date())
        return marks.note_with_mark(note, mark)

    def _qbo_prepare_invoice(self, backend):
        """The document as an Invoice; amounts in its own currency."""
        date = self._qbo_booked_on(backend, "Invoice")
        body = payloads.invoice(
            due_date=self._qbo_due_date(date),
            term_id=self._qbo_term_id(backend),
            **self._qbo_form(backend, "Invoice"),
        )
        estimate = self._qbo_estimate(backend)
        if estimate and estimate._customer_id() == body["CustomerRef"]["value"]:
            body["LinkedTxn"] = [payloads.linked_txn(estimate.qbo_id, "Estimate")]
        return body

    def _qbo_estimate(self, backend):
        """Return the link of the Estimate that this Invoice is made from, or none.

        QuickBooks closes an Estimate with its first Invoice, and takes no second.
        """
        orders = self._qbo_sale_orders()
        estimate = orders._qbo_link(backend, "Estimate")
        own = self._qbo_link(backend, "Invoice")
        if len(orders) != 1 or not estimate._is_there():
            return own.browse()
        if own.qbo_id:
            return estimate if "LinkedTxn" in (own.sent or {}) else own.browse()
        billed = self._qbo_family().filtered(
            lambda link: link.entity in BILLING and (link.qbo_id or link.revision)
        )
        return own.browse() if billed else estimate

    def _qbo_po_number(self, backend, texts):
        """The customer's reference, in the custom field chosen for it."""
        field = backend.po_number_field_id
        if not field or not self._qbo_po():
            return None
        return payloads.custom_field(field.qbo_id, self._qbo_po(), field.name, texts)
