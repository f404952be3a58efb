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
        "Paid on",
        readonly=True,
        help="Day of the latest payment; where it isn't known, the day QuickBooks' "
        "balance went down.",
    )
    payment_days = fields.Json(
        readonly=True, help="Payments on it in QuickBooks: {their id: their day}."
    )

    def _watch(self, values):
        result = super()._watch(values)
        if self._has_balance(values, self.entity):
            self.write(self._paid_facts(values))
        return result

    def _version(self, values, model=None, entity=None):
        """Each answer of QuickBooks says what is still open."""
        facts = super()._version(values, model, entity)
        if self._has_balance(values, entity or self.entity):
            facts |= self._paid_facts(values)
        return facts

    def _has_balance(self, values, entity):
        return entity in BILLING and "Balance" in values

    def _paid_facts(self, values):
        """The balance, and when was paid."""
        total, balance = D(values["TotalAmt"]), D(values["Balance"])
        days = self._days_of_payments(values)
        if balance >= total:
            paid_on = False
        elif days:
            paid_on = max(days.values())
        elif total - balance > self._paid_until_now():
            paid_on = changes.updated(values) or fields.Datetime.now()
        else:
            paid_on = self.paid_on
        return {"qbo_balance": str(balance), "paid_on": paid_on, "payment_days": days}

    def _days_of_payments(self, values):
        """Return {id: day} of the Payments on it that Odoo knows of."""
        there = [
            {"Id": one["TxnId"]}
            for one in values.get("LinkedTxn") or []
            if one["TxnType"] == "Payment"
        ]
        links = self._of_objects(self.backend_id, "Payment", there)
        own = {qbo_id: link._record().exists() for qbo_id, link in links.items()}
        known = self.payment_days or {}
        days = {qbo_id: str(one.date) for qbo_id, one in own.items() if one}
        days |= {one["Id"]: known[one["Id"]] for one in there if one["Id"] in known}
        return days

    def _paid_until_now(self):
        total = D(self.qbo_total or 0)
        return total - D(self.qbo_balance or total)

    def _note_payment(self, qbo_id, day):
        """Remember a Payment on this Invoice.

        :param str day: ISO date
        """
        days = {**(self.payment_days or {}), qbo_id: day}
        if days != self.payment_days:
            self.write({"payment_days": days, "paid_on": max(days.values())})

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
        groups="base.group_user",
    )
    qbo_paid_amount = fields.Monetary(
        "Paid in QuickBooks",
        compute="_compute_qbo_payment",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_paid_on = fields.Date(
        "Last paid on",
        compute="_compute_qbo_payment",
        compute_sudo=True,
        groups="base.group_user",
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
        # Who sees the order may know what bills it.
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
