# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import html2plaintext

from ..qbo import marks, payloads
from ..qbo.errors import Blocked
from ..qbo.money import D, price_line, round_half_up
from ..qbo.payloads import Texts
from .qbo_push import Held


class SaleOrder(models.Model):
    """Confirmed sale orders → Invoice."""

    _name = "sale.order"
    _inherit = ["sale.order", "qbo.mixin"]
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

    def _qbo_dependencies(self, backend, entity):
        needed = [
            (self._qbo_customer(), "Customer"),
            (self._qbo_item_lines().product_id, "Item"),
        ]
        term = self.payment_term_id
        if term and term._qbo_needs_term(backend):
            needed.append((term, "Term"))
        return needed

    def _qbo_undo(self, entity):
        return "void" if self.state == "cancel" else None

    # ---------------------------------------------------------------- what
    def _qbo_customer(self):
        """The company that pays: contacts and addresses have no Customer."""
        return self.partner_invoice_id.commercial_partner_id

    def _qbo_prepare_invoice(self, backend):
        """The order as an Invoice; amounts in the order's currency."""
        if not self._qbo_item_lines():
            raise Blocked(
                "order_line",
                self.env._("The order has no lines that could be invoiced."),
                self.env._("Add a product line to the order."),
                "lines",
            )
        backend._check_currency(self.currency_id)
        texts = Texts(backend._charset())
        date = self._qbo_date()
        return payloads.invoice(
            customer_id=self._qbo_customer()._qbo_ref(backend, "Customer"),
            doc_number=self.name,
            txn_date=date,
            due_date=self._qbo_due_date(date),
            term_id=self.payment_term_id._qbo_term_ref(backend)
            if self.payment_term_id
            else "",
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

    def _qbo_item_lines(self):
        return self.order_line.filtered(
            lambda line: not line.display_type and line.product_id
        )

    def _qbo_date(self):
        """The order's date in the company's time zone (QuickBooks' dates have none)."""
        zone = self.company_id.partner_id.tz or self.env.user.tz or "UTC"
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.date_order
        )
        return local.date()

    def _qbo_due_date(self, date):
        parts = self.payment_term_id.line_ids
        return max((part._get_due_date(date) for part in parts), default=date)

    def _qbo_private_note(self):
        """Our mark: by it a document is known as ours after a lost reply."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return marks.mark(uuid, self._name, self.id)

    def _qbo_po_number(self, backend, texts):
        field = backend.po_number_field_id
        if not field or not self.client_order_ref:
            return None
        return payloads.custom_field(
            field.qbo_id, self.client_order_ref, field.name, texts
        )

    def _qbo_tax(self, backend):
        """US: one code for the document and Odoo's total; elsewhere codes on lines."""
        if not backend._is_us():
            return payloads.global_tax()
        taxed = self._qbo_item_lines().filtered(
            lambda line: not line.tax_ids._qbo_is_zero()
        )
        combinations = {line.tax_ids for line in taxed}
        if not combinations:
            return {}
        if len(combinations) > 1:
            raise Blocked(
                "order_line",
                self.env._(
                    "The lines have different sales taxes: %s.",
                    ", ".join(taxed.tax_ids.mapped("name")),
                ),
                self.env._(
                    "A US invoice has one sales tax for all its lines. Use the same "
                    "tax on each taxed line, or split the order."
                ),
                "tax",
            )
        code = combinations.pop()._qbo_tax_code(backend)
        return payloads.us_tax(code, total=self._qbo_money(self.amount_tax))

    def _qbo_money(self, amount):
        return round_half_up(D(amount), self.currency_id.decimal_places)

    def _qbo_currency(self, backend, date):
        if not backend.multi_currency:
            return {}
        rate = self.env["res.currency"]._get_conversion_rate(
            self.currency_id, self.company_id.currency_id, self.company_id, date
        )
        return {"currency": self.currency_id.name, "exchange_rate": D(rate)}

    def _qbo_total(self, entity):
        return self._qbo_money(self.amount_total)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _qbo_prepare_line(self, backend, texts):
        """One line of the Invoice; sections and notes go as descriptions."""
        if self.display_type:
            body = payloads.description_line(description=self.name, texts=texts)
        else:
            body = self._qbo_prepare_item_line(backend, texts)
        return {**body, "_key": str(self.id)}

    def _qbo_prepare_item_line(self, backend, texts):
        """Net amount as Odoo has it; the price is the net one, discount taken off."""
        qty = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )
        priced = price_line(
            D(qty),
            self.order_id._qbo_money(self.price_subtotal),
            self._qbo_net_price(),
        )
        return payloads.sales_line(
            item_id=self.product_id._qbo_ref(backend, "Item"),
            amount=priced.amount,
            qty=priced.qty,
            unit_price=priced.unit_price,
            description=self.name,
            tax_code_id=self.tax_ids._qbo_line_code(backend),
            texts=texts,
        )

    def _qbo_net_price(self):
        """Unit price of the product's own unit, after the line's discount.

        None where the price isn't simply that: included taxes, other units.
        """
        plain = self.product_uom_id == self.product_id.uom_id
        if not plain or any(self.tax_ids.mapped("price_include")):
            return None
        return D(self.price_unit) * (100 - D(self.discount)) / 100
