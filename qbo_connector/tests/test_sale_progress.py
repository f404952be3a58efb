# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from decimal import Decimal

from .sale_common import DeliveryCase

D = Decimal


class TestSaleProgress(DeliveryCase):
    """What an order shows that is billed by its deliveries or by Odoo's invoices."""

    chart = True

    def found(self, *domain):
        mine = ("company_id", "=", self.company.id)
        return self.env["sale.order"].search([mine, *domain])

    def test_order_shows_how_many_of_its_deliveries_are_billed(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line(qty=10), self.line(self.lamp, qty=2))
        self.confirm(order)
        self.assertEqual(order.qbo_progress, "0 of 1 deliveries in QuickBooks")
        self.assertFalse(order.qbo_state)
        self.assertEqual(self.found(("qbo_state", "!=", "synced")), order)
        _picking, first = self.deliver(order, Desk=4)
        self.assertEqual(order.qbo_progress, "1 of 2 deliveries in QuickBooks")
        self.assertEqual(order.qbo_state, "synced")
        self.assertEqual(order.qbo_url, first.qbo_url)
        self.assertEqual(order.action_qbo_show()["url"], first.qbo_url)
        self.assertEqual(self.found(("qbo_state", "=", "synced")), order)
        self.deliver(order)
        self.assertEqual(order.qbo_progress, "2 of 2 deliveries in QuickBooks")
        links = self.env["qbo.binding"].search(order.action_qbo_show()["domain"])
        self.assertEqual(links.mapped("entity"), ["Invoice", "Invoice"])
        said = " ".join(order.message_ids.mapped("body"))
        self.assertIn(f"{order.name}/1", said)
        self.assertIn(f"{order.name}/2", said)

    def test_delivery_that_cannot_go_is_said_on_its_order(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line(qty=10))
        self.confirm(order)
        self.deliver(order, Desk=4)
        self.qbo.admin("faults", kind="fault", code="6000", count=1)
        picking, link = self.deliver(order)
        self.assertEqual(link.state, "blocked")
        self.assertEqual(order.qbo_state, "blocked")
        self.assertIn(picking.name, order.qbo_message)
        self.assertEqual(self.found(("qbo_state", "in", ["blocked"])), order)
        self.assertFalse(self.found(("qbo_state", "=", "synced")))
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)

    def test_order_shows_how_many_of_its_invoices_are_there(self):
        self.backend.invoice_when = "invoice"
        self.work.invoice_policy = "delivery"
        order = self.order(self.line(self.work, qty=4))
        self.confirm(order)
        self.assertEqual(order.qbo_progress, "0 of 0 invoices in QuickBooks")
        for done in (1, 4):
            order.order_line.qty_delivered = done
            with self.jobs():
                order._create_invoices().action_post()
        self.assertEqual(order.qbo_progress, "2 of 2 invoices in QuickBooks")
        self.assertEqual(order.qbo_state, "synced")
        self.assertEqual(self.found(("qbo_state", "=", "synced")), order)
        self.assertEqual(len(order.action_qbo_show()["domain"][0][2]), 2)

    def test_order_that_bills_itself_shows_no_progress(self):
        order = self.order(self.line())
        self.confirm(order)
        self.assertFalse(order.qbo_progress)
        self.backend.invoice_when = "delivery"
        self.deliver(order)
        self.assertEqual(order.qbo_state, "synced")
        self.assertEqual(self.found(("qbo_state", "=", "synced")), order)

    # ------------------------------------------------------ what is shipped
    def test_tracking_and_carrier_follow_from_the_transfer(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line())
        self.confirm(order)
        picking, link = self.deliver(order)
        carrier = self.env["delivery.carrier"].search([("name", "=", "Parcel")])
        with self.jobs():
            picking.write({"carrier_id": carrier.id, "carrier_tracking_ref": "1Z9"})
        invoice = self.in_qbo(link)
        self.assertEqual(invoice["TrackingNum"], "1Z9")
        self.assertEqual(invoice["ShipMethodRef"]["value"], "Parcel")
        self.assertTrue(invoice["ShipDate"])

    def test_changed_price_changes_what_was_delivered(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line(qty=10, price=20))
        self.confirm(order)
        _picking, link = self.deliver(order, Desk=4)
        with self.jobs():
            order.order_line.price_unit = 25
        self.assertEqual(self.items(self.in_qbo(link)), [(4, 25, 100)])

    def test_cancelled_order_keeps_what_was_delivered(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line(qty=10))
        self.confirm(order)
        _picking, link = self.deliver(order, Desk=4)
        with self.jobs():
            order._action_cancel()
        before = self.in_qbo(link)
        self.assertEqual(before["TotalAmt"], D("43.2"))
        order.action_draft()
        self.confirm(order)
        _picking, again = self.deliver(order)
        self.assertEqual(self.in_qbo(again)["DocNumber"], f"{order.name}/2")
        self.assertEqual(self.in_qbo(link), before)

    # -------------------------------------------------------------- returns
    def give_back(self, picking, quantity):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_ids=picking.ids)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        for move in back.move_ids:
            move.write({"quantity": quantity, "picked": True})
        with self.jobs():
            back.button_validate()
        self.assertEqual(back.state, "done")

    def held_delivery(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line(qty=10, price=20), qbo_hold=True)
        self.confirm(order)
        picking, link = self.deliver(order)
        self.assertEqual(order.qbo_state, "held")
        return order, picking, link

    def test_what_came_back_before_it_was_billed_is_not_billed(self):
        order, picking, link = self.held_delivery()
        self.give_back(picking, 3)
        with self.jobs():
            order.qbo_hold = False
            link._enqueue()
        self.assertEqual(self.items(self.in_qbo(link)), [(7, 20, 140)])
        self.give_back(picking, 2)
        with self.jobs():
            picking._qbo_touch()
        self.assertEqual(self.items(self.in_qbo(link)), [(7, 20, 140)])

    def test_delivery_that_came_back_whole_is_not_billed(self):
        order, picking, link = self.held_delivery()
        self.give_back(picking, 10)
        with self.jobs():
            order.qbo_hold = False
            link._enqueue()
        self.assertEqual(link.state, "held")
        self.assertIn("came back", link.error)
        self.assertEqual(order.qbo_progress, "0 of 0 deliveries in QuickBooks")

    # ------------------------------------------------------------ estimates
    def test_estimate_is_converted_by_the_first_delivery(self):
        self.backend.write({"invoice_when": "delivery", "push_quotations": True})
        order = self.order(self.line(qty=10))
        with self.jobs():
            order.action_quotation_sent()
        [offer] = self.links(order)
        self.confirm(order)
        self.assertEqual(self.in_qbo(offer, "Estimate")["TxnStatus"], "Accepted")
        _picking, first = self.deliver(order, Desk=4)
        _picking, second = self.deliver(order)
        linked = json.dumps(self.in_qbo(first)["LinkedTxn"])
        self.assertIn(offer.qbo_id, linked)
        self.assertFalse(self.in_qbo(second).get("LinkedTxn"))
        self.assertEqual(
            self.client().read("Estimate", offer.qbo_id)["TxnStatus"], "Closed"
        )

    def test_order_with_an_estimate_cancelled_and_confirmed_again(self):
        self.backend.push_quotations = True
        order = self.order(self.line())
        with self.jobs():
            order.action_quotation_sent()
        self.confirm(order)
        with self.jobs():
            order._action_cancel()
        order.action_draft()
        links = self.confirm(order)
        invoice = links.filtered(lambda link: link.entity == "Invoice")
        self.assertEqual(self.in_qbo(invoice)["DocNumber"], f"{order.name}-2")
