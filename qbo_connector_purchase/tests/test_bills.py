# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .bill_common import BillCase


class TestPostedBills(BillCase):
    """Odoo's vendor bills become Bills, linked line by line to the PurchaseOrder."""

    def test_partial_receipts_and_bills_close_the_purchase_order(self):
        order = self.pushed((self.board, 10, 7.5), (self.desk, 4, 40))
        self.receive(order, 4, 4)
        first = self.bill(order, "INV-1")
        self.assert_synced(first)
        found = self.in_qbo(first, "Bill")
        self.assertEqual((first.amount_total, found["TotalAmt"]), (190, 190))
        self.assertEqual(found["DocNumber"], "INV-1")
        self.assertEqual(
            [line["LinkedTxn"][0]["TxnLineId"] for line in found["Line"]],
            [line["Id"] for line in self.in_qbo(order)["Line"]],
        )
        self.assertEqual(self.in_qbo(order)["POStatus"], "Open")
        self.receive(order, 6)
        self.bill(order, "INV-2")
        self.assertEqual(self.in_qbo(order)["POStatus"], "Closed")
        self.assertEqual(len(self.in_qbo(order)["LinkedTxn"]), 2)
        self.assertEqual(self.ledger()["Accounts Payable (A/P)"], -235)

    def test_location_is_the_one_of_the_warehouses_name(self):
        order = self.pushed((self.board, 10, 7.5))
        name = order.picking_type_id.warehouse_id.name
        known = self.client().create("Department", {"Name": name}, "test-location")
        self.backend.action_refresh_lists()
        self.receive(order, 10)
        found = self.in_qbo(self.bill(order, "INV-1"), "Bill")
        self.assertEqual(found["DepartmentRef"]["value"], known["Id"])

    def test_over_delivery_and_price_difference(self):
        order = self.pushed((self.board, 10, 7.5))
        self.receive(order, 12)
        order.action_create_invoice()
        move = order.invoice_ids
        move.write({"ref": "INV-1", "invoice_date": "2026-11-20"})
        self.set_lines(move, price_unit=8)
        self.post(move)
        self.assert_synced(move)
        self.assertEqual(self.in_qbo(move, "Bill")["TotalAmt"], 96)
        self.assertEqual(self.in_qbo(order)["POStatus"], "Closed")

    def test_order_that_was_not_sent_goes_first(self):
        self.backend.purchase_auto = False
        order = self.new_purchase()
        self.approve(order)
        self.receive(order, 10)
        move = self.bill(order)
        self.assert_synced(order)
        self.assert_synced(move)

    def test_changed_order_after_a_bill_keeps_the_bills_links(self):
        order = self.pushed((self.board, 10, 7.5), (self.desk, 4, 40))
        self.receive(order, 4, 0)
        self.bill(order)
        linked = self.in_qbo(order)["Line"][0]["Id"]
        with self.jobs():
            order.order_line[1].product_qty = 2
        found = self.in_qbo(order)
        self.assertEqual(found["TotalAmt"], 155)
        self.assertEqual(found["Line"][0]["Id"], linked)
        self.assertTrue(found["LinkedTxn"])

    def test_refund_becomes_a_vendor_credit(self):
        order = self.pushed()
        self.receive(order, 10)
        move = self.bill(order)
        refund = self.refund(move)
        self.assert_synced(refund)
        found = self.in_qbo(refund, "VendorCredit")
        self.assertEqual((found["TotalAmt"], found["DocNumber"]), (75, "CN-1"))
        self.assertNotIn("Accounts Payable (A/P)", self.ledger())

    def test_the_same_number_of_two_vendors(self):
        other = self.vendor.copy({"name": "Prairie Mill", "email": False})
        for vendor in (self.vendor, other):
            order = self.pushed(partner_id=vendor.id)
            self.receive(order, 10)
            self.assert_synced(self.bill(order, "INV-1"))
        self.assertEqual(len(self.client().query("SELECT * FROM Bill")), 2)

    def test_bill_the_bookkeeper_entered_already_is_linked(self):
        order = self.pushed()
        known = self.bookkeepers_bill(order, "INV-1", 75)
        self.receive(order, 10)
        move = self.bill(order, "INV-1")
        self.assertEqual(self.links(move).qbo_id, known["Id"])

    def test_bill_the_bookkeeper_entered_with_another_total_is_not_touched(self):
        order = self.pushed()
        self.bookkeepers_bill(order, "INV-1", 70)
        self.receive(order, 10)
        move = self.bill(order, "INV-1")
        link = self.links(move)
        self.assertEqual((link.state, link.error_code), ("blocked", "6140"))
        self.assertIn("70", link.error)

    def bookkeepers_bill(self, order, number, amount):
        account = self.backend.freight_account_id.qbo_id
        return self.client().create(
            "Bill",
            {
                "VendorRef": self.in_qbo(order)["VendorRef"],
                "DocNumber": number,
                "Line": [
                    {
                        "Amount": amount,
                        "DetailType": "AccountBasedExpenseLineDetail",
                        "AccountBasedExpenseLineDetail": {
                            "AccountRef": {"value": account}
                        },
                    }
                ],
            },
            "test-bill",
        )

    def test_cancelled_bill_is_deleted_and_the_order_reopened(self):
        order = self.pushed()
        self.receive(order, 10)
        move = self.bill(order)
        self.assertEqual(self.in_qbo(order)["POStatus"], "Closed")
        with self.jobs():
            move.button_cancel()
        self.assertEqual(self.links(move).state, "gone", self.links(move).error)
        self.assertEqual(self.in_qbo(order)["POStatus"], "Open")

    def test_bills_without_an_order_are_not_sent_by_themselves(self):
        move = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": "2026-11-20",
                "invoice_line_ids": [
                    (0, 0, {"name": "Rent", "price_unit": 9, "tax_ids": []})
                ],
            }
        )
        self.post(move)
        self.assertFalse(self.links(move))


class TestReceiptBills(BillCase):
    """Where receipts make the bills."""

    def setUp(self):
        super().setUp()
        self.backend.push_bills = "receipt"

    def test_each_receipt_makes_a_linked_bill_and_freight_goes_with_the_first(self):
        order = self.pushed((self.board, 10, 7.5), (self.freight, 1, 12))
        first = self.receive(order, 4)
        self.assert_synced(first)
        found = self.in_qbo(first, "Bill")
        self.assertEqual(found["TotalAmt"], 42)
        self.assertEqual(self.in_qbo(order)["POStatus"], "Open")
        second = self.receive(order, 6)
        self.assert_synced(second)
        self.assertEqual(self.in_qbo(second, "Bill")["TotalAmt"], 45)
        self.assertEqual(self.in_qbo(order)["POStatus"], "Closed")

    def test_the_vendor_bill_does_not_make_a_second_one(self):
        order = self.pushed()
        self.receive(order, 10)
        move = self.bill(order)
        self.assertFalse(self.links(move))
        with self.jobs():
            move.action_qbo_push()
        self.assertEqual(move.qbo_state, "held")
        self.assertEqual(len(self.client().query("SELECT * FROM Bill")), 1)

    def test_goods_sent_back_become_a_vendor_credit(self):
        order = self.pushed()
        picking = self.receive(order, 10)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 3
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.write({"quantity": 3, "picked": True})
        with self.jobs():
            back.button_validate()
        self.assert_synced(back)
        self.assertEqual(self.in_qbo(back, "VendorCredit")["TotalAmt"], 22.5)
        self.assertEqual(self.ledger()["Accounts Payable (A/P)"], -52.5)
