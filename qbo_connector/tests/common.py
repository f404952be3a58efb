# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests

from odoo.tests import TransactionCase, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

ROOT = Path(__file__).resolve().parents[2]


class LocalQbo:
    """The local QuickBooks of this repository as a child process."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "qbo_sandbox", "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.info = json.loads(self.process.stdout.readline())
        self.url = self.info["url"]
        self.realm = None

    def new_company(self, **options):
        """Found a company with empty books; it is the one consent is given for."""
        self.realm = self.admin("companies", **{"kind": "us", **options})["realm_id"]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    def consent(self, url):
        """Press Connect on the consent page; return what comes to the callback."""
        query = {
            key: values[0] for key, values in parse_qs(urlsplit(url).query).items()
        }
        reply = requests.post(
            url.split("?")[0],
            data={**query, "realm_id": self.realm, "action": "connect"},
            allow_redirects=False,
            timeout=10,
        )
        back = parse_qs(urlsplit(reply.headers["Location"]).query)
        return {key: values[0] for key, values in back.items()}

    def requests(self):
        """(writes, reads) that the company has counted so far."""
        url = f"{self.url}/_admin/requests?limit=0&realm={self.realm}"
        reply = requests.get(url, timeout=10)
        counts = reply.json()["counts"]
        return counts.get("writes", 0), counts.get("reads", 0)

    def admin(self, path, **body):
        """Use the local QuickBooks' own levers: faults, knobs, requests."""
        reply = requests.post(f"{self.url}/_admin/{path}", json=body, timeout=10)
        reply.raise_for_status()
        return reply.json()


@tagged("post_install", "-at_install", "qbo")
class QboCase(TransactionCase):
    """A company connected to the local QuickBooks over HTTP, nothing mocked."""

    country, currency = "base.us", "base.USD"
    # How the QuickBooks company is founded: kind, multicurrency, ast …
    qbo_company = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.qbo = LocalQbo()
        cls.addClassCleanup(cls.qbo.stop)
        cls.company = cls.env["res.company"].create(
            {
                "name": "Test Company",
                "country_id": cls.env.ref(cls.country).id,
                "currency_id": cls.env.ref(cls.currency).id,
            }
        )
        cls.env.ref("base.user_admin").company_ids += cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.backend = cls.env["qbo.backend"].create(
            {
                "name": "Local QuickBooks",
                "company_id": cls.company.id,
                "environment": "custom",
                "api_url": cls.qbo.url,
                "discovery_url": cls.qbo.info["discovery_url"],
                "client_id": cls.qbo.info["client_id"],
                "client_secret": cls.qbo.info["client_secret"],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Azure Interior", "email": "azure@example.com", "is_company": True}
        )
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "California 8%",
                "amount": 8,
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
                "tax_group_id": cls.env["account.tax.group"]
                .create(
                    {
                        "name": "Sales tax",
                        "company_id": cls.company.id,
                        "country_id": cls.company.country_id.id,
                    }
                )
                .id,
            }
        )
        cls.desk = cls.env["product.product"].create(
            {
                "name": "Desk",
                "default_code": "DESK-1",
                "is_storable": True,
                "list_price": 100,
                "taxes_id": [(6, 0, cls.tax.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        # Pushes use cursors of their own: let them see this test's data.
        self.enterContext(self.enter_registry_test_mode())
        self.watch_bodies()
        self.qbo.admin("faults/clear")
        self.qbo.new_company(**self.qbo_company)
        self.connect()

    def watch_bodies(self):
        """See to it that no request leaves while a body is prepared, in any test."""
        mixin, backend = (self.registry[name] for name in ("qbo.mixin", "qbo.backend"))
        body, client = mixin._qbo_body, backend._client
        preparing, asked = [], []

        def watched_body(record, *args):
            preparing.append(record)
            try:
                return body(record, *args)
            finally:
                preparing.pop()

        def watched_client(record, *args):
            asked.extend(preparing)
            return client(record, *args)

        self.enterContext(patch.object(mixin, "_qbo_body", watched_body))
        self.enterContext(patch.object(backend, "_client", watched_client))
        self.addCleanup(lambda: self.assertFalse(asked, "asked while preparing"))

    def connect(self):
        """Go through the real OAuth handshake, and read the lists."""
        answer = self.qbo.consent(self.backend.action_connect()["url"])
        backend = self.backend._from_oauth_state(answer["state"])
        backend._finish_connect(answer["code"], answer["realmId"])
        backend.action_refresh_lists()

    def client(self):
        """A client that looks into the local QuickBooks' books."""
        return self.backend._client()

    def new_order(self, *lines, **values):
        """A draft sale order; lines are (product, quantity, price)."""
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [(6, 0, self.tax.ids)],
                        },
                    )
                    for product, quantity, price in lines or [(self.desk, 3, 19.99)]
                ],
                **values,
            }
        )

    def confirm(self, orders):
        """Confirm and run the jobs that this queues; return the links."""
        with self.jobs():
            orders.action_confirm()
        return self.links(orders)

    @contextmanager
    def jobs(self):
        """Run the jobs that are queued within, as the job runner would."""
        with self.queued() as trap:
            yield trap
            self.perform(trap)
        self.env.invalidate_all()

    def perform(self, trap):
        """Run the caught jobs, also those that another cursor has queued."""
        self.env.cr.flush()
        for job in trap.enqueued_jobs:
            job.recordset = job.recordset.with_env(job.env(cr=self.env.cr))
        trap.perform_enqueued_jobs()

    @contextmanager
    def queued(self):
        """Catch the jobs that are queued within: pushes are when a transaction ends."""
        with trap_jobs() as trap:
            yield trap
            self.env.cr.flush()

    def links(self, records):
        self.env.invalidate_all()
        return self.env["qbo.binding"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
