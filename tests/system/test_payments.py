"""Payments entered in QuickBooks reach Odoo: by webhooks alone, by polling alone."""

import time
from contextlib import contextmanager

import pytest
import requests

from dev import database
from dev.checklog import troubles
from dev.odoo import OdooServer
from dev.quickbooks import Books, consent
from dev.sandbox import Sandbox

SECONDS = 60
VERIFIER = "a-verifier-token"
CHECKING = {"value": "35"}


class Desk:
    """A company that sells and invoices in Odoo, and is paid in QuickBooks."""

    def __init__(self, odoo, quickbooks):
        self.client = odoo.client()
        self.url = quickbooks.url
        self.webhook_url = f"{odoo.url}/qbo/webhook"
        info = quickbooks.info
        journal = self.client.find("account.journal", ("type", "=", "bank"))[0]["id"]
        self.backend = self.client.create(
            "qbo.backend",
            environment="custom",
            api_url=info["url"],
            discovery_url=info["discovery_url"],
            client_id=info["client_id"],
            client_secret=info["client_secret"],
            webhook_verifier_token=VERIFIER,
            poll_changes=False,  # only when a test says so
            pull_payments=True,
            received_journal_id=journal,
        )
        action = self.client.call("qbo.backend", "action_connect", [self.backend])
        consent(self.client.session, action["url"])
        self.client.call("qbo.backend", "action_refresh_lists", [self.backend])
        self.books = Books(info)
        self.customer = self.client.create("res.partner", name="Azure", is_company=True)
        self.work = self.client.create(
            "product.product", name="Work", type="service", taxes_id=[(5,)]
        )

    # -------------------------------------------------------------- in Odoo
    def sell(self, price):
        """Confirm an order; return it once its Invoice is in QuickBooks."""
        line = {
            "product_id": self.work,
            "product_uom_qty": 1,
            "price_unit": price,
            "tax_ids": [(5,)],
        }
        order = self.client.create(
            "sale.order", partner_id=self.customer, order_line=[(0, 0, line)]
        )
        self.client.call("sale.order", "action_confirm", [order])

        def there():
            found = self.client.read("sale.order", order, "qbo_state", "qbo_id")
            return found["qbo_state"] == "synced" and found["qbo_id"]

        wait_for(there)
        return order

    def bill(self, order):
        """Make and post the invoice of an order, with Odoo's own wizard."""
        context = {"active_model": "sale.order", "active_ids": [order]}
        call = self.client.call
        wizard = call(
            "sale.advance.payment.inv",
            "create",
            [{"advance_payment_method": "delivered"}],
            context=context,
        )
        call("sale.advance.payment.inv", "create_invoices", wizard, context=context)
        move = self.client.read("sale.order", order, "invoice_ids")["invoice_ids"][0]
        call("account.move", "action_post", [move])
        return move

    def state(self, move):
        found = self.client.read("account.move", move, "payment_state")
        return found["payment_state"]

    def payments(self):
        return self.client.find("account.payment", fields=("amount", "state"))

    # -------------------------------------------------------- the bookkeeper
    def pay(self, *orders):
        """One Payment of the Invoices of these orders."""
        ids = [
            self.client.read("sale.order", one, "qbo_id")["qbo_id"] for one in orders
        ]
        invoices = [self.books.read("Invoice", one) for one in ids]
        lines = [
            {
                "Amount": float(one["TotalAmt"]),
                "LinkedTxn": [{"TxnId": one["Id"], "TxnType": "Invoice"}],
            }
            for one in invoices
        ]
        return self.books.save(
            "Payment",
            CustomerRef=invoices[0]["CustomerRef"],
            TotalAmt=sum(line["Amount"] for line in lines),
            DepositToAccountRef=CHECKING,
            Line=lines,
        )

    @contextmanager
    def webhooks(self, **knobs):
        """Have QuickBooks tell Odoo of changes."""
        address = f"{self.url}/_admin"
        requests.post(f"{address}/knobs", json=knobs, timeout=10).raise_for_status()
        subscription = {"url": self.webhook_url, "verifier_token": VERIFIER}
        requests.post(f"{address}/webhooks", json=subscription, timeout=10)
        yield
        requests.delete(f"{address}/webhooks", timeout=10)

    def poll(self):
        self.client.call("qbo.backend", "action_poll_changes", [self.backend])

    # ----------------------------------------------------------------- a day
    def day(self, step=None):
        """Paid ahead of Odoo's second invoice, then deleted."""
        before = len(self.payments())
        orders = [self.sell(100), self.sell(50)]
        first = self.bill(orders[0])
        payment = self.pay(*orders)
        wait_for(lambda: self.state(first) == "paid", step)
        second = self.bill(orders[1])
        wait_for(lambda: self.state(second) == "paid", step)
        assert len(self.payments()) == before + 1
        wait_for(lambda: self.shown(orders) == ["paid", "paid"], step)
        self.books.delete("Payment", payment)
        wait_for(lambda: self.state(first) == self.state(second) == "not_paid", step)
        wait_for(lambda: self.shown(orders) == ["open", "open"], step)
        assert len(self.payments()) == before + 1
        assert not self.client.find("qbo.change", ("state", "=", "failed"))
        assert len(self.books.query("SELECT * FROM Payment")) == 0

    def shown(self, orders):
        rows = self.client.call("sale.order", "read", orders, ["qbo_payment_state"])
        return [row["qbo_payment_state"] for row in rows]


def wait_for(reached, step=None):
    """Wait until it is so; `step` is done in between."""
    end = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < end, "it never arrived"
        if step:
            step()
        time.sleep(0.5)


@pytest.fixture(scope="module")
def desk(addons_template):
    with (
        database.clone(addons_template) as name,
        Sandbox() as quickbooks,
        OdooServer(name) as odoo,
    ):
        yield Desk(odoo, quickbooks)
        assert not troubles(odoo.log_text(), "qbo")


def test_by_webhooks_alone(desk):
    with desk.webhooks(webhook_format="cloudevents"):
        desk.day()


def test_by_polling_alone(desk):
    desk.day(desk.poll)


def test_by_both_repeated_and_in_disorder(desk):
    knobs = {"webhook_duplicate": True, "webhook_disorder": True}
    with desk.webhooks(webhook_format="cloudevents", **knobs):
        desk.day(desk.poll)
