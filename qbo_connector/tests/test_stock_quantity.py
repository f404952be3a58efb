# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib

from odoo.addons.queue_job.exception import RetryableJobError

from .stock_common import StockCase


class TestStockQuantity(StockCase):
    """Odoo counts, and QuickBooks has no inventory adjustments."""

    def setUp(self):
        super().setUp()
        self.backend.stock_master = "odoo"

    def by_quantity(self):
        self.backend.stock_correct_by = "quantity"

    def adjustments(self):
        return self.env["qbo.stock.adjustment"].search([])

    def test_the_quantity_is_set_once_and_moves_no_money_twice(self):
        self.by_quantity()
        item, product = self.new_product("Lamp", 12)
        self.put(product, 20)
        self.compare()
        self.assertEqual(self.in_qbo(item), 20)
        self.assertFalse(self.line_of(product) or self.adjustments())
        writes = self.qbo.requests()[0]
        self.compare()
        self.poll()
        self.assertEqual(self.qbo.requests()[0], writes)
        self.assertEqual(self.link_of("Item", item["Id"]).state, "synced")

    def test_what_moved_meanwhile_is_left_alone(self):
        self.by_quantity()
        item, product = self.new_product("Lamp", 12)
        self.put(product, 20)
        with self.jobs() as trap:
            self.backend._job_pull_stock(full=True)
            self.env.flush_all()
            self.change("Item", item["Id"], QtyOnHand=11, InvStartDate="2026-01-01")
            self.assertEqual(len(trap.enqueued_jobs), 1)
        self.assertEqual(self.in_qbo(item), 11)
        line = self.line_of(product)
        self.assertEqual(line.state, "differs")
        self.assertIn("meanwhile", line.reason)
        self.compare()
        self.assertEqual(self.in_qbo(item), 20)

    def test_a_lost_answer_does_no_harm(self):
        self.by_quantity()
        item, product = self.new_product("Lamp", 12)
        self.put(product, 20)
        match = {"entity": "Item", "operation": "write"}
        self.qbo.admin("faults", kind="cut_after", count=1, match=match)
        with self.jobs() as trap:
            self.backend._job_pull_stock(full=True)
            self.env.flush_all()
            trap.enqueued_jobs.clear()
        line = self.line_of(product)
        with contextlib.suppress(RetryableJobError):
            self.backend._job_set_quantity(line.id)
            self.fail("It should be tried again")
        self.backend._job_set_quantity(line.id)
        self.assertEqual(self.in_qbo(item), 20)
        self.assertFalse(line.exists())

    def test_a_company_elsewhere_is_told_what_to_do(self):
        item, product = self.new_product("Lamp", 12)
        self.put(product, 20)
        self.backend.qbo_country = "CA"
        self.assertIn("inventory adjustments", str(self.backend._setup_todo()))
        self.compare()
        link = self.links(self.adjustments())
        self.assertEqual((link.state, link.error_code), ("blocked", "adjustment"))
        self.assertIn("QuickBooks is corrected by", link.fix)
        self.assertEqual(self.line_of(product).state, "waiting")
        self.by_quantity()
        self.compare()
        self.assertEqual(self.in_qbo(item), 20)
        self.assertEqual(link.state, "gone")

    def test_a_plan_without_them_is_told_too(self):
        _item, product = self.new_product("Lamp", 12)
        self.put(product, 20)
        prefs = {"ProductAndServicesPrefs": {"QuantityOnHand": False}}
        self.qbo.admin("preferences", realm_id=self.qbo.realm, preferences=prefs)
        self.compare()
        link = self.links(self.adjustments())
        self.assertEqual((link.state, link.error_code), ("blocked", "adjustment"))

    def test_what_does_not_exist_is_not_asked_for(self):
        self.assertIn("InventoryAdjustment", self.backend._poll_entities())
        self.by_quantity()
        self.assertNotIn("InventoryAdjustment", self.backend._poll_entities())
        self.assertNotIn("InventoryAdjustment", self.backend._stock_movers())
