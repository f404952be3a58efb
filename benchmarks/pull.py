"""The way back, measured: ``python -m benchmarks.pull import 100000 50000``.

``import``: a local QuickBooks is filled with items and customers, and Odoo takes them
over by its first import. ``stock 100000``: Odoo compares the quantities of that many
items that it knows, and looks again with nothing changed. Jobs are worked off one
after another, in this process. The last line is JSON.

The floor is what Odoo itself needs for ``create`` with the very values of the
import, in batches as large; it is measured beside every tenth batch.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dev import database, postgres
from dev.common import ROOT, step
from dev.odoo import environment, run_folder, write_config
from dev.odoo_source import find_odoo
from dev.sandbox import Sandbox

from . import pull_seed
from .pull_stage import Odoo, Took

PER_SECOND, PER_MINUTE = 10, 500  # requests QuickBooks allows a company
PAGE, BATCH = 1000, 500  # objects of one job, read and taken over
EACH = 10  # every so many batches the floor is measured
QUARTERS = 4


@dataclass
class Meter:
    """Times the jobs that follow something; other work is left out."""

    odoo: Odoo
    count: int
    seconds: float = 0.0
    cpu: float = 0.0
    memory: list[float] = field(default_factory=list)

    def run(
        self,
        start: Callable,
        beside: Callable[[int, Took], None] = lambda number, took: None,
        jobs: int = 1,
    ) -> dict:
        """Do something and all jobs that come of it.

        :param beside: called after each job with its number and what it took
        :param jobs: how many there will be about, for the memory's quarters
        """
        reads = self.odoo.reads()
        with self.odoo.env() as env:
            start(env)
        at = [jobs * part // QUARTERS for part in range(1, QUARTERS)]
        for number, took in enumerate(self.odoo.jobs(), 1):
            self.seconds += took.seconds
            self.cpu += took.cpu
            if number in at:
                self.memory.append(memory())
            beside(number, took)
        self.memory.append(memory())
        return self.figures(self.odoo.reads() - reads)

    def figures(self, reads: int) -> dict:
        """What was measured, ready for JSON."""
        return {
            "count": self.count,
            "seconds": round(self.seconds, 1),
            "cpu_seconds": round(self.cpu, 1),
            "reads": reads,
            "limit_seconds": round(limit_seconds(reads), 1),
            "a_second": round(self.count / self.seconds),
            "mb": self.memory,
        }


def limit_seconds(reads: int) -> float:
    """How long QuickBooks' own limits make so many requests take."""
    waits = max(reads - 1, 0) // PER_MINUTE * 60
    return max(waits + (reads - waits / 60 * PER_MINUTE) / PER_SECOND, 0)


def memory() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 1e6, 1)


class Floor:
    """What plain ``create`` takes for the same values, beside some batches."""

    def __init__(self, odoo: Odoo):
        self.odoo = odoo
        self.ours: dict[str, Took] = {}
        self.plain: dict[str, Took] = {}
        self.counts: dict[str, int] = {}
        self.next: list[int] = []

    def beside(self, number: int, took: Took) -> None:
        """After a job: measure the batch it took over, remember the next one."""
        if self.next and number % EACH == 0:
            self._measure(took)
        self.next = self._waiting() if (number + 1) % EACH == 0 else []

    def _waiting(self) -> list[int]:
        with self.odoo.env() as env:
            return env["qbo.import"].search([], limit=1)._claim_lines().ids

    def _measure(self, took: Took) -> None:
        with self.odoo.registry.cursor() as cr:
            from odoo import SUPERUSER_ID, api

            env = api.Environment(cr, SUPERUSER_ID, {})
            lines = env["qbo.import.line"].browse(self.next)
            model = lines[0].res_model
            if set(lines.mapped("res_model")) == {model} and "category" not in model:
                plain = self._create(env, lines, model)
                self._add(model, len(lines), took, plain)
            cr.rollback()

    def _create(self, env, lines, model: str) -> Took:
        backend = env["qbo.backend"].browse(self.odoo.backend)
        records = env[model].with_company(backend.company_id)
        objects = [line._values() for line in lines]
        rows = records._qbo_rows(backend, lines[0].entity, objects)
        env.flush_all()
        began = Took.now()
        records.with_context(tracking_disable=True).create(rows)
        env.flush_all()
        return Took.now() - began

    def _add(self, model: str, count: int, ours: Took, plain: Took) -> None:
        for sums, value in ((self.ours, ours), (self.plain, plain)):
            sums[model] = sums.get(model, Took(0, 0)) + value
        self.counts[model] = self.counts.get(model, 0) + count

    def figures(self) -> dict:
        """Ours and the floor in milliseconds a record, for each model: by the
        clock, and CPU of this process (the database's isn't in it)."""
        found = {}
        for model, count in self.counts.items():
            ours, plain = self.ours[model], self.plain[model]
            found[model] = {
                "ms": round(ours.seconds / count * 1000, 2),
                "floor_ms": round(plain.seconds / count * 1000, 2),
                "ratio": round(ours.seconds / plain.seconds, 2),
                "cpu_ms": round(ours.cpu / count * 1000, 2),
                "floor_cpu_ms": round(plain.cpu / count * 1000, 2),
                "cpu_ratio": round(ours.cpu / plain.cpu, 2),
                "measured": count,
            }
        return found


