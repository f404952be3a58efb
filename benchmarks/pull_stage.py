"""The stage of the way back: an Odoo in this process, and a well filled QuickBooks."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import requests

from dev.quickbooks import Books

PER_BATCH = 30
TIMEOUT = 600  # seconds for one door of the local QuickBooks
STATES = ("pending", "enqueued")
ACCOUNTS = ("income", "expense", "asset")


class Took(NamedTuple):
    """By the clock, and CPU of this process."""

    seconds: float
    cpu: float

    @classmethod
    def now(cls) -> "Took":
        """The time since some moment."""
        return cls(time.perf_counter(), time.process_time())

    def __add__(self, other: "Took") -> "Took":
        return Took(self.seconds + other.seconds, self.cpu + other.cpu)

    def __sub__(self, other: "Took") -> "Took":
        return Took(self.seconds - other.seconds, self.cpu - other.cpu)


class Odoo:
    """A database, the connection to a QuickBooks, and the jobs between them."""

    def __init__(self, registry, quickbooks):
        self.registry = registry
        self.info = quickbooks.info
        self.url = quickbooks.url
        self.session = requests.Session()
        self.books = Books(self.info)
        self.realm = self.info["companies"][0]["realm_id"]
        self.backend = self._connect()

    @contextmanager
    def env(self) -> Iterator:
        """A transaction of its own, committed at the end."""
        from odoo import SUPERUSER_ID, api

        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _connect(self) -> int:
        """Consent as a person would; the lists are read as well."""
        with self.env() as env:
            facts = ("discovery_url", "client_id", "client_secret")
            backend = env["qbo.backend"].create(
                {
                    "name": "Bench",
                    "company_id": env.company.id,
                    "environment": "custom",
                    "api_url": self.url,
                    **{name: self.info[name] for name in facts},
                }
            )
            address = backend.action_connect()["url"]
        with self.env() as env:
            answer = self._consent(address)
            backend = env["qbo.backend"]._from_oauth_state(answer["state"])
            backend._finish_connect(answer["code"], answer["realmId"])
        with self.env() as env:
            backend = env["qbo.backend"].browse(backend.id)
            backend.action_refresh_lists()
            warehouse = env["stock.warehouse"].search([], limit=1)
            stock = warehouse.lot_stock_id.id
            backend.write({"pull_stock": True, "stock_location_id": stock})
        self.work()
        return backend.id

    def _consent(self, address: str) -> dict[str, str]:
        query = {key: one[0] for key, one in parse_qs(urlsplit(address).query).items()}
        reply = self.session.post(
            address.split("?")[0],
            data={**query, "realm_id": self.realm, "action": "connect"},
            allow_redirects=False,
            timeout=30,
        )
        back = parse_qs(urlsplit(reply.headers["Location"]).query)
        return {key: values[0] for key, values in back.items()}

    def accounts(self) -> dict[str, str]:
        """QuickBooks' ids of the connection's accounts, by the setting's name."""
        with self.env() as env:
            backend = env["qbo.backend"].browse(self.backend)
            return {name: backend[f"{name}_account_id"].qbo_id for name in ACCOUNTS}

    # ---------------------------------------------------------------- jobs
    def work(self) -> None:
        """Work off all jobs."""
        for _took in self.jobs():
            pass

    def jobs(self) -> Iterator[Took]:
        """Work off all jobs, each in its own transaction; yield what each took."""
        while True:
            began = Took.now()
            if not self._one_job():
                return
            yield Took.now() - began

    def _one_job(self) -> bool:
        from odoo.addons.queue_job.job import Job

        with self.env() as env:
            waiting = [("state", "in", STATES)]
            row = env["queue.job"].search(waiting, order="priority, id", limit=1)
            if not row:
                return False
            job = Job.load(env, row.uuid)
            job.perform()
            env.flush_all()
            job.set_done()
            job.store()
        return True

    # ---------------------------------------------------------- QuickBooks
    def reads(self) -> int:
        """How many reads QuickBooks has counted."""
        address = f"{self.url}/_admin/requests"
        params = {"realm": self.realm, "limit": 0}
        reply = self.session.get(address, params=params, timeout=30)
        return reply.json()["counts"].get("reads", 0)

    def make(self, entity: str, bodies: list[dict]) -> None:
        """Make objects in QuickBooks by its API, 30 in one request."""
        token = self.session.post(f"{self.url}/_admin/tokens", json={}, timeout=30)
        headers = {
            "Authorization": f"Bearer {token.json()['access_token']}",
            "Accept": "application/json",
        }
        for start in range(0, len(bodies), PER_BATCH):
            items = [
                {"bId": str(number), "operation": "create", entity: body}
                for number, body in enumerate(bodies[start : start + PER_BATCH])
            ]
            reply = self.session.post(
                f"{self.url}/v3/company/{self.realm}/batch",
                params={"requestid": uuid.uuid4().hex},
                json={"BatchItemRequest": items},
                headers=headers,
                timeout=TIMEOUT,
            )
            reply.raise_for_status()
