# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .common import PurchaseCase


class TestPurchaseLife(PurchaseCase):
    """What becomes of a PurchaseOrder after it was sent."""

    def test_two_edits_are_one_update_of_the_same_purchase_order(self):
        order = self.pushed((self.board, 10, 7.5), (self.desk, 2, 40))
        first = self.in_qbo(order)
        before = self.qbo.requests()
        with self.jobs():
            order.order_line[0].product_qty = 12
            order.order_line[0].price_unit = 7.25
            order.partner_ref = "Q-9"
        self.assertEqual(self.qbo.requests(), (before[0] + 1, before[1]))
        second = self.in_qbo(order)
        self.assertEqual(second["Id"], first["Id"])
        self.assertEqual(second["TotalAmt"], 167)
        self.assertIn("Q-9", second["Memo"])
        self.assertEqual(
            [line["Id"] for line in second["Line"]],
            [line["Id"] for line in first["Line"]],
        )

    def test_reduced_and_removed_lines_leave_the_other_lines_ids(self):
        order = self.pushed(
            (self.board, 10, 7.5), (self.desk, 2, 40), (self.freight, 1, 9)
        )
        first = self.in_qbo(order)
        with self.jobs():
            order.order_line[0].product_qty = 0
            order.order_line[1].product_qty = 1
        second = self.in_qbo(order)
        self.assertEqual(second["TotalAmt"], 49)
        self.assertEqual(
            [line["Id"] for line in second["Line"]],
            [line["Id"] for line in first["Line"]][1:],
        )

    def test_received_quantities_are_noted(self):
        order = self.pushed()
        move = order.picking_ids.move_ids
        move.write({"quantity": 4, "picked": True})
        with self.jobs():
            order.picking_ids.with_context(skip_backorder=True).button_validate()
        found = self.in_qbo(order)
        self.assertIn("Received: 4 of 10 Units [BOARD-1] Board", found["PrivateNote"])
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)

    def test_added_line(self):
        order = self.pushed()
        with self.jobs():
            order.order_line = [
                Command.create(self.line_values(self.desk, 1, 40)),
            ]
        self.assertEqual(self.in_qbo(order)["TotalAmt"], 115)

    def test_cancelled_order_is_deleted_and_made_anew_when_confirmed_again(self):
        order = self.pushed()
        gone = self.links(order).qbo_id
        with self.jobs():
            order.button_cancel()
        link = self.links(order)
        self.assertEqual(link.state, "gone", link.error)
        self.assertFalse(self.client().query("SELECT * FROM PurchaseOrder"))
        with self.jobs():
            order.button_draft()
            order.button_confirm()
        self.assertEqual(order.qbo_state, "synced", order.qbo_message)
        self.assertNotEqual(self.in_qbo(order)["Id"], gone)

    def test_cancelled_order_is_closed_where_the_setting_says_so(self):
        self.backend.purchase_cancel = "close"
        order = self.pushed()
        with self.jobs():
            order.button_cancel()
        self.assertEqual(self.in_qbo(order)["POStatus"], "Closed")
        with self.jobs():
            order.button_draft()
            order.button_confirm()
        self.assertEqual(self.in_qbo(order)["POStatus"], "Open")

    def test_cancelled_before_it_was_sent(self):
        order = self.new_purchase()
        self.backend.action_disconnect()
        self.approve(order)
        order.button_cancel()
        with self.jobs():
            self.connect()
        self.assertEqual(order.qbo_state, "held")
        self.assertFalse(self.client().query("SELECT * FROM PurchaseOrder"))

    def test_locked_order_is_still_sent(self):
        self.company.po_lock = "lock"
        order = self.pushed()
        self.assertTrue(order.locked)
        with self.jobs():
            order.partner_ref = "Q-9"
        self.assertIn("Q-9", self.in_qbo(order)["Memo"])

    def test_by_hand_nothing_goes_before_somebody_pushes(self):
        self.backend.purchase_auto = False
        order = self.new_purchase()
        self.assertFalse(self.approve(order))
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.in_qbo(order)["TotalAmt"], 75)
        with self.jobs():
            order.order_line.product_qty = 20
        self.assertEqual(order.qbo_state, "held")
        self.assertIn("changed", order.qbo_message)
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.in_qbo(order)["TotalAmt"], 150)

    def test_switched_off(self):
        self.backend.push_purchases = False
        order = self.new_purchase()
        self.assertFalse(self.approve(order))
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(order.qbo_state, "held")

    def test_lost_link_is_found_by_our_mark(self):
        order = self.pushed()
        link = self.links(order)
        known = link.qbo_id
        link.unlink()
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.links(order).qbo_id, known)

    def test_lost_link_is_found_by_vendor_and_lines(self):
        order = self.pushed()
        found = self.in_qbo(order)
        self.client().update(
            "PurchaseOrder",
            {
                "Id": found["Id"],
                "SyncToken": found["SyncToken"],
                "PrivateNote": "note of the bookkeeper",
            },
            "test-note",
        )
        self.links(order).unlink()
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.links(order).qbo_id, found["Id"])

    def test_old_order_without_link_is_looked_for_first(self):
        """Where the company lets QuickBooks number, a number may come twice."""
        self.qbo.admin("knobs", duplicate_docnumber="accept")
        self.addCleanup(self.qbo.admin, "knobs", duplicate_docnumber=None)
        order = self.pushed()
        known = self.links(order).qbo_id
        self.links(order).unlink()
        order.date_approve = "2026-01-02 12:00:00"
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.links(order).qbo_id, known)
        self.assertEqual(len(self.client().query("SELECT * FROM PurchaseOrder")), 1)

    def test_us_purchase_tax_is_a_cost(self):
        tax = self.tax.copy({"type_tax_use": "purchase", "name": "Use tax 8%"})
        order = self.pushed((self.board, 10, 7.5, {"tax_ids": [Command.set(tax.ids)]}))
        found = self.in_qbo(order)
        self.assertEqual((order.amount_total, found["TotalAmt"]), (81, 81))
        self.assertEqual(found["Line"][1]["Amount"], 6)

    def test_class_of_the_order_where_lines_have_none(self):
        plan = self.env["account.analytic.plan"].create({"name": "Crews"})
        north = self.env["account.analytic.account"].create(
            {"name": "North", "plan_id": plan.id, "company_id": self.company.id}
        )
        known = self.client().create("Class", {"Name": "North"}, "test-class")
        prefs = {"ClassTrackingPerTxn": True, "ClassTrackingPerTxnLine": False}
        self.qbo.admin(
            "preferences",
            realm=self.qbo.realm,
            preferences={"AccountingInfoPrefs": prefs},
        )
        self.backend.action_refresh_lists()
        share = {"analytic_distribution": {str(north.id): 100}}
        found = self.in_qbo(self.pushed((self.board, 10, 7.5, share)))
        self.assertEqual(found["ClassRef"]["value"], known["Id"])
        detail = found["Line"][0]["ItemBasedExpenseLineDetail"]
        self.assertNotIn("ClassRef", detail)

    def test_field_of_the_order_in_a_custom_field(self):
        buyer = self.backend._references("CustomField").filtered(
            lambda row: (row.name, row.kind) == ("Buyer", "Purchase")
        )
        self.env["qbo.custom.field"].create(
            {
                "backend_id": self.backend.id,
                "reference_id": buyer.id,
                "res_model": "purchase.order",
                "path": "origin",
            }
        )
        found = self.in_qbo(self.pushed((self.board, 10, 7.5), origin="RFQ 5"))
        values = {one["Name"]: one.get("StringValue") for one in found["CustomField"]}
        self.assertEqual(values["Buyer"], "RFQ 5")

    def test_class_and_customer_of_a_drop_shipment(self):
        plan = self.env["account.analytic.plan"].create({"name": "Crews"})
        north = self.env["account.analytic.account"].create(
            {"name": "North", "plan_id": plan.id, "company_id": self.company.id}
        )
        known = self.client().create("Class", {"Name": "North"}, "test-class")
        self.backend.action_refresh_lists()
        order = self.pushed(
            (self.board, 10, 7.5, {"analytic_distribution": {str(north.id): 100}}),
            dest_address_id=self.customer.id,
        )
        detail = self.in_qbo(order)["Line"][0]["ItemBasedExpenseLineDetail"]
        self.assertEqual(detail["ClassRef"]["value"], known["Id"])
        self.assertEqual(detail["CustomerRef"]["value"], self.customer.qbo_id)
        self.assertEqual(detail["BillableStatus"], "NotBillable")
