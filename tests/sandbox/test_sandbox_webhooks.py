"""Webhooks: both formats, signed, retried, doubled, out of order."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest


@pytest.fixture
def hook():
    """A receiver of webhooks: .got is [(headers, body)], .answers the statuses."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heads = {name.lower(): value for name, value in self.headers.items()}
            server.got.append((heads, body))
            self.send_response(server.answers.pop(0) if server.answers else 200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answers = [], []
    server.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def wait_for(check):
    """Wait at most five seconds until ``check`` holds."""
    for _ in range(100):
        if check():
            return
        time.sleep(0.05)
    raise AssertionError("nothing came")


@pytest.fixture
def subscribed(us, hook, app):
    """The receiver is subscribed with the verifier token ``secret``."""
    app.knobs.set({"webhook_delay": 0.05, "webhook_retry_scale": 0.005})
    us.admin("webhooks", url=hook.url, verifier_token="secret")
    yield hook
    app.webhooks.unsubscribe()


def signed(headers, body, key=b"secret"):
    """True if the signature is right."""
    mac = hmac.new(key, body, hashlib.sha256).digest()
    return headers["intuit-signature"] == base64.b64encode(mac).decode()


def test_cloud_events(us, subscribed):
    made = us.vendor()
    wait_for(lambda: subscribed.got)
    headers, body = subscribed.got[0]
    assert signed(headers, body)
    event = json.loads(body)[0]
    assert event["type"] == "qbo.vendor.created.v1"
    assert event["intuitentityid"] == made["Id"]
    assert event["intuitaccountid"] == us.realm
    assert event["specversion"] == "1.0"


def test_legacy_webhooks_of_several_companies(us, canada, subscribed, app):
    app.knobs.set({"webhook_format": "legacy", "webhook_delay": 0.4})
    time.sleep(0.15)
    us.vendor()
    customer = canada.customer()
    canada.change("Customer", customer, Notes="x")

    def notes():
        bodies = [json.loads(body) for _, body in subscribed.got]
        return [one for body in bodies for one in body["eventNotifications"]]

    def events():
        return [one for note in notes() for one in note["dataChangeEvent"]["entities"]]

    wait_for(lambda: len(events()) == 3)
    assert {one["realmId"] for one in notes()} == {us.realm, canada.realm}
    assert [one["operation"] for one in events()].count("Create") == 2
    assert {one["name"] for one in events()} == {"Vendor", "Customer"}


def test_webhooks_are_retried(us, subscribed):
    subscribed.answers[:] = [500, 503]
    us.vendor()
    wait_for(lambda: len(subscribed.got) == 3)
    assert len({body for _, body in subscribed.got}) == 1


def test_webhooks_twice_backwards_and_forged(us, subscribed, app):
    app.knobs.set(
        {
            "webhook_duplicate": True,
            "webhook_disorder": True,
            "webhook_bad_signature": True,
            "webhook_delay": 0.3,
        }
    )
    time.sleep(0.1)
    us.vendor()
    wait_for(lambda: subscribed.got)
    headers, body = subscribed.got[0]
    assert not signed(headers, body)
    events = json.loads(body)
    assert len(events) >= 2 and events[0]["id"] == events[1]["id"]


def test_refused_writes_send_no_webhook(us, subscribed):
    us.refused("vendor", {"DisplayName": "a:b"}, 2040)
    time.sleep(0.3)
    assert subscribed.got == []
