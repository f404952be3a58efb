"""Sales forms: lines, totals, numbers, dates, effects."""

from decimal import Decimal

import pytest

from tests.sandbox.kit import discount, found, pays, ref, sale


def body(api, *lines, **more):
    """An invoice's body."""
    return {"CustomerRef": ref(api.customer()["Id"]), "Line": list(lines), **more}


@pytest.mark.parametrize(
    ("qty", "price", "amount", "right"),
    [
        ("128.350", "14.50", "1861.08", True),
        ("128.350", "14.50", "1861.07", False),
        ("3", "33.333333", "100", True),
        ("3", "33.33", "100", False),
        ("0", "0", "55", True),
    ],
)
def test_amount_is_quantity_times_price(us, qty, price, amount, right):
    sent = body(us, sale(us.service(), amount, Qty=qty, UnitPrice=price))
    if right:
        assert us.make("Invoice", **sent)["TotalAmt"] == float(amount)
    else:
        error = us.refused("invoice", sent, 6070)
        assert f"Supplied value:{Decimal(amount):,}" in error["Detail"]


def test_lines_come_back_in_quickbooks_order(us):
    item = us.service()
    doc = us.make(
        "Invoice",
        **body(
            us,
            sale(item, 40),
            {"DetailType": "DescriptionOnly", "Description": "a note"},
            sale("SHIPPING_ITEM_ID", 9),
            discount(percent=10),
        ),
    )
    kinds = [line["DetailType"] for line in doc["Line"]]
    assert kinds == [
        "SalesItemLineDetail",
        "DescriptionOnly",
        "SubTotalLineDetail",
        "SalesItemLineDetail",
        "DiscountLineDetail",
    ]
    assert "Id" not in doc["Line"][2] and doc["Line"][2]["Amount"] == 40
    assert doc["Line"][4]["Amount"] == 4
    assert doc["TotalAmt"] == 45
    assert doc["Line"][0]["SalesItemLineDetail"]["ItemAccountRef"]["value"] == "1"


def test_line_without_item_is_a_description(us):
    line = {"DetailType": "SalesItemLineDetail", "Amount": 5, "Description": "text"}
    doc = us.make("Invoice", **body(us, sale(us.service(), 7), line))
    assert doc["TotalAmt"] == 7
    assert doc["Line"][1]["DetailType"] == "DescriptionOnly"


def test_due_date_from_terms(us):
    line = sale(us.service(), 1)
    doc = us.make(
        "Invoice", **body(us, line, TxnDate="2026-11-20", SalesTermRef=ref(4))
    )
    assert doc["DueDate"] == "2026-12-20"
    assert us.change("Invoice", doc, TxnDate="2026-12-01")["DueDate"] == "2026-12-31"
    customer = us.customer(SalesTermRef=ref(2))
    doc = us.make("Invoice", CustomerRef=ref(customer["Id"]), Line=[line])
    assert doc["SalesTermRef"]["value"] == "2"


def test_addresses_are_copied_then_rewritten(us):
    address = {"Line1": "1 Main St", "City": "Austin", "PostalCode": "78701"}
    customer = us.customer(BillAddr=address, CompanyName="Big Co")
    doc = us.make(
        "Invoice", CustomerRef=ref(customer["Id"]), Line=[sale(us.service(), 1)]
    )
    assert doc["BillAddr"]["City"] == "Austin"
    new = us.change("Invoice", doc, BillAddr={**address, "Line1": "2 Main St"})
    assert "City" not in new["BillAddr"]
    assert new["BillAddr"]["Line2"] == "Big Co"
    assert new["BillAddr"]["Line4"] == "Austin, 78701"


def test_custom_fields(us):
    field = {"DefinitionId": "1", "StringValue": "PO-77", "Type": "StringType"}
    strange = {"DefinitionId": "9", "StringValue": "gone"}
    sent = body(us, sale(us.service(), 1), CustomField=[field, strange])
    doc = us.make("Invoice", **sent)
    assert doc["CustomField"][0]["StringValue"] == "PO-77"
    assert [one["DefinitionId"] for one in doc["CustomField"]] == ["1", "2", "3"]
    us.knobs(undefined_custom_field="refuse")
    us.refused("invoice", sent, 3000)
    long = {**field, "StringValue": "x" * 32}
    us.refused("invoice", {**sent, "CustomField": [long]}, 2050)


def test_numbers_given_or_counted(us, url):
    doc = us.make("Invoice", **body(us, sale(us.service(), 1)))
    assert "DocNumber" not in doc
    counted = found(url, kind="us", custom_numbers=False)
    line = sale(counted.service(), 1)
    first = counted.make("Invoice", **body(counted, line))
    second = counted.make("Invoice", **body(counted, line))
    assert int(second["DocNumber"]) == int(first["DocNumber"]) + 1


