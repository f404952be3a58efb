"""What the tests trade with: one company over HTTP, lines, references."""

import itertools

import requests

from qbo_sandbox.catalog import ENTITIES

NUMBERS = itertools.count(1)
SCOPE = "com.intuit.quickbooks.accounting"


class Api:
    """One company over HTTP, as an integrator sees it."""

    def __init__(self, url, realm):
        self.url, self.realm = url, realm
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        self.pair = self.admin("tokens", realm_id=realm)
        self.bearer(self.pair["access_token"])

    def bearer(self, token):
        """Use this access token from now on."""
        self.session.headers["Authorization"] = f"Bearer {token}"

    def admin(self, name, **body):
        """POST to an admin door."""
        answer = requests.post(f"{self.url}/_admin/{name}", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def knobs(self, **values):
        """Turn knobs of this company."""
        requests.post(
            f"{self.url}/_admin/knobs",
            json=values,
            params={"realm": self.realm},
            timeout=30,
        ).raise_for_status()

    def ledger(self):
        """Balances by account name, and what doesn't balance."""
        door = f"{self.url}/_admin/ledger"
        return requests.get(door, params={"realm": self.realm}, timeout=30).json()

    def path(self, name):
        """Address of a resource."""
        return f"{self.url}/v3/company/{self.realm}/{name}"

    def get(self, name, **params):
        """GET; the whole response."""
        return self.session.get(self.path(name), params=params, timeout=30)

    def post(self, name, body, **params):
        """POST JSON; the whole response."""
        return self.session.post(self.path(name), json=body, params=params, timeout=30)

    def make(self, entity, **body):
        """Create or update; the object."""
        answer = self.post(entity.lower(), body)
        assert answer.status_code == 200, answer.text
        return answer.json()[entity]

    def change(self, entity, doc, **body):
        """Sparse update of an object; the new object."""
        head = {"Id": doc["Id"], "SyncToken": doc["SyncToken"], "sparse": True}
        head |= {name: doc[name] for name in ENTITIES[entity].always}
        return self.make(entity, **{**head, **body})

    def read(self, entity, oid):
        """The object by id."""
        answer = self.get(f"{entity.lower()}/{oid}")
        assert answer.status_code == 200, answer.text
        return answer.json()[entity]

    def query(self, statement):
        """The QueryResponse."""
        answer = self.get("query", query=statement)
        assert answer.status_code == 200, answer.text
        return answer.json()["QueryResponse"]

    def delete(self, entity, doc):
        """Delete; the whole response."""
        body = {"Id": doc["Id"], "SyncToken": doc["SyncToken"]}
        return self.post(entity.lower(), body, operation="delete")

    def refused(self, name, body, code, status=400, **params):
        """The request must be refused with this code; the Error object."""
        answer = self.post(name, body, **params)
        assert answer.status_code == status, answer.text
        fault = answer.json()["Fault"]
        assert [one["code"] for one in fault["Error"]] == [str(code)], answer.text
        return fault["Error"][0]

    # -- things to trade with ------------------------------------------------
    def customer(self, **body):
        """A new customer."""
        return self.make("Customer", **{"DisplayName": f"Customer {unique()}", **body})

    def vendor(self, **body):
        """A new vendor."""
        return self.make("Vendor", **{"DisplayName": f"Vendor {unique()}", **body})

    def service(self, **body):
        """A new service item."""
        head = {"Name": f"Service {unique()}", "Type": "Service"}
        accounts = {"IncomeAccountRef": ref("1"), "ExpenseAccountRef": ref("80")}
        return self.make("Item", **{**head, **accounts, **body})

    def stored(self, quantity=100, cost=4, **body):
        """A new inventory item."""
        head = stored_item(f"Item {unique()}", quantity, cost)
        return self.make("Item", **{**head, **body})


def stored_item(name, quantity=10, cost=4):
    """The body of an inventory item."""
    return {
        "Name": name,
        "Type": "Inventory",
        "TrackQtyOnHand": True,
        "QtyOnHand": quantity,
        "InvStartDate": "2026-01-01",
        "PurchaseCost": cost,
        "IncomeAccountRef": ref("79"),
        "ExpenseAccountRef": ref("80"),
        "AssetAccountRef": ref("81"),
    }


def unique():
    """A number nobody had before."""
    return next(NUMBERS)


def ref(value):
    """A reference."""
    return {"value": str(value)}


def sale(item, amount, code=None, **detail):
    """A sales line."""
    detail = {"ItemRef": ref(item if isinstance(item, str) else item["Id"]), **detail}
    if code:
        detail["TaxCodeRef"] = ref(code)
    return {
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    }


def discount(amount=None, percent=None):
    """A discount line."""
    detail = {"PercentBased": percent is not None}
    if percent is not None:
        detail["DiscountPercent"] = percent
    line = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}
    return line if amount is None else {**line, "Amount": amount}


def purchase(item, amount, links=None, **detail):
    """A purchase line of an item."""
    line = {
        "Amount": amount,
        "DetailType": "ItemBasedExpenseLineDetail",
        "ItemBasedExpenseLineDetail": {"ItemRef": ref(item["Id"]), **detail},
    }
    return line if links is None else {**line, "LinkedTxn": links}


def expense(account, amount):
    """A purchase line of an account."""
    return {
        "Amount": amount,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": ref(account)},
    }


def pays(doc, kind, amount):
    """A payment line."""
    link = {"TxnId": doc["Id"], "TxnType": kind}
    return {"Amount": amount, "LinkedTxn": [link]}


def found(url, **options):
    """A further company."""
    answer = requests.post(f"{url}/_admin/companies", json=options, timeout=30)
    assert answer.status_code == 200, answer.text
    return Api(url, answer.json()["realm_id"])
