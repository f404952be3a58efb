# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the files of the documents themselves.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .qbo_sale_header import BILLING

READY = ("done", "posted")


class SaleOrder(models.Model):
    """An order shows what bills it: itself, its deliveries or its invoices."""

    _inherit = "sale.order"

    qbo_progress = fields.Char(
        "Billed in QuickBooks",
        compute="_compute_qbo_progress",
        compute_sudo=True,
        help="How many of the deliveries or invoices that bill this order are in "
        "QuickBooks.",
        groups="base.group_user",
    )

    @api.depends_context("company")
    def _compute_qbo_progress(self):
        for order in self:
            kind, parts = order._qbo_parts()
            sent = parts.filtered(
                lambda one: one._qbo_bindings().filtered(
                    lambda link: link.entity in BILLING and link._is_there()
                )
            )
            order.qbo_progress = order._qbo_say_progress(kind, len(sent), len(parts))

    def _qbo_say_progress(self, kind, sent, whole):
        if kind == "delivery":
            return self.env._(
                "%(sent)s of %(all)s deliveries in QuickBooks", sent=sent, all=whole
            )
        if kind == "invoice":
            return self.env._(
                "%(sent)s of %(all)s invoices in QuickBooks", sent=sent, all=whole
            )
        return False

    def _qbo_parts(self):
        """Return what bills this order: ("delivery", transfers), ("invoice",
        invoices), or (None, empty) if it bills itself, or nothing does yet."""
        backend = self._qbo_backend()
        own = self._qbo_bindings().filtered(
            lambda link: link.entity in BILLING and link._is_there()
        )
        if own or not backend.push_sales or self.state != "sale":
            return None, self.browse()
        kind = self._qbo_billed_by(backend)
        parts = {
            "order": lambda: self.browse(),
            "delivery": lambda: self.picking_ids.filtered(
                lambda one: one._qbo_is_billed()
            ),
            # Who sees the order may know what bills it.
            "invoice": lambda: self.sudo().invoice_ids.filtered(
                lambda one: one.move_type == "out_invoice"
            ),
        }[kind]()
        living = parts.filtered(
            lambda one: (
                one.state != "cancel"
                and not any(link._is_elsewhere() for link in one._qbo_bindings())
            )
        )
        return (None if kind == "order" else kind), living

    # ------------------------------------------------------------- display
    def _qbo_shown(self, links):
        """What bills the order stands for it, whatever document that is."""
        billing = self._qbo_family().filtered(lambda link: link.entity in BILLING)
        shown = super()._qbo_shown(links | billing)
        return shown.filtered(lambda link: not link._is_elsewhere())

    def _qbo_message_of(self, link):
        """Of a delivery or an invoice its name comes first."""
        message = super()._qbo_message_of(link)
        if not message or link.res_model == self._name:
            return message
        return f"{link.name}: {message}"

    def _qbo_having(self, states):
        """Orders with a link in one of these states, or a delivery or invoice so."""
        pickings = self.env["stock.picking"]._qbo_having(states)
        moves = self.env["account.move"]._qbo_having(states)
        by_parts = Domain("picking_ids", "any", pickings) | Domain(
            "order_line.invoice_lines.move_id", "any", moves
        )
        # Whoever sees the order may know where it stands.
        found = self.sudo().with_context(active_test=False)._search(by_parts)
        return super()._qbo_having(states) | Domain("id", "in", found)

    # ------------------------------------------------------------- buttons
    def action_qbo_push(self):
        """Push now what bills the orders: themselves, their deliveries or invoices.

        :raise UserError: if nothing of a single order is due yet
        """
        self._qbo_check_role("write")
        themselves = self.browse()
        for order in self:
            kind, parts = order._qbo_parts()
            due = parts.filtered(lambda one: one.state in READY)
            if not kind:
                themselves |= order
            elif due:
                # What bills an order that the person may write: checked above.
                due.sudo().action_qbo_push()
            elif len(self) == 1:
                raise UserError(order._qbo_not_due(kind))
        return super(SaleOrder, themselves).action_qbo_push()

    def _qbo_not_due(self, kind):
        if kind == "delivery":
            return self.env._(
                "This order is billed for each delivery, and none is done yet."
            )
        return self.env._(
            "This order is billed by Odoo's invoices, and none is posted yet."
        )

    def action_qbo_show(self):
        """Open the order's document in QuickBooks, or the list of several."""
        self._qbo_check_role("read")
        shown = self._qbo_shown(self._qbo_bindings())
        if len(shown.filtered(lambda link: link.entity in BILLING)) < 2:
            return super().action_qbo_show()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%s in QuickBooks", self.name),
            "res_model": "qbo.binding",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", shown.ids)],
        }

    def action_qbo_open_logs(self):
        """Show the sync log of these orders and of what bills them."""
        self._qbo_check_role("read")
        action = super().action_qbo_open_logs()
        parts = self._qbo_family().ids
        action["domain"] = Domain("binding_id", "in", parts) | Domain(action["domain"])
        return action


class StockPicking(models.Model):
    """What happens to a delivery's Invoice is said on its order as well."""

    _inherit = "stock.picking"

    def _qbo_tell(self, text):
        if self.sale_id:
            # A line of the connector's in the order's chatter.
            self.sale_id.sudo()._message_log(body=text)
        return super()._qbo_tell(text)

    def _qbo_person(self):
        return self.sale_id.user_id or super()._qbo_person()
