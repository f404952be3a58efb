"""Full and sparse updates, tokens, closed books, repeated requests."""

import threading

from tests.sandbox.kit import expense, pays, ref, sale, unique


def invoice(us, *lines, **more):
    """A new invoice."""
    lines = list(lines) or [sale(us.service(), 10)]
    return us.make("Invoice", CustomerRef=ref(us.customer()["Id"]), Line=lines, **more)


def test_full_update_nulls_what_is_left_out(us):
    customer = us.customer(Notes="keep me", CompanyName="Big Co")
    head = {k: customer[k] for k in ("Id", "SyncToken", "DisplayName")}
    new = us.make("Customer", **head, CompanyName="Big Co")
    assert "Notes" not in new and new["SyncToken"] == "1"
    assert new["MetaData"]["CreateTime"] == customer["MetaData"]["CreateTime"]


def test_full_update_without_customer(us):
    doc = invoice(us)
    body = {"Id": doc["Id"], "SyncToken": "0", "Line": doc["Line"]}
    us.refused("invoice", body, 2020)
    receipt = us.make("SalesReceipt", CustomerRef=doc["CustomerRef"], Line=doc["Line"])
    cleared = us.make("SalesReceipt", Id=receipt["Id"], SyncToken="0", Line=doc["Line"])
    assert "CustomerRef" not in cleared


def test_sparse_update_keeps_and_null_clears(us):
    doc = invoice(us, PrivateNote="note", TrackingNum="1Z")
    new = us.change("Invoice", doc, TrackingNum=None)
    assert new["PrivateNote"] == "note" and "TrackingNum" not in new


def test_sparse_update_says_who_and_how_much(us):
    """What is left out may be kept, but of these QuickBooks wants some said again."""
    customer, item = us.customer(), us.service()
    vendor, cost = ref(us.vendor()["Id"]), [expense(15, 5)]
    payment = us.make("Payment", CustomerRef=ref(customer["Id"]), TotalAmt=5)
    bill = us.make("Bill", VendorRef=vendor, Line=cost)
    credit = us.make("VendorCredit", VendorRef=vendor, Line=cost)
    paid = us.make("Purchase", PaymentType="Cash", AccountRef=ref(35), Line=cost)
    check = {"PayType": "Check", "CheckPayment": {"BankAccountRef": ref(35)}}
    lines = [pays(bill, "Bill", 5)]
    settled = us.make("BillPayment", VendorRef=vendor, TotalAmt=5, Line=lines, **check)
    bill = us.read("Bill", bill["Id"])
    for doc, entity, *names in (
        (payment, "Payment", "CustomerRef", "TotalAmt"),
        (bill, "Bill", "VendorRef"),
        (credit, "VendorCredit", "VendorRef"),
        (paid, "Purchase", "PaymentType"),
        (settled, "BillPayment", "VendorRef", "TotalAmt", "PayType"),
    ):
        head = {"Id": doc["Id"], "SyncToken": doc["SyncToken"], "sparse": True}
        whole = {**head, **{name: doc[name] for name in names}, "PrivateNote": "x"}
        for name in names:
            body = {key: value for key, value in whole.items() if key != name}
            error = us.refused(entity.lower(), body, 2020)
            assert name in error["Detail"]
        assert us.make(entity, **whole)["PrivateNote"] == "x"
    sold = invoice(us, sale(item, 10))
    assert us.change("Invoice", sold, PrivateNote="x")["PrivateNote"] == "x"


def test_sparse_lines_replace_all_lines(us):
    item = us.service()
    doc = invoice(us, sale(item, 10), sale(item, 20), sale(item, 30))
    kept = doc["Line"][1]
    new = us.change("Invoice", doc, Line=[kept, sale(item, 5)])
    assert [one.get("Id") for one in new["Line"]] == ["2", "4", None]
    assert new["TotalAmt"] == 25
    again = us.change("Invoice", new, Line=[sale(item, 5)])
    assert again["Line"][0]["Id"] == "5"


