# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from odoo.addons.qbo_connector.tests.common import QboCase


class PurchaseCase(QboCase):
    """A company that buys, connected to the local QuickBooks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create(
            {
                "name": "Sierra Timber",
                "email": "orders@sierra.example.com",
                "is_company": True,
                "street": "9 Mill Road",
                "city": "Reno",
                "zip": "89501",
                "country_id": cls.env.ref("base.us").id,
            }
        )
        cls.board = cls.env["product.product"].create(
            {"name": "Board", "default_code": "BOARD-1", "is_storable": True}
        )
        cls.freight = cls.env["product.product"].create(
            {"name": "Freight", "type": "service", "sale_ok": False}
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def new_purchase(self, *lines, **values):
        """A draft purchase order; lines are (product, quantity, price[, values])."""
        return self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(self.line_values(*line))
                    for line in lines or [(self.board, 10, 7.5)]
                ],
                **values,
            }
        )

    def line_values(self, product, quantity, price, values=None):
        return {
            "product_id": product.id,
            "product_qty": quantity,
            "price_unit": price,
            "tax_ids": [Command.clear()],
            **(values or {}),
        }

    def approve(self, orders):
        """Confirm and run the jobs that this queues; return the links."""
        with self.jobs():
            orders.button_confirm()
        return self.links(orders)

    def pushed(self, *lines, **values):
        """A confirmed purchase order that stands in QuickBooks."""
        order = self.new_purchase(*lines, **values)
        link = self.approve(order)
        self.assertEqual(link.state, "synced", link.error)
        return order

    def in_qbo(self, record, entity="PurchaseOrder"):
        """What QuickBooks has of a record."""
        links = self.links(record).filtered(lambda link: link.entity == entity)
        return self.client().read(entity, links.qbo_id)

    def assert_blocked(self, order, code):
        link = self.approve(order)
        self.assertEqual((link.state, link.error_code), ("blocked", code), link.error)
        self.assertTrue(link.error)
        self.assertTrue(link.fix)
        return link
