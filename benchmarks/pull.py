"""The way back, measured: ``python -m benchmarks.pull --items 100000``.

A local QuickBooks is filled with items and customers; Odoo takes them over by its
first import, compares all quantities, and then looks again with nothing changed.
Jobs are worked off one after another, in one process: what is measured is reads,
and how many objects a second Odoo comes through.
"""

import argparse
import json
import resource
import sys
import time
import uuid
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import requests

from dev import database, postgres
from dev.common import step
from dev.odoo import environment, run_folder, write_config
from dev.odoo_source import find_odoo
from dev.sandbox import Sandbox

PER_BATCH = 30
STATES = ("pending", "enqueued")


class Bench:
    """An Odoo database, a QuickBooks, and the jobs between them."""

    def __init__(self, registry, quickbooks):
        self.registry = registry
        self.info = quickbooks.info
        self.url = quickbooks.url
        self.session = requests.Session()
        self.backend = self.connect()

    @contextmanager
    def env(self):
        """A transaction of its own, committed at the end."""
        from odoo import SUPERUSER_ID, api

        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def connect(self):
        """Consent as a person would; the lists are read as well."""
        with self.env() as env:
            backend = env["qbo.backend"].create(
                {
                    "name": "Bench",
                    "company_id": env.company.id,
                    "environment": "custom",
                    "api_url": self.url,
                    "discovery_url": self.info["discovery_url"],
                    "client_id": self.info["client_id"],
                    "client_secret": self.info["client_secret"],
                }
            )
            address = backend.action_connect()["url"]
        with self.env() as env:
            answer = self.consent(address)
            backend = env["qbo.backend"]._from_oauth_state(answer["state"])
            backend._finish_connect(answer["code"], answer["realmId"])
            self.realm = answer["realmId"]
        with self.env() as env:
            env["qbo.backend"].browse(backend.id).action_refresh_lists()
            warehouse = env["stock.warehouse"].search([], limit=1)
            env["qbo.backend"].browse(backend.id).write(
                {"pull_stock": True, "stock_location_id": warehouse.lot_stock_id.id}
            )
        self.work()
        return backend.id

    def consent(self, address):
        query = {key: one[0] for key, one in parse_qs(urlsplit(address).query).items()}
        reply = self.session.post(
            address.split("?")[0],
            data={**query, "realm_id": self.info["companies"][0]["realm_id"]}
            | {"action": "connect"},
            allow_redirects=False,
            timeout=30,
        )
        back = parse_qs(urlsplit(reply.headers["Location"]).query)
        return {key: values[0] for key, values in back.items()}

    def fill(self, entity, bodies):
        """Make objects in QuickBooks, 30 in one request."""
        token = self.session.post(f"{self.url}/_admin/tokens", json={}, timeout=30)
        headers = {
            "Authorization": f"Bearer {token.json()['access_token']}",
            "Accept": "application/json",
        }
        address = f"{self.url}/v3/company/{self.realm}/batch"
        for start in range(0, len(bodies), PER_BATCH):
            items = [
                {"bId": str(number), "operation": "create", entity: body}
                for number, body in enumerate(bodies[start : start + PER_BATCH])
            ]
            reply = self.session.post(
                address,
                params={"requestid": uuid.uuid4().hex},
                json={"BatchItemRequest": items},
                headers=headers,
                timeout=120,
            )
            reply.raise_for_status()

    def reads(self):
        """How many reads QuickBooks has counted."""
        address = f"{self.url}/_admin/requests"
        params = {"realm": self.realm, "limit": 0}
        reply = self.session.get(address, params=params, timeout=30)
        return reply.json()["counts"].get("reads", 0)

    def work(self):
        """Work off all jobs, each in its own transaction."""
        from odoo.addons.queue_job.job import Job

        while True:
            with self.env() as env:
                domain = [("state", "in", STATES)]
                row = env["queue.job"].search(domain, order="priority, id", limit=1)
                if not row:
                    return
                job = Job.load(env, row.uuid)
                job.perform()
                env.flush_all()
                job.set_done()
                job.store()

    def measure(self, name, count, start):
        """Do something and all jobs that come of it; say what it took."""
        reads, began = self.reads(), time.perf_counter()
        with self.env() as env:
            start(env)
        self.work()
        seconds = time.perf_counter() - began
        found = {
            "what": name,
            "seconds": round(seconds, 1),
            "reads": self.reads() - reads,
            "a_second": round(count / seconds),
            "memory_mb": round(
                resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            ),
        }
        print(json.dumps(found), flush=True)
        return found


def bodies(env, backend, items, customers):
    """What QuickBooks is filled with."""
    backend = env["qbo.backend"].browse(backend)
    accounts = {
        "IncomeAccountRef": {"value": backend.income_account_id.qbo_id},
        "ExpenseAccountRef": {"value": backend.expense_account_id.qbo_id},
        "AssetAccountRef": {"value": backend.asset_account_id.qbo_id},
    }
    goods = [
        {
            "Name": f"Item {number}",
            "Sku": f"BENCH-{number}",
            "Type": "Inventory",
            "TrackQtyOnHand": True,
            "QtyOnHand": number % 50,
            "InvStartDate": "2020-01-01",
            "UnitPrice": 9.99,
            **accounts,
        }
        for number in range(items)
    ]
    people = [
        {
            "DisplayName": f"Customer {number}",
            "PrimaryEmailAddr": {"Address": f"c{number}@bench.example"},
        }
        for number in range(customers)
    ]
    return goods, people


def run(bench, items, customers):
    """The whole story; return the figures."""
    step(f"Filling QuickBooks with {items} items and {customers} customers")
    with bench.env() as env:
        goods, people = bodies(env, bench.backend, items, customers)
    bench.fill("Item", goods)
    bench.fill("Customer", people)
    step("Taking them over")
    total = items + customers
    found = {}

    def backend(env):
        return env["qbo.backend"].browse(bench.backend)

    def read(env):
        env["qbo.import"].create({"backend_id": bench.backend}).action_read()

    def take(env):
        env["qbo.import"].search([], limit=1).action_run()

    def fetched(env):
        cursors = env["qbo.cursor"].search([])
        cursors.since = time.strftime(
            "%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 300)
        )

    found["read"] = bench.measure("first import: read and match", total, read)
    found["take"] = bench.measure("first import: take over", total, take)
    found["full"] = bench.measure(
        "quantities: first comparison of all, differences taken over",
        items,
        lambda env: backend(env).action_pull_inventory(),
    )
    found["again"] = bench.measure(
        "quantities: comparison of all, nothing differs",
        items,
        lambda env: backend(env).action_pull_inventory(),
    )
    with bench.env() as env:
        fetched(env)
    found["poll"] = bench.measure(
        "quantities: look again, nothing changed",
        items,
        lambda env: env["qbo.backend"]._cron_pull_inventory(),
    )
    return found


def main(arguments):
    """Measure and print one line of JSON for each step."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pull")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--customers", type=int, default=5_000)
    options = parser.parse_args(arguments)
    environment()
    sys.path.insert(0, str(find_odoo()))
    with (
        postgres.running(),
        database.clone(database.addons_template()) as name,
        Sandbox() as quickbooks,
    ):
        config = write_config(
            run_folder(), name, log_level="warn", server_wide_modules="base,rpc,web"
        )
        from odoo.modules.registry import Registry
        from odoo.tools import config as odoo_config

        odoo_config.parse_config(["-c", str(config)], setup_logging=True)
        run(Bench(Registry(name), quickbooks), options.items, options.customers)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
