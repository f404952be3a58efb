# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .pull_common import PullCase


class TestPullSale(PullCase):
    """Invoices made in QuickBooks become sale orders; ours never come back."""

    def setUp(self):
        super().setUp()
        self.backend.pull_invoices = "sale"
        self.backend.pull_invoices_from = "2020-01-01"
        self.shop = self.save("Customer", DisplayName="Walk-in Ltd")
        self.item = self.new_item("Lamp", Sku="LAMP-1", QtyOnHand=50)

    def new_invoice(self, *lines, **values):
        lines = lines or [self.goods(3, 19.99)]
        body = {"CustomerRef": {"value": self.shop["Id"]}, "Line": list(lines)}
        return self.save("Invoice", **{**body, "TxnDate": "2026-11-02", **values})

    def goods(self, quantity, price, item=None, taxed=False, **values):
        return {
            "DetailType": "SalesItemLineDetail",
            "Amount": round(quantity * price, 2),
            "SalesItemLineDetail": {
                "ItemRef": {"value": (item or self.item)["Id"]},
                "Qty": quantity,
                "UnitPrice": price,
                "TaxCodeRef": {"value": "TAX" if taxed else "NON"},
            },
            **values,
        }

    def order_of(self, invoice):
        link = self.link_of("Invoice", invoice["Id"])
        return self.env["sale.order"].browse(link.res_id)

    def test_whole_invoice(self):
        term = self.backend._references("Term").filtered(lambda row: row.amount == 30)
        invoice = self.new_invoice(
            self.goods(3, 19.99, taxed=True, Description="Lamp, blue"),
            {"DetailType": "DescriptionOnly", "Description": "By hand"},
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": 12.5,
                "SalesItemLineDetail": {"ItemRef": {"value": "SHIPPING_ITEM_ID"}},
            },
            CustomerMemo={"value": "Thank you"},
            SalesTermRef={"value": term[0].qbo_id},
            CustomField=[
                {"DefinitionId": "1", "Type": "StringType", "StringValue": "PO-7"}
            ],
            TxnTaxDetail={"TxnTaxCodeRef": {"value": self.tax_code()}},
        )
        self.poll()
        order = self.order_of(invoice)
        self.assertRecordValues(
            order,
            [
                {
                    "state": "sale",
                    "client_order_ref": "PO-7",
                    "amount_total": float(invoice["TotalAmt"]),
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(order.partner_id.name, "Walk-in Ltd")
        self.assertIn("Thank you", order.note)
        self.assertEqual(order.payment_term_id.qbo_simple_days, 30)
        goods, words, shipping = order.order_line
        self.assertEqual(goods.product_id.default_code, "LAMP-1")
        self.assertEqual((goods.product_uom_qty, goods.price_unit), (3, 19.99))
        self.assertEqual(goods.tax_ids, self.tax)
        self.assertEqual(words.display_type, "line_note")
        self.assertTrue(shipping.is_delivery)

    def test_what_is_paid_shows_on_the_order(self):
        invoice = self.new_invoice(self.goods(1, 100))
        self.poll()
        link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
        self.save(
            "Payment",
            CustomerRef=invoice["CustomerRef"],
            TotalAmt=40,
            TxnDate="2026-11-09",
            Line=[{"Amount": 40, "LinkedTxn": [link]}],
        )
        self.poll()
        order = self.order_of(invoice)
        self.assertEqual(order.qbo_payment_state, "partial")
        self.assertEqual(order.qbo_paid_amount, 40)
        self.assertEqual(str(order.qbo_paid_on), "2026-11-09")

    def tax_code(self):
        row = self.backend.tax_mapping_ids.filtered(
            lambda one: one.res_id == self.tax.id
        )
        return row.reference_id.qbo_id

    def test_nothing_goes_back(self):
        self.new_invoice()
        before = self.qbo.requests()[0]
        self.poll()
        self.assertEqual(self.qbo.requests()[0], before)

    def test_discounts_come_to_the_same_total(self):
        for detail in (
            {"DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10}},
            {"DiscountLineDetail": {"PercentBased": False}, "Amount": 7.5},
        ):
            invoice = self.new_invoice(
                self.goods(4, 25), {"DetailType": "DiscountLineDetail", **detail}
            )
            self.poll()
            order = self.order_of(invoice)
            self.assertEqual(order.amount_total, float(invoice["TotalAmt"]))
            self.assertEqual(order.state, "sale")

    def test_draft_confirmed_or_delivered(self):
        for wanted, state in (("draft", "draft"), ("delivered", "sale")):
            self.backend.pull_invoices = wanted
            invoice = self.new_invoice()
            self.poll()
            order = self.order_of(invoice)
            self.assertEqual(order.state, state)
            self.assertEqual(
                sum(order.order_line.mapped("qty_delivered")),
                3 if wanted == "delivered" else 0,
            )

    def test_ours_are_never_imported(self):
        self.confirm(self.new_order())
        count = self.env["sale.order"].search_count([])
        self.poll()
        self.links(self.env["sale.order"].search([])).unlink()
        self.env["qbo.cursor"].search([]).since = "2026-11-01"
        self.poll()
        self.assertEqual(self.env["sale.order"].search_count([]), count)

    def test_edits_follow(self):
        invoice = self.new_invoice(self.goods(3, 19.99), self.goods(1, 5))
        self.poll()
        order = self.order_of(invoice)
        first, second = (
            line
            for line in self.theirs("Invoice", invoice["Id"])["Line"]
            if "Id" in line
        )
        changed = {
            **first,
            "Amount": 99.95,
            "SalesItemLineDetail": {**first["SalesItemLineDetail"], "Qty": 5},
        }
        self.change("Invoice", invoice["Id"], Line=[changed, self.goods(2, 7)])
        self.poll()
        self.assertEqual(
            order.order_line.sorted("id").mapped("product_uom_qty"), [5, 0, 2]
        )
        theirs = self.theirs("Invoice", invoice["Id"])
        self.assertEqual(order.amount_total, float(theirs["TotalAmt"]))
        self.assertTrue(second)

    def test_void_and_delete_cancel_the_order(self):
        voided, deleted = self.new_invoice(), self.new_invoice()
        self.poll()
        orders = self.order_of(voided) | self.order_of(deleted)
        self.void("Invoice", voided["Id"])
        self.delete("Invoice", deleted["Id"])
        self.poll()
        self.assertEqual(orders.mapped("state"), ["cancel", "cancel"])

    def test_cancelled_in_odoo_it_stays_in_quickbooks(self):
        invoice = self.new_invoice()
        self.poll()
        with self.jobs():
            self.order_of(invoice)._action_cancel()
        self.assertEqual(
            self.theirs("Invoice", invoice["Id"])["TotalAmt"], invoice["TotalAmt"]
        )

    def test_shipment_goes_onto_the_delivery(self):
        link = self.confirm(self.new_order())
        self.change("Invoice", link.qbo_id, TrackingNum="1Z999", ShipDate="2026-11-20")
        self.poll()
        order = link._record()
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "1Z999")
        self.assertEqual(str(order.commitment_date.date()), "2026-11-20")
        self.assertEqual(link.state, "synced")

    def test_older_ones_and_without_the_setting_stay_there(self):
        self.backend.pull_invoices_from = "2026-11-01"
        old = self.new_invoice(TxnDate="2026-10-01")
        self.poll()
        self.backend.pull_invoices = False
        other = self.new_invoice()
        self.poll()
        for invoice in (old, other):
            self.assertFalse(self.link_of("Invoice", invoice["Id"]))
