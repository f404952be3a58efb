# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import html2plaintext

from odoo.addons.qbo_connector.models.qbo_push import Held
from odoo.addons.qbo_connector.qbo import marks
from odoo.addons.qbo_connector.qbo.errors import Blocked
from odoo.addons.qbo_connector.qbo.payloads import Texts, custom_field

from .. import payloads
from .qbo_cost import same_costs

# An order approved so long ago may have been sent under a link that is lost.
OLD = timedelta(hours=1)
OPEN, CLOSED = "Open", "Closed"


class PurchaseOrder(models.Model):
    """Confirmed purchase orders → PurchaseOrder."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "qbo.document"]
    _qbo_entities = ("PurchaseOrder",)
    # As with a Bill: the vendor; and the tax, or QuickBooks computes it anew.
    _qbo_riders = {"PurchaseOrder": ("VendorRef", "TxnTaxDetail")}
    # The memo says when the goods are expected.
    _qbo_may_drop = ("DueDate",)
    _qbo_custom_form = "Purchase"
    _qbo_tracked = (
        "state",
        "order_line",
        "partner_id",
        "partner_ref",
        "payment_term_id",
        "date_planned",
        "dest_address_id",
        "note",
    )

    qbo_bill_ids = fields.Many2many(
        "qbo.vendor.bill",
        "qbo_vendor_bill_order_rel",
        string="Bills in QuickBooks",
        readonly=True,
        copy=False,
        groups="qbo_connector.group_qbo_user",
    )
    qbo_billing = fields.Selection(
        [("partial", "Partly billed"), ("billed", "Billed"), ("paid", "Paid")],
        "Billed in QuickBooks",
        compute="_compute_qbo_billing",
        compute_sudo=True,
        help="By the bills in QuickBooks, whoever made them.",
        groups="base.group_user",
    )

    qbo_was_closed = fields.Boolean(
        readonly=True,
        copy=False,
        help="Its PurchaseOrder was closed on cancellation: from then on it says Open "
        "or Closed. Else QuickBooks closes it by itself, when all is billed.",
        groups="base.group_user",
    )

    @api.depends(
        "qbo_bill_ids.billed", "qbo_bill_ids.balance", "order_line.product_qty"
    )
    def _compute_qbo_billing(self):
        for order in self:
            bills = order.qbo_bill_ids.filtered(lambda one: one.entity == "Bill")
            billed = bills and all(
                line._qbo_is_billed(bills) for line in order._qbo_ordered_lines()
            )
            paid = billed and not any(bills.mapped("balance"))
            state = "paid" if paid else "billed" if billed else "partial"
            order.qbo_billing = state if bills else False

    def button_approve(self, force=False):
        result = super().button_approve(force=force)
        approved = self.filtered(lambda order: order.state == "purchase")
        approved._qbo_bindings()._renew_gone()
        approved.filtered(
            lambda order: order._qbo_backend()._purchases_go_by_themselves()
        )._qbo_enqueue("PurchaseOrder")
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self.filtered(
            lambda order: order._qbo_backend().purchase_cancel == "close"
        ).qbo_was_closed = True
        return result

    def _qbo_touch(self):
        """By hand means: a change waits for the person who sends it."""
        sent = self.browse(self._qbo_bindings().mapped("res_id"))
        automatic = sent.filtered(
            lambda order: order._qbo_backend()._purchases_go_by_themselves()
        )
        (sent - automatic)._qbo_bindings().filtered("qbo_id")._hold_change()
        return super(PurchaseOrder, automatic)._qbo_touch()

    # ---------------------------------------------------------------- when
    def _qbo_check_due(self, backend, entity):
        if not backend.push_purchases:
            raise Held(
                self.env._("Purchase orders aren't synced."),
                self.env._("Switch them on in Settings → QuickBooks."),
            )
        cancelled = self.state == "cancel" and self._qbo_known(entity)
        if self.state != "purchase" and not cancelled:
            raise Held(
                self.env._("The purchase order isn't confirmed."),
                self.env._("It is sent when it is confirmed."),
            )

    def _qbo_undo(self, entity):
        """Deleted when cancelled; or closed, which is an ordinary update."""
        if self.state != "cancel":
            return None
        closes = self._qbo_backend().purchase_cancel == "close"
        return None if closes and self._qbo_known(entity) else "delete"

    def _qbo_known(self, entity):
        """Whether the order is in QuickBooks."""
        links = self._qbo_bindings().filtered(lambda link: link.entity == entity)
        return any(link.qbo_id and link.state != "gone" for link in links)

    def _qbo_dependencies(self, backend, entity):
        items = self._qbo_ordered_lines().filtered(lambda one: not one._qbo_is_cost())
        return [
            (self._qbo_vendor(backend), "Vendor"),
            (items.product_id, "Item"),
            (self._qbo_drop_ship_customer(), "Customer"),
            *self._qbo_term_dependency(backend),
        ]

    def _qbo_not_drift(self, binding, values):
        """QuickBooks closes an order by itself: that is no change to ask about."""
        ours = (binding.sent or {}).get("POStatus")
        return {**values, "POStatus": ours} if ours else values

    def _qbo_correction(self, backend, entity, body, answer):
        return self.env["qbo.cost"]._correction(self, entity, body, answer)

    # ---------------------------------------------------------------- find
    def _qbo_look_first(self, entity):
        """An order approved long ago whose link is new: the link may be lost."""
        approved = self.date_approve
        return bool(approved) and approved < fields.Datetime.now() - OLD

    def _qbo_is_same(self, entity, body, found):
        """Our mark says so; or the same vendor was sent the same lines."""
        if super()._qbo_is_same(entity, body, found):
            return True
        return found["VendorRef"]["value"] == body["VendorRef"]["value"] and same_costs(
            body["Line"], found["Line"]
        )

    # ---------------------------------------------------------------- what
    def _qbo_vendor(self, backend):
        """The company that sells, in the order's currency."""
        vendor = self.partner_id.commercial_partner_id
        return vendor._qbo_in_currency(backend, self.currency_id)

    def _qbo_drop_ship_customer(self):
        return self.dest_address_id.commercial_partner_id

    def _qbo_ordered_lines(self):
        """Lines with a quantity: Odoo keeps removed ones with zero."""
        return self._qbo_item_lines().filtered("product_qty")

    def _qbo_check_lines(self):
        """:raise Blocked: if there is nothing to pay for, which QuickBooks refuses"""
        result = super()._qbo_check_lines()
        if not any(line.price_subtotal > 0 for line in self._qbo_ordered_lines()):
            raise Blocked(
                "order_line",
                self.env._("No line of the order costs anything."),
                self.env._("Enter the quantity and price of a line, then retry."),
                "cost",
            )
        return result

    def _qbo_prepare_purchaseorder(self, backend):
        """The order as a PurchaseOrder; amounts in the order's currency.

        QuickBooks drops DueDate on purchase orders at times, and its purchase forms
        have no lines of words only: the memo says when the goods are expected, and
        what sections and notes say.
        """
        self._qbo_check_lines()
        texts = Texts(backend._charset())
        date = self._qbo_local_date(self.date_approve or self.date_order)
        planned = self.date_planned and self._qbo_local_date(self.date_planned)
        return payloads.purchase_order(
            vendor_id=self._qbo_vendor(backend)._qbo_ref(backend, "Vendor"),
            ap_account_id=backend._payable_ref(self.currency_id),
            doc_number=self.name,
            txn_date=date,
            due_date=planned,
            status=self._qbo_status(),
            term_id=self._qbo_term_id(backend),
            memo=self._qbo_memo(planned),
            private_note=marks.note_with_mark(
                self._qbo_received(), self._qbo_private_note()
            ),
            vendor_email=self.partner_id.email,
            vendor_address=self.partner_id._qbo_address(with_name=True),
            ship_address=self._qbo_ship_to()._qbo_address(with_name=True),
            class_id=backend._document_class(
                self._qbo_ordered_lines()._qbo_common_analytic()
            ),
            custom_fields=[
                self._qbo_reference(backend, texts),
                *self._qbo_custom_fields(backend, texts),
            ],
            texts=texts,
            **self._qbo_cost_form(backend, texts),
            **self._qbo_currency(backend, date),
        )

    def _qbo_status(self):
        if self.state == "cancel":
            return CLOSED
        return OPEN if self.qbo_was_closed else ""

    def _qbo_costs(self):
        """:return: (`Cost` rows, their tax)"""
        lines = self._qbo_ordered_lines()
        return lines._qbo_costs(lines.mapped("product_qty"))

    def _qbo_cost_form(self, backend, texts):
        """Lines and tax.

        :raise Blocked: if something can't be mapped
        """
        costs, tax = self._qbo_costs()
        maker = self.env["qbo.cost"]
        customer = self._qbo_drop_ship_customer()
        return {
            "lines": maker._prepare_lines(backend, costs, texts, tax, customer),
            "tax": maker._prepare_tax(backend, costs, tax),
        }

    def _qbo_memo(self, planned):
        parts = [
            self.partner_ref and self.env._("Your reference: %s", self.partner_ref),
            planned and self.env._("Expected: %s", planned.isoformat()),
            *self.order_line.filtered("display_type").mapped("name"),
            html2plaintext(self.note or "").strip(),
        ]
        return "\n".join(part for part in parts if part)

    def _qbo_received(self):
        """What of the goods has come so far: QuickBooks has no field for it."""
        lines = self._qbo_ordered_lines().filtered("qty_received")
        return "\n".join(line._qbo_received() for line in lines)

    def _qbo_reference(self, backend, texts):
        field = backend.purchase_field_id
        if not field or not self.partner_ref:
            return None
        return custom_field(field.qbo_id, self.partner_ref, field.name, texts)

    def _qbo_ship_to(self):
        """The drop-shipped customer, else the warehouse, else the company."""
        warehouse = self.picking_type_id.warehouse_id.partner_id
        return self.dest_address_id or warehouse or self.company_id.partner_id
