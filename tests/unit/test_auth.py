"""OAuth against a real HTTP server, with Intuit's own library."""

import base64
import json
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from loopback import Reply

from qbo import auth
from qbo.errors import QboAuthError, QboError, QboUnreachable

TOKENS = {
    "token_type": "bearer",
    "access_token": "access-1",
    "refresh_token": "AB11-refresh-1",
    "expires_in": 3600,
    "x_refresh_token_expires_in": 8726400,
    "x_refresh_token_hard_expires_in": 157680000,
}


@pytest.fixture
def endpoints(server):
    return auth.Endpoints(*(f"{server.url}/{name}" for name in ("a", "t", "r", "i")))


def refresh(endpoints, **options):
    return auth.refresh(endpoints, "id", "shh-secret", "AB11-refresh-0", **options)


def test_without_an_address_nothing_is_fetched():
    assert auth.discover() is auth.INTUIT
    assert auth.discover("") is auth.INTUIT


def test_discovery_is_kept(server):
    server.answer(
        {
            "authorization_endpoint": "https://x.test/a",
            "token_endpoint": "https://x.test/t",
            "revocation_endpoint": "https://x.test/r",
            "issuer": "i",
            "jwks_uri": "",
        }
    )
    url = f"{server.url}/.well-known/openid_configuration/"
    assert auth.discover(url) == (
        "https://x.test/a",
        "https://x.test/t",
        "https://x.test/r",
        "i",
    )
    assert auth.discover(url) == (
        "https://x.test/a",
        "https://x.test/t",
        "https://x.test/r",
        "i",
    )
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(body={"issuer": "i"}), "wait"),
        (Reply(body="<html>"), "wait"),
        (Reply(503), "wait"),
        (Reply(404), "bug"),
        (Reply(cut="before"), "wait"),
        (Reply(delay=1), "wait"),
    ],
)
def test_a_bad_discovery_document(server, reply, kind):
    server.answer(reply)
    with pytest.raises(QboError) as error:
        auth.discover(f"{server.url}/d", timeout=0.2)
    assert error.value.kind == kind
    # A failure is not kept.
    server.answer(reply)
    with pytest.raises(QboError):
        auth.discover(f"{server.url}/d", timeout=0.2)


def test_the_consent_page(endpoints):
    url = auth.authorization_url(endpoints, "id", "https://odoo.test/cb", "st&te")
    parts = urlsplit(url)
    assert url.startswith(endpoints.authorization)
    assert parse_qs(parts.query) == {
        "client_id": ["id"],
        "response_type": ["code"],
        "scope": ["com.intuit.quickbooks.accounting"],
        "redirect_uri": ["https://odoo.test/cb"],
        "state": ["st&te"],
    }
    with pytest.raises(ValueError):
        auth.authorization_url(endpoints, "id", "u", "s", scopes=["everything"])


def test_the_code_is_exchanged(server, endpoints):
    server.answer(TOKENS)
    before = datetime.now(timezone.utc)
    tokens = auth.exchange_code(endpoints, "id", "shh", "https://odoo.test/cb", "c0de")
    sent = server.seen[0]
    assert (sent.method, sent.path) == ("POST", "/t")
    assert parse_qs(sent.body.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["c0de"],
        "redirect_uri": ["https://odoo.test/cb"],
    }
    basic = base64.b64encode(b"id:shh").decode()
    assert sent.headers["authorization"] == f"Basic {basic}"
    assert sent.headers["x-include-refresh-token-hard-expires-in"] == "true"
    assert (tokens.access_token, tokens.refresh_token) == ("access-1", "AB11-refresh-1")
    assert timedelta(seconds=3590) < tokens.access_expires_at - before
    assert tokens.access_expires_at < before + timedelta(seconds=3610)
    assert tokens.refresh_expires_at - tokens.access_expires_at > timedelta(days=100)
    assert tokens.hard_expires_at.year > before.year + 3
    assert tokens.access_expires_at.tzinfo is timezone.utc


