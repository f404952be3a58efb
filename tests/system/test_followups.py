"""An e-mail whose answer is lost isn't sent twice, with worker processes."""

import pytest
import requests

from dev import database, postgres
from dev.checklog import troubles
from dev.odoo import OdooServer
from dev.sandbox import Sandbox
from tests.system.test_sales import Seller

PAST = "2026-01-01 00:00:00"


class Mailer(Seller):
    """A company whose QuickBooks mails the invoices."""

    def __init__(self, odoo, quickbooks):
        super().__init__(odoo, quickbooks)
        values = {"email": "inn@meadow.test"}
        self.client.call("res.partner", "write", [self.customer], values)
        self.client.call("qbo.backend", "write", [self.backend], {"email_mode": "now"})

    def lose_next_answer(self, operation):
        fault = {"kind": "cut_after", "match": {"operation": operation}}
        requests.post(f"{self.url}/_admin/faults", json=fault, timeout=10)

    def mail(self, order):
        """The row of an order's e-mail, once there is one."""
        link = self.client.find(
            "qbo.binding", ("res_model", "=", "sale.order"), ("res_id", "=", order)
        )
        rows = self.client.find(
            "qbo.followup",
            ("binding_id", "in", [one["id"] for one in link]),
            fields=("state", "begun"),
        )
        return rows[0] if rows else {"state": None, "begun": None}

    def mails(self):
        """How many mails QuickBooks has sent."""
        reply = requests.get(f"{self.url}/_admin/requests?limit=1000", timeout=10)
        found = reply.json()["requests"]
        return sum(one["operation"] == "send" for one in found)

    def waiting_job(self, row):
        key = ("identity_key", "=", f"qbo.followup:{row['id']}")
        return self.client.find("queue.job", key, ("state", "=", "pending"))


@pytest.fixture(scope="module")
def mailer(addons_template):
    with (
        database.clone(addons_template) as name,
        Sandbox() as quickbooks,
        OdooServer(name, workers=2, max_cron_threads=0) as odoo,
    ):
        made = Mailer(odoo, quickbooks)
        made.database = name
        yield made
        assert not troubles(odoo.log_text(), "qbo")


def test_a_lost_answer_is_looked_for(mailer):
    mailer.lose_next_answer("send")
    order = mailer.confirm(2)
    mailer.wait_for(lambda: mailer.mail(order)["begun"])
    row = mailer.mail(order)
    mailer.wait_for(lambda: mailer.waiting_job(row))
    assert (row["state"], mailer.mails()) == ("waiting", 1)
    # It waits until QuickBooks can't be at it any more: as if that was now.
    with postgres.cursor(mailer.database) as cr:
        cr.execute("UPDATE qbo_followup SET begun = %s", [PAST])
    [job] = mailer.waiting_job(row)
    mailer.client.call("queue.job", "requeue", [job["id"]])
    mailer.wait_for(lambda: mailer.mail(order)["state"] == "done")
    assert mailer.mails() == 1
