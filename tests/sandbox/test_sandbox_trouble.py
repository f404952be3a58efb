"""Faults on demand: each kind, before and after the commit."""

import time

import pytest
import requests

from tests.sandbox.kit import unique


def customer(us):
    """(body, request id) of a new customer."""
    number = unique()
    return {"DisplayName": f"Trouble {number}"}, f"trouble-{number}"


def stands(us, body):
    """How many customers of that name there are."""
    where = f"DisplayName = '{body['DisplayName']}'"
    return us.query(f"select count(*) from Customer where {where}")["totalCount"]


def order(us, kind, **more):
    """Order trouble for the next creation of a customer."""
    match = {"entity": "Customer", "method": "POST"}
    us.admin("faults", kind=kind, match=match, **more)


@pytest.mark.parametrize(
    ("kind", "made"), [("refuse", 0), ("cut_before", 0), ("cut_after", 1)]
)
def test_cut_connections(us, kind, made):
    body, key = customer(us)
    order(us, kind)
    with pytest.raises(requests.ConnectionError):
        us.post("customer", body, requestid=key)
    assert stands(us, body) == made
    assert us.post("customer", body, requestid=key).status_code == 200
    assert stands(us, body) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("commit", [False, True])
def test_gateway_errors(us, status, commit):
    body, key = customer(us)
    order(us, "status", status=status, commit=commit)
    assert us.post("customer", body, requestid=key).status_code == status
    assert stands(us, body) == int(commit)
    assert us.post("customer", body, requestid=key).status_code == 200
    assert stands(us, body) == 1


def test_throttle(us):
    body, _ = customer(us)
    order(us, "throttle", retry_after=7)
    order(us, "throttle")
    first, second = us.post("customer", body), us.post("customer", body)
    assert first.status_code == second.status_code == 429
    assert first.headers["Retry-After"] == "7"
    assert "Retry-After" not in second.headers


def test_slow(us):
    body, _ = customer(us)
    order(us, "slow", seconds=0.3)
    started = time.monotonic()
    assert us.post("customer", body).status_code == 200
    assert time.monotonic() - started >= 0.3


def test_truncated_body(us):
    body, _ = customer(us)
    order(us, "truncate")
    with pytest.raises(requests.exceptions.RequestException):
        us.post("customer", body)
    assert stands(us, body) == 1


@pytest.mark.parametrize("status", [200, 502])
def test_html(us, status):
    body, _ = customer(us)
    order(us, "html", status=status)
    answer = us.post("customer", body)
    assert answer.status_code == status and answer.text.startswith("<html>")


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("lapsed", 400, "6190"), ("closed", 400, "6210")],
)
def test_business_faults(us, kind, status, code):
    body, _ = customer(us)
    order(us, kind)
    us.refused("customer", body, code, status)


def test_any_fault(us):
    body, _ = customer(us)
    order(us, "fault", code="120", status=401, detail="-11014", type="AUTH")
    answer = us.post("customer", body)
    assert answer.status_code == 401
    assert answer.json()["fault"]["error"][0]["code"] == "120"
    order(us, "fault", code=10000, status=500)
    us.refused("customer", body, 10000, 500)


def test_subscription_by_the_knob(us):
    us.knobs(subscription="lapsed")
    us.refused("customer", customer(us)[0], 6190)
    assert us.get("companyinfo/1").status_code == 200


def test_expired_and_revoked(us):
    body, _ = customer(us)
    order(us, "token_expired")
    assert us.post("customer", body).status_code == 401
    assert us.post("customer", body).status_code == 200
    order(us, "revoked")
    assert us.post("customer", customer(us)[0]).status_code == 401
    assert us.get("companyinfo/1").status_code == 401
    us.bearer(us.admin("tokens", realm_id=us.realm)["access_token"])


def test_refresh_token_rotated(us, app):
    us.admin("faults", kind="refresh_rotated")
    auth = (app.oauth.client_id, app.oauth.client_secret)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": us.pair["refresh_token"],
    }
    address = f"{us.url}/oauth2/v1/tokens/bearer"
    answer = requests.post(address, data=form, auth=auth, timeout=5)
    assert answer.json()["error"] == "invalid_grant"


def test_by_chance_with_a_seed(us):
    def run():
        us.admin("faults/clear")
        us.admin(
            "faults",
            kind="status",
            status=503,
            probability=0.5,
            seed=7,
            match={"operation": "query"},
        )
        return [
            us.get("query", query="select * from Term").status_code for _ in range(20)
        ]

    first = run()
    assert first == run() and set(first) == {200, 503}


def test_only_matching_requests_and_only_so_many(us, canada):
    match = {"operation": "query", "realm": us.realm, "path": "query$"}
    us.admin("faults", kind="status", status=503, count=2, match=match)
    statement = {"query": "select * from Term"}
    assert canada.get("query", **statement).status_code == 200
    assert us.get("companyinfo/1").status_code == 200
    codes = [us.get("query", **statement).status_code for _ in range(3)]
    assert codes == [503, 503, 200]


def test_queries_of_one_entity(us):
    match = {"operation": "query", "queried": "Customer"}
    us.admin("faults", kind="status", status=503, match=match)
    assert us.get("query", query="select * from Term").status_code == 200
    assert us.get("query", query="select * from customer").status_code == 503


def test_doors_explain_themselves(us):
    address = f"{us.url}/_admin/"
    wrong = requests.post(address + "faults", json={"kind": "x"}, timeout=5)
    assert wrong.status_code == 400 and "cut_after" in wrong.text
    wrong = requests.post(address + "knobs", json={"limits": "some"}, timeout=5)
    assert wrong.status_code == 400
    assert requests.get(address + "nothing", timeout=5).status_code == 404
    knobs = requests.get(address + "knobs", timeout=5).json()
    assert {"value", "default", "basis", "text"} <= set(knobs["limits"])


def test_lapsed_subscription_shows_in_the_company(us):
    us.knobs(subscription="lapsed")
    values = us.read("CompanyInfo", "1")["NameValue"]
    assert {"Name": "SubscriptionStatus", "Value": "EXPIRED"} in values
