# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import models

from ..qbo import totals
from ..qbo.errors import Blocked
from ..qbo.money import D, round_half_up
from ..qbo.payloads import Texts
from .qbo_once import once
from .qbo_sale_form import SaleForm

FORMS = ("Invoice", "SalesReceipt", "Estimate", "CreditMemo", "RefundReceipt")
CENTS = 2
# Takes the noise off a converted quantity such as 1.2000000000000002.
QUANTITY_DIGITS = 6


class Figures(NamedTuple):
    """What Odoo's tax engine says of a document, in its currency."""

    base_lines: list
    untaxed: object
    tax: object
    total: object


class QboSaleDocument(models.AbstractModel):
    """What orders, deliveries and customer invoices have in common as sales forms.

    A model says which lines it has (`_qbo_base_lines`, `_qbo_form_lines`) and whose
    name stands on it; amounts, discount, shipping and tax are found here.
    """

    _name = "qbo.sale.document"
    _inherit = "qbo.document"
    _description = "Sales document synced with QuickBooks"
    # Without it QuickBooks may compute the tax anew when a line is changed.
    _qbo_riders = dict.fromkeys(FORMS, ("TxnTaxDetail",))
    # Only the US has it.
    _qbo_may_drop = ("ApplyTaxAfterDiscount",)
    _qbo_custom_form = "Sales"

    # --------------------------------------------------------------- hooks
    def _qbo_sale_orders(self):
        """Return the sale orders this document bills."""
        raise NotImplementedError

    def _qbo_base_lines(self):
        """Return the lines with amounts as Odoo's tax engine takes them."""
        raise NotImplementedError

    def _qbo_form_lines(self):
        """Return the line records in the order they are shown, words included."""
        raise NotImplementedError

    def _qbo_is_document_discount(self, line):
        """True for Odoo's line that stands for a discount on the whole document."""
        return line.product_id and line.product_id in (
            self.company_id.sale_discount_product_id
        )

    def _qbo_is_shipping_line(self, line):
        """True for a line that charges the shipping."""
        return bool(getattr(line, "is_delivery", False))

    # ---------------------------------------------------------------- life
    def _qbo_number(self, backend, entity, number):
        """The document's number; a second document of the record says so in it."""
        revision = self._qbo_link(backend, entity).revision
        return f"{number}-{revision + 1}" if revision else number

    def _qbo_renew(self, entity):
        """A record that was cancelled and is confirmed again gets a new document."""
        links = self._qbo_bindings().filtered(lambda link: link.entity == entity)
        links.filtered(lambda link: link.state == "gone")._start_over()

    def _qbo_check_theirs(self, backend, entity, body, theirs):
        """What has been paid on isn't voided, and not made less than was paid."""
        if "Balance" not in theirs:
            return
        paid = D(theirs.get("TotalAmt", 0)) - D(theirs["Balance"])
        total = self._qbo_total(entity) if body else D(0)
        # A sales receipt is paid as a whole; an invoice may get a balance again.
        if total == paid or (entity == "Invoice" and total > paid):
            return
        raise self._qbo_paid(entity, paid, total, theirs.get("DocNumber", ""))

    def _qbo_paid(self, entity, paid, total, number):
        """What has been paid for doesn't just change: a `Blocked` that says so."""
        return Blocked(
            "amount_total",
            self.env._(
                "%(paid)s of %(entity)s %(number)s are paid; Odoo has a total of "
                "%(total)s now.",
                paid=round_half_up(paid),
                entity=entity,
                number=number,
                total=total,
            ),
            self.env._(
                "What is paid is not changed behind the accountant's back. Press Give "
                "credit on the order, or give the customer a credit note in Odoo: it "
                "becomes a CreditMemo. Or remove the payment in QuickBooks and retry."
            ),
            "paid",
        )

    # ------------------------------------------------------------- figures
    def _qbo_figures(self):
        """Return net amounts, tax and total as Odoo has them, whatever it rounds by.

        :raise Blocked: if QuickBooks can't hold the total: it keeps two decimals and
            takes no document below zero
        """
        key = "figures", self._name, self.id
        return once(self.env, key, self._qbo_compute_figures)

    def _qbo_compute_figures(self):
        lines = self._qbo_taxed_lines()
        summary = self.env["account.tax"]._get_tax_totals_summary(
            lines, self._qbo_currency_record(), self.company_id
        )
        untaxed, tax = (
            self._qbo_money(summary[name])
            for name in ("base_amount_currency", "tax_amount_currency")
        )
        self._qbo_check_sign(untaxed + tax)
        self._qbo_check_digits(untaxed + tax)
        shown = [line for line in lines if self._qbo_is_shown(line)]
        return Figures(shown, untaxed, tax, round_half_up(untaxed + tax, CENTS))

    def _qbo_taxed_lines(self):
        """The lines with what Odoo's tax engine found out about them."""
        engine = self.env["account.tax"]
        lines = self._qbo_base_lines()
        engine._add_tax_details_in_base_lines(lines, self.company_id)
        engine._round_base_lines_tax_details(lines, self.company_id)
        return lines

    def _qbo_is_shown(self, base):
        """Whether a line of the engine is a line of the document."""
        return bool(base["record"] and base["product_id"])

    def _qbo_item_product(self, backend, line):
        """Return the product whose Item a line sells in QuickBooks."""
        return line.product_id

    def _qbo_check_sign(self, total):
        if total >= 0:
            return
        raise Blocked(
            "amount_total",
            self.env._(
                "The total is %s; QuickBooks takes no document below zero.", total
            ),
            self.env._(
                "Give the customer a credit note in Odoo for it, or correct the "
                "document; then retry."
            ),
            "below_zero",
        )

    def _qbo_check_digits(self, total):
        if total == round_half_up(total, CENTS):
            return
        raise Blocked(
            "amount_total",
            self.env._(
                "The total is %(total)s %(currency)s; QuickBooks keeps two decimals.",
                total=total,
                currency=self._qbo_currency_record().name,
            ),
            self.env._(
                "Change a price so that the total has two decimals, then retry."
            ),
            "digits",
        )

    def _qbo_sale_form(self, backend, texts):
        """:rtype: SaleForm"""
        return SaleForm(self, backend, texts)

    def _qbo_total(self, entity):
        return self._qbo_figures().total

    def _qbo_check_lines(self):
        """:raise Blocked: if nothing is sold"""
        if not self._qbo_base_lines():
            raise Blocked(
                "order_line",
                self.env._("The document has no product lines."),
                self.env._("Add a line with a product, then retry."),
                "lines",
            )

    def _qbo_sold_products(self, backend):
        """The products that must be Items: not those that go in a field of the form."""
        form = self._qbo_sale_form(backend, Texts(backend._charset()))
        lines, products = form.goods, self.env["product.product"]
        if backend.total_policy == "line":
            # Beside a rounding line a discount may have to be a line, too.
            lines, products = form.priced, backend._rounding_product()
        return products.union(
            *(form.product(one) for one in lines if one is not form.shipping)
        )

    # --------------------------------------------------------------- check
    def _qbo_check_answer(self, backend, entity, body, answer):
        """Compare QuickBooks' answer line by line and in total.

        :return: None if it is equal; a text if the settings want the difference; a
            `Blocked` that explains it otherwise
        """
        ours, theirs = self._qbo_total(entity), round_half_up(D(answer["TotalAmt"]))
        if ours == theirs:
            return None
        reason = self.env._(
            "The total is %(theirs)s in QuickBooks and %(ours)s in Odoo: %(why)s.",
            theirs=theirs,
            ours=ours,
            why="; ".join(self._qbo_differences(body, answer)),
        )
        sent = [line for line in body["Line"] if "Amount" in line]
        only_tax = theirs - _total_tax(answer) == totals.net_of(sent)
        if backend._is_us() and backend.us_tax_mode == "qbo" and only_tax:
            return reason
        return Blocked("amount_total", reason, self._qbo_total_fix(backend), "total")

    def _qbo_correction(self, backend, entity, body, answer):
        """Odoo's tax on QuickBooks' own tax lines, if Odoo's is what counts."""
        if backend._is_us():
            counts, digits = backend.us_tax_mode == "odoo", None
        else:
            counts = backend.total_policy == "tax"
            digits = self._qbo_currency_record().decimal_places
        total = self._qbo_total(entity)
        found = counts and totals.corrected(answer, total, body["Line"], digits)
        return {"TxnTaxDetail": found} if found else None

    def _qbo_differences(self, body, answer):
        """Yield what differs, in words: lines, discount, tax."""
        sent = [line for line in body["Line"] if "Amount" in line]
        kept = [
            line
            for line in answer["Line"]
            if "Amount" in line and line["DetailType"] != "SubTotalLineDetail"
        ]
        for number, (ours, theirs) in enumerate(zip(sent, kept, strict=False), 1):
            if D(ours["Amount"]) != D(theirs["Amount"]):
                yield self.env._(
                    "line %(number)s “%(name)s” is %(theirs)s, not %(ours)s",
                    number=number,
                    name=ours.get("Description", ours["DetailType"]),
                    theirs=theirs["Amount"],
                    ours=ours["Amount"],
                )
        if len(sent) != len(kept):
            yield self.env._("%s lines were not kept", len(sent) - len(kept))
        tax, theirs = self._qbo_figures().tax, _total_tax(answer)
        if tax != theirs:
            yield self.env._("tax is %(theirs)s, not %(ours)s", theirs=theirs, ours=tax)

    def _qbo_total_fix(self, backend):
        if backend._is_us() and backend.automated_tax:
            return self.env._(
                "QuickBooks' automated sales tax didn't take Odoo's tax. Correct the "
                "tax in Odoo or on the document in QuickBooks, or let QuickBooks "
                "compute the tax (QuickBooks → Configuration → Connections); then "
                "retry."
            )
        return self.env._(
            "Compare taxes and lines of both documents; correct the document "
            "or its tax mapping, then retry."
        )


def _total_tax(answer):
    return round_half_up((answer.get("TxnTaxDetail") or {}).get("TotalTax") or 0)


class QboSaleDocumentLine(models.AbstractModel):
    """A line of a `qbo.sale.document`."""

    _name = "qbo.sale.document.line"
    _inherit = "qbo.document.line"
    _description = "Line of a sales document synced with QuickBooks"

    def _qbo_item_quantity(self, quantity):
        """A quantity of the line's unit in the product's, as Odoo's stock counts it."""
        if not self.product_id or not self.product_uom_id:
            return round_half_up(D(quantity), QUANTITY_DIGITS)
        stocked = self.product_id.type == "consu"
        qty = self.product_uom_id._compute_quantity(
            quantity,
            self.product_id.uom_id,
            round=stocked,
            rounding_method="HALF-UP",
        )
        return round_half_up(D(qty), QUANTITY_DIGITS)

    def _qbo_price_hint(self):
        """Price of the product's own unit, after the line's discount, or None."""
        return self._qbo_net_price()
