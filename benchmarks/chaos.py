"""Whatever breaks, each order is in QuickBooks once: ``python -m benchmarks.chaos``.

Two Odoo servers on one database; requests meet every kind of fault, workers are
killed with ``kill -9``, tokens rotate and expire, QuickBooks goes away for a while.
Customers and vendors share e-mail addresses and names. The same seed gives the same
faults and the same order of kills.
"""

import argparse
import contextlib
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import requests

from dev import postgres
from dev.common import step
from dev.rpc import OdooError

from .cluster import Cluster
from .stage import Stage, chunks, staged
from .verdict import Verdict

# An access token is renewed five minutes ahead of its end: this one after seconds.
ACCESS_LIFETIME = 304
AT_ONCE = 5  # orders in one click
CONFIRM = {"sale.order": "action_confirm", "purchase.order": "button_confirm"}
STATUSES = (500, 502, 503, 504)
TOKENS = {
    "refresh_rotation": "always",  # a new refresh token at every call …
    "refresh_grace": 0,  # … and the old one dead at once
    "access_lifetime": ACCESS_LIFETIME,
}


@dataclass
class Plan:
    """How much of it."""

    sales: int = 1000
    purchases: int = 300
    outage: float = 60
    kill_every: float = 4
    faults: float = 0.10  # share of the requests
    pauses: int = 2  # 429 without Retry-After: a whole minute each
    patience: float = 1200  # seconds after the last order was confirmed
    seed: int = field(default_factory=lambda: random.randrange(10**6))


SHORT = {
    "sales": 60,
    "purchases": 20,
    "outage": 5,
    "pauses": 0,
    "patience": 600,  # ends as soon as all is done; an unlucky order backs off long
    "kill_every": 5,
}


def faults(share: float, seed: int, pauses: int = 0) -> list[dict]:
    """Return orders for trouble of every kind, alike in number.

    :param share: of the requests that meet any of it
    :param pauses: how many 429 come without Retry-After
    """
    kinds = [
        *({"kind": kind} for kind in ("refuse", "cut_before", "cut_after")),
        *({"kind": kind} for kind in ("truncate", "html", "token_expired")),
        *({"kind": "status", "status": status} for status in STATUSES),
        *({"kind": "status", "status": status, "commit": True} for status in STATUSES),
        {"kind": "throttle", "retry_after": 1},
        {"kind": "slow", "seconds": 3},
    ]
    each = share / len(kinds)
    orders = [
        {**kind, "probability": each, "seed": seed + number}
        for number, kind in enumerate(kinds)
    ]
    rare = {"kind": "throttle", "count": pauses, "probability": 0.01, "seed": seed}
    return [*orders, rare] if pauses else orders


