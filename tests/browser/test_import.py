"""The first import and the list of stock differences, as a manager uses them."""

import pytest

from dev.quickbooks import Books

IMPORTS = "action-qbo_connector.qbo_import_action"
DIFFERENCES = "action-qbo_connector.qbo_stock_line_action"


@pytest.fixture(scope="module")
def books(server, sandbox, connected):
    """Books that have a customer and a stored item which Odoo doesn't know."""
    books = Books(sandbox.info)
    fields = ("income_account_id", "expense_account_id", "asset_account_id")
    [backend] = server.client().find("qbo.backend", fields=fields)
    ids = [backend[name][0] for name in fields]
    rows = server.call("qbo.reference", "read", ids, ["qbo_id"])
    refs = {row["id"]: {"value": row["qbo_id"]} for row in rows}
    books.save("Customer", DisplayName="Corner Shop")
    books.save(
        "Item",
        Name="Oil lamp",
        Sku="OIL-1",
        Type="Inventory",
        TrackQtyOnHand=True,
        QtyOnHand=14,
        InvStartDate="2020-01-01",
        IncomeAccountRef=refs[ids[0]],
        ExpenseAccountRef=refs[ids[1]],
        AssetAccountRef=refs[ids[2]],
    )
    return books


def test_the_import_is_reviewed_and_taken_over(server, books, sign_in):
    with sign_in("admin") as admin:
        admin.open(f"{IMPORTS}/new")
        admin.press("Read QuickBooks")
        admin.wait_for_step("Review")  # nobody reloads the page
        admin.page.locator(".oe_stat_button", has_text="Review list").click()
        admin.see("Corner Shop")
        admin.see("Oil lamp")
        assert not server.client().find("res.partner", ("name", "=", "Corner Shop"))
        admin.page.go_back()
        skip = admin.page.get_by_role("button", name="Skip all that is unclear")
        if skip.is_visible():
            skip.click()
        admin.press("Take over")
        admin.page.locator(".modal-footer .btn-primary").click()
        admin.wait_for_step("Done")
    [product] = server.client().find("product.product", ("default_code", "=", "OIL-1"))
    assert server.client().find("res.partner", ("name", "=", "Corner Shop"))
    assert product


def test_the_stock_differences_are_shown_and_taken_over(server, books, sign_in):
    client = server.client()
    [backend] = client.find("qbo.backend", fields=("company_id",))
    [location] = client.find(
        "stock.location",
        ("usage", "=", "internal"),
        ("company_id", "=", backend["company_id"][0]),
        limit=1,
    )
    values = {
        "pull_stock": True,
        "stock_master": "compare",
        "stock_location_id": location["id"],
    }
    client.call("qbo.backend", "write", [backend["id"]], values)
    client.call("qbo.backend", "action_pull_inventory", [backend["id"]])
    [product] = client.find("product.product", ("default_code", "=", "OIL-1"))
    with sign_in("admin") as admin:
        admin.open(DIFFERENCES)
        row = admin.page.locator(".o_data_row", has_text="Oil lamp")
        wait_for(admin, row)
        assert "14" in row.inner_text()
        row.locator("input[type=checkbox]").check()
        admin.press("Take over from QuickBooks")
        row.wait_for(state="detached")
    quants = client.find(
        "stock.quant",
        ("product_id", "=", product["id"]),
        ("location_id", "=", location["id"]),
        fields=("quantity",),
    )
    assert [quant["quantity"] for quant in quants] == [14]


def wait_for(desk, found):
    """Reload until something is there: it comes from the background."""
    for _time in range(30):
        if found.count():
            return
        desk.page.wait_for_timeout(1000)
        desk.page.reload()
        desk.page.wait_for_selector(".o_view_controller")
    raise AssertionError("it did not come")
