"""The connector's own figures, row by row."""

import os
import statistics
import time
from pathlib import Path

from dev import database
from dev.odoo import OdooServer
from dev.rpc import Client

from . import inside
from .cluster import children
from .stage import NO_JOBS, Stage, chunks

WORKERS = 10  # as many as QuickBooks lets work at the same time
WARM = 0.8  # what is left of a backlog when the measuring of CPU begins
REALISTIC = {"latency": "recorded", "limits": "on"}
IDEAL = {"latency": "none", "limits": "off"}
CONFIRM = {"sale.order": "action_confirm", "purchase.order": "button_confirm"}


def confirmed(stage: Stage, model: str, count: int) -> list[int]:
    """Make and confirm orders while no job runs; return their ids."""
    with OdooServer(stage.database, channels=NO_JOBS) as odoo:
        client = odoo.client()
        make = stage.sales if model == "sale.order" else stage.purchases
        orders = make(client, count)
        for part in chunks(orders, 20):
            client.call(model, CONFIRM[model], list(part))
    return orders


def links(stage: Stage, model: str, orders: list[int]) -> list[int]:
    """Return the links of orders."""
    rows = stage.query(
        "SELECT id FROM qbo_binding WHERE res_model = %s AND res_id = ANY(%s)"
        " ORDER BY id",
        model,
        orders,
    )
    return [link for (link,) in rows]


def warm_up(stage: Stage) -> None:
    """Have all customers, vendors and products in QuickBooks, and Odoo's caches."""
    stage.admin("knobs", IDEAL)
    parties = len(stage.catalog.customers)
    for model in CONFIRM:
        orders = confirmed(stage, model, parties)
        found = inside.run(
            stage.database, "push", links=links(stage, model, orders), unlimited=True
        )
        assert len(found["sql"]) == parties, "not all orders have a link"
    stage.execute("DELETE FROM queue_job")


def calls(stage: Stage, count: int = 40) -> dict:
    """Requests, reads, SQL and CPU of an order whose records are all known."""
    figures = {}
    for model, name in (("sale.order", "sale"), ("purchase.order", "purchase")):
        orders = confirmed(stage, model, count)
        stage.reset_counts()
        todo = links(stage, model, orders)
        cost = inside.run(stage.database, "push", links=todo, unlimited=True)
        _check(stage, model, orders)
        counts = stage.counts()
        figures[name] = {
            "requests": counts["requests"] / count,
            "reads": counts["reads"] / count,
            "cpu_ms": round(statistics.median(cost["cpu_ms"]), 1),
            "sql": statistics.median(cost["sql"]),
        }
    stage.execute("DELETE FROM queue_job")
    return figures


def newcomers(stage: Stage, count: int = 10) -> dict:
    """Requests and reads of orders of new customers for two new products each."""
    known = stage.catalog
    with OdooServer(stage.database, channels=NO_JOBS) as odoo:
        stage.stock_catalog(odoo.client(), count, 2 * count, "New ")
    orders = confirmed(stage, "sale.order", count)
    stage.catalog = known
    stage.reset_counts()
    todo = links(stage, "sale.order", orders)
    inside.run(stage.database, "push", links=todo, unlimited=True)
    _check(stage, "sale.order", orders)
    counts = stage.counts()
    stage.execute("DELETE FROM queue_job")
    return {name: counts[name] / count for name in ("requests", "reads")}


def backlog(stage: Stage, count: int = 1000) -> dict:
    """How long confirmed orders take at QuickBooks' pace, and what it costs."""
    orders = confirmed(stage, "sale.order", count)
    stage.admin("knobs", REALISTIC)
    stage.reset_counts()
    channels = f"root:{WORKERS},root.qbo:{WORKERS}"
    with OdooServer(stage.database, workers=WORKERS, channels=channels) as odoo:
        while not stage.counts()["requests"]:
            time.sleep(0.05)
        began = time.monotonic()
        while (left := _waiting(stage, orders)) > count * WARM:
            time.sleep(0.2)
        before = _cpu(odoo)  # all workers have loaded Odoo by now
        while _waiting(stage, orders):
            time.sleep(0.5)
        seconds, spent = time.monotonic() - began, _cpu(odoo) - before
    stage.admin("knobs", IDEAL)
    _check(stage, "sale.order", orders)
    counts = stage.counts()
    return {
        "orders": count,
        "seconds": round(seconds, 1),
        "limit_seconds": count / 500 * 60,
        "requests": counts["requests"] / count,
        "reads": counts["reads"] / count,
        "throttled": counts["faults"],
        "cpu_ms": round(spent / left * 1000, 1),
    }


