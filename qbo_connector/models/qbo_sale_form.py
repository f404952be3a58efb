# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One sales document as QuickBooks takes it: lines, discount, shipping, tax, total."""

from typing import NamedTuple

from ..qbo import payloads, totals
from ..qbo.money import D, price_line, round_half_up
from .qbo_once import once
from .qbo_sale_tax import SaleTax

DISCOUNT_KEY = "discount"
WORDS = ("line_section", "line_subsection", "line_note")


class Priced(NamedTuple):
    """A line with an amount: the Odoo record, its tax-engine line, its net amount."""

    record: object
    base: dict
    amount: object
    code: str

    @property
    def key(self):
        """Names the line over updates."""
        return str(self.record.id)


class SaleForm(SaleTax):
    """Builds what depends on all lines of a document together.

    Odoo's tax engine says what each line and the whole come to; QuickBooks' own rule
    (`qbo.totals`) says what it will compute from that; what is between them is
    handled by the connection's policy, before anything is sent.
    """

    def __init__(self, document, backend, texts):
        self.document = document
        self.backend = backend
        self.texts = texts
        self.env = document.env
        self.figures = document._qbo_figures()
        self.us = backend._is_us()
        self._codes = {}
        self._classes = {}
        self.priced = [self._price(base) for base in self.figures.base_lines]
        self.discounts = [one for one in self.priced if self._is_discount(one)]
        if not self._fits_discount_field():
            self.discounts = []
        self.shipping = self._shipping_field_line()
        self.rounding = D(0)

    # ------------------------------------------------------------- amounts
    def _price(self, base):
        details = base["tax_details"]
        amount = (
            details["total_excluded_currency"]
            + details["delta_total_excluded_currency"]
        )
        code = self._code(base["tax_ids"])
        return Priced(base["record"], base, round_half_up(D(amount), 2), code)

    def _code(self, taxes):
        if taxes not in self._codes:
            key = "tax code", self.backend.id, taxes
            find = taxes._qbo_line_code
            self._codes[taxes] = once(self.env, key, lambda: find(self.backend))
        return self._codes[taxes]

    def _class(self, accounts):
        if accounts not in self._classes:
            found = self.document._qbo_class_id(self.backend, accounts)
            self._classes[accounts] = found
        return self._classes[accounts]

    @property
    def goods(self):
        """The lines that go as lines of their own, in the document's order."""
        return [one for one in self.priced if one not in self.discounts]

    @property
    def discount(self):
        """What the discount field takes off: positive."""
        return -sum((one.amount for one in self.discounts), D(0))

    def _parts(self):
        parts = [
            totals.Part(one.amount, one.code, one is self.shipping)
            for one in self.goods
        ]
        if self.rounding:
            parts.append(totals.Part(self.rounding, self._rounding_code()))
        return parts

    def _is_discount(self, one):
        return self.document._qbo_is_document_discount(one.record) and one.amount <= 0

    def _fits_discount_field(self):
        """QuickBooks spreads its discount over all lines: only such a one fits."""
        backend = self.backend
        if not (backend.allow_discount and backend.discount_mode == "field"):
            return False
        if self.discount <= 0:
            return False
        by_code = {}
        for one in self.discounts:
            by_code[one.code] = by_code.get(one.code, D(0)) - one.amount
        parts = [totals.Part(one.amount, one.code) for one in self.goods]
        return totals.is_spread(parts, self.discount, by_code)

    def _shipping_field_line(self):
        """The one line for QuickBooks' shipping field; with more, none goes there."""
        backend = self.backend
        found = [one for one in self.goods if self._is_shipping(one)]
        if backend.shipping_mode != "field" or not backend.allow_shipping:
            return None
        return found[0] if len(found) == 1 and not self.discounts else None

    def _is_shipping(self, one):
        return self.document._qbo_is_shipping_line(one.record)

    def product(self, one):
        """The product whose Item stands on a line."""
        return self.document._qbo_item_product(self.backend, one.record)

    # ---------------------------------------------------------------- body
    def body(self):
        """Return lines, tax and discount rule for `payloads.sales_form`.

        :raise Blocked: if something can't be mapped, or the policy asks a person
        """
        tax = self._us_tax() if self.us else self._world_tax()
        return {
            "lines": self._lines(),
            "tax": tax,
            # Outside the US the tax is always on what is left.
            "apply_tax_after_discount": True if self.us and self.discounts else None,
        }

    def _lines(self):
        by_record = {one.record: one for one in self.goods if one is not self.shipping}
        lines = []
        for record in self.document._qbo_form_lines():
            if record in by_record:
                lines.append(self._item_line(by_record[record]))
            elif record.display_type in WORDS:
                lines.append(self._text_line(record))
        return [*lines, *self._closing_lines()]

    def _closing_lines(self):
        """Rounding, then what QuickBooks shows below the subtotal, in its order."""
        if self.rounding:
            yield self._rounding_line()
        if self.discounts:
            account = self.backend.discount_account_id.qbo_id
            line = payloads.discount_line(
                amount=self.discount, account_id=account or ""
            )
            yield {**line, "_key": DISCOUNT_KEY}
        if self.shipping:
            line = payloads.shipping_line(
                amount=self.shipping.amount, tax_code_id=self.shipping.code
            )
            yield {**line, "_key": self.shipping.key}

    def _text_line(self, record):
        line = payloads.description_line(description=record.name, texts=self.texts)
        return {**line, "_key": f"{record.id}:words"}

    def _item_line(self, one):
        record, base = one.record, one.base
        quantity = record._qbo_item_quantity(base["quantity"])
        if not quantity and not one.amount:
            # QuickBooks takes a quantity of zero for one that wasn't said.
            return self._text_line(record)
        priced = price_line(quantity, one.amount, record._qbo_price_hint())
        line = payloads.sales_line(
            item_id=self.product(one)._qbo_ref(self.backend, "Item"),
            amount=priced.amount,
            qty=priced.qty,
            unit_price=priced.unit_price,
            description=record.name or "",
            tax_code_id=one.code,
            class_id=self._class(record._qbo_analytic()),
            texts=self.texts,
        )
        return {**line, "_key": one.key}
