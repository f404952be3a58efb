"""A bookkeeper's day arrives in Odoo: by webhooks, by polling, by both."""

import time
from contextlib import contextmanager

import pytest
import requests

from dev import database
from dev.odoo import OdooServer
from dev.quickbooks import Books, consent
from dev.sandbox import Sandbox

SECONDS = 60
VERIFIER = "a-verifier-token"


class Office:
    """Odoo connected to a QuickBooks in which a bookkeeper works."""

    def __init__(self, odoo, quickbooks):
        self.client = odoo.client()
        self.odoo_url = odoo.url
        self.url = quickbooks.url
        info = quickbooks.info
        self.backend = self.client.create(
            "qbo.backend",
            environment="custom",
            api_url=info["url"],
            discovery_url=info["discovery_url"],
            client_id=info["client_id"],
            client_secret=info["client_secret"],
            webhook_verifier_token=VERIFIER,
            pull_customers=True,
            pull_products=True,
            pull_invoices="sale",
            pull_invoices_from="2020-01-01",
        )
        action = self.client.call("qbo.backend", "action_connect", [self.backend])
        consent(self.client.session, action["url"])
        self.client.call("qbo.backend", "action_refresh_lists", [self.backend])
        self.books = Books(info)

    @contextmanager
    def webhooks(self, **knobs):
        """Have QuickBooks tell Odoo of changes."""
        address = f"{self.url}/_admin"
        requests.post(f"{address}/knobs", json=knobs, timeout=10).raise_for_status()
        subscription = {
            "url": f"{self.odoo_url}/qbo/webhook",
            "verifier_token": VERIFIER,
        }
        requests.post(f"{address}/webhooks", json=subscription, timeout=10)
        yield
        requests.delete(f"{address}/webhooks", timeout=10)

    def poll(self):
        self.client.call("qbo.backend", "action_poll_changes", [self.backend])

    def accounts(self):
        fields = ("income_account_id", "expense_account_id", "asset_account_id")
        found = self.client.read("qbo.backend", self.backend, *fields)
        ids = [found[name][0] for name in fields]
        rows = self.client.call("qbo.reference", "read", ids, ["qbo_id"])
        by_id = {row["id"]: row["qbo_id"] for row in rows}
        return [{"value": by_id[one]} for one in ids]

    # --------------------------------------------------- the bookkeeper's day
    def morning(self, tag):
        """New ones of each kind; return them by name."""
        income, expense, asset = self.accounts()
        customer = self.books.save("Customer", DisplayName=f"Shop {tag}")
        item = self.books.save(
            "Item",
            Name=f"Lamp {tag}",
            Sku=f"LAMP-{tag}",
            Type="Inventory",
            TrackQtyOnHand=True,
            QtyOnHand=40,
            InvStartDate="2020-01-01",
            UnitPrice=10,
            IncomeAccountRef=income,
            ExpenseAccountRef=expense,
            AssetAccountRef=asset,
        )
        invoices = [self.invoice(customer, item, quantity) for quantity in (1, 2, 3)]
        former = self.books.save("Customer", DisplayName=f"Former {tag}")
        self.invoice(former, item, 1)
        return {
            "customer": customer,
            "item": item,
            "invoices": invoices,
            "former": former,
        }

    def invoice(self, customer, item, quantity):
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": 10 * quantity,
            "SalesItemLineDetail": {
                "ItemRef": {"value": item["Id"]},
                "Qty": quantity,
                "UnitPrice": 10,
                "TaxCodeRef": {"value": "NON"},
            },
        }
        ref = {"value": customer["Id"]}
        return self.books.save("Invoice", CustomerRef=ref, Line=[line])

    def afternoon(self, day):
        """Changes, a void, a deletion and a merge."""
        self.change(
            "Customer", day["customer"], WebAddr={"URI": "https://shop.example"}
        )
        self.change("Item", day["item"], UnitPrice=12)
        _kept, voided, deleted = day["invoices"]
        self.undo("void", voided)
        self.undo("delete", deleted)
        merge = {"loser": day["former"]["Id"], "winner": day["customer"]["Id"]}
        body = {"realm_id": self.books.realm, "entity": "Customer", **merge}
        done = requests.post(f"{self.url}/_admin/merge", json=body, timeout=10)
        done.raise_for_status()

    def change(self, entity, known, **values):
        token = self.books.read(entity, known["Id"])["SyncToken"]
        self.books.save(entity, Id=known["Id"], SyncToken=token, sparse=True, **values)

    def undo(self, operation, invoice):
        token = self.books.read("Invoice", invoice["Id"])["SyncToken"]
        body = {"Id": invoice["Id"], "SyncToken": token}
        self.books._ask("POST", f"invoice?operation={operation}", json=body)

    # ------------------------------------------------------------ what arrived
    def links(self, entity, objects):
        ids = [one["Id"] for one in objects]
        domain = (
            ("backend_id", "=", self.backend),
            ("entity", "=", entity),
            ("qbo_id", "in", ids),
        )
        fields = ("res_id", "state", "qbo_id")
        return self.client.find("qbo.binding", *domain, fields=fields, order="qbo_id")

    def has_morning(self, day):
        return (
            self.links("Customer", [day["customer"]])
            and self.links("Customer", [day["former"]])
            and self.links("Item", [day["item"]])
            and len(self.links("Invoice", day["invoices"])) == 3
        )

    def has_afternoon(self, day):
        partner = self.record("res.partner", "Customer", day["customer"], "website")
        product = self.record("product.product", "Item", day["item"], "lst_price")
        orders = [link["res_id"] for link in self.links("Invoice", day["invoices"])]
        states = self.client.call("sale.order", "read", orders, ["state"])
        former = self.record("res.partner", "Customer", day["former"], "active")
        return (
            partner["website"] == "https://shop.example"
            and product["lst_price"] == 12
            and sorted(one["state"] for one in states) == ["cancel", "cancel", "sale"]
            and not former["active"]
        )

    def record(self, model, entity, values, *fields):
        link = self.links(entity, [values])[0]
        return self.client.read(model, link["res_id"], *fields)

    def check_no_doubles(self, tag):
        for model, domain in (
            ("res.partner", ("name", "=", f"Shop {tag}")),
            ("product.product", ("default_code", "=", f"LAMP-{tag}")),
        ):
            assert len(self.client.find(model, domain)) == 1, model
        partner = self.client.find("res.partner", ("name", "=", f"Shop {tag}"))[0]["id"]
        orders = self.client.find("sale.order", ("partner_id", "=", partner))
        assert len(orders) == 3

    def failures(self):
        return self.client.find(
            "qbo.change", ("state", "=", "failed"), fields=("name", "reason")
        )

    def wait(self, reached, day, step=None):
        """Wait until it has arrived; `step` is done in between."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if reached(day):
                return
            if step:
                step()
            time.sleep(1)
        raise AssertionError(f"{reached.__name__}: {self.failures()}")


@pytest.fixture(scope="module")
def office(addons_template):
    with (
        database.clone(addons_template) as name,
        Sandbox() as quickbooks,
        OdooServer(name) as odoo,
    ):
        yield Office(odoo, quickbooks)


@pytest.mark.parametrize("shape", ["cloudevents", "legacy"])
def test_by_webhooks_alone(office, shape):
    with office.webhooks(webhook_format=shape):
        day = office.morning(shape)
        office.wait(office.has_morning, day)
        office.afternoon(day)
        office.wait(office.has_afternoon, day)
    office.check_no_doubles(shape)


def test_by_polling_alone(office):
    day = office.morning("poll")
    office.wait(office.has_morning, day, office.poll)
    office.afternoon(day)
    office.wait(office.has_afternoon, day, office.poll)
    office.check_no_doubles("poll")
    [former] = office.links("Customer", [day["former"]])
    assert former["state"] == "gone"


def test_by_both_repeated_and_in_disorder(office):
    knobs = {"webhook_duplicate": True, "webhook_disorder": True}
    with office.webhooks(webhook_format="cloudevents", **knobs):
        day = office.morning("both")
        office.wait(office.has_morning, day, office.poll)
        office.afternoon(day)
        office.wait(office.has_afternoon, day, office.poll)
    office.check_no_doubles("both")
    assert not office.failures()


def test_badly_signed_deliveries_are_refused(office):
    with office.webhooks(webhook_bad_signature=True, webhook_retry_scale=0.01):
        day = office.morning("forged")
        time.sleep(4)
        assert not office.links("Customer", [day["customer"]])
    reset = {"webhook_bad_signature": False, "webhook_retry_scale": 1.0}
    requests.post(f"{office.url}/_admin/knobs", json=reset, timeout=10)
