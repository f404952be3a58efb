# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user

from ..qbo.payloads import Texts
from .sale_common import SaleCase


class TestClassAndLocation(SaleCase):
    """What in Odoo stands for which class and location of QuickBooks."""

    def setUp(self):
        super().setUp()
        self.team = self.env["crm.team"].create(
            {"name": "Traders", "company_id": self.company.id}
        )
        self.warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        plan = self.env["account.analytic.plan"].create({"name": "Projects"})
        self.north, self.south = self.env["account.analytic.account"].create(
            [
                {"name": name, "plan_id": plan.id, "company_id": self.company.id}
                for name in ("North", "South")
            ]
        )
        self.ids = {
            name: self.client().create(entity, {"Name": name}, f"test-{name}")["Id"]
            for entity, name in (
                ("Class", "Traders"),
                ("Class", "north"),
                ("Class", "Web shop"),
                ("Department", "Austin"),
                ("Department", self.warehouse.name),
            )
        }
        self.backend.action_refresh_lists()

    def track(self, **preferences):
        """Switch tracking of classes and locations in QuickBooks."""
        self.qbo.admin(
            "preferences",
            realm=self.qbo.realm,
            preferences={"AccountingInfoPrefs": preferences},
        )
        self.backend.action_refresh_lists()

    def map(self, record, entity, name):
        rows = self.backend.class_mapping_ids | self.backend.location_mapping_ids
        row = rows.filtered(
            lambda row: (
                (row.res_model, row.res_id, row.entity)
                == (record._name, record.id, entity)
            )
        )
        row.reference_id = self.backend._references(entity).filtered(
            lambda entry: entry.name == name
        )

    def classes(self, answer):
        return [
            self.detail(line).get("ClassRef", {}).get("value")
            for line in self.of_kind(answer, "SalesItemLineDetail")
        ]

    def test_equal_names_are_suggested(self):
        rows = self.backend.class_mapping_ids.filtered("reference_id")
        found = {
            (row.record_kind, row.record_name, row.reference_id.name) for row in rows
        }
        self.assertEqual(
            {(name, theirs) for _kind, name, theirs in found},
            {("Traders", "Traders"), ("North", "north")},
        )
        location = self.backend.location_mapping_ids.filtered("reference_id")
        self.assertEqual(location.mapped("record_name"), [self.warehouse.name])

    def test_each_line_has_the_class_of_its_analytic_account_or_of_the_document(self):
        order = self.order(
            self.line(analytic_distribution={str(self.north.id): 100}),
            self.line(
                analytic_distribution={str(self.south.id): 70, str(self.north.id): 30}
            ),
            self.line(analytic_distribution={str(self.south.id): 100}),
            team_id=self.team.id,
        )
        answer = self.invoice(order)
        north, traders = self.ids["north"], self.ids["Traders"]
        self.assertEqual(self.classes(answer), [north, north, traders])
        self.assertNotIn("ClassRef", answer)
        self.assertEqual(
            answer["DepartmentRef"]["value"], self.ids[self.warehouse.name]
        )

    def test_what_is_mapped_counts_before_an_equal_name(self):
        seller = self.env.ref("base.user_admin")
        self.map(seller, "Class", "Web shop")
        self.map(self.warehouse, "Department", "Austin")
        self.map(self.team, "Class", False)
        order = self.order(self.line(), team_id=self.team.id, user_id=seller.id)
        answer = self.invoice(order)
        self.assertEqual(self.classes(answer), [self.ids["Web shop"]])
        self.assertEqual(answer["DepartmentRef"]["value"], self.ids["Austin"])
        with self.jobs():
            order.order_line.analytic_distribution = {str(self.north.id): 100}
        answer = self.client().read("Invoice", self.links(order).qbo_id)
        self.assertEqual(self.classes(answer), [self.ids["north"]])

    def test_class_of_the_document(self):
        self.track(ClassTrackingPerTxn=True, ClassTrackingPerTxnLine=False)
        lines = [
            self.line(analytic_distribution={str(self.north.id): 100})
            for _number in range(2)
        ]
        answer = self.invoice(self.order(*lines, team_id=self.team.id))
        self.assertEqual(answer["ClassRef"]["value"], self.ids["north"])
        self.assertEqual(self.classes(answer), [None, None])
        answer = self.invoice(self.order(lines[0], self.line(), team_id=self.team.id))
        self.assertEqual(answer["ClassRef"]["value"], self.ids["Traders"])

    def test_what_is_switched_off_is_not_sent(self):
        self.track(
            ClassTrackingPerTxn=False,
            ClassTrackingPerTxnLine=False,
            TrackDepartments=False,
        )
        answer = self.invoice(self.order(self.line(), team_id=self.team.id))
        self.assertEqual(self.classes(answer), [None])
        self.assertFalse({"ClassRef", "DepartmentRef"} & set(answer))


