# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .pull_common import PullCase


class TestPullProduct(PullCase):
    """Items made, changed and removed in QuickBooks arrive in Odoo."""

    def setUp(self):
        super().setUp()
        self.backend.pull_products = True

    def product_of(self, item):
        link = self.link_of("Item", item["Id"])
        return self.env["product.product"].browse(link.res_id)

    def test_kinds_prices_and_texts(self):
        goods = self.new_item(
            "Lamp",
            Sku="LAMP-1",
            Description="A lamp for the desk",
            UnitPrice=19.99,
            PurchaseCost=7.5,
            PurchaseDesc="Lamp, boxed",
        )
        service = self.new_item("Fitting", kind="Service", Taxable=False)
        self.poll()
        self.assertRecordValues(
            self.product_of(goods).with_company(self.company),
            [
                {
                    "name": "Lamp",
                    "default_code": "LAMP-1",
                    "type": "consu",
                    "is_storable": True,
                    "lst_price": 19.99,
                    "standard_price": 7.5,
                    "description_sale": "A lamp for the desk",
                    "description_purchase": "Lamp, boxed",
                }
            ],
        )
        self.assertEqual(self.product_of(service).type, "service")
        taxes = self.product_of(service).taxes_id
        self.assertFalse(taxes.filtered(lambda tax: tax.company_id == self.company))

    def test_categories_with_their_hierarchy(self):
        top = self.new_item("Lights", kind="Category")
        below = self.new_item("Desk lights", kind="Category", **_in(top))
        item = self.new_item("Lamp", **_in(below))
        self.poll()
        category = self.product_of(item).categ_id
        self.assertEqual(category.name, "Desk lights")
        self.assertEqual(category.parent_id.name, "Lights")
        self.change("Item", top["Id"], Name="Lamps and lights")
        self.poll()
        self.assertEqual(category.parent_id.name, "Lamps and lights")

    def test_category_is_read_where_only_its_item_is_told_of(self):
        top = self.new_item("Lights", kind="Category")
        item = self.new_item("Lamp", **_in(top))
        self.deliver({"entity": "Item", "id": item["Id"], "operation": "Create"})
        self.assertEqual(self.product_of(item).categ_id.name, "Lights")

    def test_known_products_are_matched_by_sku(self):
        known = self.env["product.product"].create(
            {"name": "Lampe", "default_code": "LAMP-1", "is_storable": True}
        )
        item = self.new_item("Lamp", Sku="LAMP-1", QtyOnHand=5)
        self.poll()
        self.assertEqual(self.product_of(item), known)
        theirs = self.theirs("Item", item["Id"])
        self.assertEqual(theirs["QtyOnHand"], 5)
        self.assertEqual(theirs["Name"], "Lampe")

    def test_variants_are_matched_one_by_one(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [(0, 0, {"name": "Red"}), (0, 0, {"name": "Blue"})],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Chair",
                "is_storable": True,
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [(6, 0, attribute.value_ids.ids)],
                        },
                    )
                ],
            }
        )
        red, blue = template.product_variant_ids
        red.default_code, blue.default_code = "CH-R", "CH-B"
        items = [self.new_item(f"Chair {sku}", Sku=sku) for sku in ("CH-R", "CH-B")]
        self.poll()
        self.assertEqual([self.product_of(one) for one in items], [red, blue])
        self.assertEqual(template.name, "Chair")

    def test_changes_follow_and_nothing_goes_back(self):
        item = self.new_item("Lamp", UnitPrice=10)
        self.poll()
        self.change("Item", item["Id"], UnitPrice=12.5, Description="Brighter")
        before = self.qbo.requests()[0]
        self.poll()
        product = self.product_of(item)
        self.assertEqual(product.lst_price, 12.5)
        self.assertEqual(product.description_sale, "Brighter")
        self.assertEqual(self.qbo.requests()[0], before)

    def test_product_pushed_by_us_changes_too(self):
        self.confirm(self.new_order())
        link = self.links(self.desk)
        self.change("Item", link.qbo_id, UnitPrice=111)
        self.poll()
        self.assertEqual(self.desk.lst_price, 111)
        self.assertEqual(self.desk.default_code, "DESK-1")

    def test_inactive_item_is_archived(self):
        item = self.new_item("Lamp")
        self.poll()
        self.change("Item", item["Id"], Active=False)
        self.poll()
        self.assertFalse(self.product_of(item).active)
        self.assertEqual(self.product_of(item).name, "Lamp")

    def test_same_sku_twice_in_odoo_is_for_a_person(self):
        self.env["product.product"].create(
            [{"name": name, "default_code": "TWIN"} for name in ("One", "Two")]
        )
        item = self.new_item("Three", Sku="TWIN")
        self.poll()
        self.assertFalse(self.link_of("Item", item["Id"]))
        change = self.env["qbo.change"].search([("qbo_id", "=", item["Id"])])
        self.assertIn("SKU", change.reason)


def _in(category):
    return {"SubItem": True, "ParentRef": {"value": category["Id"]}}
