"""Two other ways to send the same invoices, against the same local QuickBooks.

Loops in the call pattern of others, without their code: what they cost is what they
ask QuickBooks for, one call after the other.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import requests

TIMEOUT = 60
# What a loop that trusts nothing it knows looks up before each invoice.
LOOK_UPS = (
    "SELECT * FROM CompanyInfo",
    "SELECT * FROM Preferences",
    "SELECT * FROM Customer WHERE DisplayName = '{customer}'",
    "SELECT * FROM Item WHERE Name = '{item}'",
    "SELECT * FROM Item WHERE Name = '{other}'",
    "SELECT * FROM Term",
    "SELECT * FROM TaxCode",
    "SELECT * FROM Account WHERE AccountType = 'Income'",
    "SELECT * FROM PaymentMethod",
    "SELECT * FROM Invoice WHERE DocNumber = '{number}'",
)
# What the best paid connector asks before an invoice in a foreign currency.
FOREIGN = (
    "SELECT * FROM CompanyInfo",
    "SELECT * FROM Customer WHERE DisplayName = '{customer}'",
    "SELECT * FROM Preferences",
)


@dataclass
class Found:
    """What a loop has cost."""

    orders: int
    seconds: float
    requests: int
    throttled: int

    def figures(self) -> dict:
        """What a table shows of it, for 1,000 orders by rule of three."""
        return {
            "orders": self.orders,
            "requests": self.requests / self.orders,
            "reads": self.requests / self.orders - 1,
            "backlog_seconds": self.seconds / self.orders * 1000,
            "throttled": self.throttled,
        }


class Loop:
    """Sends invoices one after the other, some look-ups before each."""

    def __init__(self, stage, look_ups: tuple = ()):
        self.look_ups = look_ups
        books = stage.books()
        self.address = f"{books.url}/v3/company/{books.realm}"
        self.session = requests.Session()
        self.session.headers.update(books._headers)
        self.customer = books.query("SELECT * FROM Customer MAXRESULTS 1")[0]
        self.items = books.query("SELECT * FROM Item MAXRESULTS 2")
        self.calls = self.throttled = 0

    def run(self, orders: int) -> Found:
        """Send so many invoices."""
        began = time.monotonic()
        for number in range(orders):
            self._order(f"L{int(began)}-{number}")
        return Found(orders, time.monotonic() - began, self.calls, self.throttled)

    def _order(self, number: str) -> None:
        values = {
            "customer": self.customer["DisplayName"],
            "item": self.items[0]["Name"],
            "other": self.items[-1]["Name"],
            "number": number,
        }
        for statement in self.look_ups:
            self._ask("GET", "query", params={"query": statement.format(**values)})
        self._ask("POST", "invoice", json=self._invoice(number))

    def _ask(self, method: str, path: str, **options) -> None:
        """Ask until it isn't refused for going too fast."""
        while True:
            url = f"{self.address}/{path}"
            reply = self.session.request(method, url, timeout=TIMEOUT, **options)
            self.calls += 1
            if reply.status_code != 429:
                return reply.raise_for_status()
            self.throttled += 1
            time.sleep(60)

    def _invoice(self, number: str) -> dict:
        return {
            "CustomerRef": {"value": self.customer["Id"]},
            "DocNumber": number,
            "Line": list(self._lines()),
        }

    def _lines(self) -> Iterator[dict]:
        for item in self.items:
            yield {
                "DetailType": "SalesItemLineDetail",
                "Amount": 19.99,
                "SalesItemLineDetail": {
                    "ItemRef": {"value": item["Id"]},
                    "Qty": 1,
                    "UnitPrice": 19.99,
                },
            }
