# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError

from ..models import qbo_backend_stock
from .stock_common import StockCase


class TestStock(StockCase):
    """Quantities are compared, explained, and evened out the chosen way, once."""

    def test_quickbooks_counts(self):
        item, product = self.new_product("Lamp", 12)
        self.compare()
        self.assertEqual(self.on_hand(product), 12)
        moves = self.env["stock.move"].search_count([("product_id", "=", product.id)])
        self.compare()
        self.assertEqual(
            self.env["stock.move"].search_count([("product_id", "=", product.id)]),
            moves,
        )
        self.assertFalse(self.line_of(product))

    def test_nothing_changed_is_one_read(self):
        self.new_product("Lamp", 12)
        self.compare()
        cursor = self.env["qbo.cursor"].search(
            [("backend_id", "=", self.backend.id), ("entity", "=", "QtyOnHand")]
        )
        cursor.since = fields.Datetime.now() + timedelta(minutes=3)  # the overlap
        before = self.qbo.requests()
        self.compare(full=False)
        writes, reads = self.qbo.requests()
        self.assertEqual((writes, reads), (before[0], before[1] + 1))

    def test_the_last_full_page_is_the_last_read(self):
        for name in ("Lamp", "Desk", "Sofa"):
            self.new_product(name, 12)
        self.new_item("Not linked")
        for page, reads in ((3, 1), (2, 2), (1, 3)):
            with patch.object(qbo_backend_stock, "PAGE", page):
                before = self.qbo.requests()
                self.compare()
                self.assertEqual(self.qbo.requests()[1] - before[1], reads)

    def test_only_what_moved_is_read(self):
        item, product = self.new_product("Lamp", 12)
        self.compare()
        self.save(
            "InventoryAdjustment",
            AdjustAccountRef={"value": self.backend.adjustment_account_id.qbo_id},
            TxnDate="2026-01-01",
            Line=[
                {
                    "DetailType": "ItemAdjustmentLineDetail",
                    "ItemAdjustmentLineDetail": {
                        "ItemRef": {"value": item["Id"]},
                        "QtyDiff": -2,
                    },
                }
            ],
        )
        self.compare(full=False)
        self.assertEqual(self.on_hand(product), 10)

    def test_odoo_counts(self):
        self.backend.stock_master = "odoo"
        item, product = self.new_product("Lamp", 12)
        self.put(product, 20)
        self.compare()
        self.assertEqual(self.in_qbo(item), 20)
        adjustment = self.env["qbo.stock.adjustment"].search([])
        self.assertEqual(adjustment.qbo_state, "synced", adjustment.qbo_message)
        self.assertEqual(adjustment.line_ids.quantity, 8)
        self.compare()
        self.assertEqual(self.env["qbo.stock.adjustment"].search([]), adjustment)
        self.assertFalse(self.line_of(product))

    def test_odoo_counts_and_an_invoice_is_not_counted_twice(self):
        self.backend.stock_master = "odoo"
        item, product = self.new_product("Lamp", 20)
        self.put(product, 20)
        order = self.confirm(self.new_order((product, 3, 10)))
        self.assertEqual(order.state, "synced", order.error)
        self.assertEqual(self.in_qbo(item), 17)
        self.compare()
        self.assertEqual(self.in_qbo(item), 17)
        self.assertEqual(self.line_of(product).state, "explained")
        picking = order._record().picking_ids
        picking.move_ids.quantity = 3
        picking.button_validate()
        self.compare()
        self.assertEqual(self.in_qbo(item), 17)
        self.assertFalse(self.line_of(product))

    def test_quickbooks_counts_and_a_delivery_is_not_counted_twice(self):
        """20, of them 5 invoiced: 15 in QuickBooks; 15 in Odoo when they are gone."""
        item, product = self.new_product("Lamp", 20)
        self.compare()
        link = self.confirm(self.new_order((product, 5, 10)))
        self.assertEqual(self.in_qbo(item), 15)
        self.compare()
        self.assertEqual(self.on_hand(product), 20)
        self.assertEqual(self.line_of(product).state, "explained")
        picking = link._record().picking_ids
        picking.move_ids.quantity = 5
        picking.button_validate()
        self.assertEqual(self.on_hand(product), 15)
        self.compare()
        self.assertEqual((self.on_hand(product), self.in_qbo(item)), (15, 15))

    def test_documents_on_their_way_are_waited_for(self):
        item, product = self.new_product("Lamp", 20)
        self.put(product, 20)
        self.compare()
        account = self.backend.income_account_id
        mapping = self.backend.tax_mapping_ids.filtered(
            lambda row: row.res_id == self.tax.id
        )
        code, mapping.reference_id = mapping.reference_id, False
        order = self.confirm(self.new_order((product, 3, 10)))
        self.assertEqual(order.state, "blocked")
        picking = order._record().picking_ids
        picking.move_ids.quantity = 3
        picking.button_validate()
        self.compare()
        self.assertEqual(self.on_hand(product), 17)
        line = self.line_of(product)
        self.assertEqual(line.state, "waiting")
        self.assertIn(order._record().name, line.reason)
        mapping.reference_id = code
        with self.jobs():
            order.action_retry()
        self.compare()
        self.assertEqual(self.on_hand(product), 17)
        self.assertTrue(account)

    def test_compare_only_lists_with_value(self):
        self.backend.stock_master = "compare"
        item, product = self.new_product("Lamp", 12)
        product.with_company(self.company).standard_price = 2.5
        self.compare()
        line = self.line_of(product)
        self.assertRecordValues(
            line,
            [
                {
                    "odoo_quantity": 0,
                    "qbo_quantity": 12,
                    "difference": 12,
                    "value": 30,
                    "state": "differs",
                }
            ],
        )
        self.assertEqual(self.on_hand(product), 0)
        line.action_take_over()
        self.assertEqual(self.on_hand(product), 12)

    def test_a_person_sends_some(self):
        self.backend.stock_master = "compare"
        item, product = self.new_product("Lamp", 12)
        other, _product = self.new_product("Other", 5)
        self.put(product, 3)
        self.compare()
        with self.jobs():
            self.line_of(product).action_send()
        self.assertEqual((self.in_qbo(item), self.in_qbo(other)), (3, 5))

    def test_what_is_not_safe_is_refused_with_the_reason(self):
        lots, lot_product = self.new_product("With lots", 5)
        lot_product.tracking = "lot"
        _item, spread = self.new_product("In two places", 5)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.location.id}
        )
        self.put(spread, 2, location_id=shelf.id)
        _item, owned = self.new_product("Consignment", 5)
        self.put(owned, 7, owner_id=self.customer.id)
        self.compare()
        for product in (lot_product, spread):
            line = self.line_of(product)
            self.assertEqual(line.state, "refused")
            self.assertTrue(line.reason)
            with self.assertRaises(UserError):
                line.action_take_over()
        self.assertEqual(self.on_hand(lot_product), 0)
        mine = self.env["stock.quant"].search(
            [
                ("product_id", "=", owned.id),
                ("owner_id", "=", False),
                ("location_id", "=", self.location.id),
            ]
        )
        self.assertEqual(sum(mine.mapped("quantity")), 5)

    def test_deleted_document_has_all_compared(self):
        item, product = self.new_product("Lamp", 12)
        order = self.confirm(self.new_order((product, 2, 10)))
        self.backend.stock_keep_undelivered = False
        self.compare()
        self.assertEqual(self.on_hand(product), 10)
        self.delete("Invoice", order.qbo_id)
        self.compare(full=False)
        self.assertEqual(self.on_hand(product), 12)