def test_selling_moves_stock_and_cost(us):
    item = us.stored(quantity=10, cost=4)
    before = us.ledger()["balances"]
    doc = us.make("Invoice", **body(us, sale(item, 60, Qty=6, UnitPrice=10)))
    assert us.read("Item", item["Id"])["QtyOnHand"] == 4
    after = us.ledger()["balances"]
    assert after["Inventory Asset"] - before["Inventory Asset"] == -24
    assert us.delete("Invoice", doc).status_code == 200
    assert us.read("Item", item["Id"])["QtyOnHand"] == 10
    assert us.ledger()["balances"]["Inventory Asset"] == before["Inventory Asset"]


def test_void_keeps_the_document_at_zero(us):
    item = us.stored(quantity=10)
    sent = body(us, sale(item, 60, Qty=6, UnitPrice=10), PrivateNote="mine")
    doc = us.make("Invoice", **sent)
    payment = us.make(
        "Payment",
        CustomerRef=doc["CustomerRef"],
        TotalAmt=60,
        Line=[pays(doc, "Invoice", 60)],
    )
    doc = us.read("Invoice", doc["Id"])
    answer = us.post(
        "invoice", {"Id": doc["Id"], "SyncToken": doc["SyncToken"]}, operation="void"
    )
    done = answer.json()["Invoice"]
    assert done["TotalAmt"] == done["Balance"] == 0
    assert done["PrivateNote"] == "Voided - mine"
    assert "LinkedTxn" not in done
    assert us.read("Payment", payment["Id"])["UnappliedAmt"] == 60
    assert us.read("Item", item["Id"])["QtyOnHand"] == 10


def test_receipt_goes_to_undeposited_funds_and_refund_back(us):
    before = us.ledger()["balances"].get("Undeposited Funds", 0)
    receipt = us.make("SalesReceipt", Line=[sale(us.service(), 30)])
    assert receipt["DepositToAccountRef"]["value"] == "4"
    refund = body(us, sale(us.service(), 12), DepositToAccountRef=ref(4))
    us.make("RefundReceipt", **refund)
    assert us.ledger()["balances"]["Undeposited Funds"] - before == 18


def test_estimate_is_closed_by_its_invoice(us):
    sent = body(us, sale(us.service(), 30))
    estimate = us.make("Estimate", **sent)
    assert estimate["TxnStatus"] == "Pending"
    link = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    doc = us.make("Invoice", **sent, LinkedTxn=link)
    estimate = us.read("Estimate", estimate["Id"])
    assert estimate["TxnStatus"] == "Closed"
    assert estimate["LinkedTxn"] == [{"TxnId": doc["Id"], "TxnType": "Invoice"}]
    us.refused("invoice", {**sent, "LinkedTxn": link}, 620)


def test_what_a_sales_form_refuses(us):
    item = us.service()
    line = sale(item, 5)
    us.refused("invoice", {"Line": [line]}, 2020)
    us.refused("invoice", {"CustomerRef": ref(us.customer()["Id"])}, 2020)
    us.refused("invoice", body(us, line, discount(1), discount(2)), 6000)
    us.refused("invoice", body(us, line, discount()), 6090)
    us.refused("invoice", body(us, sale(item, -5)), 6000)
    us.refused("invoice", body(us, line, EmailStatus="NeedToSend"), 2020)
    twice = [sale("SHIPPING_ITEM_ID", 1)] * 2
    us.refused("invoice", body(us, line, *twice), 6000)
    category = us.make("Item", Name="A category", Type="Category")
    us.refused("invoice", body(us, sale(category, 5)), 6000)
    group = us.admin(
        "preferences",
        realm=us.realm,
        preferences={"SalesFormsPrefs": {"AllowShipping": False}},
    )
    assert group["SalesFormsPrefs"]["AllowShipping"] is False
    us.refused("invoice", body(us, line, twice[0]), 6000)


def test_pdf_and_send(us):
    doc = us.make("Invoice", **body(us, sale(us.service(), 3)))
    pdf = us.get(f"invoice/{doc['Id']}/pdf")
    assert pdf.content.startswith(b"%PDF")
    sent = us.session.post(us.path(f"invoice/{doc['Id']}/send?sendTo=a@b.test"))
    assert sent.json()["Invoice"]["EmailStatus"] == "EmailSent"


def test_bundle_is_the_sum_of_its_items(url):
    api = found(url, kind="us", sample=True)
    bundle = api.query("select * from Item where Type = 'Group'")["Item"][0]
    detail = {"GroupItemRef": ref(bundle["Id"]), "Quantity": 2}
    line = {"DetailType": "GroupLineDetail", "GroupLineDetail": detail}
    doc = api.make("Invoice", **body(api, line))
    parts = doc["Line"][0]["GroupLineDetail"]["Line"]
    assert [one["SalesItemLineDetail"]["Qty"] for one in parts] == [2, 2, 4]
    assert doc["TotalAmt"] == 2 * (32 + 19.5 + 2 * 60)
    assert api.change("Invoice", doc, PrivateNote="x")["TotalAmt"] == doc["TotalAmt"]
    assert api.ledger()["unbalanced"] == []
    api.refused("item", {"Id": bundle["Id"], "SyncToken": "0", "Name": "x"}, 500)
    wrong = {**detail, "GroupItemRef": ref(api.service()["Id"])}
    api.refused("invoice", body(api, {**line, "GroupLineDetail": wrong}), 6000)
