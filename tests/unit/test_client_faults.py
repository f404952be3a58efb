"""The client when things go wrong, over real sockets."""

import json
import socket

import pytest
from loopback import Reply

from qbo.client import QboClient
from qbo.errors import QboAuthError, QboError, QboFault, QboThrottled, QboUnreachable

TOKEN = "secret-access-token"
INVOICE = {"Invoice": {"Id": "130", "SyncToken": "0"}}
EXPIRED = {
    "fault": {
        "error": [
            {
                "message": "message=AuthenticationFailed; errorCode=003200",
                "detail": "Token expired",
                "code": "3200",
            }
        ],
        "type": "AUTHENTICATION",
    }
}
STALE = {
    "Fault": {
        "Error": [{"Message": "Stale", "Detail": "d", "code": "5010", "element": "x"}],
        "type": "ValidationFault",
    }
}


@pytest.fixture
def told():
    return []


def make(server, told, token=TOKEN, **options):
    return QboClient("9341", token, server.url, on_exchange=told.append, **options)


def fail(client):
    with pytest.raises(QboError) as error:
        client.create("Invoice", {"PrivateNote": "n"}, "rid-1")
    return error.value


@pytest.mark.parametrize(
    ("reply", "cls", "kind", "outcome"),
    [
        (Reply(cut="before"), QboUnreachable, "wait", "unknown"),
        (Reply(body=INVOICE, cut="after"), QboUnreachable, "wait", "unknown"),
        (Reply(body=INVOICE, delay=1), QboUnreachable, "wait", "unknown"),
        (Reply(body='{"Invoice":{"Id'), QboUnreachable, "wait", "unknown"),
        (Reply(body="<html>hi</html>"), QboUnreachable, "wait", "unknown"),
        (Reply(body="[]"), QboUnreachable, "wait", "unknown"),
        (Reply(body='{"time":"x"}'), QboUnreachable, "wait", "unknown"),
        (Reply(body=b"\xff\xfe\x00"), QboUnreachable, "wait", "unknown"),
        (Reply(502, "<html>Bad gateway"), QboUnreachable, "wait", "unknown"),
        (Reply(503), QboUnreachable, "wait", "unknown"),
        (Reply(429, "slow"), QboThrottled, "wait", "refused"),
        (Reply(400, STALE), QboFault, "wait", "refused"),
        (Reply(200, STALE), QboFault, "wait", "refused"),
        (Reply(404, "<html>"), QboFault, "bug", "refused"),
        (Reply(302, "", {"Location": "/x"}), QboFault, "bug", "refused"),
        (Reply(403, "<html>proxy"), QboUnreachable, "wait", "refused"),
        (
            Reply(403, {"fault": {"error": [{"code": "3100"}], "type": "SERVICE"}}),
            QboAuthError,
            "reconnect",
            "refused",
        ),
    ],
)
def test_accidents(server, told, reply, cls, kind, outcome):
    server.answer(reply)
    error = fail(make(server, told, timeout=0.3))
    assert type(error) is cls
    assert (error.kind, error.outcome) == (kind, outcome)
    assert error.request_id == "rid-1"
    assert len(server.seen) == 1
    assert told[0].error is error
    assert told[0].request_id == "rid-1"
    assert told[0].request == '{"PrivateNote":"n"}'


def test_nobody_listens():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    told = []
    client = QboClient("1", TOKEN, f"http://127.0.0.1:{port}", told.append)
    error = fail(client)
    assert (error.kind, error.outcome) == ("wait", "refused")
    assert told[0].status is None
    assert told[0].response == ""
    assert "requestid=rid-1" in told[0].url


def test_a_host_that_is_none():
    error = fail(QboClient("1", TOKEN, "http://quickbooks.invalid", timeout=3))
    assert (type(error), error.outcome) == (QboUnreachable, "refused")


@pytest.mark.parametrize("address", ["", "ftp://x", "http://", "quickbooks"])
def test_an_address_that_is_none(address):
    error = fail(QboClient("1", TOKEN, address))
    assert (error.kind, error.outcome) == ("bug", "refused")


