# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import UserError

from ..models import qbo_import
from .pull_common import PullCase


class TestImport(PullCase):
    """The first import shows what would happen, and does only what is approved."""

    def setUp(self):
        super().setUp()
        for name in ("Alpha Ltd", "Beta Ltd", "Twin Ltd"):
            email = f"{name.split()[0].lower()}@import.example"
            self.save("Customer", DisplayName=name, PrimaryEmailAddr={"Address": email})
        category = self.new_item("Lights", kind="Category")
        self.new_item(
            "Lamp", Sku="IMP-1", SubItem=True, ParentRef={"value": category["Id"]}
        )
        self.new_item("Cable", Sku="IMP-2")
        self.known = self.env["res.partner"].create(
            {"name": "Alpha Limited", "email": "alpha@import.example"}
        )
        self.env["res.partner"].create([{"name": "Twin Ltd"}, {"name": "Twin Ltd"}])

    def read_all(self, **values):
        run = self.env["qbo.import"].create({"backend_id": self.backend.id, **values})
        with self.jobs():
            run.action_read()
        self.assertEqual(run.state, "review")
        return run

    def line_of(self, run, name):
        return run.line_ids.filtered(lambda line: line.name == name)

    def run_all(self, run):
        with self.jobs():
            run.action_run()

    def test_preview_changes_nothing(self):
        partners = self.env["res.partner"].search_count([])
        run = self.read_all()
        self.assertEqual(
            (run.total, run.link_count, run.unclear_count, run.new_count), (6, 1, 1, 4)
        )
        line = self.line_of(run, "Alpha Ltd")
        self.assertEqual(
            (line.action, line.rule, line.record_name),
            ("link", "e-mail", "Alpha Limited"),
        )
        self.assertIn("DisplayName", line.differences)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertFalse(self.links(self.known))

    def test_unclear_lines_are_decided_by_a_person(self):
        run = self.read_all()
        with self.assertRaises(UserError):
            run.action_run()
        self.line_of(run, "Twin Ltd").action_create_new()
        self.run_all(run)
        self.assertEqual((run.state, run.failed_count, run.progress), ("done", 0, 100))
        self.assertEqual(self.links(self.known).state, "synced")
        product = self.env["product.product"].search([("default_code", "=", "IMP-1")])
        self.assertEqual(product.categ_id.name, "Lights")
        self.assertEqual(product.qbo_state, "synced")

    def test_again_there_is_nothing_left(self):
        run = self.read_all()
        run.action_skip_unclear()
        self.run_all(run)
        again = self.read_all()
        self.assertEqual((again.total, again.known_count), (1, 5))

    def test_pause_and_go_on(self):
        run = self.read_all()
        run.action_skip_unclear()
        with patch.object(qbo_import, "BATCH", 2):
            run.write({"state": "running"})
            run._job_run()
            run.action_pause()
            run._job_run()
            self.assertEqual(run.done_count, 2)
            with self.jobs():
                run.action_resume()
        self.assertEqual((run.state, run.done_count), ("done", 6))

    def test_one_that_fails_holds_up_nobody(self):
        run = self.read_all()
        run.action_skip_unclear()
        line = self.line_of(run, "Lights:Lamp")
        line.data = {**line.data, "UnitPrice": "no number"}
        self.run_all(run)
        self.assertEqual((run.done_count, run.failed_count), (5, 1))

    def test_open_invoices_and_stock(self):
        shop = self.save("Customer", DisplayName="Shop")
        item = self.new_item("Stored", Sku="IMP-3", QtyOnHand=9)
        invoice = self.save(
            "Invoice",
            CustomerRef={"value": shop["Id"]},
            Line=[
                {
                    "DetailType": "SalesItemLineDetail",
                    "Amount": 20,
                    "SalesItemLineDetail": {
                        "ItemRef": {"value": item["Id"]},
                        "Qty": 2,
                        "UnitPrice": 10,
                        "TaxCodeRef": {"value": "NON"},
                    },
                }
            ],
        )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.backend.stock_location_id = warehouse.lot_stock_id
        run = self.read_all(want_invoices=True, want_stock=True)
        run.action_skip_unclear()
        self.run_all(run)
        order = self.link_of("Invoice", invoice["Id"])._record()
        self.assertEqual((order.partner_id.name, order.amount_total), ("Shop", 20))
        product = order.order_line.product_id
        location = product.with_context(location=warehouse.lot_stock_id.id)
        self.assertEqual(location.qty_available, 7)
