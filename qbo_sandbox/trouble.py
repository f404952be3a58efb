"""Faults on demand: for the next N matching requests, or by chance with a seed."""

import random
import re
import time
from dataclasses import dataclass, field

from .errors import Fault, lapsed, throttled, unauthenticated
from .http import Response

KINDS = {
    "refuse": "the connection is reset before anything is done",
    "cut_before": "the connection is cut before the request is processed",
    "cut_after": "the request is done and committed, the answer never arrives",
    "status": "an HTTP status (500, 502, 503, 504) before, or with commit after, it",
    "throttle": "429, with retry_after in the Retry-After header if given",
    "slow": "the answer comes after `seconds`",
    "truncate": "the request is done, the body ends in the middle",
    "html": "an HTML page with status 200 (or `status`) instead of JSON",
    "token_expired": "401 3200, as if the access token had just expired",
    "refresh_rotated": "the token endpoint answers invalid_grant",
    "revoked": "the company's connection is revoked for good",
    "lapsed": "fault 6190, the subscription has ended",
    "closed": "fault 6210, the books are closed",
    "fault": "any fault: code, detail, status, type",
}
CLOSED = (
    "The account period has closed and the account books cannot be updated through "
    "the QBO Services API."
)
BEFORE = ("refuse", "cut_before")
AFTER = ("cut_after", "truncate", "html", "slow")


@dataclass
class Trouble:
    """One order for trouble."""

    kind: str
    count: int | None = 1
    probability: float = 1.0
    seed: int = 0
    match: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)
    chance: random.Random = None

    def hits(self, facts):
        """True (and one less to go) if this request gets the trouble."""
        if self.count == 0 or not self.matches(facts):
            return False
        if self.probability < 1 and self.chance.random() >= self.probability:
            return False
        if self.count is not None:
            self.count -= 1
        return True

    def matches(self, facts):
        """Every condition holds: a value each, and a pattern for the path."""
        for name, wanted in self.match.items():
            held = str(facts.get(name) or "")
            if name == "path":
                if not re.search(wanted, held):
                    return False
            elif held.lower() != str(wanted).lower():
                return False
        return True

    def show(self):
        """As the admin page and the tests see it."""
        return {
            "kind": self.kind,
            "count": self.count,
            "match": self.match,
            "probability": self.probability,
            **self.options,
        }


class Troubles:
    """The queue of trouble of one server (kept in memory)."""

    def __init__(self):
        self.queue = []

    def add(self, order):
        """Queue trouble from an admin request; ValueError for a kind that isn't."""
        order = dict(order)
        kind = order.pop("kind", None)
        if kind not in KINDS:
            raise ValueError(f"kind: one of {sorted(KINDS)}")
        known = {
            n: order.pop(n)
            for n in ("count", "probability", "seed", "match")
            if n in order
        }
        if "probability" in known:
            known.setdefault("count", None)
        trouble = Trouble(kind, options=order, **known)
        trouble.chance = random.Random(trouble.seed)
        self.queue.append(trouble)

    def clear(self):
        """No more trouble."""
        self.queue.clear()

    def take(self, facts, kinds=None):
        """The trouble this request gets, or None."""
        for trouble in self.queue:
            if kinds and trouble.kind not in kinds:
                continue
            if trouble.hits(facts):
                return trouble
        return None

    def token_endpoint(self, grant_type):
        """Error word for the token endpoint, or ''."""
        if grant_type != "refresh_token" or not self.queue:
            return ""
        found = self.take({"entity": "token"}, ("refresh_rotated",))
        return "invalid_grant" if found else ""

    def batch_item(self, company, item):
        """A fault for one item of a batch, if one is queued with operation 'item'."""
        if not self.queue:
            return None
        facts = {"operation": "item", "realm": company.realm, "bId": item.get("bId")}
        wanted = [t for t in self.queue if t.match.get("operation") == "item"]
        found = next((t for t in wanted if t.hits(facts)), None)
        return fault_of(found) if found else None


def fault_of(trouble):
    """The Fault of a trouble that is one, or None."""
    kind, options = trouble.kind, trouble.options
    if kind == "lapsed":
        return lapsed()
    if kind == "closed":
        return Fault(6210, CLOSED)
    if kind == "throttle":
        return throttled(options.get("retry_after"))
    if kind == "token_expired":
        return unauthenticated()
    if kind == "fault":
        return Fault(
            options.get("code", 6000),
            options.get("detail", ""),
            options.get("element"),
            int(options.get("status", 400)),
            options.get("type"),
        )
    return None


def instead(app, trouble, realm):
    """What happens instead of processing: (answered, Response or None)."""
    if trouble is None:
        return False, None
    if trouble.kind in BEFORE:
        return True, None
    if trouble.kind == "revoked":
        app.oauth.revoke_realm(realm)
        raise unauthenticated("Token revoked")
    fault = fault_of(trouble)
    if fault:
        raise fault
    if trouble.kind == "status" and not trouble.options.get("commit"):
        return True, failed(trouble)
    if trouble.kind == "slow":
        time.sleep(float(trouble.options.get("seconds", 5)))
    return False, None


def afterwards(trouble, response):
    """The answer after processing, spoilt as ordered (None: cut off)."""
    if trouble is None:
        return response
    if trouble.kind == "cut_after":
        return None
    if trouble.kind == "status":
        return failed(trouble)
    if trouble.kind == "truncate":
        response.cut = len(response.body) // 2
    if trouble.kind == "html":
        return Response.html(
            "<html><body><h1>We'll be right back</h1></body></html>",
            int(trouble.options.get("status", 200)),
        )
    return response


def failed(trouble):
    """A bare 5xx, as a gateway sends it."""
    status = int(trouble.options.get("status", 500))
    return Response(status, b"<html><body>Gateway error</body></html>", "text/html")
