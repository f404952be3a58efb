"""Webhooks: CloudEvents or the legacy shape, signed, retried, one after another."""

import base64
import hashlib
import hmac
import json
import threading
import urllib.request
import uuid
from collections import deque
from datetime import datetime, timezone

ENTITIES = {
    "Account",
    "Bill",
    "BillPayment",
    "Class",
    "CreditMemo",
    "Customer",
    "Department",
    "Deposit",
    "Employee",
    "Estimate",
    "Invoice",
    "Item",
    "JournalEntry",
    "Payment",
    "PaymentMethod",
    "Preferences",
    "Purchase",
    "PurchaseOrder",
    "RefundReceipt",
    "SalesReceipt",
    "TaxAgency",
    "Term",
    "Vendor",
    "VendorCredit",
    "CompanyCurrency",
}
NAMES = {"CompanyCurrency": "Currency"}
PAST = {
    "Create": "created",
    "Update": "updated",
    "Delete": "deleted",
    "Void": "voided",
    "Merge": "merged",
    "Emailed": "emailed",
}
RETRIES = (10, 20, 30, 300, 1200, 7200, 14400, 21600)
PER_DELIVERY = 100


class Webhooks:
    """Events of all companies to the subscribed addresses."""

    def __init__(self, app):
        self.app, self.store = app, app.store
        self.subscriptions = json.loads(self.store.meta("webhooks", "[]"))
        self.log = deque(maxlen=500)
        self.stop = threading.Event()
        self.thread = None
        if self.subscriptions:
            self.start()

    def subscribe(self, url, verifier_token, realms=None):
        """Send events of these companies (default all) to an address."""
        self.subscriptions.append(
            {"url": url, "verifier_token": verifier_token, "realms": realms}
        )
        self.store.set_meta("webhooks", json.dumps(self.subscriptions))
        self.start()

    def unsubscribe(self):
        """No more events to anybody."""
        self.subscriptions.clear()
        self.store.set_meta("webhooks", "[]")
        self.store.run("DELETE FROM events")

    def start(self):
        """Let the delivering thread run."""
        if self.thread is None:
            self.thread = threading.Thread(target=self.run, daemon=True)
            self.thread.start()

    def note(self, company, entity, oid, operation, **extra):
        """An object changed; kept with the change itself, in one transaction."""
        if self.subscriptions and entity in ENTITIES:
            self.store.run(
                "INSERT INTO events (realm, entity, id, operation, at, extra)"
                " VALUES (?,?,?,?,?,?)",
                company.realm,
                entity,
                oid,
                operation,
                self.app.now(),
                json.dumps(extra),
            )

    # -- delivery ------------------------------------------------------------
    def run(self):
        """Deliver what is waiting until the server ends."""
        while not self.stop.wait(float(self.app.knobs.get("webhook_delay"))):
            events = self.waiting()
            if events:
                self.deliver(events)

    def waiting(self):
        """The oldest events."""
        rows = self.store.rows(
            "SELECT seq, realm, entity, id, operation, at, extra FROM events"
            " ORDER BY seq LIMIT ?",
            PER_DELIVERY,
        )
        names = ("seq", "realm", "entity", "id", "operation", "at", "extra")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def deliver(self, events):
        """Send to every subscriber; the events go once all have acknowledged."""
        for subscription in list(self.subscriptions):
            wanted = [
                event
                for event in events
                if not subscription["realms"]
                or event["realm"] in subscription["realms"]
            ]
            if wanted:
                self.send(subscription, self.order(wanted))
        self.store.run("DELETE FROM events WHERE seq<=?", events[-1]["seq"])

    def order(self, events):
        """Duplicates and disorder as the knobs say."""
        if self.app.knobs.get("webhook_duplicate"):
            events = [event for event in events for _ in range(2)]
        if self.app.knobs.get("webhook_disorder"):
            events = events[::-1]
        return events

    def send(self, subscription, events):
        """One delivery with Intuit's retries; gives up only when unsubscribed."""
        body = self.body(events)
        for attempt in range(10**6):
            status = self.post(subscription, body)
            if 200 <= status < 300 or subscription not in self.subscriptions:
                return
            wait = RETRIES[min(attempt, len(RETRIES) - 1)]
            if self.stop.wait(wait * float(self.app.knobs.get("webhook_retry_scale"))):
                return

    def body(self, events):
        """The delivery's bytes in the format of the knob."""
        cloud = self.app.knobs.get("webhook_format") == "cloudevents"
        return json.dumps((cloud_events if cloud else legacy)(events)).encode()

    def post(self, subscription, body):
        """HTTP status of one attempt (0 if nobody answered)."""
        request = urllib.request.Request(
            subscription["url"], body, headers=self.headers(subscription, body)
        )
        try:
            with urllib.request.urlopen(
                request, timeout=float(self.app.knobs.get("webhook_timeout"))
            ) as got:
                status = got.status
        except OSError as error:
            status = getattr(error, "code", 0)
        self.log.append(
            {
                "url": subscription["url"],
                "status": status,
                "at": self.app.now(),
                "body": body.decode(),
            }
        )
        return status

    def headers(self, subscription, body):
        """Signature and Intuit's other headers."""
        wrong = self.app.knobs.get("webhook_bad_signature")
        key = "wrong key" if wrong else subscription["verifier_token"]
        mac = hmac.new(key.encode(), body, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "intuit-signature": base64.b64encode(mac).decode(),
            "intuit-t-id": str(uuid.uuid4()),
            "intuit-created-time": iso(self.app.now()),
            "intuit-notification-schema-version": "0.1",
            "User-Agent": "intuit_notification_server/0.1",
        }


def iso(epoch):
    """UTC with milliseconds."""
    moment = datetime.fromtimestamp(epoch, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cloud_events(events):
    """The CloudEvents array."""
    return [
        {
            "specversion": "1.0",
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{one['seq']}-{one['at']}")),
            "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
            "type": f"qbo.{name(one).lower()}.{PAST[one['operation']]}.v1",
            "datacontenttype": "application/json",
            "time": iso(one["at"]),
            "intuitentityid": one["id"],
            "intuitaccountid": one["realm"],
            "data": {},
        }
        for one in events
    ]


def legacy(events):
    """The legacy object: notifications by company."""
    realms = {}
    for one in events:
        realms.setdefault(one["realm"], []).append(
            {
                "id": one["id"],
                "operation": one["operation"],
                "name": name(one),
                "lastUpdated": iso(one["at"]),
            }
            | json.loads(one["extra"] or "{}")
        )
    return {
        "eventNotifications": [
            {"realmId": realm, "dataChangeEvent": {"entities": found}}
            for realm, found in realms.items()
        ]
    }


def name(event):
    """The entity's name in webhooks."""
    return NAMES.get(event["entity"], event["entity"])
