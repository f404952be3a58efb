# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from what a credit note is otherwise.
# pylint: disable=consider-merging-classes-inherited
from odoo import models

from ..qbo.money import D
from .account_move import CREDIT_FORMS
from .account_refund import CREDIT, RECEIPT
from .qbo_push import Held

CENT = D("0.01")


class AccountMove(models.Model):
    """What was taken off an order isn't credited once more.

    An order bills itself in QuickBooks: made less, its Invoice becomes less. Odoo's
    invoice doesn't; there a credit note follows, which QuickBooks must not get.
    """

    _inherit = "account.move"

    def _qbo_credit_entities(self, backend):
        found = super()._qbo_credit_entities(backend)
        return [CREDIT] if found and self._qbo_is_covered(backend) else found

    def _qbo_check_due(self, backend, entity):
        result = super()._qbo_check_due(backend, entity)
        if entity in (CREDIT, RECEIPT) and self._qbo_is_covered(backend):
            raise Held(
                self.env._("The order was made less, and its Invoice in QuickBooks."),
                self.env._("Nothing has to be credited there."),
                state="synced",
            )
        return result

    def _qbo_is_covered(self, backend):
        """Whether QuickBooks' Invoices are less by all of this credit already."""
        if self._qbo_credits_there(backend):
            return False
        orders = self._qbo_sale_orders()
        links = orders._qbo_bindings().filtered(
            lambda link: (
                link.backend_id == backend and link.entity == "Invoice" and link.qbo_id
            )
        )
        if not orders or set(links.mapped("res_id")) != set(orders.ids):
            return False
        lines = orders.order_line.invoice_lines.filtered(
            lambda line: line.parent_state == "posted"
        )
        mine = lines.filtered(lambda line: line.move_id == self)
        slack = CENT * len(lines)
        in_qbo = _total(links) - orders._qbo_credited(backend) + _signed(mine)
        return _signed(lines) - in_qbo >= -_signed(mine) - slack


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _qbo_credited(self, backend):
        """What is credited on these orders in QuickBooks (Decimal)."""
        own = self._qbo_bindings().filtered(
            lambda link: (
                link.backend_id == backend
                and link.entity in CREDIT_FORMS
                and link.state != "gone"
            )
        )
        return self._qbo_noted(backend) + _total(own)


def _total(links):
    return sum((D(link.qbo_total or 0) for link in links), D(0))


def _signed(lines):
    """What lines of customer invoices come to with tax, credits negative."""
    return sum(
        (
            D(line.price_total) * (-1 if line.move_id.move_type == "out_refund" else 1)
            for line in lines
        ),
        D(0),
    )
