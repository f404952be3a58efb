"""Knobs no other test turns, and their description."""

from pathlib import Path

import pytest
import requests

from qbo_sandbox.knobs import KNOBS
from tests.sandbox.kit import Api, expense, ref, sale
from tests.sandbox.test_sandbox_oauth import (  # noqa: F401
    BACK,
    connect,
    consent,
    facts,
    refresh,
    token,
    works,
)

README = Path(__file__).parents[2] / "qbo_sandbox" / "README.md"


@pytest.mark.parametrize("name", KNOBS)
def test_the_manual_describes_every_knob(name):
    knob = KNOBS[name]
    line = next(
        line for line in README.read_text().splitlines() if f"| `{name}` |" in line
    )
    cells = [cell.strip() for cell in line.split("|")]
    assert cells[2] == (str(knob.default) or "(empty)")
    assert cells[4] == {"doc": "documented", "guess": "guess"}[knob.basis]
    assert cells[5] == knob.text


def test_lifetimes(facts, us, app):  # noqa: F811
    app.knobs.set({"access_lifetime": 0, "code_lifetime": -1})
    code = consent(facts, realm_id=us.realm, action="connect")["code"]
    form = {"grant_type": "authorization_code", "redirect_uri": BACK}
    assert token(facts, code=code, **form).status_code == 400
    app.knobs.set({"code_lifetime": 60})
    pair = connect(facts, us.realm)
    assert pair["expires_in"] == 0
    assert works(us, pair).status_code == 401


def test_lenient_sign_in(facts, us, app):  # noqa: F811
    app.knobs.set({"code_reuse_kills": False, "reconsent_kills": False})
    first = connect(facts, us.realm)
    back = consent(facts, realm_id=us.realm, action="connect")
    form = {
        "grant_type": "authorization_code",
        "redirect_uri": BACK,
        "code": back["code"],
    }
    second = token(facts, **form).json()
    assert token(facts, **form).status_code == 400
    assert works(us, first).status_code == works(us, second).status_code == 200


def test_rotation_never(facts, us, app):  # noqa: F811
    app.knobs.set({"refresh_rotation": "never", "refresh_window": 0})
    pair = connect(facts, us.realm)
    again = refresh(facts, pair["refresh_token"]).json()
    assert again["refresh_token"] == pair["refresh_token"]


@pytest.fixture
def us2(us):
    """The US company with a fresh token (consents above ended the first)."""
    return Api(us.url, us.realm)


def body(api, *lines):
    """An invoice's body."""
    return {"CustomerRef": ref(api.customer()["Id"]), "Line": list(lines)}


def test_line_tax_from_the_item(us2):
    us2.knobs(default_line_tax="item")
    item = us2.service(Taxable=True)
    detail = us2.make("Invoice", **body(us2, sale(item, 1)))["Line"][0]
    assert detail["SalesItemLineDetail"]["TaxCodeRef"]["value"] == "TAX"


def test_amounts_with_tax_are_sent_net(uk):
    uk.knobs(inclusive_amount="net")
    code = uk.query("select * from TaxCode where Name = '20.0% S'")["TaxCode"][0]
    sent = body(uk, sale(uk.service(), 100, code["Id"]))
    doc = uk.make("Invoice", **sent, GlobalTaxCalculation="TaxInclusive")
    assert doc["TotalAmt"] == 120


def test_orders_by_hand(us2):
    us2.knobs(po_closes=False, linked_order_delete="allow")
    vendor = ref(us2.vendor()["Id"])
    order = us2.make("PurchaseOrder", VendorRef=vendor, Line=[expense(15, 5)])
    link = {"TxnId": order["Id"], "TxnType": "PurchaseOrder", "TxnLineId": "1"}
    line = {**expense(15, 5), "LinkedTxn": [link]}
    us2.make("Bill", VendorRef=vendor, Line=[line])
    order = us2.read("PurchaseOrder", order["Id"])
    assert order["POStatus"] == "Open"
    assert us2.delete("PurchaseOrder", order).status_code == 200


def test_no_stock_below_zero(us2):
    item = us2.stored(quantity=2)
    sent = body(us2, sale(item, 30, Qty=3, UnitPrice=10))
    us2.knobs(negative_stock=False)
    us2.refused("invoice", sent, 6000)
    assert us2.read("Item", item["Id"])["QtyOnHand"] == 2
    us2.knobs(negative_stock=True)
    us2.make("Invoice", **sent)
    assert us2.read("Item", item["Id"])["QtyOnHand"] == -1


def test_addresses_stay(us2):
    us2.knobs(address_rewrite=False)
    doc = us2.make("Invoice", **body(us2, sale(us2.service(), 1)))
    address = {"Line1": "1 A St", "City": "Reno"}
    assert us2.change("Invoice", doc, BillAddr=address)["BillAddr"]["City"] == "Reno"


def test_json_without_asking(us2):
    us2.knobs(xml_without_accept=False)
    headers = {"Accept": "*/*"}
    answer = us2.session.get(us2.path("companyinfo/1"), headers=headers, timeout=5)
    assert answer.json()["CompanyInfo"]["Country"] == "US"


def test_limit_a_minute(us2):
    us2.knobs(limits="on", limit_minute=3)
    codes = [us2.get("companyinfo/1").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]


def test_batch_limit(us2):
    us2.knobs(batch_limit=10)
    items = [{"bId": str(n), "Query": "select * from Term"} for n in range(11)]
    us2.refused("batch", {"BatchItemRequest": items}, 1040)


def test_none_resets_a_knob(us2, app):
    us2.knobs(batch_limit=10)
    us2.knobs(batch_limit=None)
    assert app.knobs.get("batch_limit", us2.realm) == 30
    answer = requests.post(f"{us2.url}/_admin/knobs", json={"warp": 9}, timeout=5)
    assert answer.status_code == 400 and "no knob warp" in answer.text
