# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import Command

from .common import QboCase


class SaleCase(QboCase):
    """Sales documents of all kinds; prices with up to seven decimals."""

    # Taxes of the company, as they are named: {name: percent}.
    taxes = {"California 8%": 8}
    # Whether the company keeps invoices in Odoo.
    chart = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["decimal.precision"].search(
            [("name", "in", ("Product Price", "Discount"))]
        ).write({"digits": 7})
        if cls.chart:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company=cls.company, install_demo=False
            )
            cls.env.invalidate_all()
        cls.group = cls.env["account.tax.group"].create(
            {
                "name": "Taxes",
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.env["account.tax"].search(
            [("company_id", "=", cls.company.id)]
        ).active = False
        cls.by_name = {
            name: cls.new_tax(name, percent) for name, percent in cls.taxes.items()
        }
        cls.tax = next(iter(cls.by_name.values()))
        cls.desk.taxes_id = cls.tax
        cls.lamp = cls.new_product("Lamp", is_storable=True)
        cls.wire = cls.new_product(
            "Wire", uom_id=cls.env.ref("uom.product_uom_meter").id
        )
        cls.work = cls.new_product("Work", type="service")
        cls.parcel = cls.new_product("Parcel", type="service")
        cls.env["delivery.carrier"].create(
            {"name": "Parcel", "product_id": cls.parcel.id}
        )
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    @classmethod
    def new_product(cls, name, **values):
        return cls.env["product.product"].create({"name": name, **values})

    @classmethod
    def new_tax(cls, name, percent, **values):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": percent,
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
                "tax_group_id": cls.group.id,
                **values,
            }
        )

    def map_tax(self, tax, code):
        """Map a tax to the tax code of that name."""
        reference = self.backend._references("TaxCode").filtered(
            lambda row: row.name == code
        )
        mapping = self.env["qbo.mapping"]
        mapping.search(
            [("backend_id", "=", self.backend.id), ("res_id", "=", tax.id)]
        ).unlink()
        mapping.create(
            {
                "backend_id": self.backend.id,
                "res_model": "account.tax",
                "res_id": tax.id,
                "entity": "TaxCode",
                "reference_id": reference.id,
            }
        )

    def pricelist(self, code, rate):
        """A pricelist in another currency; rate: what one of it is worth at home."""
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", code)])
        )
        currency.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "currency_id": currency.id,
                "company_id": self.company.id,
                "inverse_company_rate": rate,
            }
        )
        return self.env["product.pricelist"].create(
            {"name": code, "currency_id": currency.id, "company_id": self.company.id}
        )

    def line(self, product=None, qty=1, price=10, taxes=None, **values):
        """A command that makes an order line; taxes: None for the company's first."""
        taxes = self.tax if taxes is None else taxes
        return Command.create(
            {
                "product_id": (product or self.desk).id,
                "product_uom_qty": qty,
                "price_unit": price,
                "tax_ids": [Command.set(taxes.ids if taxes else [])],
                **values,
            }
        )

    def order(self, *lines, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": list(lines),
                **values,
            }
        )

    def discount(self, order, percent=0, amount=0):
        """A discount on the whole order, with Odoo's own wizard."""
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "amount" if amount else "so_discount",
                "discount_percentage": percent / 100,
                "discount_amount": amount,
            }
        ).action_apply_discount()

    def online_payment(self, order, amount):
        provider = (
            self.env["payment.provider"]
            .sudo()
            .create({"name": "Online", "company_id": self.company.id, "state": "test"})
        )
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        method = methods.search([], limit=1)
        method.name = "Visa"
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": f"{order.name}-online",
                    "provider_reference": "ch_123",
                    "amount": amount,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "done",
                }
            )
        )

    def invoice(self, order):
        """Confirm an order; return its Invoice as QuickBooks has it, equal in total."""
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
        self.assertFalse(link.warning)
        answer = self.client().read("Invoice", link.qbo_id)
        self.assert_total(order, answer)
        return answer

    def assert_total(self, document, answer):
        ours = f"{document.amount_total:.2f}"
        self.assertEqual(f"{Decimal(answer['TotalAmt']):.2f}", ours)

    def blocked(self, order, code):
        """Confirm an order that can't go; return its link."""
        link = self.confirm(order)
        self.assertEqual((link.state, link.error_code), ("blocked", code), link.error)
        self.assertTrue(link.error and link.fix)
        return link

    @staticmethod
    def detail(line):
        return line[line["DetailType"]]

    @staticmethod
    def of_kind(answer, kind):
        return [line for line in answer["Line"] if line["DetailType"] == kind]

    def items(self, answer):
        """[(quantity, unit price, amount), …] of the lines with an item."""
        return [
            (
                self.detail(line).get("Qty"),
                self.detail(line).get("UnitPrice"),
                line["Amount"],
            )
            for line in self.of_kind(answer, "SalesItemLineDetail")
        ]


class DeliveryCase(SaleCase):
    """Goods on stock, and people who ship them."""

    def setUp(self):
        super().setUp()
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        for product in (self.desk, self.lamp):
            self.env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 1000
            )

    def deliver(self, order, **quantities):
        """Ship so much of each product (default: all); return (transfer, its link)."""
        picking = order.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        )
        for move in picking.move_ids:
            if quantities:
                move.quantity = quantities.get(move.product_id.name, 0)
            move.picked = True
        with self.jobs():
            picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        return picking, self.links(picking)

    def in_qbo(self, link, entity="Invoice"):
        self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
        return self.client().read(entity, link.qbo_id)

    def count(self, entity="Invoice"):
        return len(self.client().query(f"select * from {entity}"))
