"""Batch, change data capture, webhooks, limits, latency, files."""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest
import requests

from tests.sandbox.kit import expense, found, ref, sale, unique


def batch(us, *items, **params):
    """The BatchItemResponse list."""
    answer = us.post("batch", {"BatchItemRequest": list(items)}, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()["BatchItemResponse"]


def vendor(bid, name):
    """A batch item that creates a vendor."""
    return {"bId": bid, "operation": "create", "Vendor": {"DisplayName": name}}


def test_batch_items_stand_alone(us):
    name = f"Batch {unique()}"
    first, second, third, fourth = batch(
        us,
        vendor("1", name),
        vendor("2", name),
        {"bId": "3", "Query": f"select * from Vendor where DisplayName = '{name}'"},
        {"bId": "4", "Query": "select nonsense"},
    )
    assert first["Vendor"]["DisplayName"] == name
    assert second["Fault"]["Error"][0]["code"] == "6240"
    assert second["Fault"]["type"] == "ValidationFault"
    assert third["QueryResponse"]["maxResults"] == 1
    assert fourth["Fault"]["Error"][0]["code"] == "4000"


def test_batch_updates_and_deletes(us):
    made = us.make("Bill", VendorRef=ref(us.vendor()["Id"]), Line=[expense(15, 5)])
    head = {"Id": made["Id"], "SyncToken": "0"}
    vendor = made["VendorRef"]
    sparse = {**head, "sparse": True, "VendorRef": vendor, "PrivateNote": "x"}
    done = batch(us, {"bId": "1", "operation": "update", "Bill": sparse})
    assert done[0]["Bill"]["PrivateNote"] == "x"
    head["SyncToken"] = "1"
    done = batch(us, {"bId": "1", "operation": "delete", "Bill": head})
    assert done[0]["Bill"]["status"] == "Deleted"


def test_batch_voids_by_its_options(us):
    item = sale(us.service(), 10)
    doc = us.make("Invoice", CustomerRef=ref(us.customer()["Id"]), Line=[item])
    body = {"Id": doc["Id"], "SyncToken": "0"}
    one = {"bId": "1", "operation": "update", "optionsData": "void", "Invoice": body}
    assert batch(us, one)[0]["Invoice"]["TotalAmt"] == 0


def test_batch_limits_and_replay(us):
    items = [vendor(str(n), f"Big {n} {unique()}") for n in range(31)]
    us.refused("batch", {"BatchItemRequest": items}, 1040)
    one = vendor("a", f"Again {unique()}")
    first = batch(us, one, requestid="batch-1")
    assert batch(us, one, requestid="batch-1") == first
    other = batch(us, {**one, "bId": "b"}, requestid="batch-1")
    assert other[0]["Fault"]["Error"][0]["code"] == "6240"
    long = {"BatchItemRequest": [{**one, "bId": "x" * 11}]}
    us.refused("batch", long, 2130, requestid="batch-2")
    us.refused("batch", long, 2130, requestid="x" * 37)


def test_batch_item_can_be_throttled_alone(us):
    us.admin("faults", kind="throttle", match={"operation": "item", "bId": "2"})
    done = batch(us, vendor("1", f"B {unique()}"), vendor("2", f"B {unique()}"))
    assert "Vendor" in done[0]
    assert done[1]["Fault"]["Error"][0]["code"] == "3001"


def cdc(us, names, since):
    """The QueryResponse blocks."""
    text = since if isinstance(since, str) else since.isoformat()
    answer = us.get("cdc", entities=names, changedSince=text)
    assert answer.status_code == 200, answer.text
    return answer.json()["CDCResponse"][0]["QueryResponse"]


def test_cdc(url):
    us = found(url, kind="us")
    start = datetime.now(timezone.utc) - timedelta(seconds=1)
    item = us.service()
    docs = [
        us.make("Invoice", CustomerRef=ref(us.customer()["Id"]), Line=[sale(item, 1)])
        for _ in range(2)
    ]
    us.delete("Invoice", docs[0])
    us.change("Item", item, Active=False)
    blocks = {next(iter(one)): one for one in cdc(us, "Invoice,Item,Bill", start)}
    kept, gone = blocks["Invoice"]["Invoice"]
    assert kept["Id"] == docs[1]["Id"] and kept["TotalAmt"] == 1
    assert gone["status"] == "Deleted" and gone["Id"] == docs[0]["Id"]
    assert "LastUpdatedTime" in gone["MetaData"]
    assert blocks["Item"]["Item"][0]["Active"] is False
    assert "Bill" not in blocks
    later = datetime.now(timezone.utc) + timedelta(seconds=2)
    assert cdc(us, "Invoice,Item", later) == [{}]
    us.knobs(cdc_empty="each")
    assert cdc(us, "Invoice,Item", later) == [{}, {}]


@pytest.mark.parametrize(
    ("names", "days", "code"),
    [("Invoice", 31, "2070"), ("TaxCode", 1, "500"), ("", 1, "2020"), ("X", 1, "500")],
)
def test_cdc_faults(us, names, days, code):
    since = (datetime.now(timezone.utc) - timedelta(days=days)).isoformat()
    answer = us.get("cdc", entities=names, changedSince=since)
    assert answer.json()["Fault"]["Error"][0]["code"] == code


def test_cdc_is_cut_at_a_thousand_over_all(us, app):
    from qbo_sandbox.seed import Seeder

    company = app.companies[us.realm]
    with app.store.transaction():
        for number in range(1100):
            body = {"DisplayName": f"Many {number}", "Active": True}
            Seeder(company, {}).put("Vendor", body, f"9{number:05}")
    blocks = cdc(us, "Vendor,Account", datetime.now(timezone.utc) - timedelta(hours=1))
    assert sum(one.get("maxResults", 0) for one in blocks) == 1000


def test_limits(us):
    us.knobs(limits="on", limit_second=2, retry_after="60")
    answers = [us.get("companyinfo/1") for _ in range(8)]
    assert [one.status_code for one in answers[:2]] == [200, 200]
    refused = next(one for one in answers if one.status_code == 429)
    assert refused.headers["Retry-After"] == "60"
    fault = refused.json()["fault"]
    assert fault["error"][0]["code"] == "3001" and fault["type"] == "SERVICE"


def test_limit_of_batches(us):
    us.knobs(limits="on", limit_second=100, limit_batch=2)
    query = {"BatchItemRequest": [{"bId": "1", "Query": "select * from Term"}]}
    codes = [us.post("batch", query).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_latency(us):
    us.knobs(latency="recorded", latency_scale=0.1)
    started = time.monotonic()
    us.vendor()
    assert 0.05 < time.monotonic() - started < 5


def test_upload_and_download(us):
    metadata = {"FileName": "note.txt", "ContentType": "text/plain"}
    files = {
        "file_metadata_01": (None, json.dumps(metadata), "application/json"),
        "file_content_01": ("note.txt", b"hello", "text/plain"),
    }
    answer = us.session.post(us.path("upload"), files=files).json()
    made = answer["AttachableResponse"][0]["Attachable"]
    assert made["Size"] == 5
    address = us.get(f"download/{made['Id']}").text
    assert requests.get(address, timeout=5).content == b"hello"
    metadata["FileName"] = "virus.exe"
    files["file_metadata_01"] = (None, json.dumps(metadata), "application/json")
    refused = us.session.post(us.path("upload"), files=files).json()
    code = refused["AttachableResponse"][0]["Fault"]["Error"][0]["code"]
    assert code == "6041"


def test_notes_are_found_by_what_they_hang_on(us):
    doc = us.make("Bill", VendorRef=ref(us.vendor()["Id"]), Line=[expense(15, 5)])
    link = {"EntityRef": {"type": "Bill", "value": doc["Id"]}}
    us.make("Attachable", Note="see here", AttachableRef=[link])
    where = "AttachableRef.EntityRef.Type = 'bill' and AttachableRef.EntityRef.value"
    found = us.query(f"select * from Attachable where {where} = '{doc['Id']}'")
    assert found["Attachable"][0]["Note"] == "see here"
    us.delete("Bill", doc)
    assert us.query("select * from Attachable")["maxResults"] >= 1


def test_answers_look_like_intuits(us):
    answer = us.get("companyinfo/1")
    assert answer.headers["intuit_tid"]
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert answer.json()["time"].endswith("-08:00")
    plain = us.session.get(us.path("companyinfo/1"), headers={"Accept": "*/*"})
    assert plain.text.startswith("<?xml")
    assert us.get("nonsense/1").status_code == 404
    bad = us.session.post(us.path("customer"), data=b"\xff\xfe", timeout=5)
    assert bad.status_code == 500
    assert "Invalid byte" in bad.json()["Fault"]["Error"][0]["Detail"]
    broken = us.session.post(us.path("customer"), data=b"{", timeout=5)
    assert broken.json()["Fault"]["Error"][0]["code"] == "2010"
