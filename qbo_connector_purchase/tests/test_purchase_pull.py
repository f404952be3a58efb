# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.qbo_connector.tests.pull_common import PullCase

from .bill_common import BillCase


class PurchasePullCase(PullCase, BillCase):
    """A bookkeeper who works on purchases in QuickBooks."""

    def setUp(self):
        super().setUp()
        self.poll()

    def copy_to_bill(self, order, share=1, **values):
        """What QuickBooks' button "Copy to bill" does with an order."""
        found = self.in_qbo(order)
        link = {"TxnId": found["Id"], "TxnType": "PurchaseOrder"}
        lines = []
        for line in found["Line"]:
            detail = dict(line[line["DetailType"]])
            if detail.get("Qty"):
                detail["Qty"] = detail["Qty"] * share
            lines.append(
                {
                    "Amount": line["Amount"] * share,
                    "DetailType": line["DetailType"],
                    line["DetailType"]: detail,
                    "LinkedTxn": [{**link, "TxnLineId": line["Id"]}],
                }
            )
        body = {"VendorRef": found["VendorRef"], "LinkedTxn": [link], "Line": lines}
        return self.save("Bill", **body, **values)

    def pay_in_qbo(self, *bills, amount=None):
        parts = [
            {
                "Amount": amount or bill["TotalAmt"],
                "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}],
            }
            for bill in bills
        ]
        return self.save(
            "BillPayment",
            VendorRef=bills[0]["VendorRef"],
            PayType="Check",
            CheckPayment={"BankAccountRef": self._ref("bill_payment_account_id")},
            TotalAmt=sum(part["Amount"] for part in parts),
            Line=parts,
        )

    def _ref(self, name):
        return {"value": self.backend[name].qbo_id}


class TestBookkeepersBills(PurchasePullCase):
    """Bills the bookkeeper makes in QuickBooks are seen on the order."""

    def test_order_shows_what_it_was_billed_by_and_that_it_is_paid(self):
        order = self.pushed((self.board, 10, 7.5), (self.freight, 1, 12))
        self.assertFalse(order.qbo_billing)
        first = self.copy_to_bill(order, 0.5, DocNumber="INV-7")
        self.poll()
        self.assertEqual(order.qbo_billing, "partial")
        self.assertEqual(order.qbo_bill_ids.name, "INV-7")
        self.assertEqual(order.qbo_bill_ids.total, 43.5)
        second = self.copy_to_bill(order, 0.5, DocNumber="INV-8")
        self.poll()
        self.assertEqual(order.qbo_billing, "billed")
        self.assertEqual(order.qbo_state, "synced")
        self.pay_in_qbo(first, second)
        self.poll()
        self.assertEqual(order.qbo_billing, "paid")
        self.delete("Bill", second["Id"])
        self.poll()
        self.assertEqual(order.qbo_billing, "partial")

    def test_bill_becomes_a_vendor_bill_and_its_payment_a_payment(self):
        self.backend.import_bills = True
        order = self.pushed((self.board, 10, 7.5), (self.freight, 1, 12))
        bill = self.copy_to_bill(order, DocNumber="INV-7")
        self.poll()
        move = order.invoice_ids
        self.assertEqual((move.state, move.amount_total), ("posted", 87))
        self.assertEqual(order.order_line.mapped("qty_invoiced"), [10, 1])
        self.assertEqual(move.qbo_id, bill["Id"])
        self.pay_in_qbo(bill)
        self.poll()
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        self.assertEqual(len(self.client().query("SELECT * FROM Bill")), 1)
        self.assertEqual(len(self.client().query("SELECT * FROM BillPayment")), 1)

    def test_bills_of_other_orders_are_left_alone(self):
        self.pushed()
        self.save(
            "Bill",
            VendorRef={"value": self.links(self.vendor).qbo_id},
            Line=[
                {
                    "Amount": 5,
                    "DetailType": "AccountBasedExpenseLineDetail",
                    "AccountBasedExpenseLineDetail": {
                        "AccountRef": self._ref("freight_account_id")
                    },
                }
            ],
        )
        self.poll()
        self.assertFalse(self.env["qbo.vendor.bill"].search([]))


class TestPaidInQbo(PurchasePullCase):
    """Bills of Odoo that are paid in QuickBooks are paid in Odoo."""

    def billed(self, ref="INV-1"):
        order = self.pushed()
        self.receive(order, 10)
        return self.bill(order, ref)

    def test_paid_voided_and_paid_again(self):
        move = self.billed()
        payment = self.pay_in_qbo(self.in_qbo(move, "Bill"))
        self.poll()
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        order = move.invoice_line_ids.purchase_line_id.order_id
        self.assertEqual(order.qbo_billing, "paid")
        self.poll()
        self.assertEqual(len(move.matched_payment_ids), 1)
        self.delete("BillPayment", payment["Id"])
        self.poll()
        self.assertEqual(move.payment_state, "not_paid")
        self.pay_in_qbo(self.in_qbo(move, "Bill"))
        self.poll()
        self.assertIn(move.payment_state, ("paid", "in_payment"))

    def test_part_of_a_bill(self):
        move = self.billed()
        self.pay_in_qbo(self.in_qbo(move, "Bill"), amount=20)
        self.poll()
        payment = self.env["account.payment"].search([("qbo_source", "!=", False)])
        self.assertEqual((payment.amount, payment.invoice_ids), (20, move))

    def test_one_payment_of_two_bills(self):
        first, second = self.billed(), self.billed("INV-2")
        self.pay_in_qbo(self.in_qbo(first, "Bill"), self.in_qbo(second, "Bill"))
        self.poll()
        for move in first | second:
            self.assertIn(move.payment_state, ("paid", "in_payment"))

    def test_our_own_payments_do_not_come_back(self):
        move = self.billed()
        self.pay(move)
        self.poll()
        self.assertEqual(
            len(
                self.env["account.payment"].search(
                    [("company_id", "=", self.company.id)]
                )
            ),
            1,
        )


