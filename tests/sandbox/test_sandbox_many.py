"""Many list entries at once."""

import pytest
import requests

CUSTOMER = {
    "DisplayName": "Shop {n}",
    "PrimaryEmailAddr": {"Address": "s{n}@x.test"},
}


def test_copies_are_like_those_made_by_the_api(us):
    made = us.make("Customer", DisplayName="Shop 0")
    answer = us.admin(
        "many", realm_id=us.realm, entity="Customer", body=CUSTOMER, count=1200, first=1
    )
    assert int(answer["first_id"]) == int(made["Id"]) + 1
    assert int(answer["last_id"]) == int(made["Id"]) + 1200
    name = "DisplayName = 'Shop 1200'"
    (found,) = us.query(f"SELECT * FROM Customer WHERE {name}")["Customer"]
    assert found["Id"] == answer["last_id"]
    assert found["FullyQualifiedName"] == "Shop 1200"
    assert found["PrimaryEmailAddr"]["Address"] == "s1200@x.test"
    assert set(made) < set(found)
    page = us.query("SELECT * FROM Customer MAXRESULTS 1000")
    assert len(page["Customer"]) == 1000
    changed = us.make("Customer", **{**found, "DisplayName": "Renamed"})
    assert changed["SyncToken"] == "1"


@pytest.mark.parametrize(
    ("entity", "body"),
    [
        ("Customer", {"DisplayName": "no: colon {n}"}),
        ("Customer", {"DisplayName": "Rich {n}", "Balance": 10}),
        ("Invoice", {}),
    ],
)
def test_what_quickbooks_refuses_or_books_is_refused(us, entity, body):
    reply = requests.post(
        f"{us.url}/_admin/many",
        json={"realm_id": us.realm, "entity": entity, "body": body, "count": 2},
        timeout=30,
    )
    assert reply.status_code == 400
