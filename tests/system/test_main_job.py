"""The whole way, with the job runner running: the demo's story, over HTTP."""

import re
import time
from decimal import Decimal

import pytest

from dev import database
from dev.checklog import troubles
from dev.odoo import OdooServer
from dev.sandbox import Sandbox
from dev.story import Story
from dev.story_orders import Catalog, confirm_sale, extra_products

SECONDS = 60


@pytest.fixture(scope="module")
def story(addons_template):
    """A company that went through the demo's story; its servers stay up."""
    with (
        database.clone(addons_template) as name,
        Sandbox() as quickbooks,
        OdooServer(name, max_cron_threads=0) as odoo,
    ):
        story = Story(odoo.client(), quickbooks.info)
        story.found = story.tell()
        story.servers = odoo, quickbooks
        yield story
        assert not troubles(odoo.log_text(), "qbo")


def wait_for(look, seconds=SECONDS):
    """What ``look()`` returns once that is something."""
    deadline = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return seen


def another_order(story):
    """Confirm one more sale order; return a function that looks at its link."""
    client = story.client
    goods, service = extra_products(client)
    order = confirm_sale(client, Catalog(client), goods, service)
    domain = [("res_model", "=", "sale.order"), ("res_id", "=", order)]
    fields = ("state", "error", "tries", "qbo_id", "qbo_total")
    return order, lambda: client.find("qbo.binding", *domain, fields=fields)[0]


def test_orders_and_stock_agree_to_the_cent(story):
    assert story.found == []


def test_no_secret_is_in_the_log_of_odoo_or_of_the_exchanges(story):
    odoo, quickbooks = story.servers
    rows = story.client.find("qbo.log", fields=("request", "response", "url"))
    text = odoo.log_text() + repr(rows)
    assert quickbooks.info["client_secret"] not in text
    assert not re.search(r"Bearer [A-Za-z0-9]", text)
    assert rows


def test_quickbooks_down_for_a_while_heals_by_itself(story):
    _odoo, quickbooks = story.servers
    quickbooks.stop()
    order, link = another_order(story)
    state = story.client.read("sale.order", order, "state", "qbo_state")
    assert (state["state"], state["qbo_state"]) == ("sale", "pending")
    assert wait_for(lambda: link()["tries"]), "the job has not tried"
    assert "again" in link()["error"]
    quickbooks.start()
    assert wait_for(lambda: link()["state"] == "synced"), link()
    total = story.client.read("sale.order", order, "amount_total")["amount_total"]
    assert Decimal(link()["qbo_total"]) == Decimal(str(total))