class TestPurchaseDrift(PurchasePullCase):
    """The bookkeeper changed or deleted a PurchaseOrder."""

    def drifted(self):
        order = self.pushed()
        line = dict(self.in_qbo(order)["Line"][0])
        detail = {**line["ItemBasedExpenseLineDetail"], "Qty": 8}
        line |= {"ItemBasedExpenseLineDetail": detail, "Amount": 60}
        self.change("PurchaseOrder", order.qbo_id, Line=[line])
        self.poll()
        self.assertEqual(order.qbo_state, "drifted")
        self.assertIn("Line", order.qbo_message)
        return order

    def compare(self, order):
        action = self.links(order).action_compare()
        return self.env["qbo.compare"].browse(action["res_id"])

    def test_changed_and_odoo_counts(self):
        order = self.drifted()
        with self.jobs():
            self.compare(order).action_keep_odoo()
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
        self.assertEqual(self.in_qbo(order)["TotalAmt"], 75)

    def test_changed_and_quickbooks_counts(self):
        order = self.drifted()
        with self.jobs():
            self.compare(order).action_keep_quickbooks()
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
        self.assertEqual(self.in_qbo(order)["TotalAmt"], 60)

    def test_a_note_of_the_bookkeeper_is_kept(self):
        """What Odoo doesn't send isn't drift, and survives the next update."""
        order = self.pushed()
        method = self.change(
            "PurchaseOrder", order.qbo_id, ShipMethodRef={"value": "UPS"}
        )
        self.poll()
        self.assertEqual(order.qbo_state, "synced")
        with self.jobs():
            order.order_line.product_qty = 12
        found = self.in_qbo(order)
        self.assertEqual(found["TotalAmt"], 90)
        self.assertEqual(found["ShipMethodRef"], method["ShipMethodRef"])

    def test_deleted_and_made_anew(self):
        order = self.pushed()
        self.delete("PurchaseOrder", order.qbo_id)
        self.poll()
        self.assertEqual(order.qbo_state, "gone")
        self.assertTrue(order.qbo_message)
        with self.jobs():
            order.order_line.product_qty = 12
        self.assertFalse(self.client().query("SELECT * FROM PurchaseOrder"))
        with self.jobs():
            self.links(order).action_send_anew()
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
        self.assertEqual(self.in_qbo(order)["TotalAmt"], 90)

    def test_deleted_and_cancelled_in_odoo_too(self):
        order = self.pushed()
        self.delete("PurchaseOrder", order.qbo_id)
        self.poll()
        with self.jobs():
            order.button_cancel()
        self.assertEqual(order.qbo_state, "gone")


class TestVendorsBothWays(PurchasePullCase):
    def setUp(self):
        super().setUp()
        self.backend.pull_vendors = True

    def test_changes_go_both_ways(self):
        self.vendor.qbo_account_number = "C-100"
        self.vendor.qbo_1099 = True
        self.pushed()
        vendor = self.links(self.vendor)
        found = self.theirs("Vendor", vendor.qbo_id)
        self.assertEqual((found["AcctNum"], found["Vendor1099"]), ("C-100", True))
        self.change("Vendor", vendor.qbo_id, AcctNum="C-200")
        self.poll()
        self.assertEqual(self.vendor.qbo_account_number, "C-200")
        with self.jobs():
            self.vendor.phone = "+1 555 0100"
        found = self.theirs("Vendor", vendor.qbo_id)
        self.assertEqual(found["AcctNum"], "C-200")
        self.assertEqual(found["PrimaryPhone"]["FreeFormNumber"], "+1 555 0100")

    def test_new_vendor(self):
        self.save("Vendor", DisplayName="Prairie Mill", AcctNum="C-7")
        self.poll()
        found = self.env["res.partner"].search([("name", "=", "Prairie Mill")])
        self.assertEqual((found.qbo_account_number, found.supplier_rank), ("C-7", 1))

    def test_first_import(self):
        known = self.vendor.copy({"name": "Prairie", "email": "mill@example.com"})
        mill = {"PrimaryEmailAddr": {"Address": "mill@example.com"}, "AcctNum": "C-7"}
        self.save("Vendor", DisplayName="Prairie Mill", **mill)
        self.save("Vendor", DisplayName="Hilltop Wool")
        run = self.env["qbo.import"].create(
            {
                "backend_id": self.backend.id,
                "want_customers": False,
                "want_products": False,
            }
        )
        with self.jobs():
            run.action_read()
        by_name = {line.name: line for line in run.line_ids}
        line = by_name["Prairie Mill"]
        self.assertEqual((line.action, line.rule), ("link", "e-mail"))
        self.assertEqual(by_name["Hilltop Wool"].action, "create")
        with self.jobs():
            run.action_run()
        self.assertEqual((run.state, run.failed_count), ("done", 0))
        self.assertEqual(self.links(known).entity, "Vendor")
        self.assertEqual(known.qbo_account_number, "C-7")
        found = self.env["res.partner"].search([("name", "=", "Hilltop Wool")])
        self.assertEqual((len(found), found.supplier_rank), (1, 1))

    def test_merged_by_polling_alone(self):
        order = self.pushed()
        link = self.links(self.vendor)
        winner = self.save("Vendor", DisplayName="Left Ltd")["Id"]
        body = {"entity": "Vendor", "loser": link.qbo_id, "winner": winner}
        self.qbo.admin("merge", realm_id=self.qbo.realm, **body)
        self.poll()
        self.assertEqual((link.qbo_id, link.state), (winner, "synced"))
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
