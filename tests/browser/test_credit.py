"""An order whose Invoice is paid is made less: what the salesperson sees."""

import pytest

from tests.sandbox.kit import Api, pays


@pytest.fixture
def books(server, sandbox, connected):
    """Return the connected QuickBooks company as a bookkeeper reaches it."""
    [backend] = server.client().find("qbo.backend", fields=("realm_id",))
    return Api(sandbox.info["url"], backend["realm_id"])


@pytest.fixture
def order_id(server, connected):
    """Return a quotation of the salesperson over three stools."""
    client = server.client()
    [seller] = client.find("res.users", ("login", "=", "demo"))
    product = client.create("product.product", name="Bar stool", type="service")
    line = {"product_id": product, "product_uom_qty": 3, "price_unit": 50}
    return client.create(
        "sale.order",
        partner_id=client.create("res.partner", name="Corner Bar"),
        user_id=seller["id"],
        order_line=[(0, 0, {**line, "tax_ids": [(6, 0, [])]})],
    )


def test_less_on_a_paid_order_is_credited_by_a_button(
    server, books, order_id, sign_in, tmp_path
):
    client = server.client()
    with sign_in("demo") as seller:
        seller.open(f"sale.order/{order_id}")
        seller.press("Confirm")
        seller.wait_for_badge("In QuickBooks")
        pay(books, client.read("sale.order", order_id, "qbo_id")["qbo_id"])
        [order] = client.call("sale.order", "read", [order_id], ["order_line"])
        client.call("sale.order.line", "write", order["order_line"], {"price_unit": 40})
        wait_for_words(seller, "150.00 of Invoice")
        seller.page.screenshot(path=tmp_path / "credit.png")
        seller.press("Give credit")
        seller.wait_for_badge("In QuickBooks")
        seller.page.screenshot(path=tmp_path / "credited.png")
    [memo] = books.query("select * from CreditMemo")["CreditMemo"]
    assert memo["TotalAmt"] == 30


def wait_for_words(desk, text):
    """Reload until a text is there: a change is sent in the background."""
    for _time in range(30):
        if desk.page.get_by_text(text).count():
            return
        desk.page.wait_for_timeout(1000)
        desk.page.reload()
        desk.page.wait_for_selector(".o_view_controller")
    raise AssertionError(f"“{text}” did not come")


def pay(books, invoice_id):
    """Enter the payment of a whole Invoice in QuickBooks."""
    invoice = books.read("Invoice", invoice_id)
    amount = invoice["TotalAmt"]
    books.make(
        "Payment",
        CustomerRef=invoice["CustomerRef"],
        TotalAmt=amount,
        Line=[pays(invoice, "Invoice", amount)],
    )
