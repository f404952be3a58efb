# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import Command

from .common import QboCase


class TestPush(QboCase):
    """A confirmed sale order becomes an Invoice, once and to the cent."""

    def test_confirming_queues_one_job_and_sends_nothing(self):
        order = self.new_order()
        before = self.qbo.requests()
        with self.queued() as trap:
            order.action_confirm()
        link = self.links(order)
        trap.assert_jobs_count(1, only=link._job_push)
        self.assertEqual(order.qbo_state, "pending")
        self.assertEqual(self.qbo.requests(), before)

    def test_order_becomes_invoice_with_its_customer_and_item(self):
        order = self.new_order(client_order_ref="PO-4711")
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        invoice = self.client().read("Invoice", link.qbo_id)
        self.assertEqual(invoice["DocNumber"], order.name)
        self.assertEqual(invoice["TotalAmt"], Decimal("64.77"))
        self.assertEqual(order.amount_total, 64.77)
        self.assertEqual(invoice["CustomField"][0]["StringValue"], "PO-4711")
        self.assertEqual(self.customer.qbo_id, invoice["CustomerRef"]["value"])
        detail = invoice["Line"][0]["SalesItemLineDetail"]
        self.assertEqual(self.desk.qbo_id, detail["ItemRef"]["value"])
        self.assertEqual(detail["Qty"], 3)
        self.assertEqual(order.qbo_state, "synced")
        self.assertIn(link.qbo_id, order.qbo_url)

    def test_second_order_of_known_customer_costs_one_request_and_no_read(self):
        self.confirm(self.new_order())
        order = self.new_order()
        before = self.qbo.requests()
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        writes, reads = self.qbo.requests()
        self.assertEqual((writes - before[0], reads - before[1]), (1, 0))

    def test_what_an_order_needs_is_looked_up_in_one_call(self):
        lamp = self.env["product.product"].create({"name": "Lamp", "list_price": 8})
        order = self.new_order()
        order.order_line = [Command.create({"product_id": lamp.id})]
        known = self.env["qbo.log"].search([])
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        exchanges = (self.env["qbo.log"].search([]) - known).sorted("id")
        self.assertEqual(
            exchanges.mapped(lambda one: (one.operation, one.entity)),
            [
                ("batch", "Batch"),
                ("create", "Customer"),
                *[("create", "Item")] * 2,
                ("create", "Invoice"),
            ],
        )

    def test_pushing_twice_sends_once(self):
        order = self.new_order()
        link = self.confirm(order)
        before = self.qbo.requests()
        link._job_push()
        self.assertEqual(self.qbo.requests(), before)

    def test_discount_shipping_terms_and_notes(self):
        carrier_product = self.env["product.product"].create(
            {"name": "Parcel", "type": "service", "list_price": 9.5}
        )
        self.env["delivery.carrier"].create(
            {"name": "Parcel", "product_id": carrier_product.id}
        )
        term = self.env.ref("account.account_payment_term_30days")
        order = self.new_order(payment_term_id=term.id)
        order.order_line.discount = 15
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Handle with care"}),
            Command.create(
                {
                    "product_id": carrier_product.id,
                    "price_unit": 9.5,
                    "is_delivery": True,
                    "tax_ids": [Command.clear()],
                }
            ),
        ]
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        invoice = self.client().read("Invoice", link.qbo_id)
        lines = [line for line in invoice["Line"] if line.get("Id")]
        self.assertEqual(lines[0]["Amount"], Decimal("50.97"))
        self.assertEqual(lines[1]["DetailType"], "DescriptionOnly")
        self.assertEqual(lines[2]["Amount"], Decimal("9.5"))
        self.assertEqual(lines[2]["SalesItemLineDetail"]["TaxCodeRef"]["value"], "NON")
        self.assertTrue(invoice["SalesTermRef"]["value"])
        self.assertEqual(str(invoice["TotalAmt"]), f"{order.amount_total:.2f}")

    def test_customer_and_item_that_quickbooks_knows_are_linked_not_copied(self):
        account = self.backend.income_account_id.qbo_id
        customer = self.client().create(
            "Customer",
            {
                "DisplayName": "Azure Ltd",
                "PrimaryEmailAddr": {"Address": "azure@example.com"},
            },
            "test-customer",
        )
        item = self.client().create(
            "Item",
            {
                "Name": "Some desk",
                "Sku": "DESK-1",
                "Type": "Service",
                "IncomeAccountRef": {"value": account},
            },
            "test-item",
        )
        link = self.confirm(self.new_order())
        self.assertEqual(link.state, "synced", link.error)
        self.assertEqual(self.customer.qbo_id, customer["Id"])
        self.assertEqual(self.desk.qbo_id, item["Id"])

    def test_changed_order_updates_its_invoice_and_keeps_line_ids(self):
        order = self.new_order()
        link = self.confirm(order)
        first = self.client().read("Invoice", link.qbo_id)
        with self.jobs() as trap:
            order.order_line.product_uom_qty = 5
            order.write({"client_order_ref": "PO-2"})
            self.env.cr.flush()
            trap.assert_jobs_count(1)
        second = self.client().read("Invoice", self.links(order).qbo_id)
        self.assertEqual(second["Id"], first["Id"])
        self.assertEqual(str(second["TotalAmt"]), f"{order.amount_total:.0f}")
        self.assertEqual(second["Line"][0]["Id"], first["Line"][0]["Id"])

    def test_cancelled_order_voids_its_invoice(self):
        order = self.new_order()
        link = self.confirm(order)
        with self.jobs():
            order._action_cancel()
        self.assertEqual(self.links(order).state, "gone", self.links(order).error)
        self.assertEqual(self.client().read("Invoice", link.qbo_id)["TotalAmt"], 0)
