"""The connector's speed beside two other ways, in one run: ``make bench``.

All against the same local QuickBooks, with Intuit's recorded latencies and limits
where time counts. It prints a table and writes ``benchmarks/results/latest.json``
and ``docs/images/bench.svg``.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable

from dev.common import ROOT, step

from . import ours, pull
from .chart import chart
from .importing import importing
from .rivals import FOREIGN, LOOK_UPS, Loop
from .stage import Stage, staged
from .table import table

RESULTS = ROOT / "benchmarks" / "results" / "latest.json"
IMAGE = ROOT / "docs" / "images" / "bench.svg"


def rivals(stage: Stage, count: int) -> dict:
    """Have the other loops send invoices at QuickBooks' own pace."""
    stage.admin("knobs", ours.REALISTIC)
    found = {
        "serial": Loop(stage).run(count).figures(),
        "serial_foreign": Loop(stage, FOREIGN).run(max(count // 3, 1)).figures(),
        "look_ups": Loop(stage, LOOK_UPS).run(max(count // 3, 1)).figures(),
    }
    stage.admin("knobs", ours.IDEAL)
    return found


def rows(options: argparse.Namespace) -> dict[str, Callable[[Stage], dict]]:
    """Return what can be measured, by name."""
    return {
        "calls": ours.calls,
        "newcomers": ours.newcomers,
        "rivals": lambda stage: rivals(stage, options.rival_orders),
        "latency": lambda stage: ours.latency(stage, options.latencies),
        "confirming": lambda stage: ours.confirming(stage, options.pairs),
        "backlog": lambda stage: ours.backlog(stage, options.orders),
        "memory": lambda stage: ours.memory(stage, options.pushes),
        "stock": lambda stage: pull.measured("stock", options.stock_items),
        "create": lambda stage: pull.measured(
            "import", options.creates, options.creates
        ),
        "import": lambda stage: importing(
            stage, options.import_items, options.import_customers, options.kills
        ),
    }


def main(arguments: list[str]) -> int:
    """Measure; print a table; keep the figures of a whole run."""
    options = _options(arguments)
    found = {"when": time.strftime("%Y-%m-%d"), "cores": os.cpu_count()}
    with staged() as stage:
        step("Warming up")
        ours.warm_up(stage)
        for name, measure in rows(options).items():
            if name in options.rows:
                step(f"Measuring: {name}")
                found[name] = measure(stage)
                print(f"    {json.dumps(_short(found[name]))}", flush=True)
    print(table(found))
    if options.keep or set(options.rows) == set(rows(options)):
        _keep(found)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    add = parser.add_argument
    add("--orders", type=int, default=1000, help="in the backlog (1000)")
    add("--pushes", type=int, default=5000, help="for the memory (5000)")
    add("--rival-orders", type=int, default=30, help="for the other ways (30)")
    add("--latencies", type=int, default=30, help="orders on an idle system (30)")
    add("--pairs", type=int, default=60, help="orders confirmed with and without (60)")
    add("--stock-items", type=int, default=100_000, help="compared (100000)")
    add(
        "--creates", type=int, default=10_000, help="of each, beside Odoo's own (10000)"
    )
    add("--import-items", type=int, default=100_000, help="first import (100000)")
    add("--import-customers", type=int, default=50_000, help="first import (50000)")
    add("--kills", type=int, default=1, help="while it reads, and takes over (1)")
    names = list(rows(argparse.Namespace()))
    add("--keep", action="store_true", help="keep single rows too")
    add("rows", nargs="*", metavar="ROW", help=f"only some of: {', '.join(names)}")
    options = parser.parse_args(arguments)
    unknown = set(options.rows) - set(names)
    if unknown:
        parser.error(f"no row {', '.join(unknown)}; there are {', '.join(names)}")
    options.rows = options.rows or names
    return options


def _short(figures: dict) -> dict:
    return {name: value for name, value in figures.items() if name != "mb"}


def _keep(found: dict) -> None:
    """Write the figures; rows that weren't measured stay as they were."""
    if RESULTS.exists():
        found = {**json.loads(RESULTS.read_text()), **found}
    for path, text in ((RESULTS, json.dumps(found, indent=1)), (IMAGE, chart(found))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
        print(f"    written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
