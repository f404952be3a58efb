# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# The way back of sales documents, apart from the way out.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from ..qbo import changes
from ..qbo.money import D, round_half_up
from .pull_sale_form import OrderForm
from .qbo_push import Held

ORDER_RANK = 1000  # behind customers and products


class QboBackend(models.Model):
    _inherit = "qbo.backend"

    pull_invoices = fields.Selection(
        [
            ("draft", "as quotations"),
            ("sale", "as confirmed orders"),
            ("delivered", "as confirmed and delivered orders"),
        ],
        "Invoices made in QuickBooks",
        help="Invoices that were made in QuickBooks become sale orders; empty: they "
        "stay there. Ours never come back.",
    )
    pull_invoices_from = fields.Date(
        "Dated from",
        default=fields.Date.context_today,
        help="Older invoices are left alone, even if they are changed.",
    )


class QboSaleDocument(models.AbstractModel):
    _inherit = "qbo.sale.document"

    def _qbo_enqueue(self, entity, priority=None):
        """What bills an order that came from QuickBooks is there already."""
        mine = self.filtered(lambda one: not one._qbo_billed()._qbo_imported())
        options = {"priority": priority} if priority is not None else {}
        return super(QboSaleDocument, mine)._qbo_enqueue(entity, **options)

    def _qbo_billed(self):
        """The sale orders this document bills."""
        return self._qbo_sale_orders()


class SaleOrder(models.Model):
    """Invoice made in QuickBooks → sale order."""

    _inherit = "sale.order"

    def _qbo_imported(self):
        """Return those of the orders that were made from a document of QuickBooks."""
        # Which of them are from QuickBooks: never shown.
        links = self.sudo().qbo_link_ids.filtered("imported")
        return self.browse(links.mapped("res_id"))

    # ------------------------------------------------ nothing goes back out
    def _qbo_touch(self):
        mine = self - self._qbo_imported()
        return super(SaleOrder, mine)._qbo_touch() if mine else None

    def _qbo_undo(self, entity):
        return None if self._qbo_imported() else super()._qbo_undo(entity)

    def _qbo_check_due(self, backend, entity):
        if self._qbo_imported():
            raise Held(
                self.env._("It was made in QuickBooks: change it there."),
                state="synced",
            )
        return super()._qbo_check_due(backend, entity)

    # -------------------------------------------------------------- import
    def _qbo_import_invoice(self, backend, objects):
        """Make or change the orders of invoices that were made in QuickBooks.

        :raise Blocked: if a customer, a product or a tax has no counterpart
        """
        # What QuickBooks says is taken over with the connection's rights.
        model = self.with_company(backend.company_id).sudo()
        links = self.env["qbo.binding"]._of_objects(backend, "Invoice", objects)
        for values in objects:
            link = links.get(values["Id"])
            if link:
                model._qbo_follow(backend, link, values)
            elif backend.pull_invoices and not model._qbo_leave(backend, values):
                model._qbo_make(backend, values)
        return {}

    def _qbo_leave(self, backend, values):
        """Voided ones, and those from before the start."""
        first = backend.pull_invoices_from
        early = first and values.get("TxnDate", "") < first.isoformat()
        return early or changes.is_voided(values)

    def _qbo_make(self, backend, values):
        form = OrderForm(self.env, backend, values)
        order = self.create({**form.header(), "order_line": form.new_lines()})
        link = self.env["qbo.binding"]._link(backend, "Invoice", [(order, values)])
        link.line_ids = form.line_ids(order)
        if order._qbo_same_total(link, values):
            order._qbo_advance(backend)
        order._qbo_take_shipment(values)

    def _qbo_create_from(self, backend, entity, objects):
        for values in objects:
            self._qbo_make(backend, values)

    def _qbo_plan_one(self, entity, values):
        plan = super()._qbo_plan_one(entity, values)
        customer = (values.get("CustomerRef") or {}).get("name", "")
        details = f"{customer} {values.get('TxnDate')} {values.get('TotalAmt')}"
        return {**plan, "details": details, "rank": ORDER_RANK}

    def _qbo_follow(self, backend, link, values):
        """The invoice was changed or voided in QuickBooks: so is the order."""
        order = link._record().with_company(backend.company_id)
        if changes.is_voided(values):
            link.write(link._version(values))
            link._removed(self.env._("It was voided in QuickBooks."))
            return
        form = OrderForm(self.env, backend, values)
        order.write(form.header_changes())
        form.update_lines(order, link.line_ids or {})
        link.write(link._facts(values))
        link.line_ids = form.line_ids(order)
        order._qbo_same_total(link, values)
        order._qbo_take_shipment(values)

    def _qbo_same_total(self, link, values):
        """A difference is for a person: such an order isn't confirmed by itself."""
        ours = round_half_up(D(self.amount_total))
        theirs = round_half_up(D(values.get("TotalAmt") or 0))
        if ours == theirs:
            return True
        link.write(
            {
                "state": "blocked",
                "error_code": "total",
                "error": self.env._(
                    "The total is %(theirs)s in QuickBooks and %(ours)s in Odoo.",
                    theirs=theirs,
                    ours=ours,
                ),
                "fix": self.env._(
                    "Compare taxes and lines of both documents and correct the order."
                ),
            }
        )
        return False

    def _qbo_advance(self, backend):
        """Confirm, and deliver, as the setting says."""
        if backend.pull_invoices in ("sale", "delivered"):
            self.action_confirm()
        if backend.pull_invoices == "delivered":
            self._qbo_deliver()

    def _qbo_deliver(self):
        for picking in self.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        ):
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking._action_done()

    # ------------------------------------------------------------ shipment
    def _qbo_watched(self, values):
        """Of our own invoices only what the shipping clerk adds is taken over."""
        result = super()._qbo_watched(values)
        self._qbo_take_shipment(values)
        return result

    def _qbo_take_shipment(self, values):
        """Tracking number, carrier and date go onto the deliveries."""
        pickings = self.picking_ids.filtered(lambda one: one.state != "cancel")
        tracking = values.get("TrackingNum")
        for picking in pickings:
            if tracking and picking.carrier_tracking_ref != tracking:
                picking.carrier_tracking_ref = tracking
        method = (values.get("ShipMethodRef") or {}).get("name")
        carrier = method and self.env["delivery.carrier"].search(
            [("name", "=ilike", method)], limit=1
        )
        if carrier:
            pickings.filtered(lambda one: not one.carrier_id).carrier_id = carrier
        shipped = values.get("ShipDate")
        if shipped and self.commitment_date and self._qbo_day() != shipped:
            self.commitment_date = shipped
        elif shipped and not self.commitment_date:
            self.commitment_date = shipped

    def _qbo_day(self):
        return fields.Date.to_string(self.commitment_date)

    def _qbo_on_removed(self, binding, reason):
        result = super()._qbo_on_removed(binding, reason)
        done = self.picking_ids.filtered(lambda one: one.state == "done")
        if binding.imported and self.state != "cancel" and not done:
            self._action_cancel()
        return result
