"""The demo's story: from a fresh database to books that agree with Odoo.

It needs only the addresses of an Odoo and of a local QuickBooks, so it runs beside
the servers of ``make demo`` and in docker-compose.yml alike.
"""

import json
import sys
import time
from decimal import Decimal
from pathlib import Path

import requests

from .common import step
from .quickbooks import Books, QuickBooksError, consent
from .rpc import Client, OdooError
from .story_compare import Comparison
from .story_orders import (
    PO_NUMBER,
    Catalog,
    confirm_purchase,
    confirm_sale,
    extra_products,
)

WAIT = 120  # seconds for which a document may be under way
COUNTED = Decimal(17)  # what the bookkeeper finds on the shelf
ACCOUNTS = ("income", "expense", "asset", "shipping", "discount", "receivable")
ACCOUNTS += ("payable", "freight")


class Story:
    """What happens, and what was wrong with it (``problems``: plain sentences)."""

    def __init__(self, client: Client, info: dict):
        self.client = client
        self.info = info
        self.problems: list[str] = []
        self.backend = 0

    def tell(self) -> list[str]:
        """Go through all of it; return the problems (also kept)."""
        try:
            self._tell()
        except (OdooError, QuickBooksError, LookupError) as error:
            self.problems.append(f"stopped early: {error!r}")
        return self.problems

    def _tell(self) -> None:
        self.connect()
        self.books = Books(self.info)
        self.map_accounts()
        catalog = Catalog(self.client)
        goods, service = extra_products(self.client)
        before = len(self.books.requests())
        sale = confirm_sale(self.client, catalog, goods, service)
        if invoice := self.compare("sale.order", sale, "Invoice", before):
            self.problems += invoice.sale_problems(PO_NUMBER, days=30)
        before = len(self.books.requests())
        purchase = confirm_purchase(self.client, catalog, goods)
        self.compare("purchase.order", purchase, "PurchaseOrder", before)
        self.pull_inventory(goods)

    def connect(self) -> None:
        """Connect Odoo to QuickBooks, consenting as a person does in the browser."""
        step("Connecting to QuickBooks through its consent page")
        self.backend = self.client.create(
            "qbo.backend",
            environment="custom",
            api_url=self.info["url"],
            discovery_url=self.info["discovery_url"],
            client_id=self.info["client_id"],
            client_secret=self.info["client_secret"],
        )
        action = self.client.call("qbo.backend", "action_connect", [self.backend])
        page = consent(self.client.session, action["url"])
        found = self._backend("state", "realm_id", "qbo_company_name")
        self.check(page.ok and found["state"] == "connected", f"not connected: {page}")
        print(f"    connected to {found['qbo_company_name']} ({found['realm_id']})")

    def map_accounts(self) -> None:
        """Take over the suggested accounts; say where stock lies."""
        step("Mapping accounts, taxes and the stock location")
        self._wait_until(
            lambda: bool(self._backend("lists_refreshed")["lists_refreshed"]), True
        )
        location = self.client.find(
            "stock.location", ("usage", "=", "internal"), order="id", limit=1
        )
        settings = {"pull_stock": True, "stock_location_id": location[0]["id"]}
        if not self._backend("freight_account_id")["freight_account_id"]:
            settings["freight_account_id"] = self._reference("Cost of Goods Sold")
        self.client.call("qbo.backend", "write", [self.backend], settings)
        names = [f"{account}_account_id" for account in ACCOUNTS]
        for name, account in self._backend(*names).items():
            if name != "id":
                print(f"    {name.removesuffix('_account_id'):12}{account[1]}")
                self.check(account, f"no account for {name}")

    def compare(
        self, model: str, order: int, entity: str, before: int
    ) -> Comparison | None:
        """Wait for an order's document; print both; note what differs.

        :param before: how many requests there were before the order
        """
        binding = self._wait(model, order, entity)
        taken = self.books.requests()[before:]
        both = Comparison(self.client, self.books, model, order)
        both.show_order()
        if binding["state"] != "synced":
            reason = f"{both.order['name']} is {binding['state']}: {binding['error']}"
            self.problems.append(reason)
            return None
        both.show_document(entity, binding["qbo_id"], binding["qbo_url"])
        self._show_requests(taken)
        self.problems += both.problems()
        return both

    def pull_inventory(self, product: int) -> None:
        """Have the bookkeeper count the goods; see the count arrive in Odoo."""
        step("Pulling inventory from QuickBooks")
        binding = self._wait("product.product", product, "Item")
        item = self.books.read("Item", binding["qbo_id"])
        changes = {"QtyOnHand": float(COUNTED), "sparse": True}
        kept = {key: item[key] for key in ("Id", "SyncToken", "Name", "InvStartDate")}
        self.books.save("Item", **kept, **changes)
        # Goods invoiced and not delivered are still in Odoo's stock.
        ahead = self._quantity(product, "outgoing_qty")
        self.client.call("qbo.backend", "action_pull_inventory", [self.backend])
        wanted = float(COUNTED) + ahead
        quantity = self._wait_until(lambda: self._quantity(product), wanted)
        print(
            f"    {item['Name']}: {COUNTED} in QuickBooks, {ahead:g} invoiced and not "
            f"delivered, {quantity:g} in Odoo"
        )
        self.check(quantity == wanted, "the pulled quantity differs")

    def check(self, content, problem: str) -> None:
        """Note a problem unless content."""
        if not content:
            self.problems.append(problem)

    def _backend(self, *fields: str) -> dict:
        return self.client.read("qbo.backend", self.backend, *fields)

    def _reference(self, name: str) -> int:
        domain = [("backend_id", "=", self.backend), ("name", "=", name)]
        return self.client.find("qbo.reference", *domain)[0]["id"]

    def _wait(self, model: str, record: int, entity: str) -> dict:
        """Return the binding of a record once it is no longer under way."""
        domain = [
            ("res_model", "=", model),
            ("res_id", "=", record),
            ("entity", "=", entity),
        ]
        fields = ("state", "error", "qbo_id", "qbo_url")

        def find() -> dict:
            found = self.client.find("qbo.binding", *domain, fields=fields)
            return found[0] if found else {"state": "pending", "error": "no binding"}

        self._wait_until(lambda: find()["state"] != "pending" or self._failed(), True)
        return find()

    def _failed(self) -> bool:
        """Note jobs that have failed: waiting for them is no use."""
        fields = ("name", "exc_info")
        failed = self.client.find("queue.job", ("state", "=", "failed"), fields=fields)
        for job in failed:
            reason = job["exc_info"].strip().splitlines()[-1]
            self.problems.append(f"{job['name']}: {reason}")
        return bool(failed)

    def _wait_until(self, look, wanted):
        """Return what ``look()`` sees when it is what is wanted, or time is up."""
        deadline = time.monotonic() + WAIT
        while (seen := look()) != wanted and time.monotonic() < deadline:
            time.sleep(0.3)
        return seen

    def _quantity(self, product: int, name: str = "qty_available") -> float:
        return self.client.read("product.product", product, name)[name]

    def _show_requests(self, taken: list[dict]) -> None:
        kinds = [
            " ".join(dict.fromkeys([one["operation"], one["entity"]])) for one in taken
        ]
        reads = sum(one["reads"] for one in taken)
        print(f"    requests    {len(kinds)} ({reads} reads): {', '.join(kinds)}")


def main(url: str, database: str, ready_file: str) -> int:
    """Tell the story to the servers of docker-compose.yml once they are up."""
    info = json.loads(Path(ready_file).read_text().splitlines()[0])
    while True:
        try:
            client = Client(url, database, "admin", "admin")
            break
        except (requests.ConnectionError, requests.HTTPError):
            time.sleep(1)
    problems = Story(client, info).tell()
    print("\n".join(problems) or "demo: OK")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