def test_retry_after(server, told):
    server.answer(Reply(429, "", {"Retry-After": "7"}), Reply(429))
    client = make(server, told)
    assert fail(client).retry_after == 7
    assert fail(client).retry_after == 60


def test_xml_faults(server, told):
    body = (
        "<?xml version='1.0'?><IntuitResponse><Fault type='AUTHENTICATION'>"
        "<Error code='120'><Message>AuthorizationFailure</Message></Error></Fault>"
        "</IntuitResponse>"
    )
    server.answer(Reply(401, body))
    error = fail(make(server, told))
    assert (type(error), error.code) == (QboAuthError, "120")


class Tokens:
    """Gives out a token and notes when it is to be renewed."""

    def __init__(self):
        self.asked = []

    def __call__(self, force_refresh):
        self.asked.append(force_refresh)
        return "fresh-token" if force_refresh else "stale-token"


def test_an_expired_token_is_renewed_once(server, told):
    server.answer(Reply(401, EXPIRED), INVOICE)
    tokens = Tokens()
    assert make(server, told, tokens).create("Invoice", {}, "rid")["Id"] == "130"
    assert tokens.asked == [False, True]
    first, second = server.seen
    assert first.headers["authorization"] == "Bearer stale-token"
    assert second.headers["authorization"] == "Bearer fresh-token"
    assert first.params["requestid"] == second.params["requestid"] == "rid"
    assert [exchange.status for exchange in told] == [401, 200]


def test_a_second_401_means_connect_again(server, told):
    server.answer(Reply(401, EXPIRED))
    error = fail(make(server, told, Tokens()))
    assert (error.kind, error.code) == ("reconnect", "3200")
    assert len(server.seen) == 2


def test_other_refusals_are_not_tried_again(server, told):
    denied = {"Fault": {"Error": [{"code": "120", "Message": "no"}]}}
    server.answer(Reply(401, denied))
    tokens = Tokens()
    fail(make(server, told, tokens))
    assert tokens.asked == [False]
    server.answer(Reply(401, EXPIRED))
    fail(make(server, told))
    assert len(server.seen) == 2


def test_the_exchange_tells_all_but_secrets(server, told):
    echo = {**STALE, "echo": f"Bearer {TOKEN}", "access_token": TOKEN}
    server.answer(Reply(400, echo))
    client = make(server, told)
    with pytest.raises(QboFault):
        client.update(
            "Invoice", {"Id": "1", "SyncToken": "0", "PrivateNote": TOKEN}, "rid"
        )
    exchange = told[0]
    assert (exchange.method, exchange.entity) == ("POST", "Invoice")
    assert (exchange.operation, exchange.status) == ("update", 400)
    assert exchange.intuit_tid == exchange.error.intuit_tid == "tid-1"
    assert exchange.duration_ms >= 0
    assert exchange.url.startswith(f"{server.url}/v3/company/9341/invoice?")
    assert TOKEN not in repr(exchange)
    assert json.loads(exchange.request)["PrivateNote"] == "***"


def test_long_answers_are_cut_in_the_log(server, told):
    server.answer({"QueryResponse": {"Item": [{"Id": "x" * 50_000}]}})
    assert make(server, told).query("SELECT * FROM Item")
    assert 20_000 < len(told[0].response) < 20_100


def test_a_log_that_fails_does_not_lose_the_answer(server, caplog):
    def broken(exchange):
        raise RuntimeError("disk full")

    server.answer(INVOICE)
    client = QboClient("1", TOKEN, server.url, on_exchange=broken)
    assert client.create("Invoice", {}, "r")["Id"] == "130"
    assert "could not be logged" in caplog.text


def test_a_netrc_file_does_not_change_the_authorization(
    server, told, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.answer(INVOICE)
    make(server, told).read("Invoice", 1)
    assert server.seen[0].headers["authorization"] == f"Bearer {TOKEN}"
