"""The stage of all runs: a database, a local QuickBooks, and an Odoo connected to it.

Odoo is told what to do over its web client's calls; what became of it is read from
the database and from the books, past the connector.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import requests

from dev import database, postgres
from dev.odoo import OdooServer
from dev.quickbooks import Books, consent
from dev.rpc import Client
from dev.sandbox import Sandbox

CHUNK = 50  # records in one call
NO_JOBS = "root:0"


@dataclass
class Catalog:
    """Ids of what is sold, bought, and to and from whom."""

    customers: list[int] = field(default_factory=list)
    vendors: list[int] = field(default_factory=list)
    goods: list[int] = field(default_factory=list)


class Stage:
    """One database connected to one local QuickBooks."""

    def __init__(self, database_name: str, books: Sandbox):
        self.database = database_name
        self.sandbox = books
        self.backend = 0
        self.catalog = Catalog()

    # ------------------------------------------------------------- set-up
    def connect(self, client: Client) -> None:
        """Consent as a person does, and read the lists."""
        info = self.sandbox.info
        self.backend = client.create(
            "qbo.backend",
            environment="custom",
            api_url=info["url"],
            discovery_url=info["discovery_url"],
            client_id=info["client_id"],
            client_secret=info["client_secret"],
        )
        action = client.call("qbo.backend", "action_connect", [self.backend])
        consent(client.session, action["url"]).raise_for_status()
        client.call("qbo.backend", "action_refresh_lists", [self.backend])

    def stock_catalog(
        self,
        client: Client,
        parties: int = 20,
        goods: int = 20,
        kind: str = "",
        twins: bool = False,
    ) -> None:
        """Make customers, vendors and products that QuickBooks doesn't know yet.

        :param twins: parties share e-mail addresses and names
        """
        customers, vendors = (
            _create(client, "res.partner", _parties(f"{kind}{role}", parties, twins))
            for role in ("Customer", "Vendor")
        )
        articles = _create(client, "product.product", _goods(goods, kind))
        self.catalog = Catalog(customers, vendors, articles)

    # ------------------------------------------------------------- orders
    def sales(self, client: Client, count: int, lines: int = 2) -> list[int]:
        """Make draft sale orders; return their ids."""
        drafts = [self._sale(number, lines) for number in range(count)]
        return _create(client, "sale.order", drafts)

    def purchases(self, client: Client, count: int, lines: int = 2) -> list[int]:
        """Make draft purchase orders; return their ids."""
        drafts = [self._purchase(number, lines) for number in range(count)]
        return _create(client, "purchase.order", drafts)

    def _sale(self, number: int, lines: int) -> dict:
        partners = self.catalog.customers
        return {
            "partner_id": partners[number % len(partners)],
            "order_line": [
                (0, 0, {"product_id": product, "product_uom_qty": 1 + number % 3})
                for product in self._some_goods(number, lines)
            ],
        }

    def _purchase(self, number: int, lines: int) -> dict:
        partners = self.catalog.vendors
        return {
            "partner_id": partners[number % len(partners)],
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": product,
                        "product_qty": 2 + number % 5,
                        "price_unit": 7.35 + number % 11,
                        "tax_ids": [(5,)],
                    },
                )
                for product in self._some_goods(number, lines)
            ],
        }

    def _some_goods(self, number: int, lines: int) -> list[int]:
        goods = self.catalog.goods
        return [goods[(number * 7 + line) % len(goods)] for line in range(lines)]

    # -------------------------------------------------------------- looks
    def query(self, statement: str, *values) -> list[tuple]:
        """Return rows of the database, past Odoo."""
        with postgres.cursor(self.database) as cr:
            cr.execute(statement, values)
            return cr.fetchall()

    def execute(self, statement: str, *values) -> None:
        """Change the database, past Odoo."""
        with postgres.cursor(self.database) as cr:
            cr.execute(statement, values)

    def states(self, model: str) -> dict[str, int]:
        """Return how many links of a model's records are in which state."""
        return dict(
            self.query(
                "SELECT state, count(*) FROM qbo_binding WHERE res_model = %s"
                " GROUP BY state",
                model,
            )
        )

    def books(self) -> Books:
        """Return the books, read past the connector."""
        return Books(self.sandbox.info)

    def accounts(self) -> dict[str, str]:
        """Return QuickBooks' ids of the connection's accounts, by name."""
        names = ("income", "expense", "asset")
        columns = ", ".join(
            f"(SELECT qbo_id FROM qbo_reference WHERE id = {name}_account_id)"
            for name in names
        )
        row = self.query(
            f"SELECT {columns} FROM qbo_backend WHERE id = %s", self.backend
        )
        return dict(zip(names, row[0], strict=True))

    def admin(self, door: str, body) -> dict:
        """Use one of the local QuickBooks' doors for tests."""
        url = f"{self.sandbox.url}/_admin/{door}"
        reply = requests.post(url, json=body, timeout=60)
        reply.raise_for_status()
        return reply.json()

    def counts(self) -> dict[str, int]:
        """Return the requests, reads, writes and faults since the last reset."""
        url = f"{self.sandbox.url}/_admin/requests"
        reply = requests.get(url, params={"limit": 0}, timeout=60)
        empty = {"requests": 0, "reads": 0, "writes": 0, "faults": 0}
        return {**empty, **reply.json()["counts"]}

    def reset_counts(self) -> None:
        """Count from zero."""
        self.admin("requests/clear", {})


@contextlib.contextmanager
def staged(*sandbox_arguments: str, **catalog) -> Iterator:
    """Yield a connected Stage with a catalog; no job has run yet.

    :param catalog: what :meth:`Stage.stock_catalog` makes
    """
    with (
        postgres.running(),
        database.clone(database.addons_template()) as name,
        Sandbox(*sandbox_arguments) as books,
    ):
        stage = Stage(name, books)
        with OdooServer(name, channels=NO_JOBS) as odoo:
            client = odoo.client()
            stage.connect(client)
            stage.stock_catalog(client, **catalog)
        # The jobs of connecting have been done by hand.
        stage.execute("DELETE FROM queue_job")
        yield stage


def chunks(ids: Sequence, size: int = CHUNK) -> Iterator[Sequence]:
    """Yield parts of a list."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _create(client: Client, model: str, rows: list[dict]) -> list[int]:
    """Create many records, some in each call."""
    return [one for part in chunks(rows) for one in client.call(model, "create", part)]


def _parties(kind: str, count: int, twins: bool) -> list[dict]:
    """Each has a street of its own.

    Of four twins two have the same e-mail address, and two the same name.
    """
    word = kind.lower().replace(" ", "")
    return [
        {
            "name": f"{kind} {_twin(number, 2) if twins else number:03}",
            "is_company": True,
            "email": f"{word}{_twin(number, 0) if twins else number:03}@bench.example",
            "street": f"{number} Main Street",
            "city": "Wichita",
            "zip": "67202",
        }
        for number in range(count)
    ]


def _twin(number: int, first: int) -> int:
    """The number of the former of two, of which each fourth pair begins with first."""
    return number - 1 if number % 4 == first + 1 else number


def _goods(count: int, kind: str = "") -> list[dict]:
    return [
        {
            "name": f"{kind}Article {number:03}",
            "default_code": f"{kind.strip()}ART-{number:03}",
            "type": "consu",
            "is_storable": number % 2 == 0,
            "list_price": 19.99 + number,
            "standard_price": 9.95,
        }
        for number in range(count)
    ]
