"""No secret reaches the log, whatever request it travelled in."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo.redact import CUT, MASK, for_log, redact

secrets = st.text(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.",
    min_size=8,
    max_size=80,
)
KEYS = ["access_token", "refresh_token", "client_secret", "token", "id_token"]

# Where a secret travels: in each kind of request and answer there is.
CARRIERS = {
    "token answer": lambda s: json.dumps({"access_token": s, "expires_in": 3600}),
    "refresh answer": lambda s: json.dumps({"x": 1, "refresh_token": s}, indent=1),
    "cut answer": lambda s: '{"refresh_token":"' + s,
    "code exchange": lambda s: urlencode(
        {"grant_type": "authorization_code", "code": s}
    ),
    "refresh": lambda s: urlencode({"grant_type": "x", "refresh_token": s}),
    "revoke": lambda s: json.dumps({"token": s}),
    "callback": lambda s: f"/qbo/oauth/callback?state={s}&code={s}&realmId=9",
    "header": lambda s: f"Authorization: Bearer {s}\r\nAccept: x",
    "header value": lambda s: f"Bearer {s}",
    "basic": lambda s: f"Authorization: Basic {s}",
    "python": lambda s: f"ConnectionError: /x?access_token={s} refused",
}


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)
@given(secret=secrets)
def test_secrets_are_masked_by_where_they_stand(carrier, secret):
    text = carrier(secret)
    context = carrier("")
    if secret not in context:
        assert secret not in redact(text)


@given(secrets, st.text(max_size=50), st.text(max_size=50))
def test_known_secrets_are_masked_everywhere(secret, before, after):
    if secret not in before + after and secret not in MASK:
        assert secret not in redact(before + secret + after, (secret,))


@given(st.text(), st.lists(st.text() | st.none(), max_size=3))
def test_any_text_can_be_redacted(text, known):
    assert isinstance(redact(text, known), str)
    assert isinstance(redact(text.encode("utf-16"), known), str)


@given(secrets, st.integers(CUT - 200, CUT + 200))
def test_a_cut_leaves_no_half_secret(secret, place):
    body = " " * place + json.dumps({"refresh_token": secret, "x": " " * 30_000})
    shown = for_log(body)
    assert len(shown) < CUT + 100
    assert secret[:8] not in shown


def test_what_is_no_secret_stays():
    body = json.dumps({"code": "5010", "Code": "EUR", "DocNumber": "S1"})
    assert redact(body) == body
    assert redact("/v3/company/9/query?minorversion=75") == (
        "/v3/company/9/query?minorversion=75"
    )


def test_what_looks_like_a_token_is_masked_anywhere():
    refresh = "AB11" + "x" * 46
    jwt = "eyJhbGciOiJkaXIifQ..abc-DEF.ghi"
    shown = redact(f"note {refresh} and {jwt}")
    assert shown == f"note {MASK} and {MASK}"


def test_tax_ids_and_download_links_are_masked():
    body = json.dumps({"TaxIdentifier": "12-3456789", "TempDownloadUri": "https://x/y"})
    assert redact(body) == f'{{"TaxIdentifier": "{MASK}", "TempDownloadUri": "{MASK}"}}'


def test_long_texts_say_how_long_they_were():
    assert for_log("x" * 50_000).endswith("… (50000 in all)")
    assert for_log("") == for_log(None) == ""


def test_redaction_is_quick_on_hostile_texts():
    for text in ('"token":"' + "\\" * 20_000, "token=" * 5000, "eyJ" + "a." * 10_000):
        assert isinstance(for_log(text), str)