def test_refresh(server, endpoints):
    short = {"access_token": "a", "refresh_token": "r"}
    server.answer(short)
    tokens = refresh(endpoints)
    assert parse_qs(server.seen[0].body.decode())["refresh_token"] == ["AB11-refresh-0"]
    assert tokens.refresh_token == "r"
    assert tokens.hard_expires_at is None
    assert tokens.access_expires_at > datetime.now(timezone.utc) + timedelta(minutes=59)


def test_revoke(server, endpoints):
    server.answer(Reply(200, b""))
    assert auth.revoke(endpoints, "id", "shh", "tok") is None
    sent = server.seen[0]
    assert (sent.path, sent.json) == ("/r", {"token": "tok"})
    assert sent.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("reply", "cls", "kind"),
    [
        (Reply(400, b'{"error":"invalid_grant"}'), QboAuthError, "reconnect"),
        (Reply(400, b'{"error":"invalid_client"}'), QboAuthError, "fix"),
        (Reply(401, b'{"error":"invalid_client"}'), QboAuthError, "fix"),
        (Reply(400, b'{"error":"invalid_request"}'), QboAuthError, "fix"),
        (Reply(400, b"<html>"), QboUnreachable, "wait"),
        (Reply(429, b""), QboError, "wait"),
        (Reply(500, b"oops"), QboUnreachable, "wait"),
        (Reply(200, b"<html>"), QboUnreachable, "wait"),
        (Reply(200, b"[1]"), QboUnreachable, "wait"),
        (Reply(200, b'"text"'), QboUnreachable, "wait"),
        (Reply(200, b"7"), QboUnreachable, "wait"),
        (Reply(200, b""), QboUnreachable, "wait"),
        (Reply(200, b"{}"), QboUnreachable, "wait"),
        (Reply(200, {**TOKENS, "access_token": ""}), QboUnreachable, "wait"),
        (Reply(200, {**TOKENS, "refresh_token": None}), QboUnreachable, "wait"),
        (Reply(200, {**TOKENS, "expires_in": "soon"}), QboUnreachable, "wait"),
        (Reply(200, {**TOKENS, "expires_in": 10**20}), QboUnreachable, "wait"),
        (Reply(body=TOKENS, cut="before"), QboUnreachable, "wait"),
        (Reply(body=TOKENS, cut="after"), QboUnreachable, "wait"),
        (Reply(body=TOKENS, delay=1), QboUnreachable, "wait"),
    ],
)
def test_refused_or_lost(server, endpoints, reply, cls, kind):
    server.answer(reply)
    with pytest.raises(QboError) as error:
        refresh(endpoints, timeout=0.3)
    assert isinstance(error.value, cls)
    assert error.value.kind == kind
    assert "shh-secret" not in repr(error.value)
    assert "AB11-refresh" not in str(error.value)
    assert len(server.seen) == 1


def test_a_redirect_gets_no_credentials(server, endpoints):
    server.answer(Reply(302, b"", {"Location": f"{server.url}/elsewhere"}))
    with pytest.raises(QboError):
        refresh(endpoints)
    assert [seen.path for seen in server.seen] == ["/t"]


def test_tokens_do_not_show_in_logs(server, endpoints):
    server.answer(TOKENS)
    shown = repr(refresh(endpoints))
    assert "access-1" not in shown
    assert "AB11" not in shown


def test_a_netrc_file_does_not_change_the_client(
    server, endpoints, monkeypatch, tmp_path
):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.answer(TOKENS)
    refresh(endpoints)
    login = base64.b64decode(server.seen[0].headers["authorization"].split()[1])
    assert login == b"id:shh-secret"


def test_answers_can_not_plant_attributes(server, endpoints):
    odd = {**TOKENS, "reply": "x", "request": "y", "token_endpoint": "z"}
    server.answer(json.dumps(odd))
    assert refresh(endpoints).access_token == "access-1"


def test_nothing_waits_long(server, endpoints):
    server.answer(Reply(delay=5))
    start = time.monotonic()
    with pytest.raises(QboUnreachable):
        refresh(endpoints, timeout=0.2)
    assert time.monotonic() - start < 2
