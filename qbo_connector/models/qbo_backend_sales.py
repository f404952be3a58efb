# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from ..qbo.errors import Blocked
from ..qbo.money import D
from .qbo_push import Held
from .sale_order import WHEN


class QboBackend(models.Model):
    """How sales documents go to QuickBooks."""

    _inherit = "qbo.backend"

    # -- what is known of the QuickBooks company
    allow_discount = fields.Boolean(
        readonly=True, copy=False, help="Sales forms have a discount field."
    )
    allow_shipping = fields.Boolean(
        readonly=True, copy=False, help="Sales forms have a shipping field."
    )
    auto_apply_credit = fields.Boolean(
        readonly=True,
        copy=False,
        help="QuickBooks applies credit memos to open invoices by itself.",
    )
    book_close_date = fields.Date(
        readonly=True, copy=False, help="QuickBooks' books are closed up to this day."
    )

    # -- when
    invoice_when = fields.Selection(
        WHEN,
        "Sales are billed",
        default="order",
        required=True,
        help="When a sale becomes an Invoice in QuickBooks; an order may differ.",
    )
    push_quotations = fields.Boolean(
        "Quotations",
        help="Each quotation that is sent becomes an Estimate; the order's Invoice is "
        "linked with it.",
    )
    push_receipts = fields.Boolean(
        "Sales receipts",
        help="An order that was paid online when it is confirmed becomes a "
        "SalesReceipt instead of an Invoice.",
    )
    push_refunds = fields.Boolean(
        "Credit notes",
        default=True,
        help="Each credit note of a customer that is posted becomes a CreditMemo.",
    )
    push_payments = fields.Boolean(
        "Payments of customers",
        help="Each payment of a customer that is posted becomes a Payment, applied to "
        "the same invoices.",
    )
    receipt_account_id = fields.Many2one(
        "qbo.reference",
        "Online payments go to",
        domain="[('backend_id', '=', id), ('entity', '=', 'Account'), "
        "('kind', 'in', ('Bank', 'Other Current Asset'))]",
        ondelete="restrict",
        copy=False,
        help="The account of sales receipts, and of payments whose journal is neither "
        "mapped nor named like an account; without one, Undeposited Funds.",
    )
    hold_over_limit = fields.Boolean(
        "Hold above the credit limit",
        help="Orders of customers over their credit limit in Odoo aren't sent until "
        "they have paid.",
    )

    closed_policy = fields.Selection(
        [
            ("ask", "A person decides"),
            ("next", "First possible day, with the real date in the note"),
            ("hold", "Held until the books are open again"),
        ],
        "Sales dated too early",
        default="ask",
        required=True,
        help="What is done with a sale dated in a period that is closed in "
        "QuickBooks, or before QuickBooks began to count an item that is sold.",
    )

    # -- amounts
    total_policy = fields.Selection(
        [
            ("tax", "QuickBooks takes Odoo's tax"),
            ("line", "A rounding line makes up for it"),
            ("block", "A person decides"),
        ],
        "Rounding differences",
        default="tax",
        required=True,
        help="QuickBooks rounds the tax of each rate once for the whole document; "
        "Odoo may round each line. Where the totals would differ by that, this is "
        "done, so that both come to the same cent.",
    )
    us_tax_mode = fields.Selection(
        [("odoo", "Odoo's tax counts"), ("qbo", "QuickBooks computes it")],
        "US sales tax",
        default="odoo",
        required=True,
        help="Whether QuickBooks is told the tax that Odoo computed, or computes its "
        "own. A difference is then shown on the order.",
    )
    discount_mode = fields.Selection(
        [("field", "QuickBooks' discount field"), ("lines", "Negative lines")],
        "Discounts on a document",
        default="field",
        required=True,
        help="QuickBooks spreads its discount over all lines; a discount on some of "
        "them only goes as a negative line in any case.",
    )
    shipping_mode = fields.Selection(
        [("line", "A line with the shipping product"), ("field", "The shipping field")],
        "Shipping",
        default="line",
        required=True,
        help="QuickBooks' own shipping field, or a line like any other.",
    )
    no_tax_code_id = fields.Many2one(
        "qbo.reference",
        "Tax code of lines without tax",
        domain="[('backend_id', '=', id), ('entity', '=', 'TaxCode')]",
        ondelete="restrict",
        copy=False,
        help="Outside the US, QuickBooks wants a tax code on each line.",
    )

    def _often_read(self):
        sales = ["push_sales", "invoice_when", "push_receipts", "push_quotations"]
        return [*super()._often_read(), *sales]

    def _tax_rates(self, codes):
        """Return {code: [(TaxRate id, percent), …]} of QuickBooks' tax codes."""
        found = self.env["qbo.reference"].search(
            [
                ("backend_id", "=", self.id),
                ("entity", "=", "TaxCode"),
                ("qbo_id", "in", list(codes)),
            ]
        )
        return {
            code.qbo_id: [(oid, D(rate)) for oid, rate in code.rates or []]
            for code in found
        }

    def _payment_method_ref(self, method):
        """Return the id of the PaymentMethod of the same name, or ""."""
        name = (method.name or "").casefold()
        found = self._references("PaymentMethod").filtered(
            lambda row: row.name.casefold() == name
        )
        return found[:1].qbo_id or ""

    def _open_date(self, date, late=False):
        """The day a sale of `date` is booked on, by the policy for closed books.

        :param bool late: a person has chosen the first open day
        :raise Held, Blocked: if it isn't booked
        """
        closed = self.book_close_date
        if not closed or date > closed:
            return date
        if late or self.closed_policy == "next":
            return fields.Date.add(closed, days=1)
        reason = self.env._(
            "It is dated %(date)s, but QuickBooks' books are closed up to %(closed)s.",
            date=date,
            closed=closed,
        )
        if self.closed_policy == "hold":
            raise Held(reason, self.env._("It is sent when the books are open again."))
        raise Blocked(
            "date_order",
            reason,
            self.env._(
                "Book it on the first open day (button), change the date, or have the "
                "books opened in QuickBooks, refresh the lists and retry. Settings can "
                "book such sales on the first open day."
            ),
            "closed",
        )

    def _deposit_account(self, journal):
        """The account money of a journal goes to: mapped, of its name, or chosen."""
        mapped = self.env["qbo.mapping"]._get(self, journal, "Account")
        name = (journal.name or "").casefold()
        named = self._references("Account").filtered(
            lambda row: (
                row.kind in ("Bank", "Other Current Asset")
                and row.name.casefold() == name
            )
        )
        return mapped or named[:1] or self.receipt_account_id

    def _rounding_product(self):
        """The product behind a rounding line."""
        return self.env.ref("qbo_connector.product_rounding")

    def _suggest_mappings(self):
        result = super()._suggest_mappings()
        if not self._is_us() and not self.no_tax_code_id:
            self.no_tax_code_id = self._suggest_no_tax_code()
        return result

    def _suggest_no_tax_code(self):
        """The entry for what isn't taxed at all, by the names QuickBooks gives it."""
        free = self._references("TaxCode").filtered(lambda code: not code.amount)
        for word in ("out of scope", "no vat", "exempt", "zero", "0.0%"):
            named = free.filtered(lambda code, w=word: w in code.name.casefold())
            if named:
                return named[0]
        return free.browse()
