"""What the demo sells and buys: nothing of it is known to QuickBooks before."""

from dataclasses import dataclass

from .common import step
from .rpc import Client

PO_NUMBER = "PO-4711"


@dataclass
class Catalog:
    """What Odoo's demo data have to offer."""

    client: Client

    def first(self, model: str, *domain: tuple) -> int:
        """Return the id of the oldest record that fits."""
        return self.client.find(model, *domain, order="id", limit=1)[0]["id"]

    @property
    def united_states(self) -> int:
        """The country, for addresses."""
        return self.first("res.country", ("code", "=", "US"))

    @property
    def thirty_days(self) -> int:
        """The payment term."""
        return self.first("account.payment.term", ("name", "=", "30 Days"))


def extra_products(client: Client) -> tuple[int, int]:
    """Make goods that are kept in stock and a service; return their ids."""
    goods = client.create(
        "product.product",
        name="Walnut desk",
        default_code="DESK-W",
        type="consu",
        is_storable=True,
        list_price=349.99,
        standard_price=180.0,
    )
    service = client.create(
        "product.product",
        name="Desk assembly",
        default_code="ASSEMBLY",
        type="service",
        list_price=65.0,
    )
    return goods, service


def confirm_sale(client: Client, catalog: Catalog, goods: int, service: int) -> int:
    """Confirm a sale order with a discount, a tax, shipping and a PO number."""
    step("Confirming a sale order")
    customer = client.create(
        "res.partner",
        name="Prairie Joinery LLC",
        is_company=True,
        email="books@prairie-joinery.example",
        street="12 Mill Road",
        city="Wichita",
        zip="67202",
        country_id=catalog.united_states,
    )
    lines = [
        {"product_id": goods, "product_uom_qty": 3, "discount": 10},
        {"product_id": service, "product_uom_qty": 1.5},
    ]
    order = client.create(
        "sale.order",
        partner_id=customer,
        client_order_ref=PO_NUMBER,
        payment_term_id=catalog.thirty_days,
        order_line=[(0, 0, line) for line in lines],
    )
    _add_shipping(client, catalog, order)
    client.call("sale.order", "action_confirm", [order])
    return order


def confirm_purchase(client: Client, catalog: Catalog, goods: int) -> int:
    """Confirm a purchase order of two products and the freight."""
    step("Confirming a purchase order")
    vendor = client.create(
        "res.partner",
        name="Sierra Timber Inc.",
        is_company=True,
        email="orders@sierra-timber.example",
        country_id=catalog.united_states,
    )
    boards = client.create(
        "product.product",
        name="Walnut board",
        default_code="BOARD-W",
        type="consu",
        is_storable=True,
        list_price=30.0,
        standard_price=18.75,
    )
    freight = client.create(
        "product.product", name="Freight", type="service", sale_ok=False
    )
    lines = [
        {"product_id": goods, "product_qty": 5, "price_unit": 180.0},
        {"product_id": boards, "product_qty": 40, "price_unit": 18.75},
        {"product_id": freight, "product_qty": 1, "price_unit": 95.5},
    ]
    order = client.create(
        "purchase.order",
        partner_id=vendor,
        partner_ref="Q-2041",
        order_line=[(0, 0, {**line, "tax_ids": [(5,)]}) for line in lines],
    )
    client.call("purchase.order", "button_confirm", [order])
    return order


def _add_shipping(client: Client, catalog: Catalog, order: int) -> None:
    """Add a shipping line by the wizard that the button on the order opens."""
    carrier = catalog.first("delivery.carrier", ("fixed_price", ">", 0))
    wizard = client.create(
        "choose.delivery.carrier", order_id=order, carrier_id=carrier
    )
    client.call("choose.delivery.carrier", "update_price", [wizard])
    client.call("choose.delivery.carrier", "button_confirm", [wizard])
