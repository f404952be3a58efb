# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import random
import time

from odoo.tests import HttpCase, tagged

from ..controllers.webhook import BODY_LIMIT, WEBHOOK
from .pull_common import PullCase

FUZZ = 200


@tagged("post_install", "-at_install", "qbo")
class TestWebhook(HttpCase, PullCase):
    """Intuit's deliveries over HTTP: signed ones are queued, all others refused."""

    def post(self, body, signature=None, content_type="application/json"):
        headers = {"Content-Type": content_type}
        if signature is not None:
            headers["intuit-signature"] = signature
        return self.url_open(WEBHOOK, data=body, headers=headers, method="POST")

    def changes(self):
        self.env.invalidate_all()
        return self.env["qbo.change"].search([])

    def cloud(self, *events):
        return json.dumps(
            [
                {
                    "specversion": "1.0",
                    "id": f"event-{index}",
                    "type": f"qbo.{entity.lower()}.updated.v1",
                    "time": "2026-09-10T21:31:25.179851517Z",
                    "intuitentityid": qbo_id,
                    "intuitaccountid": realm,
                    "data": {},
                }
                for index, (entity, qbo_id, realm) in enumerate(events)
            ]
        ).encode()

    def test_signed_delivery_is_queued_at_once(self):
        body = self.cloud(
            ("Customer", "58", self.qbo.realm),
            ("Invoice", "130", self.qbo.realm),
            ("Customer", "59", "99999"),
            ("Spaceship", "1", self.qbo.realm),
        )
        reads = self.qbo.requests()
        for content_type in ("application/json", "application/cloudevents+json"):
            with self.queued():
                started = time.monotonic()
                reply = self.post(body, self.sign(body), content_type)
                self.assertLess(time.monotonic() - started, 1)
            self.assertEqual(reply.status_code, 200)
        found = {(one.entity, one.qbo_id) for one in self.changes()}
        self.assertEqual(found, {("Customer", "58"), ("Invoice", "130")})
        self.assertEqual(len(self.changes()), 2)
        self.assertEqual(self.qbo.requests(), reads)

    def test_legacy_format(self):
        body = self.delivery({"entity": "Item", "id": "5"})
        self.assertEqual(self.post(body, self.sign(body)).status_code, 200)
        self.assertEqual(self.changes().entity, "Item")

    def test_without_the_right_signature_nothing_gets_in(self):
        body = self.delivery({"entity": "Item", "id": "5"})
        for signature in (None, "", "x", self.sign(body, "wrong"), self.sign(b"other")):
            self.assertEqual(self.post(body, signature).status_code, 401)
        self.assertFalse(self.changes())

    def test_without_a_verifier_token_nothing_gets_in(self):
        self.backend.webhook_verifier_token = False
        body = self.delivery({"entity": "Item", "id": "5"})
        self.assertEqual(self.post(body, self.sign(body, "")).status_code, 401)

    def test_huge_delivery_is_not_even_read(self):
        body = b" " * (BODY_LIMIT + 1)
        self.assertEqual(self.post(body, self.sign(body)).status_code, 413)

    def test_signed_garbage_is_acknowledged(self):
        for body in (b"", b"{", b"[]", b"null", b"[[[[", b'{"eventNotifications": 1}'):
            self.assertEqual(self.post(body, self.sign(body)).status_code, 200)
        self.assertFalse(self.changes())

    def test_fuzz(self):
        chance = random.Random(7)
        good = self.delivery({"entity": "Item", "id": "5"})
        for _round in range(FUZZ):
            body = bytearray(good)
            for _byte in range(chance.randint(1, 8)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            signature = self.sign(good)
            status = self.post(bytes(body), signature).status_code
            self.assertEqual(status, 200 if bytes(body) == good else 401)
        self.assertFalse(self.changes())
