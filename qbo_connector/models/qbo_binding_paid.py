# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the way back.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models

from ..qbo import changes
from ..qbo.money import D
from .qbo_sale_header import BILLING

PAID = [("open", "Open"), ("partial", "Partly paid"), ("paid", "Paid")]


class QboBinding(models.Model):
    """What QuickBooks says is still open on an Invoice.

    A payment there changes the Invoice it is applied to; so does taking it back.
    """

    _inherit = "qbo.binding"

    qbo_balance = fields.Char(
        "Still open", readonly=True, help="In QuickBooks, in the document's currency."
    )
    paid_on = fields.Date(
        "Paid on", readonly=True, help="When QuickBooks' balance went down last."
    )

    def _watch(self, values):
        result = super()._watch(values)
        if self.entity in BILLING and "Balance" in values:
            self._note_balance(values)
        return result

    def _note_balance(self, values):
        """Keep the balance, and the day it went down."""
        balance = D(values["Balance"])
        before = D(self.qbo_balance or self.qbo_total or values["TotalAmt"])
        paid = self.paid_on
        if balance < before:
            paid = changes.updated(values) or fields.Datetime.now()
        elif balance >= D(values["TotalAmt"]):
            paid = False
        self.write({"qbo_balance": str(balance), "paid_on": paid})

    def _open_balance(self):
        """What is still open (Decimal); a sales receipt is paid."""
        if self.entity == "SalesReceipt":
            return D(0)
        return D(self.qbo_balance or self.qbo_total or 0)


class SaleOrder(models.Model):
    """An order shows what has been paid on it in QuickBooks."""

    _inherit = "sale.order"

    qbo_payment_state = fields.Selection(
        PAID,
        "Payment in QuickBooks",
        compute="_compute_qbo_payment",
        compute_sudo=True,
        help="Of all its Invoices in QuickBooks.",
    )
    qbo_paid_amount = fields.Monetary(
        "Paid in QuickBooks", compute="_compute_qbo_payment", compute_sudo=True
    )
    qbo_paid_on = fields.Date(
        "Last paid on", compute="_compute_qbo_payment", compute_sudo=True
    )

    @api.depends_context("company")
    def _compute_qbo_payment(self):
        for order in self:
            links = order._qbo_paid_links()
            total = sum((D(link.qbo_total or 0) for link in links), D(0))
            left = sum((link._open_balance() for link in links), D(0))
            order.qbo_paid_amount = float(total - left)
            order.qbo_paid_on = max(
                links.filtered("paid_on").mapped("paid_on"), default=False
            )
            order.qbo_payment_state = links and _paid_state(total, left)

    def _qbo_paid_links(self):
        """The links of all that bills this order, and is in QuickBooks."""
        documents = (self, self.picking_ids, self.sudo().invoice_ids)
        links = self.env["qbo.binding"].union(
            *(one._qbo_bindings() for one in documents)
        )
        return links.filtered(
            lambda link: link.entity in BILLING and link.qbo_id and link.state != "gone"
        )


def _paid_state(total, left):
    if left <= 0:
        return "paid"
    return "partial" if left < total else "open"
