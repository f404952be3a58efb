"""An order that is billed for each delivery, as the salesperson sees it."""

import pytest


@pytest.fixture
def order(server, connected):
    """Have an order of ten desks, billed by delivery; return its id."""
    client = server.client()
    [seller] = client.find("res.users", ("login", "=", "demo"))
    line = {
        "product_id": client.create("product.product", name="Sit-Stand Desk"),
        "product_uom_qty": 10,
        "price_unit": 150,
        "tax_ids": [(6, 0, [])],
    }
    return client.create(
        "sale.order",
        partner_id=client.create("res.partner", name="Ready Mat West"),
        user_id=seller["id"],
        qbo_when="delivery",
        order_line=[(0, 0, line)],
    )


@pytest.fixture
def ship(server, order):
    """Return a function that ships some of the order; the rest is a backorder."""

    def ship(quantity):
        moves = server.client().find(
            "stock.move",
            ("sale_line_id.order_id", "=", order),
            ("state", "not in", ("done", "cancel")),
            fields=("picking_id",),
        )
        values = {"quantity": quantity, "picked": True}
        server.call("stock.move", "write", [moves[0]["id"]], values)
        picking = moves[0]["picking_id"][0]
        server.call(
            "stock.picking",
            "button_validate",
            [picking],
            context={"skip_backorder": True},
        )

    return ship


def test_the_order_says_how_many_deliveries_are_billed(server, order, ship, sign_in):
    with sign_in("demo") as seller:
        seller.open(f"sale.order/{order}")
        seller.press("Confirm")
        seller.see("0 of 1 deliveries in QuickBooks")
        ship(4)
        seller.open(f"sale.order/{order}")
        seller.wait_for_badge("In QuickBooks")
        seller.see("1 of 2 deliveries in QuickBooks")
        ship(6)
        seller.open(f"sale.order/{order}")
        seller.wait_for_badge("In QuickBooks")
        seller.see("2 of 2 deliveries in QuickBooks")
        seller.page.click("button[name=action_qbo_show]")
        rows = seller.page.locator(".o_data_row")
        rows.nth(1).wait_for()
        assert rows.count() == 2
        seller.open("action-sale.action_orders")
        seller.page.get_by_text("2 of 2 deliveries in QuickBooks").wait_for()
