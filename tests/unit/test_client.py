"""The client against a real HTTP server: what it sends and what it makes of it."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from loopback import Reply

from qbo.client import BatchItem, QboClient
from qbo.errors import QboFault, QboThrottled, QboUnreachable

TOKEN = "secret-access-token"
INVOICE = {"Invoice": {"Id": "130", "SyncToken": "0"}, "time": "x"}


@pytest.fixture
def told():
    return []


@pytest.fixture
def client(server, told):
    return QboClient("9341", TOKEN, server.url + "/", on_exchange=told.append)


def test_the_constructor_needs_no_network():
    QboClient("1", "t", "https://quickbooks.invalid")
    QboClient(realm_id="1", access_token="t", base_url="http://127.0.0.1:1")


def test_create(server, client):
    server.answer(INVOICE)
    body = {"Line": [{"Amount": Decimal("10.10"), "Qty": Decimal("1E+1")}]}
    assert client.create("Invoice", body, "rid-1")["Id"] == "130"
    sent = server.seen[0]
    assert (sent.method, sent.path) == ("POST", "/v3/company/9341/invoice")
    assert sent.params == {"minorversion": "75", "requestid": "rid-1"}
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["content-type"] == "application/json"
    assert "gzip" in sent.headers["accept-encoding"]
    assert sent.body == b'{"Line":[{"Amount":10.10,"Qty":10}]}'


def test_parameters_ride_along(server, client):
    server.answer(INVOICE)
    client.create("Invoice", {}, "r", params={"include": "enhancedAllCustomFields"})
    assert server.seen[0].params["include"] == "enhancedAllCustomFields"


def test_numbers_come_back_exact(server, client):
    server.answer(Reply(body='{"Invoice":{"TotalAmt":0.10,"ExchangeRate":1.400374}}'))
    answer = client.read("Invoice", "130")
    assert answer == {"TotalAmt": Decimal("0.10"), "ExchangeRate": Decimal("1.400374")}
    assert server.seen[0].path.endswith("/invoice/130")


def test_update_is_always_sparse(server, client):
    server.answer(INVOICE)
    client.update("Invoice", {"Id": "130", "SyncToken": "0", "sparse": False}, "r")
    assert server.seen[0].json == {"Id": "130", "SyncToken": "0", "sparse": True}
    for body in ({"Id": "130"}, {"SyncToken": "0"}, {"Id": "1", "SyncToken": ""}):
        with pytest.raises(ValueError):
            client.update("Invoice", body, "r")


def test_void_and_delete(server, client):
    server.answer(INVOICE, {"Payment": {"Id": "5"}}, INVOICE)
    client.void("Invoice", 130, 0, "r")
    client.void("Payment", 5, 1, "r")
    client.delete("Invoice", 130, 1, "r")
    invoice, payment, deleted = server.seen
    assert invoice.params["operation"] == "void"
    assert invoice.json == {"Id": "130", "SyncToken": "0"}
    assert payment.params["operation"] == "update"
    assert payment.params["include"] == "void"
    assert payment.json["sparse"] is True
    assert deleted.params["operation"] == "delete"
    with pytest.raises(ValueError):
        client.void("Bill", 1, 0, "r")


@pytest.mark.parametrize("request_id", ["", None, "x" * 51])
def test_every_write_needs_a_request_id(client, request_id):
    for write in (
        lambda: client.create("Invoice", {}, request_id),
        lambda: client.update("Invoice", {"Id": "1", "SyncToken": "0"}, request_id),
        lambda: client.delete("Invoice", 1, 0, request_id),
        lambda: client.void("Invoice", 1, 0, request_id),
    ):
        with pytest.raises(ValueError):
            write()


def test_query(server, client, told):
    server.answer({"QueryResponse": {"Item": [{"Id": "1"}], "maxResults": 1}})
    assert client.query("SELECT * FROM Item WHERE Name = 'ü'") == [{"Id": "1"}]
    sent = server.seen[0]
    assert sent.path == "/v3/company/9341/query"
    assert sent.headers["content-type"] == "application/text"
    assert sent.body.decode() == "SELECT * FROM Item WHERE Name = 'ü'"
    assert (told[0].entity, told[0].operation, told[0].is_read) == (
        "Item",
        "query",
        True,
    )


def test_an_empty_query_answer_is_an_empty_list(server, client):
    server.answer({"QueryResponse": {}})
    assert client.query("SELECT * FROM Item") == []


def test_query_all_reads_until_a_short_page(server, client):
    def page(*ids):
        return {"QueryResponse": {"Item": [{"Id": str(i)} for i in ids]}}

    server.answer(page(1, 2), page(3, 4), page(5))
    found = client.query_all("Item", "Active IN (true, false)", page=2)
    assert [row["Id"] for row in found] == list("12345")
    assert server.seen[2].body.decode() == (
        "SELECT * FROM Item WHERE Active IN (true, false) "
        "ORDERBY Id STARTPOSITION 5 MAXRESULTS 2"
    )


def test_count(server, client):
    server.answer({"QueryResponse": {"totalCount": 412}})
    assert client.count("Item", "Type = 'Inventory'") == 412
    assert server.seen[0].body.startswith(b"SELECT COUNT(*) FROM Item WHERE")


def test_company_preferences_and_rate(server, client):
    rate = {"Rate": 1.400374, "SourceCurrencyCode": "USD"}
    server.answer(
        {"CompanyInfo": {"CompanyName": "Acme"}},
        {"Preferences": {"TaxPrefs": {}}},
        {"ExchangeRate": rate},
    )
    assert client.company_info()["CompanyName"] == "Acme"
    assert client.preferences() == {"TaxPrefs": {}}
    assert client.exchange_rate("USD", date(2026, 7, 30)) == Decimal("1.400374")
    company, preferences, asked = server.seen
    assert company.path.endswith("/companyinfo/9341")
    assert preferences.path.endswith("/preferences")
    assert asked.params["asofdate"] == "2026-07-30"


def test_batch(server, client, told):
    items = [
        BatchItem("1", "create", "Vendor", {"DisplayName": "x"}),
        BatchItem("2", "update", "Invoice", {"Id": "1", "SyncToken": "0"}),
        BatchItem("3", query="SELECT * FROM Item"),
        BatchItem("4", "delete", "Invoice", {"Id": "2", "SyncToken": "0"}),
        BatchItem("5", "create", "Customer", {"DisplayName": "y"}),
    ]
    fault = {"type": "ValidationFault", "Error": [{"code": "6240", "Message": "Dup"}]}
    throttled = {"type": "SERVICE", "Error": [{"code": "003001", "Message": "Slow"}]}
    server.answer(
        {
            "BatchItemResponse": [
                {"bId": "4", "fault": throttled},
                {"bId": "3", "QueryResponse": {"Item": [{"Id": "7"}]}},
                {"bId": "1", "Fault": fault},
                {"bId": "2", "Invoice": {"Id": "1", "SyncToken": "1"}},
            ]
        }
    )
    result = client.batch(items, "batch-1")
    assert list(result) == list("12345")
    assert (type(result["1"]), result["1"].code) == (QboFault, "6240")
    assert result["2"]["SyncToken"] == "1"
    assert result["3"] == [{"Id": "7"}]
    assert isinstance(result["4"], QboThrottled)
    assert (type(result["5"]), result["5"].outcome) == (QboUnreachable, "unknown")
    sent = server.seen[0].json["BatchItemRequest"]
    assert sent[0] == {
        "bId": "1",
        "operation": "create",
        "Vendor": {"DisplayName": "x"},
    }
    assert sent[1]["Invoice"]["sparse"] is True
    assert sent[2] == {"bId": "3", "Query": "SELECT * FROM Item"}
    assert server.seen[0].params["requestid"] == "batch-1"
    assert (told[0].operation, told[0].is_read) == ("batch", False)


@pytest.mark.parametrize(
    ("items", "request_id"),
    [
        ([], "r"),
        ([BatchItem(str(n), query="q") for n in range(31)], None),
        ([BatchItem("1", query="q")] * 2, None),
        ([BatchItem("x" * 11, query="q")], None),
        ([BatchItem("1", "create", "Item", {})], None),
        ([BatchItem("1", "create", "Item", {})], "x" * 37),
        ([BatchItem("1", "update", "Item", {})], "r"),
    ],
)
def test_a_batch_qbo_would_refuse_is_not_sent(client, items, request_id):
    with pytest.raises(ValueError):
        client.batch(items, request_id)


def test_cdc(server, client):
    block = {"Customer": [{"Id": "63"}], "startPosition": 1, "maxResults": 1}
    gone = {"Invoice": [{"status": "Deleted", "Id": "979"}]}
    server.answer({"CDCResponse": [{"QueryResponse": [block, {}, gone]}], "time": "T"})
    since = datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=-8)))
    changes = client.cdc(["Customer", "Invoice", "Item"], since)
    assert changes == {
        "Customer": [{"Id": "63"}],
        "Invoice": [{"status": "Deleted", "Id": "979"}],
        "Item": [],
    }
    assert (changes.time, changes.truncated) == ("T", False)
    assert server.seen[0].params["changedSince"] == "2026-11-20T10:00:00-08:00"
    with pytest.raises(ValueError):
        client.cdc(["Item"], datetime(2026, 1, 1))


def test_cdc_says_when_it_was_cut(server, client):
    rows = [{"Id": str(n)} for n in range(1000)]
    server.answer({"CDCResponse": [{"QueryResponse": [{"Item": rows}]}]})
    assert client.cdc(["Item"], datetime.now(timezone.utc)).truncated


def test_gzip_and_other_letters(server, client):
    body = json.dumps({"Customer": {"DisplayName": "Größe 日本"}}, ensure_ascii=False)
    server.answer(Reply(body=body, gzip=True))
    assert client.read("Customer", 1)["DisplayName"] == "Größe 日本"
    server.answer(INVOICE)
    client.create("Invoice", {"PrivateNote": "日本 · \ud800"}, "r")
    assert "日本 · " in server.seen[1].body.decode()


def test_connections_are_kept_open(server, client):
    server.answer(INVOICE)
    other = QboClient("2", "other", server.url)
    client.read("Invoice", 1)
    client.read("Invoice", 1)
    other.read("Invoice", 1)
    assert len({seen.port for seen in server.seen}) == 1
    assert server.seen[2].headers["authorization"] == "Bearer other"


def test_no_cookie_is_kept(server, client):
    server.answer(Reply(body=INVOICE, headers={"Set-Cookie": "a=b; Path=/"}))
    client.read("Invoice", 1)
    client.read("Invoice", 1)
    assert "cookie" not in server.seen[1].headers


def test_the_governor_is_asked_before_each_exchange(server):
    server.answer(INVOICE, {"QueryResponse": {}}, {"BatchItemResponse": []})
    asked = []
    client = QboClient("1", "t", server.url, before_request=asked.append)
    client.create("Invoice", {}, "r")
    client.query("SELECT * FROM Item")
    client.batch([BatchItem("1", query="q")])
    assert asked == ["write", "read", "batch"]


def test_the_governor_may_say_no(server):
    class NotNow(Exception):
        pass

    def refuse(kind):
        raise NotNow(kind)

    told = []
    client = QboClient("1", "t", server.url, told.append, before_request=refuse)
    with pytest.raises(NotNow):
        client.create("Invoice", {}, "r")
    assert not server.seen
    assert not told


def test_the_library_s_own_calls_use_our_transport(server, client, told):
    from quickbooks.objects import Customer

    server.answer({"Customer": {"Id": "1", "DisplayName": "x"}})
    assert Customer.get(1, qb=client).DisplayName == "x"
    assert server.seen[0].params == {"minorversion": "75"}
    assert told[0].is_read
    server.answer({"TaxCode": "VAT20"})
    client.misc_operation("taxservice/taxcode", "{}")
    assert client.create("TaxService", {}, "r") == {"TaxCode": "VAT20"}
    assert server.seen[1].path == server.seen[2].path