def test_stale_token(us):
    doc = invoice(us)
    us.change("Invoice", doc, PrivateNote="mine")
    body = {"Id": doc["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    error = us.refused("invoice", body, 5010)
    assert error["Message"] == "Stale Object Error"
    assert error["Detail"].startswith("Stale Object Error : You and root were working")
    us.refused("invoice", {"Id": doc["Id"], "sparse": True}, 2020)


def test_read_only_fields_are_overwritten_silently(us):
    doc = invoice(us, TotalAmt=999, Balance=5, HomeTotalAmt=3)
    assert doc["TotalAmt"] == doc["Balance"] == 10


def test_what_is_echoed_and_what_is_unknown(us):
    doc = invoice(us)
    assert us.make("Invoice", **doc)["SyncToken"] == "1"
    doc = us.read("Invoice", doc["Id"])
    error = us.refused("invoice", {**doc, "InvoiceEx": {"any": []}}, 2010)
    assert "unsupported or invalid" in error["Detail"]


def test_gone_is_610(us):
    doc = invoice(us)
    answer = us.delete("Invoice", doc).json()["Invoice"]
    assert answer == {"status": "Deleted", "domain": "QBO", "Id": doc["Id"]}
    gone = us.get(f"invoice/{doc['Id']}")
    assert gone.status_code == 400
    error = gone.json()["Fault"]["Error"][0]
    assert error["code"] == "610"
    assert "Another user has deleted this transaction." in error["Detail"]
    body = {"Id": doc["Id"], "SyncToken": "0", "sparse": True}
    us.refused("invoice", body, 610)


def test_closed_books(us):
    doc = invoice(us, TxnDate="2026-01-15")
    close = {"AccountingInfoPrefs": {"BookCloseDate": "2026-01-31"}}
    us.admin("preferences", realm=us.realm, preferences=close)
    body = {"Id": doc["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    error = us.refused("invoice", body, 6210)
    assert error["Detail"].startswith("The account period has closed")
    us.refused("invoice", {**body, "TxnDate": "2026-02-15"}, 6210)
    us.refused("invoice", body, 6210, operation="delete")
    assert invoice(us, TxnDate="2026-02-01")
    close["AccountingInfoPrefs"]["BookCloseDate"] = None
    us.admin("preferences", realm=us.realm, preferences=close)


def test_before_the_items_start(us):
    item = us.stored()
    body = {"CustomerRef": ref(us.customer()["Id"]), "TxnDate": "2025-12-31"}
    us.refused("invoice", {**body, "Line": [sale(item, 10)]}, 6270)


def test_document_numbers(us):
    number = f"N-{unique()}"
    doc = invoice(us, DocNumber=number)
    body = {"CustomerRef": doc["CustomerRef"], "Line": doc["Line"]}
    error = us.refused("invoice", {**body, "DocNumber": number}, 6140)
    assert error["Detail"].endswith(
        f"DocNumber={number} is assigned to TxnType=Invoice with TxnId={doc['Id']}"
    )
    assert us.make("Estimate", **body, DocNumber=number)
    us.knobs(duplicate_detail="short")
    error = us.refused("invoice", {**body, "DocNumber": number}, 6140)
    assert error["Detail"].endswith("This number has already been used.")


def test_repeated_request_is_replayed(us):
    body = {"DisplayName": f"Once {unique()}"}
    first = us.post("customer", body, requestid="request-1")
    second = us.post("customer", body, requestid="request-1")
    assert first.content == second.content
    other = us.post("customer", {"DisplayName": "Other"}, requestid="request-1")
    assert other.content == first.content
    us.knobs(requestid_new_body="refuse")
    us.refused("customer", {"DisplayName": "Other"}, 600, requestid="request-1")
    us.refused("customer", body, 2130, requestid="x" * 51)


def test_refused_request_is_not_replayed(us):
    name = f"Refused {unique()}"
    us.refused("customer", {"DisplayName": name, "x": 1}, 2010, requestid="request-2")
    done = us.post("customer", {"DisplayName": name}, requestid="request-2")
    assert done.status_code == 200
    us.knobs(replay_faults=True)
    us.refused("customer", {"y": 1}, 2010, requestid="request-3")
    us.refused("customer", {"DisplayName": "ok"}, 2010, requestid="request-3")


def test_many_at_once_create_one(us):
    body, found = {"DisplayName": f"Race {unique()}"}, []

    def create():
        answer = us.post("customer", body, requestid="race")
        found.append(answer.json()["Customer"]["Id"])

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
