# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
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
