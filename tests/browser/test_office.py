"""The main job as people see it: set up, consent, confirm, see it in QuickBooks."""

import pytest


@pytest.fixture
def order(server, connected):
    """Return a function that makes a quotation of the salesperson; gives its id."""

    def order(**line):
        [seller] = server.client().find("res.users", ("login", "=", "demo"))
        customer = server.client().create("res.partner", name="Deco Addict East")
        product = server.client().create("product.product", name="Standing Desk")
        line = {"product_id": product, "product_uom_qty": 2, "price_unit": 150, **line}
        return server.client().create(
            "sale.order",
            partner_id=customer,
            user_id=seller["id"],
            order_line=[(0, 0, line)],
        )

    return order


def test_the_administrator_comes_back_connected(server, connected):
    [backend] = server.client().find("qbo.backend", fields=("state", "setup_step"))
    assert backend["state"] == "connected"
    assert backend["setup_step"] == "done"
    assert "Currency\tUSD\tUSD\tsame" in connected["Company"]
    assert "Sales of Product Income (Income)" in connected["Accounts"]
    assert "Net 30" in connected["Taxes and terms"]
    assert "All set" in connected["Done"] or "Almost there" in connected["Done"]


def test_the_settings_page_says_connected(connected, sign_in):
    with sign_in("admin") as admin:
        admin.open("settings")
        admin.page.click(".tab[data-key=qbo_connector]")
        badge = admin.page.locator(".o_field_widget[name=qbo_state]")
        assert badge.inner_text() == "Connected"


def test_the_salesperson_sees_the_badge_turn(server, order, sign_in):
    order_id = order(tax_ids=[(6, 0, [])])
    with sign_in("demo") as seller:
        seller.open(f"sale.order/{order_id}")
        seller.press("Confirm")
        seller.wait_for_badge("In QuickBooks")
    shown = server.client().read("sale.order", order_id, "qbo_id", "qbo_state")
    assert shown["qbo_state"] == "synced" and shown["qbo_id"]


def test_a_blocked_order_says_why_and_goes_after_the_fix(server, order, sign_in):
    tax = server.client().create("account.tax", name="Luxury 3%", amount=3)
    order_id = order(tax_ids=[(6, 0, [tax])])
    with sign_in("demo") as seller:
        seller.open(f"sale.order/{order_id}")
        seller.press("Confirm")
        seller.wait_for_badge("Needs attention")
        seller.see("Tax “Luxury 3%” isn't mapped to a tax code.")
        lines = server.call("sale.order", "read", [order_id], ["order_line"])
        server.call(
            "sale.order.line", "write", lines[0]["order_line"], {"tax_ids": [(5,)]}
        )
        seller.press("Retry")
        seller.wait_for_badge("In QuickBooks")


def test_the_preview_shows_the_lines(order, sign_in):
    order_id = order(tax_ids=[(6, 0, [])])
    with sign_in("demo") as seller:
        seller.open(f"sale.order/{order_id}")
        seller.page.click(".o_cp_action_menus button")
        seller.page.get_by_text("Preview for QuickBooks").click()
        seller.see("Nothing has been sent.")
        seller.see("Deco Addict East (Customer)")
        assert "300.00" in seller.page.inner_text(".modal-body")


def test_the_menus_open_without_trouble(connected, sign_in):
    troubles = []
    with sign_in("admin") as admin:
        admin.page.on("pageerror", lambda error: troubles.append(str(error)))
        for action in (
            "binding_attention",
            "binding_waiting",
            "binding",
            "log",
            "mapping_tax",
            "mapping_term",
            "mapping_tracking",
            "followup",
            "reference",
            "schedule",
            "backend",
        ):
            admin.open(f"action-qbo_connector.qbo_{action}_action")
            assert admin.page.locator(".modal").count() == 0, action
    assert not troubles
