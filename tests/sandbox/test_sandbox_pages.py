"""Pages for people, and a bookkeeper's hand on them."""

import json
import re

import pytest
import requests

from tests.sandbox.kit import expense, found, pays, ref, sale


@pytest.fixture(scope="module")
def sample(url):
    """A company with sample books."""
    return found(url, kind="us", sample=True, name="Sample & Sons")


def page(api, name, /, **params):
    """A page's response."""
    params.setdefault("deeplinkcompanyid", api.realm)
    return requests.get(f"{api.url}/app/{name}", params=params, timeout=5)


def test_home_lists_the_companies(sample):
    text = requests.get(f"{sample.url}/", timeout=5).text
    assert "Sandbox Company US" in text and "Sample &amp; Sons" in text


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("customers", "Alder Bicycle Works"),
        ("vendors", "Granite Supply Co"),
        ("items", "Brake set"),
        ("invoices", "Estimate"),
        ("purchaseorders", "P-200"),
        ("payments", "Payment"),
        ("accounts", "Inventory Asset"),
        ("reports", "TrialBalance"),
        ("log", "Reads"),
        ("settings", "refresh_rotation"),
    ],
)
def test_lists(sample, name, word):
    answer = page(sample, name)
    assert answer.status_code == 200 and word in answer.text


def test_deep_links(sample):
    doc = sample.query("select * from Invoice where DocNumber = '1001'")["Invoice"][0]
    text = page(sample, "invoice", txnId=doc["Id"]).text
    assert "Invoice 1001" in text and "Alder Bicycle Works" in text
    assert "Linked" in text and "Payment" in text
    order = sample.query("select * from PurchaseOrder")["PurchaseOrder"][-1]
    assert "Granite" in page(sample, "purchaseorder", txnId=order["Id"]).text
    customer = doc["CustomerRef"]["value"]
    assert "E-100" in page(sample, "customerdetail", nameId=customer).text
    vendor = order["VendorRef"]["value"]
    assert "G-778" in page(sample, "vendordetail", nameId=vendor).text
    item = sample.query("select * from Item where Name = 'Pump'")["Item"][0]
    assert "QtyOnHand" in page(sample, "items", itemId=item["Id"]).text
    assert page(sample, "account", accountId="84").status_code == 200
    for report in ("TrialBalance", "BalanceSheet", "GeneralLedger"):
        assert page(sample, "report", name=report).status_code == 200


def test_nothing_there(sample):
    assert page(sample, "invoice", txnId="999").status_code == 404
    assert page(sample, "nonsense").status_code == 404
    assert page(sample, "items", deeplinkcompanyid="1").status_code == 404
    first = requests.get(f"{sample.url}/app/items", timeout=5)
    assert "Sandbox Company US" in first.text


def test_names_are_escaped(us):
    us.customer(DisplayName="<script>alert(1)</script>")
    assert "<script>alert" not in page(us, "customers").text


def act(api, name, doc, **form):
    """Submit a document page's form."""
    params = {"txnId": doc["Id"], "deeplinkcompanyid": api.realm}
    address = f"{api.url}/app/{name}"
    return requests.post(address, params=params, data=form, timeout=5)


def test_a_bookkeeper_edits_voids_and_deletes(us):
    item = us.service()
    customer = ref(us.customer()["Id"])
    line = sale(item, 20, Qty=2, UnitPrice=10)
    doc = us.make("Invoice", CustomerRef=customer, Line=[line], DocNumber="H-1")
    form = {"action": "edit", "PrivateNote": "by hand", "Qty_1": "3"}
    assert act(us, "invoice", doc, **form).status_code == 200
    doc = us.read("Invoice", doc["Id"])
    assert doc["TotalAmt"] == 30 and doc["PrivateNote"] == "by hand"
    assert doc["SyncToken"] == "1"
    act(us, "invoice", doc, action="void")
    assert us.read("Invoice", doc["Id"])["PrivateNote"] == "Voided - by hand"
    act(us, "invoice", doc, action="delete")
    assert us.get(f"invoice/{doc['Id']}").status_code == 400


def test_the_hand_obeys_the_rules(us):
    bill = us.make("Bill", VendorRef=ref(us.vendor()["Id"]), Line=[expense(15, 5)])
    us.make(
        "BillPayment",
        VendorRef=bill["VendorRef"],
        PayType="Check",
        TotalAmt=5,
        CheckPayment={"BankAccountRef": ref(35)},
        Line=[pays(bill, "Bill", 5)],
    )
    answer = act(us, "bill", bill, action="edit", TxnDate="never")
    assert answer.status_code == 400 and "2060" in answer.text


def test_knobs_can_be_turned_on_the_page(us, app):
    form = {"name": "negative_stock", "value": "False"}
    params = {"deeplinkcompanyid": us.realm}
    address = f"{us.url}/app/settings"
    assert requests.post(address, params=params, data=form, timeout=5).ok
    assert app.knobs.get("negative_stock", us.realm) is False
    form = {"name": "limits", "value": "some"}
    wrong = requests.post(address, params=params, data=form, timeout=5)
    assert wrong.status_code == 400


def test_request_log_counts_reads_and_writes(us):
    us.admin("requests/clear", realm=us.realm)
    us.vendor()
    us.query("select * from Term")
    query = {"bId": "1", "Query": "select * from Term"}
    made = {"bId": "2", "operation": "create", "Vendor": {"DisplayName": "Logged"}}
    us.post("batch", {"BatchItemRequest": [query, made]})
    address = f"{us.url}/_admin/requests"
    found = requests.get(address, params={"realm": us.realm}, timeout=5).json()
    assert found["counts"] == {"reads": 2, "writes": 2, "requests": 3, "faults": 0}
    assert [one["operation"] for one in found["requests"]] == [
        "write",
        "query",
        "batch",
    ]


def test_a_document_shows_its_mail_and_its_files(sample):
    doc = sample.query("select * from Invoice where DocNumber = '1001'")["Invoice"][0]
    sample.post(f"invoice/{doc['Id']}/send", None, sendTo="ap@alder.test")
    link = {"EntityRef": {"type": "Invoice", "value": doc["Id"]}}
    about = {"FileName": "order.pdf", "Note": "ours", "AttachableRef": [link]}
    files = {
        "file_metadata_01": (None, json.dumps(about), "application/json"),
        "file_content_01": ("order.pdf", b"%PDF", "application/pdf"),
    }
    sample.session.post(sample.path("upload"), files=files)
    text = page(sample, "invoice", txnId=doc["Id"]).text
    assert "ap@alder.test <span class='grey'>EmailSent" in text
    [address] = re.findall(r'href="(/files/[^"]+)">order.pdf', text)
    assert requests.get(f"{sample.url}{address}", timeout=5).content == b"%PDF"
    where = "select * from Invoice where DocNumber > '1001'"
    other = sample.query(where)["Invoice"][0]
    assert "order.pdf" not in page(sample, "invoice", txnId=other["Id"]).text
