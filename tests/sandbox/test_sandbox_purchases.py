"""Purchase orders and bills."""

import pytest

from tests.sandbox.kit import expense, found, purchase, ref


@pytest.fixture
def order(us):
    """A purchase order of 10 and 4 pieces."""
    item = us.stored(quantity=0, cost=7.5)
    lines = [
        purchase(item, 75, Qty=10, UnitPrice=7.5),
        purchase(item, 30, Qty=4, UnitPrice=7.5),
    ]
    doc = us.make("PurchaseOrder", VendorRef=ref(us.vendor()["Id"]), Line=lines)
    return {**doc, "item": item}


def bill_of(order, *quantities):
    """A bill's body that bills these quantities of the order's lines."""
    link = {"TxnId": order["Id"], "TxnType": "PurchaseOrder"}
    lines = [
        purchase(
            order["item"],
            qty * 7.5,
            [{**link, "TxnLineId": str(number)}],
            Qty=qty,
            UnitPrice=7.5,
        )
        for number, qty in enumerate(quantities, 1)
    ]
    return {"VendorRef": order["VendorRef"], "LinkedTxn": [link], "Line": lines}


def test_due_date_of_an_order_is_dropped_with_a_200(us, order):
    assert "DueDate" not in us.change("PurchaseOrder", order, DueDate="2026-12-01")
    us.knobs(po_due_date="keep")
    order = us.read("PurchaseOrder", order["Id"])
    order = us.change("PurchaseOrder", order, DueDate="2026-12-01")
    assert order["DueDate"] == "2026-12-01"
    us.knobs(po_due_date=None)


def test_tax_of_a_us_bill_is_dropped(us):
    body = {"VendorRef": ref(us.vendor()["Id"]), "Line": [expense(15, 50)]}
    bill = us.make("Bill", **body, TxnTaxDetail={"TotalTax": 4})
    assert (bill["TotalAmt"], "TxnTaxDetail" in bill) == (50, False)


def test_defaults(us, order):
    assert order["POStatus"] == "Open"
    assert order["APAccountRef"]["value"] == "33"
    assert order["TotalAmt"] == 105
    us.knobs(po_ap_account="require")
    body = {"VendorRef": order["VendorRef"], "Line": [expense(82, 12)]}
    us.refused("purchaseorder", body, 2020)


def test_order_closes_when_all_is_billed(us, order):
    first = us.make("Bill", **bill_of(order, 10))
    assert us.read("PurchaseOrder", order["Id"])["POStatus"] == "Open"
    us.make("Bill", **bill_of(order, 0, 4) | {"Line": bill_of(order, 1, 4)["Line"][1:]})
    closed = us.read("PurchaseOrder", order["Id"])
    assert closed["POStatus"] == "Closed"
    assert [one["TxnType"] for one in closed["LinkedTxn"]] == ["Bill", "Bill"]
    assert us.read("Item", order["item"]["Id"])["QtyOnHand"] == 14
    us.refused(
        "purchaseorder",
        {"Id": order["Id"], "SyncToken": closed["SyncToken"]},
        6480,
        operation="delete",
    )
    us.delete("Bill", us.read("Bill", first["Id"]))
    assert us.read("PurchaseOrder", order["Id"])["POStatus"] == "Open"


def test_what_a_bill_refuses(us, order):
    body = bill_of(order, 10)
    del body["Line"][0]["LinkedTxn"][0]["TxnLineId"]
    us.refused("bill", body, 2020)
    other = {**bill_of(order, 10), "VendorRef": ref(us.vendor()["Id"])}
    us.refused("bill", other, 620)
    vendor = {"VendorRef": order["VendorRef"]}
    us.refused("bill", {**vendor, "Line": [expense(84, 5)]}, 6430)
    no_account = {"Amount": 5, "DetailType": "AccountBasedExpenseLineDetail"}
    us.refused("bill", {**vendor, "Line": [no_account]}, 6440)
    billed = expense(15, 5)
    billed["AccountBasedExpenseLineDetail"]["BillableStatus"] = "HasBeenBilled"
    error = us.refused("bill", {**vendor, "Line": [billed]}, 2170)
    assert "HAS_BEEN_BILLED" in error["Detail"]


def test_bill_terms_and_numbers(us):
    vendor = us.vendor(TermRef=ref(4))
    body = {
        "VendorRef": ref(vendor["Id"]),
        "Line": [expense(15, 5)],
        "TxnDate": "2026-11-20",
        "DocNumber": "V-1",
    }
    doc = us.make("Bill", **body)
    assert doc["DueDate"] == "2026-12-20" and doc["Balance"] == 5
    error = us.refused("bill", body, 6140)
    assert f"TxnId={doc['Id']}" in error["Detail"]
    answer = us.post("bill", body, include="allowduplicatedocnum")
    assert answer.status_code == 200
    us.knobs(duplicate_docnumber="accept")
    assert us.make("Bill", **body)["DocNumber"] == "V-1"


def test_customer_makes_a_line_billable(us):
    line = expense(15, 5)
    line["AccountBasedExpenseLineDetail"]["CustomerRef"] = ref(us.customer()["Id"])
    doc = us.make("Bill", VendorRef=ref(us.vendor()["Id"]), Line=[line])
    detail = doc["Line"][0]["AccountBasedExpenseLineDetail"]
    assert detail["BillableStatus"] == "Billable"


def test_stock_is_valued_at_what_was_paid(us):
    item = us.stored(quantity=0, cost=1)
    body = {"VendorRef": ref(us.vendor()["Id"])}
    lines = [purchase(item, 50, Qty=10, UnitPrice=5)]
    before = us.ledger()["balances"].get("Inventory Asset", 0)
    us.make("Bill", **body, Line=lines)
    us.make("VendorCredit", **body, Line=[purchase(item, 10, Qty=2, UnitPrice=5)])
    assert us.ledger()["balances"]["Inventory Asset"] - before == 40
    assert us.read("Item", item["Id"])["QtyOnHand"] == 8


def test_no_orders_without_the_subscription(url):
    small = found(url, kind="us", offering="essentials")
    body = {"VendorRef": ref(small.vendor()["Id"]), "Line": [expense(15, 5)]}
    small.refused("purchaseorder", body, 5030)
    assert small.make("Bill", **body)["TotalAmt"] == 5
