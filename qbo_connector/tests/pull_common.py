# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hashlib
import hmac
import json
import uuid
from contextlib import contextmanager

from .common import QboCase

ROUNDS = 10  # what waits for a push queues itself again and again
VERIFIER = "test-verifier-token"


class PullCase(QboCase):
    """A bookkeeper at work in the local QuickBooks, and what Odoo sees of it."""

    def setUp(self):
        super().setUp()
        self.backend.webhook_verifier_token = VERIFIER

    # ---------------------------------------------------- the bookkeeper
    def save(self, entity, **body):
        """Create an object in QuickBooks, or change it (with Id and SyncToken)."""
        client = self.client()
        request_id = uuid.uuid4().hex
        if "Id" in body:
            return client.update(entity, body, request_id)
        return client.create(entity, body, request_id)

    def new_item(self, name, kind="Inventory", **values):
        """Make an item in QuickBooks with the accounts it needs."""
        backend = self.backend
        body = {"Name": name, "Type": kind}
        if kind != "Category":
            body["IncomeAccountRef"] = {"value": backend.income_account_id.qbo_id}
            body["ExpenseAccountRef"] = {"value": backend.expense_account_id.qbo_id}
        if kind == "Inventory":
            body["AssetAccountRef"] = {"value": backend.asset_account_id.qbo_id}
            body |= {
                "TrackQtyOnHand": True,
                "QtyOnHand": 0,
                "InvStartDate": "2020-01-01",
            }
        return self.save("Item", **{**body, **values})

    def theirs(self, entity, qbo_id):
        return self.client().read(entity, qbo_id)

    def change(self, entity, qbo_id, **values):
        token = self.theirs(entity, qbo_id)["SyncToken"]
        return self.save(entity, Id=qbo_id, SyncToken=token, **values)

    def void(self, entity, qbo_id):
        token = self.theirs(entity, qbo_id)["SyncToken"]
        return self.client().void(entity, qbo_id, token, uuid.uuid4().hex)

    def delete(self, entity, qbo_id):
        token = self.theirs(entity, qbo_id)["SyncToken"]
        return self.client().delete(entity, qbo_id, token, uuid.uuid4().hex)

    # --------------------------------------------------------------- Odoo
    @contextmanager
    def jobs(self):
        """Run the queued jobs, and those they queue."""
        with self.queued() as trap:
            yield trap
            self.env.cr.flush()
            for _round in range(ROUNDS):
                if not trap.enqueued_jobs:
                    break
                self.perform(trap)
                self.env.cr.flush()
        self.env.invalidate_all()

    def poll(self):
        """Look for changes, and do all that this queues."""
        with self.jobs():
            self.backend.action_poll_changes()

    def deliver(self, *events, verifier=VERIFIER):
        """Have a webhook delivered (its signature checked) and taken over."""
        body = self.delivery(*events)
        with self.jobs():
            accepted = self.backend._receive_webhook(body, self.sign(body, verifier))
        return accepted

    def delivery(self, *events):
        """A delivery in the legacy format, which names what was merged away."""
        entities = [
            {
                "id": event["id"],
                "name": event["entity"],
                "operation": event.get("operation", "Update"),
                "lastUpdated": event.get("time", "2099-01-01T00:00:00Z"),
                **({"deletedId": event["deletedId"]} if "deletedId" in event else {}),
            }
            for event in events
        ]
        note = {"realmId": self.qbo.realm, "dataChangeEvent": {"entities": entities}}
        return json.dumps({"eventNotifications": [note]}).encode()

    def sign(self, body, verifier=VERIFIER):
        mac = hmac.new(verifier.encode(), body, hashlib.sha256).digest()
        return base64.b64encode(mac).decode()

    def link_of(self, entity, qbo_id):
        self.env.invalidate_all()
        return self.env["qbo.binding"].search(
            [
                ("backend_id", "=", self.backend.id),
                ("entity", "=", entity),
                ("qbo_id", "=", qbo_id),
            ]
        )