class Chaos:
    """One run; ``verdict`` says at the end what is wrong."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.random = random.Random(plan.seed)
        self.orders: dict[str, list[int]] = {}
        self.kills = 0
        self.seen: Counter = Counter()
        self.began = time.monotonic()
        self._back_at = 0.0
        self._over = threading.Event()

    def run(self) -> Verdict:
        """Do all of it; return the verdict."""
        self.say(f"seed {self.plan.seed}")
        with staged(f"--seed={self.plan.seed}", twins=True) as stage:
            with Cluster(stage.database) as cluster:
                self.say("two servers are up")
                client = cluster.nodes[0].client()
                self.orders = {
                    "sale.order": stage.sales(client, self.plan.sales),
                    "purchase.order": stage.purchases(client, self.plan.purchases),
                }
                self.say("the orders are drafted")
                with self._trouble(stage, cluster):
                    self._confirm(stage, cluster)
                    self._settle(stage)
                self._watch(stage)
            return Verdict(stage, self)

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    def say(self, text: str) -> None:
        """Print what happens, and when."""
        step(f"{self.elapsed:6.1f} s  {text}")

    # ----------------------------------------------------------- the orders
    def _confirm(self, stage: Stage, cluster: Cluster) -> None:
        """Confirm all orders, on both servers in turn, while things break."""
        work = [
            (model, part)
            for model, ids in self.orders.items()
            for part in chunks(ids, AT_ONCE)
        ]
        self.random.shuffle(work)
        outage_at = len(work) // 2
        for number, (model, part) in enumerate(work):
            if number == outage_at:
                self._quickbooks_down(stage)
            self._quickbooks_back(stage)
            node = cluster.nodes[number % len(cluster.nodes)]
            self._insist(stage, node, model, part)
        self.say("all orders are confirmed")

    def _insist(self, stage: Stage, node, model: str, part) -> None:
        """Confirm some orders; again, if the worker was killed on the way."""
        table = model.replace(".", "_")
        while drafts := stage.query(
            f"SELECT id FROM {table} WHERE state = 'draft' AND id = ANY(%s)", list(part)
        ):
            try:
                node.call(model, CONFIRM[model], [one for (one,) in drafts])
            except (requests.RequestException, OdooError) as error:
                self.seen[f"user's click failed: {type(error).__name__}"] += 1
                time.sleep(0.5)

    def _settle(self, stage: Stage) -> None:
        """Wait until nothing is under way any more, or time is up."""
        told = began = time.monotonic()
        while self._quickbooks_back(stage) or self._left(stage):
            if time.monotonic() - began > self.plan.patience:
                return
            if time.monotonic() - told > 20:
                told = time.monotonic()
                self.say(f"{self._left(stage)} documents are under way")
            time.sleep(0.5)

    def _left(self, stage: Stage) -> int:
        return stage.query(
            "SELECT count(*) FROM qbo_binding WHERE state NOT IN ('synced', 'held')"
        )[0][0]

    # ---------------------------------------------------------- the trouble
    @contextlib.contextmanager
    def _trouble(self, stage: Stage, cluster: Cluster) -> Iterator[None]:
        """Break things while in the block."""
        stage.admin("knobs", TOKENS)
        stage.execute("UPDATE qbo_token SET access_expires_at = '2000-01-01'")
        self._order_faults(stage, self.plan.seed)
        killer = threading.Thread(target=self._kill, args=[stage, cluster])
        killer.start()
        try:
            yield
        finally:
            self._over.set()
            killer.join()

    def _order_faults(self, stage: Stage, seed: int) -> None:
        orders = faults(self.plan.faults, seed, self.plan.pauses)
        stage.admin("faults", orders)

    def _kill(self, stage: Stage, cluster: Cluster) -> None:
        """Kill a worker every few seconds, wherever it is in its work."""
        while not self._over.wait(self.random.uniform(0.5, 1.5) * self.plan.kill_every):
            with _no_rotation(stage.database):
                self.kills += bool(cluster.kill_one(self.random))

    def _quickbooks_down(self, stage: Stage) -> None:
        """QuickBooks goes away in the middle of its work."""
        self._watch(stage)
        self.say(f"QuickBooks is down for {self.plan.outage:.0f} s")
        stage.sandbox.kill()
        self._back_at = time.monotonic() + self.plan.outage

    def _quickbooks_back(self, stage: Stage) -> bool:
        """Start QuickBooks when it is time; tell whether it is still away.

        By the thread that started it first: the kernel ends it with its parent.
        """
        if self._back_at and time.monotonic() > self._back_at:
            self._back_at = 0.0
            stage.sandbox.start()
            self._order_faults(stage, self.plan.seed + 1000)
            self.say("QuickBooks is back")
        return bool(self._back_at)

    def _watch(self, stage: Stage) -> None:
        """Count what QuickBooks has seen (it forgets that when it is killed)."""
        counts = stage.counts()
        self.seen["requests"] += counts["requests"]
        for one in stage.books().requests():
            self.seen["answered again"] += bool(one["replayed"])
            if one["status"] != 200:
                self.seen[f"status {one['status'] or 'none'}"] += 1


@contextlib.contextmanager
def _no_rotation(database: str) -> Iterator[None]:
    """Hold the token's row, so that nobody is just exchanging the refresh token.

    Where the old token is dead at once, a process that dies between QuickBooks'
    answer and its own commit takes the only good token with it: no client can
    survive that, and a person must reconnect. These milliseconds are spared.
    """
    with postgres.cursor(database) as cr:
        cr.execute("BEGIN")
        cr.execute("SELECT id FROM qbo_token FOR UPDATE")
        yield
        cr.execute("ROLLBACK")


def main(arguments: list[str]) -> int:
    """Run it; print the verdict."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the form in make test")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--sales", type=int)
    parser.add_argument("--purchases", type=int)
    parser.add_argument("--outage", type=float, help="seconds")
    given = vars(parser.parse_args(arguments))
    short = SHORT if given.pop("short") else {}
    chosen = {name: value for name, value in given.items() if value is not None}
    verdict = Chaos(Plan(**{**short, **chosen})).run()
    print(verdict)
    return bool(verdict.problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
