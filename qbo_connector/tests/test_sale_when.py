# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import Command, fields
from odoo.exceptions import UserError

from .sale_common import DeliveryCase

D = Decimal


class TestSaleWhen(DeliveryCase):
    """When a sale becomes a document in QuickBooks, and that it becomes one once."""

    # ------------------------------------------------------------ delivery
    def test_each_delivery_is_an_invoice_of_what_was_shipped(self):
        self.backend.invoice_when = "delivery"
        order = self.order(
            self.line(qty=10, price=20),
            self.line(self.lamp, qty=2, price=15.5),
            self.line(self.work, qty=1, price=80, taxes=[]),
            client_order_ref="PO-1",
        )
        self.assertFalse(self.confirm(order))
        self.assertEqual(self.count(), 0)
        order.picking_ids.carrier_tracking_ref = "1Z999"
        first, link = self.deliver(order, Desk=4)
        answer = self.in_qbo(link)
        self.assertEqual(answer["DocNumber"], f"{order.name}/1")
        self.assertEqual(answer["TotalAmt"], D("166.4"))  # 80 × 1.08 + 80
        self.assertEqual(self.items(answer), [(4, 20, 80), (1, 80, 80)])
        self.assertEqual(answer["TrackingNum"], "1Z999")
        self.assertEqual(answer["ShipDate"], fields.Date.to_string(first._qbo_date()))
        _second, link = self.deliver(order)
        answer = self.in_qbo(link)
        self.assertEqual(answer["DocNumber"], f"{order.name}/2")
        self.assertEqual(self.items(answer), [(6, 20, 120), (2, D("15.5"), 31)])
        total = sum(
            one["TotalAmt"] for one in self.client().query("select * from Invoice")
        )
        self.assertEqual(f"{total:.2f}", f"{order.amount_total:.2f}")

    def test_parts_of_a_kit_are_no_share_of_it(self):
        """What a kit's delivery looks like; the order bills it as a whole."""
        self.backend.invoice_when = "delivery"
        order = self.order(self.line(qty=2, price=20))
        self.confirm(order)
        picking = order.picking_ids
        part = {
            "product_id": self.lamp.id,
            "product_uom_qty": 1,
            "sale_line_id": order.order_line.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }
        picking.move_ids = [Command.create(part)]
        _picking, link = self.deliver(order)
        self.assertEqual((link.state, link.error_code), ("blocked", "kit"))
        order.qbo_when = "order"
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.count(), 1)

    def test_discount_goes_with_each_delivery_for_its_part(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line(qty=10, price=30))
        self.discount(order, percent=10)
        self.confirm(order)
        totals = []
        for quantity in (3, 7):
            _picking, link = self.deliver(order, Desk=quantity)
            answer = self.in_qbo(link)
            [discount] = self.of_kind(answer, "DiscountLineDetail")
            totals.append((discount["Amount"], answer["TotalAmt"]))
        self.assertEqual(totals, [(9, D("87.48")), (21, D("204.12"))])

    def test_order_of_work_only_does_not_wait_for_a_delivery(self):
        self.backend.invoice_when = "delivery"
        self.invoice(self.order(self.line(self.work)))

    def test_a_dozen_is_shipped_in_pieces(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line(qty=1, price=120, product_uom_id=self.dozen.id))
        self.confirm(order)
        _picking, link = self.deliver(order, Desk=5)
        self.assertEqual(self.items(self.in_qbo(link)), [(5, 10, 50)])

    # ----------------------------------------------------------- once only
    def test_order_that_is_billed_is_not_billed_by_its_delivery(self):
        order = self.order(self.line())
        self.confirm(order)
        self.backend.invoice_when = "delivery"
        _picking, link = self.deliver(order)
        self.assertEqual(link.state, "held")
        self.assertIn("already", link.error)
        self.assertEqual(self.count(), 1)

    def test_order_billed_by_delivery_is_not_sent_by_hand(self):
        self.backend.invoice_when = "delivery"
        order = self.order(self.line())
        self.confirm(order)
        with self.assertRaises(UserError):
            order.action_qbo_push()
        self.deliver(order)
        self.assertEqual(self.count(), 1)

    def test_order_may_say_otherwise_than_the_connection(self):
        order = self.order(self.line(), qbo_when="delivery")
        self.assertFalse(self.confirm(order))
        _picking, link = self.deliver(order)
        self.in_qbo(link)

    # --------------------------------------------------------- quotations
    def test_quotation_is_an_estimate_and_its_invoice_is_linked(self):
        self.backend.push_quotations = True
        order = self.order(self.line(price=50))
        with self.jobs():
            order.action_quotation_sent()
        [link] = self.links(order)
        estimate = self.in_qbo(link, "Estimate")
        self.assert_total(order, estimate)
        self.assertEqual(estimate["TxnStatus"], "Pending")
        with self.jobs():
            order.order_line.price_unit = 60
        self.assert_total(order, self.client().read("Estimate", link.qbo_id))
        links = self.confirm(order)
        invoice = self.in_qbo(links.filtered(lambda one: one.entity == "Invoice"))
        self.assertEqual(invoice["LinkedTxn"][0]["TxnId"], estimate["Id"])
        estimate = self.client().read("Estimate", link.qbo_id)
        self.assertEqual(estimate["TxnStatus"], "Closed")
        with self.jobs():
            order.order_line.product_uom_qty = 7
        self.assertEqual(set(self.links(order).mapped("state")), {"synced"})
        self.assertEqual(order.qbo_id, invoice["Id"])

    def test_lost_quotation_is_rejected(self):
        self.backend.push_quotations = True
        order = self.order(self.line(price=50))
        with self.jobs():
            order.action_quotation_sent()
        with self.jobs():
            order._action_cancel()
        estimate = self.in_qbo(self.links(order), "Estimate")
        self.assertEqual(estimate["TxnStatus"], "Rejected")

    # ----------------------------------------------------------- receipts
    def test_order_paid_online_is_a_sales_receipt(self):
        self.backend.push_receipts = True
        order = self.order(self.line(price=50))
        self.online_payment(order, order.amount_total)
        link = self.confirm(order)
        self.assertEqual(link.entity, "SalesReceipt")
        receipt = self.in_qbo(link, "SalesReceipt")
        self.assert_total(order, receipt)
        self.assertEqual(receipt["PaymentRefNum"], "ch_123")
        self.assertEqual(receipt["PaymentMethodRef"]["name"], "Visa")
        with self.jobs():
            order._action_cancel()
        link = self.links(order)
        self.assertEqual((link.state, link.error_code), ("blocked", "paid"))
        self.assertEqual(self.client().read("SalesReceipt", link.qbo_id), receipt)

    def test_receipt_of_a_changed_order_says_so(self):
        self.backend.push_receipts = True
        order = self.order(self.line(price=50))
        self.online_payment(order, order.amount_total)
        self.confirm(order)
        with self.jobs():
            order.order_line.product_uom_qty = 2
        link = self.links(order)
        self.assertEqual((link.state, link.error_code), ("blocked", "paid"))

    def test_order_paid_online_in_part_is_an_invoice(self):
        self.backend.push_receipts = True
        order = self.order(self.line(price=50))
        self.online_payment(order, 10)
        self.assertEqual(self.confirm(order).entity, "Invoice")

    # --------------------------------------------------------------- hold
    def test_order_on_hold_goes_when_it_is_released(self):
        order = self.order(self.line(), qbo_hold=True)
        link = self.confirm(order)
        self.assertEqual(link.state, "held")
        self.assertIn("hold", order.qbo_message)
        with self.jobs():
            order.qbo_hold = False
        self.in_qbo(link)

    def test_customer_on_hold_goes_when_released(self):
        self.customer.qbo_hold = True
        link = self.confirm(self.order(self.line()))
        self.assertEqual(link.state, "held")
        self.assertIn("Azure", link.error)
        with self.jobs():
            self.customer.qbo_hold = False
        self.in_qbo(link)

    def test_credit_limit_holds_until_it_is_raised(self):
        self.company.account_use_credit_limit = True
        self.backend.hold_over_limit = True
        self.customer.write({"use_partner_credit_limit": True, "credit_limit": 100})
        link = self.confirm(self.order(self.line(price=500)))
        self.assertEqual(link.state, "held")
        self.assertIn("100", link.error)
        self.customer.credit_limit = 10000
        with self.jobs():
            self.env["qbo.binding"]._cron_push_pending()
        self.in_qbo(link)
