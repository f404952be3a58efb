"""The life of a sale over HTTP, with worker processes and the job runner."""

import time
from decimal import Decimal

import pytest
import requests

from dev import database
from dev.checklog import troubles
from dev.odoo import OdooServer
from dev.quickbooks import Books, consent
from dev.sandbox import Sandbox

SECONDS = 90


class Seller:
    """A company that sells: Odoo, its QuickBooks, a customer and a chair."""

    def __init__(self, odoo, quickbooks):
        self.client = odoo.client()
        self.url = quickbooks.url
        self.connect(quickbooks.info)
        self.books = Books(quickbooks.info)
        self.customer = self.client.create("res.partner", name="Meadow Inn")
        self.chair = self.client.create(
            "product.product", name="Oak chair", type="consu", is_storable=True
        )

    def connect(self, info):
        self.backend = self.client.create(
            "qbo.backend",
            environment="custom",
            api_url=info["url"],
            discovery_url=info["discovery_url"],
            client_id=info["client_id"],
            client_secret=info["client_secret"],
        )
        action = self.client.call("qbo.backend", "action_connect", [self.backend])
        consent(self.client.session, action["url"])
        self.wait_for(self.has_lists)

    def has_lists(self):
        return self.client.read("qbo.backend", self.backend, "lists_refreshed")[
            "lists_refreshed"
        ]

    def knobs(self, **values):
        address = f"{self.url}/_admin/knobs"
        requests.post(address, json=values, timeout=10).raise_for_status()

    # -------------------------------------------------------------- in Odoo
    def confirm(self, quantity, **values):
        """Confirm an order of chairs at 40; return its id."""
        line = {
            "product_id": self.chair,
            "product_uom_qty": quantity,
            "price_unit": 40,
            "tax_ids": [(5,)],
        }
        order = self.client.create(
            "sale.order",
            partner_id=self.customer,
            order_line=[(0, 0, line)],
            **values,
        )
        self.client.call("sale.order", "action_confirm", [order])
        return order

    def change(self, order, quantity):
        line = self.client.read("sale.order", order, "order_line")["order_line"][0]
        values = {"product_uom_qty": quantity, "price_unit": 40}
        change = {"order_line": [(1, line, values)]}
        self.client.call("sale.order", "write", [order], change)

    def ship(self, order, quantity):
        """Ship so many; the rest comes later."""
        [picking] = self.client.find(
            "stock.picking",
            ("sale_id", "=", order),
            ("state", "not in", ("done", "cancel")),
            fields=("move_ids",),
        )
        values = {"quantity": quantity, "picked": True}
        self.client.call("stock.move", "write", picking["move_ids"], values)
        self.client.call(
            "stock.picking",
            "button_validate",
            [picking["id"]],
            context={"skip_backorder": True},
        )

    def bill(self, order):
        """Make and post Odoo's own invoice; return its id."""
        wizard = self.client.call(
            "sale.advance.payment.inv",
            "create",
            [{"advance_payment_method": "delivered"}],
            context={"active_model": "sale.order", "active_ids": [order]},
        )
        self.client.call("sale.advance.payment.inv", "create_invoices", wizard)
        move = self.client.read("sale.order", order, "invoice_ids")["invoice_ids"][0]
        self.client.call("account.move", "action_post", [move])
        return move

    # -------------------------------------------------------- in QuickBooks
    def wait_for(self, reached):
        deadline = time.monotonic() + SECONDS
        while not reached():
            assert time.monotonic() < deadline, reached.__name__
            time.sleep(0.2)

    def wait_for_pushes(self):
        self.wait_for(self.has_pushed)

    def has_pushed(self):
        waiting = ("state", "in", ("pending", "enqueued", "started"))
        pushes = ("method_name", "=", "_job_push")
        return not self.client.find("queue.job", waiting, pushes, limit=1)

    def invoices(self, order):
        """[(number, total, balance)] of what QuickBooks bills an order by."""
        self.wait_for_pushes()
        name = self.client.read("sale.order", order, "name")["name"]
        statement = f"select * from Invoice where DocNumber like '{name}%'"
        found = [
            (one["DocNumber"].removeprefix(name), one["TotalAmt"], one["Balance"])
            for one in self.books.query(statement)
        ]
        return sorted(found)

    def state(self, order):
        return self.client.read("sale.order", order, "qbo_state")["qbo_state"]


@pytest.fixture(scope="module")
def seller(addons_template):
    with (
        database.clone(addons_template) as name,
        Sandbox() as quickbooks,
        OdooServer(name, workers=2, max_cron_threads=0) as odoo,
    ):
        yield Seller(odoo, quickbooks)
        assert not troubles(odoo.log_text(), "qbo")


def test_each_step_before_the_last_one_has_arrived(seller):
    """QuickBooks takes its time, a salesperson doesn't."""
    seller.knobs(latency="recorded")
    order = seller.confirm(2)
    for quantity in (3, 4, 5, 6):
        seller.change(order, quantity)
    seller.knobs(latency="none")
    assert seller.invoices(order) == [("", 240, 240)]
    assert seller.state(order) == "synced"


def test_changed_and_cancelled_at_once_and_confirmed_again(seller):
    orders = [seller.confirm(2) for _time in range(3)]
    seller.wait_for_pushes()
    for order in orders:
        seller.change(order, 7)
        seller.client.call("sale.order", "action_cancel", [order])
    for order in orders:
        assert seller.invoices(order) == [("", 0, 0)]
        assert seller.state(order) == "gone"
    seller.client.call("sale.order", "action_draft", [order])
    seller.client.call("sale.order", "action_confirm", [order])
    assert seller.invoices(order) == [("", 0, 0), ("-2", 280, 280)]


def test_each_delivery_is_an_invoice(seller):
    order = seller.confirm(5, qbo_when="delivery")
    assert seller.invoices(order) == []
    seller.ship(order, 2)
    seller.ship(order, 3)
    assert seller.invoices(order) == [("/1", 80, 80), ("/2", 120, 120)]


def test_posted_invoice_is_the_invoice(seller):
    order = seller.confirm(3, qbo_when="invoice")
    seller.ship(order, 3)
    assert seller.invoices(order) == []
    move = seller.bill(order)
    seller.wait_for_pushes()
    read = seller.client.read("account.move", move, "qbo_id", "name", "amount_total")
    invoice = seller.books.read("Invoice", read["qbo_id"])
    assert invoice["DocNumber"] == read["name"]
    assert invoice["TotalAmt"] == Decimal(str(read["amount_total"])) == 120
    assert seller.invoices(order) == []
