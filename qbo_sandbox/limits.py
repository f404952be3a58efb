"""Intuit's limits: requests a minute and a second, batches a minute, per company."""

import time
from collections import defaultdict, deque

from .errors import throttled

# Seconds measured at Intuit's sandbox.
LATENCY = {
    "query": 0.19,
    "PurchaseOrder": 0.48,
    "Invoice": 0.88,
    "Item": 0.93,
    "Customer": 0.6,
}
OTHER_WRITE, OTHER_READ = 0.6, 0.19


class Limits:
    """Sliding windows per company; 429 when one is full."""

    def __init__(self, knobs):
        self.knobs = knobs
        self.calls = defaultdict(deque)

    def check(self, realm, batch):
        """Count a request; Fault 429 if it is over a limit."""
        if self.knobs.get("limits", realm) != "on":
            return
        now = time.monotonic()
        self._count(realm, now, 60, "limit_minute")
        self._count(realm, now, 1, "limit_second")
        if batch:
            self._count(realm, now, 60, "limit_batch")
        for name in ("limit_minute", "limit_second", *["limit_batch"] * batch):
            self.calls[realm, name].append(now)

    def _count(self, realm, now, span, name):
        window = self.calls[realm, name]
        while window and window[0] <= now - span:
            window.popleft()
        if len(window) >= int(self.knobs.get(name, realm)):
            raise throttled(self.knobs.get("retry_after", realm) or None)


def seconds(entity, operation):
    """How long Intuit takes for one operation."""
    if operation in ("query", "read", "cdc", "report"):
        return LATENCY["query"]
    return LATENCY.get(entity, OTHER_WRITE)


def pause(company, facts, body):
    """Sleep as long as Intuit would have taken."""
    if company.knob("latency") != "recorded":
        return
    if facts["operation"] == "batch":
        items = (body or {}).get("BatchItemRequest", [])
        whole = sum(
            seconds(item_entity(item), "query" if "Query" in item else "create")
            for item in items
        )
    else:
        whole = seconds(facts["entity"], facts["operation"])
    time.sleep(whole * float(company.knob("latency_scale")))


def item_entity(item):
    """Entity name in a batch item."""
    return next((key for key in item if key[:1].isupper() and key != "Query"), "")
