# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import Command

from .common import PurchaseCase


class TestPurchasePush(PurchaseCase):
    """A confirmed purchase order becomes a PurchaseOrder, once and to the cent."""

    def test_approving_queues_one_job_and_sends_nothing(self):
        order = self.new_purchase()
        before = self.qbo.requests()
        with self.queued() as trap:
            order.button_confirm()
        trap.assert_jobs_count(1, only=self.links(order)._job_push)
        self.assertEqual(order.qbo_state, "pending")
        self.assertEqual(self.qbo.requests(), before)

    def test_an_order_that_needs_a_second_approval_waits_for_it(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 10
        order = self.new_purchase()
        buyer = self.env["res.users"].create(
            {
                "name": "Buyer",
                "login": "qbo-buyer",
                "company_ids": [Command.set(self.company.ids)],
                "company_id": self.company.id,
                "group_ids": [
                    Command.link(self.env.ref("purchase.group_purchase_user").id)
                ],
            }
        )
        with self.jobs():
            order.with_user(buyer).button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertFalse(self.links(order))
        with self.jobs():
            order.button_approve()
        self.assertEqual(order.qbo_state, "synced")

    def test_order_becomes_purchase_order_with_vendor_items_and_costs(self):
        order = self.pushed(
            (self.board, 40, 18.75),
            (self.desk, 3, 0.333, {"discount": 10}),
            (self.freight, 1, 95.5),
            partner_ref="Q-2041",
            payment_term_id=self.env.ref("account.account_payment_term_30days").id,
            note="<p>Deliver to dock 2</p>",
        )
        found = self.in_qbo(order)
        self.assertEqual(found["DocNumber"], order.name)
        self.assertEqual(found["VendorRef"]["value"], self.links(self.vendor).qbo_id)
        self.assertEqual(found["TotalAmt"], Decimal("846.4"))
        self.assertEqual(order.amount_total, 846.4)
        self.assertEqual(found["TxnDate"], order.date_approve.date().isoformat())
        # QuickBooks has no such day on its orders: the memo says it.
        self.assertNotIn("DueDate", found)
        self.assertFalse(self.links(order).warning)
        self.assertTrue(found["SalesTermRef"]["value"])
        self.assertEqual(found["POEmail"]["Address"], self.vendor.email)
        self.assertEqual(found["ShipAddr"]["Line1"], self.company.name)
        for text in ("Q-2041", "Deliver to dock 2", str(order.date_planned.date())):
            self.assertIn(text, found["Memo"])
        self.assertIn("purchase.order", found["PrivateNote"])
        items, freight = found["Line"][:2], found["Line"][2]
        self.assertEqual(
            [line["Amount"] for line in items], [Decimal("750"), Decimal("0.9")]
        )
        item = items[0]["ItemBasedExpenseLineDetail"]["ItemRef"]["value"]
        self.assertEqual(item, self.board.qbo_id)
        account = freight["AccountBasedExpenseLineDetail"]["AccountRef"]["value"]
        self.assertEqual(account, self.backend.freight_account_id.qbo_id)
        self.assertFalse(self.links(self.freight))

    def test_second_order_of_known_vendor_costs_one_request_and_no_read(self):
        self.pushed()
        order = self.new_purchase()
        before = self.qbo.requests()
        self.approve(order)
        writes, reads = self.qbo.requests()
        self.assertEqual((writes - before[0], reads - before[1]), (1, 0))

    def test_vendor_reference_in_a_custom_field(self):
        self.backend.purchase_field_id = self.backend._references(
            "CustomField"
        ).filtered(lambda row: row.kind == "Purchase")[:1]
        found = self.in_qbo(self.pushed(partner_ref="Q-2041"))
        values = [field.get("StringValue") for field in found["CustomField"]]
        self.assertIn("Q-2041", values)

    def test_vendors_unit_becomes_the_products_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.pushed((self.board, 2, 12, {"product_uom_id": dozen.id}))
        line = self.in_qbo(order)["Line"][0]
        detail = line["ItemBasedExpenseLineDetail"]
        self.assertEqual((detail["Qty"], detail["UnitPrice"]), (24, 1))
        self.assertEqual(line["Amount"], 24)
        self.assertIn("2 Dozens", line["Description"])

    def test_drop_shipment_goes_to_the_customers_address(self):
        order = self.pushed(dest_address_id=self.customer.id)
        self.assertEqual(self.in_qbo(order)["ShipAddr"]["Line1"], "Azure Interior")

    def test_vendor_of_the_same_e_mail_is_linked_not_copied(self):
        known = self.client().create(
            "Vendor",
            {
                "DisplayName": "Sierra",
                "PrimaryEmailAddr": {"Address": self.vendor.email},
            },
            "test-vendor",
        )
        self.pushed()
        self.assertEqual(self.links(self.vendor).qbo_id, known["Id"])

    def test_vendor_of_the_same_name_is_linked_not_copied(self):
        known = self.client().create(
            "Vendor", {"DisplayName": self.vendor.name}, "test-vendor"
        )
        self.pushed()
        self.assertEqual(self.links(self.vendor).qbo_id, known["Id"])

    def test_the_same_company_as_customer_and_vendor(self):
        self.confirm(self.new_order(partner_id=self.vendor.id))
        self.pushed()
        by_entity = {link.entity: link.qbo_id for link in self.links(self.vendor)}
        customer = self.client().read("Customer", by_entity["Customer"])
        vendor = self.client().read("Vendor", by_entity["Vendor"])
        self.assertEqual(customer["DisplayName"], "Sierra Timber")
        self.assertEqual(vendor["DisplayName"], "Sierra Timber (Vendor)")

    def test_long_number_is_shortened_by_the_rule(self):
        order = self.pushed(name="PO/2026/SOUTHERN-BRANCH/000123")
        number = self.in_qbo(order)["DocNumber"]
        self.assertEqual(len(number), 21)
        self.assertTrue(number.endswith("000123"), number)


class TestPurchaseBlocked(PurchaseCase):
    """What can't go through says what, why and how."""

    def test_missing_freight_account(self):
        account = self.backend.freight_account_id
        self.backend.freight_account_id = False
        link = self.assert_blocked(
            self.new_purchase((self.freight, 1, 95.5)), "account"
        )
        self.assertEqual(link.error_field, "freight_account_id")
        self.backend.freight_account_id = account
        with self.jobs():
            link.action_retry()
        self.assertEqual(link.state, "synced", link.error)

    def test_order_without_lines(self):
        order = self.new_purchase()
        order.order_line.unlink()
        self.assert_blocked(order, "lines")

    def test_order_without_positive_cost(self):
        self.assert_blocked(self.new_purchase((self.board, 10, 0)), "cost")

    def test_vendor_without_a_usable_name(self):
        nobody = self.env["res.partner"].create({"name": " : "})
        link = self.assert_blocked(self.new_purchase(partner_id=nobody.id), "name")
        self.assertEqual(link.blocked_by_id.res_id, nobody.id)

    def test_number_that_a_strangers_purchase_order_has(self):
        order = self.pushed()
        client = self.client()
        known = self.in_qbo(order)
        other = self.new_purchase(name="P-STRANGE")
        client.create(
            "PurchaseOrder",
            {
                "DocNumber": "P-STRANGE",
                "VendorRef": known["VendorRef"],
                "Line": [
                    {
                        "Amount": 5,
                        "DetailType": "AccountBasedExpenseLineDetail",
                        "AccountBasedExpenseLineDetail": {
                            "AccountRef": {
                                "value": self.backend.freight_account_id.qbo_id
                            }
                        },
                    }
                ],
            },
            "test-stranger",
        )
        self.assert_blocked(other, "6140")
