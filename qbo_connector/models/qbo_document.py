# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..qbo import marks, payloads
from ..qbo.errors import Blocked
from ..qbo.money import D, price_line, round_half_up
from .qbo_added import add_up


class QboDocument(models.AbstractModel):
    """What trading documents have in common on their way to QuickBooks.

    For models with company_id, currency_id, payment_term_id, amount_tax,
    amount_total and order_line.
    """

    _name = "qbo.document"
    _inherit = "qbo.mixin"
    _description = "Document synced with QuickBooks"

    def _qbo_item_lines(self):
        return self.order_line.filtered(
            lambda line: not line.display_type and line.product_id
        )

    def _qbo_check_lines(self):
        """:raise Blocked: if there is no line with a product"""
        if not self._qbo_item_lines():
            raise Blocked(
                "order_line",
                self.env._("The document has no product lines."),
                self.env._("Add a line with a product, then retry."),
                "lines",
            )

    def _qbo_payment_term(self):
        return self.payment_term_id

    def _qbo_currency_record(self):
        return self.currency_id

    def _qbo_term_dependency(self, backend):
        term = self._qbo_payment_term()
        return [(term, "Term")] if term and term._qbo_needs_term(backend) else []

    def _qbo_term_id(self, backend):
        term = self._qbo_payment_term()
        return term._qbo_term_ref(backend) if term else ""

    def _qbo_local_date(self, moment):
        """The date of a UTC datetime in the company's time zone.

        QuickBooks' dates have no zone.
        """
        zone = self.company_id.partner_id.tz or self.env.user.tz or "UTC"
        record = self.with_context(tz=zone)
        return fields.Datetime.context_timestamp(record, moment).date()

    def _qbo_due_date(self, date):
        """When the last part of the payment terms is due."""
        parts = self._qbo_payment_term().line_ids
        return max((part._get_due_date(date) for part in parts), default=date)

    def _qbo_private_note(self):
        """Our mark: by it a document is known as ours after a lost reply."""
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return marks.mark(uuid, self._name, self.id)

    def _qbo_money(self, amount):
        """An amount of Odoo as a Decimal with the currency's digits."""
        return round_half_up(D(amount), self._qbo_currency_record().decimal_places)

    def _qbo_total(self, entity):
        return self._qbo_money(self.amount_total)

    def _qbo_currency(self, backend, date):
        """CurrencyRef and ExchangeRate, where the company keeps currencies.

        :raise Blocked: if QuickBooks doesn't have the currency
        """
        currency = self._qbo_currency_record()
        backend._check_currency(currency)
        if not backend.multi_currency:
            return {}
        rate = self.env["res.currency"]._get_conversion_rate(
            currency, self.company_id.currency_id, self.company_id, date
        )
        return {"currency": currency.name, "exchange_rate": D(rate)}

    def _qbo_tax(self, backend):
        """US: one code for the document and Odoo's total; elsewhere codes on lines.

        :raise Blocked: if a US document has several sales taxes
        """
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
                    "A US document has one sales tax for all its lines. Use the same "
                    "tax on each taxed line, or split the order."
                ),
                "tax",
            )
        code = combinations.pop()._qbo_tax_code(backend)
        return payloads.us_tax(code, total=self._qbo_money(self.amount_tax))


class QboDocumentLine(models.AbstractModel):
    """A line of a `qbo.document`."""

    _name = "qbo.document.line"
    _description = "Line of a document synced with QuickBooks"
    # Fields whose change is a change of the document.
    _qbo_tracked = ()

    def _post_model_setup__(self):
        result = super()._post_model_setup__()
        add_up(type(self))
        return result

    def _qbo_prepare_line(self, backend, texts):
        """One line to send; sections and notes go as descriptions."""
        if self.display_type:
            body = payloads.description_line(description=self.name, texts=texts)
        else:
            body = self._qbo_prepare_item_line(backend, texts)
        return {**body, "_key": str(self.id)}

    def _qbo_analytic(self):
        """The line's analytic accounts, the one with the largest share first."""
        shares = self.analytic_distribution or {}
        keys = sorted(shares, key=shares.get, reverse=True)
        ids = [int(part) for key in keys for part in key.split(",") if part]
        return self.env["account.analytic.account"].browse(ids).exists()

    def _qbo_common_analytic(self):
        """The analytic accounts that all of these lines have, or none."""
        found = {line._qbo_analytic() for line in self}
        return found.pop() if len(found) == 1 else self.env["account.analytic.account"]

    def _qbo_priced(self, quantity):
        """Net amount as Odoo has it; the price is the net one, discount taken off.

        :param float quantity: in the line's unit; QuickBooks gets the product's
        """
        qty = self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )
        amount = self.order_id._qbo_money(self.price_subtotal)
        priced = price_line(D(qty), amount, self._qbo_net_price())
        return {
            "qty": priced.qty,
            "unit_price": priced.unit_price,
            "amount": priced.amount,
        }

    def _qbo_net_price(self):
        """Price of the product's own unit, after the line's discount.

        None where it isn't simply that: included taxes, other units.
        """
        plain = self.product_uom_id == self.product_id.uom_id
        if not plain or any(self.tax_ids.mapped("price_include")):
            return None
        return D(self.price_unit) * (100 - D(self.discount)) / 100
