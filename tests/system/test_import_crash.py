"""The first import is killed in the middle, twice; it goes on by itself."""

import time

import pytest
import requests

from dev import database, postgres
from dev.odoo import OdooServer
from dev.quickbooks import Books, consent
from dev.sandbox import Sandbox

SHOPS, COUNTERS, SERVICES = 1600, 600, 600
CUSTOMERS = SHOPS + COUNTERS
FIRST = "SELECT id FROM res_partner WHERE name = 'Shop 1'"
SECONDS = 300
MODELS = {"res.partner": CUSTOMERS, "product.product": SERVICES}
CUSTOMER = {"DisplayName": "Shop {n}", "PrimaryEmailAddr": {"Address": "s{n}@s.test"}}


class Takeover:
    """An import that reads and takes over while its server is killed."""

    def __init__(self, name, odoo, quickbooks):
        self.name = name
        self.odoo = odoo
        info = quickbooks.info
        client = odoo.client()
        backend = client.create(
            "qbo.backend",
            environment="custom",
            api_url=info["url"],
            discovery_url=info["discovery_url"],
            client_id=info["client_id"],
            client_secret=info["client_secret"],
        )
        action = client.call("qbo.backend", "action_connect", [backend])
        consent(client.session, action["url"])
        client.call("qbo.backend", "action_refresh_lists", [backend])
        self.run = client.create("qbo.import", backend_id=backend)

    def press(self, button):
        self.odoo.call("qbo.import", button, [self.run])

    def rows(self, statement, *values):
        with postgres.cursor(self.name) as cr:
            cr.execute(statement, values)
            return cr.fetchall()

    def count(self, statement, *values):
        return self.rows(f"SELECT count(*) FROM {statement}", *values)[0][0]

    def lines(self, state):
        return self.count("qbo_import_line WHERE state = %s", state)

    def running(self, method):
        """Whether a job is at work, and hasn't only just begun."""
        started = "now() AT TIME ZONE 'UTC' - date_started > interval '0.3 s'"
        job = f"queue_job WHERE method_name = %s AND state = 'started' AND {started}"
        return bool(self.count(job, method))

    def wait(self, reached):
        end = time.monotonic() + SECONDS
        while not reached():
            assert time.monotonic() < end, self.rows("SELECT * FROM qbo_import")
            time.sleep(0.02)

    def kill(self, reached, method):
        """Kill the server while a job of the method is at work; start it again."""
        self.wait(lambda: reached() and self.running(method))
        self.odoo.kill()
        cut = "queue_job WHERE method_name = %s AND state = 'started'"
        assert self.count(cut, method), "the jobs were through already"
        self.odoo.start()

    def state(self):
        return self.rows("SELECT state FROM qbo_import WHERE id = %s", self.run)[0][0]

    def check(self, model, count):
        """Each object once: one link each, one record each, none without the other."""
        links = f"qbo_binding WHERE res_model = '{model}'"
        assert self.count(f"{links} AND state = 'synced'") == count
        for distinct in ("res_id", "qbo_id"):
            assert (
                self.count(f"(SELECT DISTINCT {distinct} FROM {links}) AS d") == count
            )
        table, name = model.replace(".", "_"), "res_partner.name"
        if model == "product.product":
            table += " JOIN product_template ON product_template.id = product_tmpl_id"
            name = "product_template.name->>'en_US'"
        like = f"{table} WHERE {name} LIKE %s"
        assert self.count(like, "Shop %") == count


@pytest.fixture
def takeover(addons_template):
    with (
        database.clone(addons_template) as name,
        Sandbox() as quickbooks,
        OdooServer(name) as odoo,
    ):
        fill(quickbooks)
        yield Takeover(name, odoo, quickbooks)


def admin(quickbooks, door, **order):
    address = f"{quickbooks.url}/_admin/{door}"
    requests.post(address, json=order, timeout=60).raise_for_status()


def fill(quickbooks):
    books = Books(quickbooks.info)
    accounts = "SELECT * FROM Account WHERE AccountType = 'Income'"
    income = {"value": books.query(accounts)[0]["Id"]}
    service = {"Name": "Shop {n}", "Type": "Service", "IncomeAccountRef": income}
    first = books.many("Customer", CUSTOMER, SHOPS)
    counter = {**CUSTOMER, "Job": True, "ParentRef": {"value": str(first)}}
    books.many("Customer", counter, COUNTERS, SHOPS + 1)
    books.many("Item", service, SERVICES)
    # A page takes its time, after counting and the first one: long enough to be
    # killed while it is read.
    match = {"operation": "query", "queried": "Customer"}
    for seconds in (0, 0, 5):
        admin(quickbooks, "faults", kind="slow", seconds=seconds, match=match)


def test_killed_in_the_middle_nothing_is_missing_and_nothing_there_twice(takeover):
    takeover.press("action_read")
    takeover.kill(lambda: takeover.lines("todo") >= 1000, "_job_read")
    takeover.wait(lambda: takeover.state() == "review")
    assert takeover.lines("todo") == CUSTOMERS + SERVICES
    assert not takeover.count("qbo_binding WHERE qbo_id IS NOT NULL")
    takeover.press("action_run")
    takeover.kill(lambda: takeover.lines("done") >= 500, "_job_run")
    assert 0 < takeover.lines("todo") < CUSTOMERS + SERVICES
    takeover.wait(lambda: takeover.state() == "done")
    assert takeover.lines("done") == CUSTOMERS + SERVICES
    for model, count in MODELS.items():
        takeover.check(model, count)
    assert takeover.count(f"res_partner WHERE parent_id IN ({FIRST})") == COUNTERS
    assert not takeover.count("queue_job WHERE state = 'failed'")
