"""The local QuickBooks as people meet it: the consent page and the books."""

import json
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

TIMEOUT = 60  # seconds
PAGE = 1000  # objects in one answer
PER_CALL = 10_000  # list entries made in one call


class QuickBooksError(Exception):
    """The local QuickBooks refused what the bookkeeper asked; its answer."""


class Form(HTMLParser):
    """The first form of a page: where it goes and what a browser would send."""

    def __init__(self, page: str):
        super().__init__()
        self.action = ""
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Collect the form's address and its filled-in fields."""
        given = dict(attrs)
        if tag == "form":
            self.action = self.action or given["action"]
        elif tag == "input" and (given.get("type") != "radio" or "checked" in given):
            self.values[given["name"]] = given.get("value", "")


def consent(session: requests.Session, url: str, **answers: str) -> requests.Response:
    """Press Connect on the consent page, as a browser would.

    :param session: a session that is logged in to Odoo
    :param url: where Odoo's ``action_connect`` sends the browser
    :param answers: other answers: ``action="cancel"``, ``realm_id=...``
    :return: Odoo's page after the redirect back
    """
    page = session.get(url, timeout=TIMEOUT)
    page.raise_for_status()
    form = Form(page.text)
    values = {**form.values, "action": "connect", **answers}
    return session.post(urljoin(page.url, form.action), data=values, timeout=TIMEOUT)


class Books:
    """The books of a company of a local QuickBooks, read past the connector.

    ``info`` is the line that the local QuickBooks prints when it is ready; without
    ``realm`` they are its first company's.
    """

    def __init__(self, info: dict, realm: str = ""):
        self.url = info["url"]
        self.realm = realm or info["companies"][0]["realm_id"]
        asked = {"realm_id": self.realm}
        token = requests.post(f"{self.url}/_admin/tokens", json=asked, timeout=TIMEOUT)
        self._headers = {
            "Authorization": f"Bearer {token.json()['access_token']}",
            "Accept": "application/json",
        }

    def query(self, statement: str) -> list[dict]:
        """Return what a query finds; numbers are Decimal."""
        answer = self._ask("GET", "query", params={"query": statement})
        rows = answer["QueryResponse"]
        return next((rows[key] for key in rows if isinstance(rows[key], list)), [])

    def read(self, entity: str, qbo_id: str) -> dict:
        """Return one object."""
        return self._ask("GET", f"{entity.lower()}/{qbo_id}")[entity]

    def save(self, entity: str, **body) -> dict:
        """Create an object, or change it when Id and SyncToken are given."""
        return self._ask("POST", entity.lower(), json=body)[entity]

    def delete(self, entity: str, found: dict) -> None:
        """Delete an object that was read before."""
        body = {key: found[key] for key in ("Id", "SyncToken")}
        params = {"operation": "delete"}
        self._ask("POST", entity.lower(), json=body, params=params)

    def void(self, entity: str, found: dict) -> None:
        """Void a document that was read before."""
        body = {key: found[key] for key in ("Id", "SyncToken")}
        params = {"operation": "void"}
        self._ask("POST", entity.lower(), json=body, params=params)

    def all(self, entity: str) -> Iterator[dict]:
        """Yield all objects of an entity."""
        start = 1
        while rows := self.query(
            f"SELECT * FROM {entity} ORDERBY Id STARTPOSITION {start} MAXRESULTS {PAGE}"
        ):
            yield from rows
            start += len(rows)

    def report(self, name: str, **params: str) -> dict:
        """Return a report, such as TrialBalance."""
        return self._ask("GET", f"reports/{name}", params=params)

    def many(self, entity: str, body: dict, count: int, first: int = 1) -> int:
        """Make list entries at once; return the first one's id.

        :param body: what they are alike in; ``{n}`` in it is each one's number
        :param first: the first number
        """
        ids = []
        for start in range(first, first + count, PER_CALL):
            here = min(PER_CALL, first + count - start)
            order = {"realm_id": self.realm, "entity": entity, "body": body}
            order |= {"count": here, "first": start}
            reply = requests.post(f"{self.url}/_admin/many", json=order, timeout=600)
            reply.raise_for_status()
            ids.append(int(reply.json()["first_id"]))
        return ids[0] if ids else 0

    def requests(self) -> list[dict]:
        """Return the requests on this company so far, newest last."""
        address = f"{self.url}/_admin/requests"
        params = {"realm": self.realm, "limit": 10_000}
        reply = requests.get(address, params=params, timeout=TIMEOUT)
        return reply.json()["requests"]

    def _ask(self, method: str, path: str, **options) -> dict:
        address = f"{self.url}/v3/company/{self.realm}/{path}"
        options |= {"headers": self._headers, "timeout": TIMEOUT}
        reply = requests.request(method, address, **options)
        if not reply.ok:
            raise QuickBooksError(f"{method} {path}: {reply.text}")
        return json.loads(reply.text, parse_float=Decimal)