def latency(stage: Stage, count: int = 30) -> dict:
    """Seconds from the click on Confirm until the invoice is in QuickBooks."""
    stage.admin("knobs", REALISTIC)
    seconds = []
    channels = f"root:{WORKERS},root.qbo:{WORKERS}"
    with OdooServer(stage.database, workers=2, channels=channels) as odoo:
        client = odoo.client()
        for order in stage.sales(client, count + 3):
            seconds.append(_until_booked(stage, client, order))
    stage.admin("knobs", IDEAL)
    timed = sorted(seconds[3:])  # the workers' caches are warm
    return {
        "p50": round(statistics.median(timed), 2),
        "p95": round(timed[round(len(timed) * 0.95) - 1], 2),
        "invoice_itself": 0.88,
    }


def _until_booked(stage: Stage, client: Client, order: int) -> float:
    client.call("sale.order", "action_confirm", [order])
    began = time.monotonic()
    while _waiting(stage, [order]):
        time.sleep(0.02)
    took = time.monotonic() - began
    time.sleep(0.5)
    return took


def confirming(stage: Stage, pairs: int = 60) -> dict:
    """What confirming costs beside plain Odoo: two databases, click by click."""
    with database.clone(database.base_template()) as plain:
        ours = inside.start(stage.database, "confirm", count=pairs)
        bare = inside.start(plain, "confirm", count=pairs)
        for _pair in range(pairs):
            for process in (ours, bare):
                process.stdin.write("go\n")
                process.stdin.flush()
                process.stdout.readline()
        found = [inside.result(process) for process in (ours, bare)]
    stage.execute("DELETE FROM queue_job")
    return _compared(*found)


def _compared(ours: dict, plain: dict) -> dict:
    warm = slice(5, None)
    added = {}
    for name in ("ms", "cpu_ms"):
        pairs = zip(ours[name][warm], plain[name][warm], strict=True)
        more = statistics.median(mine - theirs for mine, theirs in pairs)
        base = statistics.median(plain[name][warm])
        added |= {name: round(more, 2), f"plain_{name}": round(base, 2)}
        added |= {f"{name}_percent": round(more / base * 100, 1)}
    sql = [statistics.median(one["sql"][warm]) for one in (ours, plain)]
    return {**added, "sql": sql[0] - sql[1], "plain_sql": sql[1]}


def memory(stage: Stage, count: int = 5000, orders: int = 500) -> dict:
    """Memory of one process that pushes one invoice after the other.

    The same orders are sent again as new ones: confirming is not what is measured.
    """
    orders = min(orders, count)
    stage.admin("knobs", {**IDEAL, "duplicate_docnumber": "accept"})
    todo = links(stage, "sale.order", confirmed(stage, "sale.order", orders))
    rounds = -(-count // orders)
    found = inside.run(
        stage.database, "push", links=todo, rounds=rounds, unlimited=True
    )
    stage.admin("knobs", {"duplicate_docnumber": None})
    stage.execute("DELETE FROM queue_job")
    half = found["memory"][len(found["memory"]) // 10]
    return {
        "pushes": rounds * orders,
        "mb_after_a_tenth": half,
        "mb_at_the_end": found["memory"][-1],
        "mb": found["memory"],
    }


def _waiting(stage: Stage, orders: list[int]) -> int:
    return stage.query(
        "SELECT count(*) FROM qbo_binding WHERE res_model = 'sale.order'"
        " AND state = 'pending' AND res_id = ANY(%s)",
        orders,
    )[0][0]


def _check(stage: Stage, model: str, orders: list[int]) -> None:
    """:raises AssertionError: an order isn't in QuickBooks, so no figure counts"""
    left = stage.query(
        "SELECT state, error FROM qbo_binding WHERE res_model = %s"
        " AND res_id = ANY(%s) AND state <> 'synced'",
        model,
        orders,
    )
    assert not left, left[:3]


def _cpu(odoo: OdooServer) -> float:
    """CPU seconds of a server and its workers so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for pid in [odoo._process.pid, *children(odoo._process.pid)]:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += sum(int(field) for field in fields[11:15])
    return total / ticks
