"""An Odoo user at work: the web client's own calls, over HTTP."""

from typing import Any

import requests


class OdooError(Exception):
    """Odoo refused a call; ``name`` is the Python class of its exception."""

    def __init__(self, error: dict):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        self.debug = data.get("debug", "")
        super().__init__(data.get("message") or error.get("message"))


class Client:
    """One logged-in user; ``session`` holds his cookies, as a browser would."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.url = url
        self.session = requests.Session()
        who = {"db": database, "login": login, "password": password}
        self.uid = self._post("/web/session/authenticate", who)["uid"]

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a model's method; a recordset's ids are the first argument.

        :raises OdooError: Odoo answered with an exception
        """
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post("/web/dataset/call_kw", params)

    def create(self, model: str, **values: Any) -> int:
        """Create one record; return its id."""
        return self.call(model, "create", [values])[0]

    def read(self, model: str, record_id: int, *fields: str) -> dict:
        """Return one record's fields."""
        return self.call(model, "read", [record_id], list(fields))[0]

    def find(self, model: str, *domain: tuple, fields: tuple = (), **options) -> list:
        """Return the records that fit, as dicts."""
        options["fields"] = list(fields)
        return self.call(model, "search_read", list(domain), **options)

    def _post(self, path: str, params: dict) -> Any:
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        reply = self.session.post(self.url + path, json=body, timeout=120)
        reply.raise_for_status()
        answer = reply.json()
        if "error" in answer:
            raise OdooError(answer["error"])
        return answer.get("result")
