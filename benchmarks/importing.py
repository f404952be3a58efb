"""A first import on a real server: its jobs side by side, and killed on the way.

QuickBooks answers at its own pace and within its limits. The limits' own time is that
of the reads: what Odoo does with what it has read comes on top.
"""

import time
from concurrent.futures import ThreadPoolExecutor

from dev.odoo import OdooServer

from . import ours, pull_seed
from .stage import Stage

PER_MINUTE = 500  # reads QuickBooks allows a company
LISTS_PER_SECOND = 9 / 1.2  # as many the governor lets lists have: orders go first
JOBS = 4  # at a time; one of them is left for orders
PATIENCE = 1800  # seconds


class Importing:
    """One import in a database of many customers and items to come."""

    def __init__(self, stage: Stage, items: int, customers: int, kills: int = 0):
        self.stage = stage
        self.counts = {"Item": items, "Customer": customers}
        self.kills = kills
        channels = f"root:{JOBS},root.qbo:{JOBS}"
        self.odoo = OdooServer(stage.database, workers=JOBS, channels=channels)
        self.run = 0

    def measured(self) -> dict:
        """Fill QuickBooks, import it, and see that each object is there once."""
        books, accounts = self.stage.books(), self.stage.accounts()
        pull_seed.lists(books, accounts, self.counts["Item"], self.counts["Customer"])
        self.stage.admin("knobs", ours.REALISTIC)
        with self.odoo:
            self._warm_up()
            backend = self.stage.backend
            self.run = self.odoo.client().create("qbo.import", backend_id=backend)
            self.stage.reset_counts()
            read = self._timed("action_read", "review", "qbo_import_page WHERE done")
            reads = self.stage.counts()["reads"]
            taken = "qbo_import_line WHERE state = 'done'"
            take = self._timed("action_run", "done", taken)
        self.stage.admin("knobs", ours.IDEAL)
        self._check()
        return {
            "items": self.counts["Item"],
            "customers": self.counts["Customer"],
            "kills": 2 * self.kills,
            "reads": reads,
            "read_seconds": round(read, 1),
            "limit_seconds": round(reads / PER_MINUTE * 60, 1),
            "share_seconds": round(reads / LISTS_PER_SECOND, 1),
            "take_seconds": round(take, 1),
            "throttled": self.stage.counts()["faults"],
        }

    def _warm_up(self) -> None:
        """Have all workers load Odoo."""
        client = self.odoo.client()
        with ThreadPoolExecutor(4 * JOBS) as pool:
            calls = [(client.call, "qbo.import", "search", [])] * 8 * JOBS
            for call in [pool.submit(*call) for call in calls]:
                call.result()

    def _timed(self, button: str, state: str, done: str) -> float:
        """Press a button; return the seconds until the import has got to a state.

        From a kill until the jobs go on isn't counted: the queue takes a minute to
        see that they are dead.
        """
        whole = self._size(done)
        self.odoo.call("qbo.import", button, [self.run])
        began, lost, kills = time.monotonic(), 0.0, self.kills
        while self._state() != state:
            assert time.monotonic() - began < PATIENCE, self._state()
            share = 1 - kills / (self.kills + 1)
            if kills and self._count(done) > whole * share:
                kills -= 1
                lost += self._kill(done)
            time.sleep(0.05)
        return time.monotonic() - began - lost

    def _size(self, done: str) -> int:
        """How much there will be of what is done."""
        if "page" in done:
            return sum(count // 1000 for count in self.counts.values())
        return sum(self.counts.values())

    def _kill(self, done: str) -> float:
        """Cut the power; return how long it takes until the import goes on."""
        began = time.monotonic()
        self.odoo.kill()
        before = self._count(done)
        self.odoo.start()
        while self._count(done) == before:
            time.sleep(0.1)
        return time.monotonic() - began

    def _count(self, rows: str) -> int:
        return self.stage.query(f"SELECT count(*) FROM {rows}")[0][0]

    def _state(self) -> str:
        statement = "SELECT state FROM qbo_import WHERE id = %s"
        return self.stage.query(statement, self.run)[0][0]

    def _check(self) -> None:
        """:raises AssertionError: not each object once, so no figure counts"""
        for entity, count in self.counts.items():
            links = f"qbo_binding WHERE entity = '{entity}' AND imported"
            own = f"{links} AND res_model <> 'product.category'"
            for what in ("qbo_id", "(res_model, res_id)"):
                distinct = f"(SELECT DISTINCT {what} FROM {own}) found"
                assert self._count(distinct) == count, (entity, what)
        assert not self._count("qbo_import_line WHERE state <> 'done'")
        assert not self._count("queue_job WHERE state = 'failed'")


def importing(stage: Stage, items: int, customers: int, kills: int = 0) -> dict:
    """Return what a first import took."""
    return Importing(stage, items, customers, kills).measured()