def first_import(odoo: Odoo, items: int, customers: int) -> dict:
    """Reading, and taking over beside the floor."""
    step(f"The first import of {customers} customers and {items} items")
    pull_seed.lists(odoo.books, odoo.accounts(), items, customers)
    total = items + customers
    found = {"items": items, "customers": customers}
    found["read"] = said(Meter(odoo, total).run(_read, jobs=total // PAGE))
    floor = Floor(odoo)
    taken = Meter(odoo, total).run(_take, floor.beside, total // BATCH)
    found["take"] = said({**taken, "floor": floor.figures()})
    _check(odoo, items, customers)
    return found


def quantities(odoo: Odoo, items: int) -> dict:
    """Comparing all of them; again; and with nothing changed."""
    differing = items // 100
    step(f"Quantities of {items} items, of which {differing} differ")
    pull_seed.linked_items(odoo, items, differing)
    found = {"items": items, "differing": differing}

    def compare(env) -> None:
        env["qbo.backend"].browse(odoo.backend).action_pull_inventory()

    for name in ("first", "again"):
        meter = Meter(odoo, items)
        found[name] = said(meter.run(compare, jobs=items // PAGE))
    with odoo.env() as env:  # as if some time had passed since
        env["qbo.cursor"].search([]).since = time.strftime(
            "%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 300)
        )
    poll = Meter(odoo, items)
    found["poll"] = said(
        poll.run(lambda env: env["qbo.backend"]._cron_pull_inventory())
    )
    with odoo.env() as env:
        assert not env["qbo.stock.line"].search_count([]), "differences are left"
    return found


def said(figures: dict) -> dict:
    """Print figures as they come."""
    print(f"    {json.dumps(figures)}", flush=True)
    return figures


def _read(env) -> None:
    backend = env["qbo.backend"].search([], limit=1)
    env["qbo.import"].create({"backend_id": backend.id}).action_read()


def _take(env) -> None:
    env["qbo.import"].search([], limit=1).action_run()


def _check(odoo: Odoo, items: int, customers: int) -> None:
    """:raises AssertionError: something is missing, so no figure counts"""
    with odoo.env() as env:
        run = env["qbo.import"].search([], limit=1)
        assert run.state == "done" and not run.failed_count, run.failed_count
        for model, count in (("res.partner", customers), ("product.product", items)):
            synced = [("res_model", "=", model), ("state", "=", "synced")]
            found = env["qbo.binding"].search_count(synced)
            assert found == count, (model, found)


def measured(what: str, *sizes: int) -> dict:
    """Measure in a process of its own; return the figures.

    :param what: ``import`` with the numbers of items and customers, or ``stock``
        with the number of items
    :raises RuntimeError: it failed (its traceback is on standard error)
    """
    command = [sys.executable, "-m", "benchmarks.pull", what, *map(str, sizes)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError("benchmarks.pull failed")
    return json.loads(done.stdout.strip().splitlines()[-1])


def main(arguments: list[str]) -> int:
    """Measure; the last line is JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pull")
    parser.add_argument("what", choices=["import", "stock"])
    parser.add_argument("sizes", type=int, nargs="+", help="items, customers")
    options = parser.parse_args(arguments)
    environment()
    sys.path.insert(0, str(find_odoo()))
    with (
        postgres.running(),
        database.clone(database.addons_template()) as name,
        Sandbox() as quickbooks,
    ):
        settings = {"log_level": "warn", "server_wide_modules": "base,rpc,web"}
        config = write_config(run_folder(), name, **settings)
        from odoo.modules.registry import Registry
        from odoo.tools import config as odoo_config

        odoo_config.parse_config(["-c", str(config)], setup_logging=True)
        odoo = Odoo(Registry(name), quickbooks)
        measure = {"import": first_import, "stock": quantities}[options.what]
        found = measure(odoo, *options.sizes)
    print(json.dumps({**found, "load": round(os.getloadavg()[1], 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
