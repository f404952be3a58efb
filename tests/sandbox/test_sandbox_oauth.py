"""Consent, tokens, rotation, revocation, whose company a token opens."""

from urllib.parse import parse_qs, urlparse

import pytest
import requests

from tests.sandbox.kit import SCOPE

BACK = "http://localhost/callback"


@pytest.fixture(scope="module")
def facts(app, url):
    """Endpoints and credentials."""
    address = f"{url}/.well-known/openid_sandbox_configuration/"
    found = requests.get(address, timeout=5).json()
    return {**found, **app.describe(url)}


def ask(facts, **more):
    """The parameters of an authorization request."""
    head = {
        "client_id": facts["client_id"],
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": SCOPE,
        "state": "s 1&2",
    }
    return {**head, **more}


def consent(facts, **more):
    """What the browser is sent back with."""
    answer = requests.post(
        facts["authorization_endpoint"],
        data=ask(facts, **more),
        allow_redirects=False,
        timeout=5,
    )
    assert answer.status_code == 302, answer.text
    query = urlparse(answer.headers["Location"]).query
    return {name: value[0] for name, value in parse_qs(query).items()}


def token(facts, secret=None, headers=None, **form):
    """The token endpoint's response."""
    auth = (facts["client_id"], secret or facts["client_secret"])
    address = facts["token_endpoint"]
    return requests.post(address, data=form, auth=auth, headers=headers, timeout=5)


def connect(facts, realm):
    """A token pair by the whole way."""
    back = consent(facts, realm_id=realm, action="connect")
    form = {"grant_type": "authorization_code", "redirect_uri": BACK}
    return token(facts, code=back["code"], **form).json()


def refresh(facts, value):
    """A refresh."""
    return token(facts, grant_type="refresh_token", refresh_token=value)


def works(us, pair):
    """Status of an API call with the access token."""
    headers = {
        "Authorization": f"Bearer {pair['access_token']}",
        "Accept": "application/json",
    }
    return requests.get(us.path("companyinfo/1"), headers=headers, timeout=5)


def test_consent_page(facts):
    address = facts["authorization_endpoint"]
    page = requests.get(address, params=ask(facts), timeout=5)
    assert "Sandbox Company US" in page.text
    assert ">Connect</button>" in page.text and ">Cancel</button>" in page.text
    wrong = requests.get(address, params=ask(facts, client_id="x"), timeout=5)
    assert wrong.status_code == 400


def test_the_whole_way(facts, us):
    back = consent(facts, realm_id=us.realm, action="connect")
    assert back["state"] == "s 1&2" and back["realmId"] == us.realm
    form = {
        "grant_type": "authorization_code",
        "code": back["code"],
        "redirect_uri": BACK,
    }
    pair = token(facts, **form).json()
    assert pair["expires_in"] == 3600 and pair["token_type"] == "bearer"
    assert pair["x_refresh_token_expires_in"] == 8726400
    assert works(us, pair).status_code == 200
    again = token(facts, **form)
    assert again.status_code == 400 and again.json()["error"] == "invalid_grant"
    assert works(us, pair).status_code == 401
    assert refresh(facts, pair["refresh_token"]).status_code == 400


def test_denied_and_wrong_scope(facts):
    assert consent(facts, action="cancel")["error"] == "access_denied"
    assert consent(facts, scope="everything")["error"] == "invalid_scope"


def test_wrong_credentials_and_codes(facts, us):
    answer = token(facts, "wrong", grant_type="refresh_token", refresh_token="x")
    assert answer.status_code == 401 and answer.json() == {"error": "invalid_client"}
    form = {"grant_type": "authorization_code", "redirect_uri": BACK}
    assert token(facts, code="x", **form).json()["error"] == "invalid_grant"
    code = consent(facts, realm_id=us.realm, action="connect")["code"]
    other = {**form, "redirect_uri": "http://elsewhere"}
    assert token(facts, code=code, **other).status_code == 400
    assert token(facts, grant_type="password").status_code == 400


def test_rotation_in_the_window(facts, us, app):
    pair = connect(facts, us.realm)
    same = refresh(facts, pair["refresh_token"]).json()
    assert same["refresh_token"] == pair["refresh_token"]
    assert same["access_token"] != pair["access_token"]
    app.knobs.set({"refresh_window": 0})
    new = refresh(facts, pair["refresh_token"]).json()
    assert new["refresh_token"] != pair["refresh_token"]
    old = refresh(facts, pair["refresh_token"])
    assert old.status_code == 400 and old.json()["error"] == "invalid_grant"


def test_rotation_with_grace(facts, us, app):
    app.knobs.set({"refresh_rotation": "always", "refresh_grace": 86400})
    pair = connect(facts, us.realm)
    assert refresh(facts, pair["refresh_token"]).status_code == 200
    assert refresh(facts, pair["refresh_token"]).status_code == 200


def test_hard_expiry_on_demand(facts, us):
    pair = connect(facts, us.realm)
    assert "x_refresh_token_hard_expires_in" not in pair
    form = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    headers = {"x-include-refresh-token-hard-expires-in": "true"}
    told = token(facts, headers=headers, **form).json()
    assert 0 < told["x_refresh_token_hard_expires_in"] <= 157680000


def test_expiry(facts, us, app):
    pair = connect(facts, us.realm)
    us.admin("tokens/expire", realm_id=us.realm)
    answer = works(us, pair)
    assert answer.status_code == 401
    fault = answer.json()["fault"]
    assert fault["error"][0]["code"] == "3200" and fault["type"] == "AUTHENTICATION"
    assert answer.json()["batchItemResponse"] == []
    new = refresh(facts, pair["refresh_token"]).json()
    assert works(us, new).status_code == 200
    app.knobs.set({"clock_offset": 110 * 86400})
    assert refresh(facts, new["refresh_token"]).status_code == 400


def test_revocation(facts, us):
    pair = connect(facts, us.realm)
    auth = (facts["client_id"], facts["client_secret"])
    address = facts["revocation_endpoint"]
    body = {"token": pair["access_token"]}
    assert requests.post(address, json=body, auth=auth, timeout=5).status_code == 200
    assert works(us, pair).status_code == 401
    assert refresh(facts, pair["refresh_token"]).status_code == 400
    wrong = requests.post(address, json={"token": "x"}, auth=auth, timeout=5)
    assert wrong.status_code == 400


def test_a_token_opens_its_own_company_only(facts, us, canada):
    pair = connect(facts, us.realm)
    assert works(us, pair).status_code == 200
    answer = works(canada, pair)
    assert answer.status_code == 403
    assert answer.json()["fault"]["error"][0]["code"] == "3100"
    other = connect(facts, canada.realm)
    assert works(us, pair).status_code == works(canada, other).status_code == 200


def test_a_new_consent_ends_the_old(facts, us):
    pair = connect(facts, us.realm)
    connect(facts, us.realm)
    assert works(us, pair).status_code == 401


def test_owner_disconnects(facts, us):
    pair = connect(facts, us.realm)
    us.admin("tokens/revoke", realm_id=us.realm)
    assert works(us, pair).status_code == 401
    assert refresh(facts, pair["refresh_token"]).json()["error"] == "invalid_grant"
