"""Signatures and both formats; nothing a stranger sends may raise."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo import webhooks

TOKEN = "verifier"
CLOUD = {
    "specversion": "1.0",
    "id": "88cd52aa-33b6-4351-9aa4-47572edbd068",
    "source": "intuit.x",
    "type": "qbo.salesreceipt.updated.v1",
    "time": "2025-09-10T21:31:25.179851517Z",
    "intuitentityid": "1234",
    "intuitaccountid": "310687",
    "data": {},
}
CHANGE = {
    "id": "7",
    "operation": "Merge",
    "name": "Customer",
    "lastUpdated": "2025-09-08T20:52:31.000-07:00",
    "deletedId": "9",
}


def legacy(*changes, realm="310687"):
    note = {"realmId": realm, "dataChangeEvent": {"entities": list(changes)}}
    return {"eventNotifications": [note]}


def sign(body, token=TOKEN):
    digest = hmac.new(token.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def parse(payload):
    return webhooks.parse(json.dumps(payload).encode())


def test_only_the_right_signature_counts():
    body = b'[{"a":1}]'
    assert webhooks.verify(body, sign(body), TOKEN)
    assert webhooks.verify(body, f" {sign(body)}\n", TOKEN)
    assert not webhooks.verify(body + b" ", sign(body), TOKEN)
    assert not webhooks.verify(body, sign(body, "other"), TOKEN)


@pytest.mark.parametrize("token", ["", None, False])
def test_without_a_token_nothing_is_accepted(token):
    assert not webhooks.verify(b"x", sign(b"x", ""), token)


@given(st.binary(), st.text() | st.none() | st.binary(), st.text() | st.none())
def test_verify_never_raises(body, signature, token):
    assert webhooks.verify(body, signature, token) is False


def test_cloud_events():
    event = parse([CLOUD])[0]
    assert event.entity == "SalesReceipt"
    assert (event.realm_id, event.qbo_id, event.operation) == (
        "310687",
        "1234",
        "Update",
    )
    assert event.time == datetime(2025, 9, 10, 21, 31, 25, 179851, timezone.utc)
    assert event.event_id == CLOUD["id"]


def test_legacy_events():
    first, second = parse(legacy(CHANGE)), parse(legacy(CHANGE, realm="2"))
    event = first[0]
    assert (event.entity, event.operation, event.deleted_id) == (
        "Customer",
        "Merge",
        "9",
    )
    assert event.time == datetime(2025, 9, 9, 3, 52, 31, tzinfo=timezone.utc)
    assert event.event_id == parse(legacy(CHANGE))[0].event_id
    assert event.event_id != second[0].event_id


def test_a_bad_event_does_not_cost_the_others():
    odd = [
        None,
        7,
        {},
        {**CLOUD, "type": "qbo.invoice.exploded.v1"},
        {**CLOUD, "type": "payments.charge.created.v1"},
        {**CLOUD, "intuitaccountid": "../../etc"},
        {**CLOUD, "intuitentityid": ""},
    ]
    events = parse([*odd, CLOUD])
    assert len(events) == 1
    assert events.skipped == len(odd)
    events = parse(legacy({"id": "1"}, "x", CHANGE))
    assert (len(events), events.skipped) == (1, 2)


def test_several_realms_in_one_delivery():
    events = parse([CLOUD, {**CLOUD, "intuitaccountid": "2"}])
    assert [event.realm_id for event in events] == ["310687", "2"]


def test_unknown_entities_and_missing_times_are_passed_on():
    event = parse([{**CLOUD, "type": "qbo.newthing.created.v2", "time": "soon"}])[0]
    assert (event.entity, event.operation, event.time) == ("newthing", "Create", None)


def test_events_without_an_id_still_tell_repeats_apart():
    bare = {key: value for key, value in CLOUD.items() if key not in ("id", "data")}
    first, again = parse([bare])[0], parse([bare])[0]
    other = parse([{**bare, "intuitentityid": "5"}])[0]
    assert first.event_id == again.event_id != other.event_id


@pytest.mark.parametrize("body", [b"", b"nonsense", b"null", b"[" * 100_000, b"\xff"])
def test_garbage_is_one_skipped_event(body):
    events = webhooks.parse(body)
    assert (list(events), events.skipped) == ([], 1)


def test_a_flood_is_bounded():
    events = webhooks.parse(b"[" + b"1," * 50_000 + b"1]")
    assert (len(events), events.skipped) == (0, 50_001)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)
broken = st.builds(
    lambda base, changes: {**base, **changes},
    st.sampled_from([CLOUD, CHANGE]),
    st.dictionaries(st.sampled_from([*CLOUD, *CHANGE]), values, max_size=4),
)
payloads = (
    values
    | st.lists(broken, max_size=5)
    | st.lists(broken | values, max_size=4).map(lambda events: legacy(*events))
    | values.map(lambda value: {"eventNotifications": [{"dataChangeEvent": value}]})
)


@given(st.binary(max_size=300) | payloads.map(lambda v: json.dumps(v).encode()))
def test_any_bytes_parse_without_an_exception(body):
    events = webhooks.parse(body)
    assert events.skipped >= 0
    for event in events:
        assert event.realm_id.isdigit()
        assert event.qbo_id
        assert event.operation
        assert event.time is None or event.time.tzinfo
