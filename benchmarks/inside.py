"""Measured inside an Odoo process of its own: ``python -m benchmarks.inside``.

The parent (``run``) starts it with a configuration file, the name of a task below
and the task's arguments as JSON; it prints one line of JSON.
"""

import contextlib
import json
import multiprocessing
import resource
import subprocess
import sys
import time
from pathlib import Path

from dev.common import ROOT
from dev.odoo import environment, run_folder, write_config


def start(database: str, task: str, **arguments) -> subprocess.Popen:
    """Start a task in a process of its own."""
    config = write_config(run_folder(), database, log_level="warn")
    command = [sys.executable, "-m", "benchmarks.inside", str(config), task]
    return subprocess.Popen(
        [*command, json.dumps(arguments)],
        cwd=ROOT,
        env={**environment(), "PYTHONPATH": f"{environment()['PYTHONPATH']}:{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def result(process: subprocess.Popen) -> dict:
    """Wait for a task; return what it found.

    :raises RuntimeError: it failed (its traceback is on standard error)
    """
    process.stdin.close()
    last = (process.stdout.read().strip().splitlines() or ["{}"])[-1]
    if process.wait():
        raise RuntimeError(f"{process.args[3:5]} failed")
    return json.loads(last)


def run(database: str, task: str, **arguments) -> dict:
    """Run a task in a process of its own; return what it found."""
    return result(start(database, task, **arguments))


# ---------------------------------------------------------------- in the child
def push(
    registry, links: list[int], rounds: int = 1, unlimited=False, profile=""
) -> dict:
    """Run the jobs of links one after another, each in its own transaction.

    :param rounds: how often; from the second time on they are new documents
    :return: CPU milliseconds, SQL statements and seconds of each push (medians
        count), memory in MB now and then
    """
    if unlimited:
        _lift_limits()
    times, statements, memory = [], [], []
    many = rounds * len(links)
    with _profiled(profile):
        for number in range(many):
            if number and number % len(links) == 0:
                _forget(registry, links)
            before = time.process_time(), _statements()
            with _env(registry) as env:
                env["qbo.binding"].browse(links[number % len(links)])._job_push()
            times.append((time.process_time() - before[0]) * 1000)
            statements.append(_statements() - before[1])
            if number % max(many // 50, 1) == 0:
                memory.append(_memory())
    return {"cpu_ms": times, "sql": statements, "memory": [*memory, _memory()]}


def _forget(registry, links):
    """Have the links sent as new documents."""
    with registry.cursor() as cr:
        cr.execute(
            "UPDATE qbo_binding SET qbo_id = NULL, payload_hash = NULL, sent = NULL,"
            " state = 'pending', attempt = attempt + 1 WHERE id = ANY(%s)",
            [links],
        )


def confirm(registry, count: int) -> dict:
    """Confirm one order each time a line comes in; say so each time.

    :return: milliseconds, CPU milliseconds and SQL statements of each
    """
    found = {"ms": [], "cpu_ms": [], "sql": []}
    with _env(registry) as env:
        drafts = _drafts(env, count).ids
    for draft in drafts:
        sys.stdin.readline()
        before = time.perf_counter(), time.process_time(), _statements()
        with _env(registry) as env:
            env["sale.order"].browse(draft).action_confirm()
        found["ms"].append((time.perf_counter() - before[0]) * 1000)
        found["cpu_ms"].append((time.process_time() - before[1]) * 1000)
        found["sql"].append(_statements() - before[2])
        print("done", flush=True)
    return found


def _drafts(env, count):
    """Orders that are alike in both databases: one customer, two products."""
    customer = env["res.partner"].create({"name": "Paired", "is_company": True})
    goods = env["product.product"].create(
        [
            {"name": f"Paired {name}", "list_price": 19.99, "is_storable": storable}
            for name, storable in (("A", False), ("B", True))
        ]
    )
    lines = [(0, 0, {"product_id": one.id, "product_uom_qty": 2}) for one in goods]
    order = {"partner_id": customer.id, "order_line": lines}
    return env["sale.order"].create([order] * count)


def refresh(registry, processes: int, rounds: int) -> dict:
    """Have many processes find the same access token refused at the same moment.

    :return: how many different tokens each round ended with, and what went wrong
    """
    from odoo import sql_db

    sql_db.close_all()  # no connection is shared with the children
    context = multiprocessing.get_context("fork")
    barrier, found = context.Barrier(processes), context.SimpleQueue()
    children = [
        context.Process(target=_refresher, args=[registry, barrier, found, rounds])
        for _number in range(processes)
    ]
    for child in children:
        child.start()
    answers = [found.get() for _number in range(processes * rounds)]
    for child in children:
        child.join()
    by_round = [{token for at, token, _e in answers if at == n} for n in range(rounds)]
    return {
        "tokens": [len(tokens) for tokens in by_round],
        "fresh": len(set().union(*by_round)),
        "errors": [error for _at, _token, error in answers if error],
    }


def _refresher(registry, barrier, found, rounds):
    with _env(registry) as env:
        token = env["qbo.token"].search([])
        refused = token._decrypted("access_token")
        for number in range(rounds):
            barrier.wait()
            error = ""
            try:
                refused = token._valid_access_token(refused=refused)
            except Exception as failure:
                error = repr(failure)
            found.put((number, refused, error))


def _lift_limits():
    """Let one process go faster than QuickBooks allows a company."""
    from odoo.addons.qbo_connector.qbo import limits

    many = 10**9
    limits.Limits.__init__.__defaults__ = (
        *(many, many, many, many),
        *limits.Limits.__init__.__defaults__[4:],
    )


@contextlib.contextmanager
def _env(registry):
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def _statements() -> int:
    from odoo import sql_db

    return sql_db.sql_counter


def _memory() -> float:
    """Resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 1e6, 1)


@contextlib.contextmanager
def _profiled(path: str):
    if not path:
        yield
        return
    import cProfile

    profile = cProfile.Profile()
    profile.enable()
    yield
    profile.disable()
    profile.dump_stats(path)


TASKS = {"push": push, "refresh": refresh, "confirm": confirm}


def main(config: str, task: str, arguments: str) -> None:
    """Open the database that the configuration names and run a task."""
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config(["-c", config], setup_logging=True)
    name = odoo_config["db_name"]
    registry = Registry(name[0] if isinstance(name, list) else name)
    print(json.dumps(TASKS[task](registry, **json.loads(arguments))))


if __name__ == "__main__":
    main(*sys.argv[1:])