class TestCustomFields(SaleCase):
    """Fields of Odoo in the custom fields of QuickBooks' forms."""

    chart = True

    def field(self, label="Sales Rep", path="user_id", model="sale.order", **values):
        reference = self.backend._references("CustomField").filtered(
            lambda row: row.name == label and row.kind == "Sales"
        )
        return self.env["qbo.custom.field"].create(
            {
                "backend_id": self.backend.id,
                "reference_id": reference.id,
                "res_model": model,
                "path": path,
                **values,
            }
        )

    def shown(self, answer):
        return {
            field["Name"]: field["StringValue"]
            for field in answer["CustomField"]
            if "StringValue" in field
        }

    def test_salesperson_and_what_else_of_the_order(self):
        seller = self.env.ref("base.user_admin")
        self.field(path="user_id")
        self.field(label="Crew #", path="amount_total")
        order = self.order(self.line(), user_id=seller.id, client_order_ref="PO-7")
        answer = self.invoice(order)
        self.assertEqual(
            self.shown(answer),
            {"PO Number": "PO-7", "Sales Rep": seller.name, "Crew #": "10.80"},
        )

    def test_field_that_is_switched_off_in_quickbooks_is_left_out(self):
        self.field(path="origin").reference_id.active = False
        answer = self.invoice(self.order(self.line(), origin="Fair"))
        self.assertFalse(self.shown(answer))

    def test_change_of_the_field_goes_to_quickbooks_and_so_does_emptying_it(self):
        self.field(path="origin")
        order = self.order(self.line(), origin="Fair")
        self.invoice(order)
        for origin, expected in (("Web", {"Sales Rep": "Web"}), (False, {})):
            with self.jobs():
                order.origin = origin
            answer = self.client().read("Invoice", self.links(order).qbo_id)
            self.assertEqual(self.shown(answer), expected)

    def test_deliveries_and_invoices_show_their_own_field_or_the_orders(self):
        self.backend.invoice_when = "invoice"
        self.field(path="origin")
        self.field(label="Crew #", path="note")
        self.field(label="Crew #", path="name", model="account.move")
        order = self.order(self.line(self.work), origin="Fair", client_order_ref="PO-9")
        self.confirm(order)
        order.order_line.qty_delivered = 1
        move = order._create_invoices()
        with self.jobs():
            move.action_post()
        answer = self.client().read("Invoice", self.links(move).qbo_id)
        shown = {"PO Number": "PO-9", "Sales Rep": "Fair", "Crew #": move.name}
        self.assertEqual(self.shown(answer), shown)

    def test_each_type_has_a_text(self):
        self.company.partner_id.tz = "America/New_York"
        day = "2026-11-20 03:30:00"
        cases = {
            "name": "S1",
            "date_order": "2026-11-19 22:30",
            "validity_date": "2026-12-31",
            "amount_untaxed": "4.50",
            "require_signature": "Yes",
            "state": "Quotation",
            "partner_id.country_id": "",
            "partner_id.ref": "C-7",
            "note": "Thank you",
        }
        order = self.order(
            self.line(qty=3, price=1.5),
            name="S1",
            date_order=day,
            validity_date="2026-12-31",
            require_signature=True,
            note="<p>Thank <b>you</b></p>",
        )
        order.partner_id.ref = "C-7"
        row = self.field(path="name")
        for path, expected in cases.items():
            row.path = path
            found = row._payload(order, Texts()) or {"StringValue": ""}
            self.assertEqual(found["StringValue"].replace("*", ""), expected, path)

    def test_long_text_is_cut_or_blocked(self):
        row = self.field(path="origin")
        long = "The fair of the year in Las Vegas"
        answer = self.invoice(self.order(self.line(), origin=long))
        self.assertEqual(self.shown(answer), {"Sales Rep": long[:31].strip()})
        row.when_long = "block"
        link = self.blocked(self.order(self.line(), origin=long), "custom_field")
        self.assertIn("Sales Rep", link.error)

    def test_what_cannot_be_shown_is_refused(self):
        for path in (
            "nothing",
            "name.code",
            "partner_id.nothing",
            "tag_ids",
            "order_line.name",
            "partner_id.country_id.code",
            "order_line.analytic_distribution",
            "partner_id.image_1920",
            "qbo_link_ids",
        ):
            with self.assertRaises(ValidationError, msg=path):
                self.field(path=path)

    def test_a_manager_maps_no_field_that_only_others_may_read(self):
        manager = new_test_user(
            self.env,
            "map",
            "qbo_connector.group_qbo_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        rows = self.env["qbo.custom.field"].with_user(manager)
        row = rows.browse(self.field(path="origin").id)
        row.path = "user_id.name"
        with self.assertRaises(ValidationError):
            row.path = "user_id.totp_secret"

    def test_field_of_the_po_number_is_taken(self):
        with self.assertRaises(ValidationError):
            self.field(label="PO Number")
        row = self.field()
        with self.assertRaises(ValidationError):
            self.backend.po_number_field_id = row.reference_id
