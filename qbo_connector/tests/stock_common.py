# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .pull_common import PullCase


class StockCase(PullCase):
    """A location whose quantities are compared with QuickBooks."""

    def setUp(self):
        super().setUp()
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.location = warehouse.lot_stock_id
        self.backend.write(
            {
                "pull_stock": True,
                "pull_products": True,
                "stock_location_id": self.location.id,
                "adjustment_account_id": self.env["qbo.reference"]
                .search(
                    [
                        ("backend_id", "=", self.backend.id),
                        ("name", "=", "Inventory Shrinkage"),
                    ]
                )
                .id,
            }
        )

    def new_product(self, name, quantity=0):
        """A product of both, with a quantity in QuickBooks."""
        item = self.new_item(name, QtyOnHand=quantity)
        self.poll()
        return item, self.env["product.product"].browse(
            self.link_of("Item", item["Id"]).res_id
        )

    def on_hand(self, product):
        self.env.invalidate_all()
        return product.with_context(location=self.location.id).qty_available

    def put(self, product, quantity, **values):
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": product.id,
                "location_id": self.location.id,
                "inventory_quantity": quantity,
                **values,
            }
        ).action_apply_inventory()

    def compare(self, full=True):
        with self.jobs():
            if full:
                self.backend.action_pull_inventory()
            else:
                self.env["qbo.backend"]._cron_pull_inventory()

    def line_of(self, product):
        return self.env["qbo.stock.line"].search([("product_id", "=", product.id)])

    def in_qbo(self, item):
        return self.theirs("Item", item["Id"])["QtyOnHand"]
