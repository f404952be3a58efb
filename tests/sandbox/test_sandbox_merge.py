"""Two entries of a list become one, as a person merges them in QuickBooks."""

import pytest
import requests

from tests.sandbox.kit import ref, sale, unique


def merge(company, entity, loser, winner):
    body = {"entity": entity, "loser": loser["Id"], "winner": winner["Id"]}
    company.admin("merge", realm_id=company.realm, **body)


def invoice(company, customer):
    line = sale(company.service(), 30)
    return company.make("Invoice", CustomerRef=ref(customer["Id"]), Line=[line])


def test_documents_and_balance_go_to_the_one_left(us):
    loser, winner = us.customer(), us.customer()
    bill = invoice(us, loser)
    merge(us, "Customer", loser, winner)
    after = us.read("Invoice", bill["Id"])
    assert after["CustomerRef"]["value"] == winner["Id"]
    assert int(after["SyncToken"]) == int(bill["SyncToken"]) + 1
    assert us.read("Customer", winner["Id"])["Balance"] == 30
    left = us.read("Customer", loser["Id"])
    assert (left["Active"], left["Balance"]) == (False, 0)
    assert left["DisplayName"].endswith(" (deleted)")
    assert not us.ledger()["unbalanced"]


def test_items_on_lines(us):
    loser, winner = us.service(), us.service()
    customer = us.customer()
    bill = us.make("Invoice", CustomerRef=ref(customer["Id"]), Line=[sale(loser, 30)])
    us.knobs(merge_documents="silent")
    merge(us, "Item", loser, winner)
    us.knobs(merge_documents=None)
    after = us.read("Invoice", bill["Id"])
    detail = after["Line"][0]["SalesItemLineDetail"]
    assert detail["ItemRef"]["value"] == winner["Id"]
    assert after["SyncToken"] == bill["SyncToken"]


def test_what_was_merged_away_may_vanish(us):
    loser, winner = us.vendor(), us.vendor()
    us.knobs(merge_leaves="deleted")
    merge(us, "Vendor", loser, winner)
    us.knobs(merge_leaves=None)
    assert us.get(f"vendor/{loser['Id']}").status_code == 400


@pytest.mark.parametrize("entity", ["Item", "Account"])
def test_what_cannot_be_merged(us, entity):
    one, two = us.stored(), us.stored(Name=f"Other {unique()}")
    body = {"entity": entity, "loser": one["Id"], "winner": two["Id"]}
    answer = requests.post(
        f"{us.url}/_admin/merge", json={"realm_id": us.realm, **body}, timeout=30
    )
    assert answer.status_code == 400
