# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from itertools import count
from unittest.mock import patch

from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..models import qbo_import_job
from .pull_common import PullCase

NUMBERS = count(1)


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
        with patch.object(qbo_import_job, "BATCH", 2):
            run.state = "running"
            self.run_job(run)
            run.action_pause()
            self.run_job(run)
            self.assertEqual(run.done_count, 2)
            with self.jobs():
                run.action_resume()
        self.assertEqual((run.state, run.done_count), ("done", 6))

    def run_job(self, run):
        with self.queued():
            run._job_run(run.round)
        self.env.invalidate_all()

    def test_tags_of_customer_types_are_there_before_the_jobs_begin(self):
        """Several of them would else make the same one at the same time."""
        kind = self.backend._references("CustomerType")[0]
        ref = {"value": kind.qbo_id}
        for number in range(2):
            self.save("Customer", DisplayName=f"Shop {number}", CustomerTypeRef=ref)
        run = self.read_all()
        run.action_skip_unclear()
        with self.jobs() as trap:
            run.action_run()
            tag = self.env["res.partner.category"].search([("name", "=", kind.name)])
            self.assertEqual(len(tag), 1)
            self.assertEqual(trap.jobs_count(), qbo_import_job.CHAINS)
        shops = self.env["res.partner"].search([("name", "=like", "Shop _")])
        self.assertEqual([one.category_id for one in shops], [tag, tag])

    def test_reading_says_why_it_does_not_go_on(self):
        self.qbo.admin("faults", kind="status", status=503, count=99)
        run = self.env["qbo.import"].create({"backend_id": self.backend.id})
        with self.queued():
            run.action_read()
            self.env.flush_all()
            with suppress(RetryableJobError):  # assertRaises would roll back
                run._job_count(run.round)
        self.env.invalidate_all()
        self.assertIn("QuickBooks", run.problem)
        self.qbo.admin("faults/clear")
        with self.jobs():
            run.action_read()
        self.assertEqual((run.state, run.problem), ("review", False))

    def test_line_without_an_action_fails_and_is_asked_for(self):
        run = self.read_all()
        run.action_skip_unclear()
        line = self.line_of(run, "Beta Ltd")
        with self.jobs():
            run.action_run()
            line.action = False  # a person at the list, meanwhile
        self.assertEqual((run.state, line.state), ("done", "failed"))
        self.assertTrue(line.reason)
        with self.assertRaises(UserError):
            run.action_resume()
        line.action_create_new()
        with self.jobs():
            run.action_resume()
        self.assertEqual((run.state, line.state), ("done", "done"))

    def test_jobs_of_an_earlier_start_end_by_themselves(self):
        run = self.read_all()
        run.action_skip_unclear()
        with self.queued() as trap:
            run.action_run()
            run.action_pause()
            run.action_resume()
            run._job_run(run.round - 1)
            self.assertEqual(run.done_count, 0)
            self.assertEqual(trap.jobs_count(), 2 * qbo_import_job.CHAINS)

    def test_what_moves_to_another_page_is_one_line(self):
        run = self.read_all()
        page = [self.line_of(run, "Beta Ltd")._values()]
        run._note("Customer", page)
        self.assertEqual(run.total, 6)

    def test_one_that_fails_holds_up_nobody(self):
        run = self.read_all()
        run.action_skip_unclear()
        line = self.line_of(run, "Lights:Lamp")
        line.data = {**line.data, "UnitPrice": "no number"}
        self.run_all(run)
        self.assertEqual((run.done_count, run.failed_count), (5, 1))

    def test_more_objects_are_not_more_questions(self):
        """What a batch looks up, it looks up once: an import of years of books would
        else take hours."""
        category = self.new_item("Chairs", kind="Category")
        for entity in ("Customer", "Item"):
            self.questions(entity, 2, category)  # fills Odoo's caches
            few = self.questions(entity, 3, category)
            many = self.questions(entity, 13, category)
            # Odoo itself looks for stock locations, for each product's cost.
            odoo = 10 if entity == "Item" else 0
            self.assertLessEqual(many - few, odoo + 2, entity)

    def questions(self, entity, number, category):
        """SQL statements to take over new objects of an entity."""
        objects = [self.many_sided(entity, category) for _one in range(number)]
        model = self.env[self.backend._pull_models()[entity]].sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        model._qbo_create_from(self.backend, entity, objects)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def many_sided(self, entity, category):
        name = f"New {next(NUMBERS)}"
        if entity == "Item":
            parent = {"SubItem": True, "ParentRef": {"value": category["Id"]}}
            return self.new_item(name, Sku=name, PurchaseCost=4, UnitPrice=5, **parent)
        return self.save(
            "Customer",
            DisplayName=name,
            PrimaryEmailAddr={"Address": f"{name.replace(' ', '')}@import.example"},
            BillAddr={
                "Line1": "1 Main Street",
                "City": "Wichita",
                "Country": "USA",
                "CountrySubDivisionCode": "KS",
            },
        )

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
