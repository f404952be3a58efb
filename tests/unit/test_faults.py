"""Every answer becomes one error, sorted by one table."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo import fault_texts, faults
from qbo.errors import (
    Blocked,
    QboAuthError,
    QboError,
    QboFault,
    QboThrottled,
    QboUnreachable,
)

# Intuit's published list; 6560 is seen in the wild.
CODES = """
0 100 110 120 130 140 150 500 600 610 620 630 700 800 900 1000 1010 1020 1040 1050
2000 2010 2020 2030 2040 2050 2060 2070 2080 2090 2100 2110 2120 2130 2140 2150 2160
2170 2180 2190 2200 2210 2220 2230 2240 2250 2260 2270 2280 2290 2300 2410 2500 2600
3000 3001 3100 3200 3202 4000 4001 4002 5000 5010 5020 5030 6000 6010 6020 6030 6040
6041 6050 6060 6070 6080 6090 6100 6110 6120 6130 6140 6150 6160 6170 6180 6190 6200
6210 6220 6230 6240 6250 6270 6280 6290 6390 6400 6420 6430 6440 6450 6460 6470 6480
6490 6500 6510 6520 6530 6540 6560 10000 10100 10200
invalid_grant invalid_client unauthorized_client invalid_request invalid_scope
""".split()


def envelope(code, message="m", detail="d", element=""):
    error = {"Message": message, "Detail": detail, "code": code, "element": element}
    return json.dumps({"Fault": {"Error": [error], "type": "ValidationFault"}}).encode()


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_plain_explanation(code):
    row = faults.FAULTS[code]
    assert row.kind in ("wait", "fix", "reconnect", "bug")
    for text in (row.title, row.cause, row.fix):
        assert text.strip() == text
        assert len(text) > 5
        assert not {"API", "payload", "HTTP", "null"} & set(text.split())
    assert row.cause.endswith(".")
    assert row.fix.endswith(".")


def test_no_code_is_in_the_table_twice():
    rows = [code for codes, *_ in fault_texts.ROWS for code in codes.split()]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(
    ("status", "code", "cls", "kind", "outcome"),
    [
        (400, "5010", QboFault, "wait", "refused"),
        (400, "6240", QboFault, "fix", "refused"),
        (400, "2010", QboFault, "bug", "refused"),
        (400, "9999", QboFault, "fix", "refused"),
        (400, "600", QboFault, "wait", "unknown"),
        (400, "10000", QboFault, "wait", "unknown"),
        (400, "6190", QboFault, "wait", "refused"),
        (200, "6240", QboFault, "fix", "refused"),
        (200, "3001", QboThrottled, "wait", "refused"),
        (429, "003001", QboThrottled, "wait", "refused"),
        (401, "3200", QboAuthError, "reconnect", "refused"),
        (401, "120", QboAuthError, "reconnect", "refused"),
        (403, "3100", QboAuthError, "reconnect", "refused"),
        (403, "77", QboAuthError, "reconnect", "refused"),
        (500, "10000", QboUnreachable, "wait", "unknown"),
        (503, "6240", QboFault, "fix", "refused"),
        (500, "500", QboUnreachable, "wait", "unknown"),
    ],
)
def test_sorted_by_status_and_code(status, code, cls, kind, outcome):
    error = faults.parse_fault(status, envelope(code))
    assert type(error) is cls
    assert (error.kind, error.outcome) == (kind, outcome)
    assert error.status == status


@pytest.mark.parametrize(
    ("status", "cls", "kind", "outcome"),
    [
        (200, QboUnreachable, "wait", "unknown"),
        (302, QboFault, "bug", "refused"),
        (400, QboUnreachable, "wait", "refused"),
        (401, QboAuthError, "reconnect", "refused"),
        (403, QboUnreachable, "wait", "refused"),
        (404, QboFault, "bug", "refused"),
        (408, QboUnreachable, "wait", "unknown"),
        (429, QboThrottled, "wait", "refused"),
        (502, QboUnreachable, "wait", "unknown"),
        (None, QboUnreachable, "wait", "unknown"),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html><h1>Sorry</h1></html>", b'{"Fau'])
def test_answers_without_a_fault(status, cls, kind, outcome, body):
    error = faults.parse_fault(status, body)
    assert type(error) is cls
    assert (error.kind, error.outcome) == (kind, outcome)


def test_an_unsupported_character_is_a_refusal_in_spite_of_500():
    body = envelope("500", detail="Invalid byte 1 of 1-byte UTF-8 sequence")
    assert faults.parse_fault(500, body).kind == "bug"


def test_lower_case_gateway_envelope():
    body = b"""{"warnings":null,"fault":{"error":[{"message":
    "message=AuthenticationFailed; errorCode=003200; statusCode=401",
    "detail":"Token expired","code":"3200","element":null}],"type":"AUTHENTICATION"}}"""
    error = faults.parse_fault(401, body.replace(b"\n", b""), {"Intuit_TID": "1-a"})
    assert (error.code, error.detail, error.element) == ("3200", "Token expired", "")
    assert error.intuit_tid == "1-a"
    assert "1-a" in str(error)


def test_the_code_may_hide_in_the_message():
    error = {"message": "message=ThrottleExceeded; errorCode=003001; statusCode=429"}
    body = json.dumps({"fault": {"error": [error]}}).encode()
    assert faults.parse_fault(429, body).code == "3001"


def test_xml_envelopes():
    body = b"""<?xml version="1.0"?><IntuitResponse time="x"
    xmlns="http://schema.intuit.com/finance/v3"><Fault type="ValidationFault">
    <Error code="6240" element="Name"><Message>Duplicate &amp; Name</Message>
    <Detail>taken</Detail></Error><Error code="2050"><Message>long</Message></Error>
    </Fault></IntuitResponse>"""
    error = faults.parse_fault(400, body)
    assert (error.code, error.message) == ("6240", "Duplicate & Name")
    assert error.element == "Name"
    assert error.detail == "taken; 2050 long:"
    gateway = (
        b"<?xml?><Errors><error><code>AuthenticationFailed</code></error></Errors>"
    )
    assert isinstance(faults.parse_fault(401, gateway), QboAuthError)


def test_all_errors_are_kept():
    errors = [{"Message": "a", "code": "2020"}, {"Message": "b", "code": "2050"}]
    body = json.dumps({"Fault": {"Error": errors}}).encode()
    error = faults.parse_fault(400, body)
    assert error.code == "2020"
    assert "2050 b" in error.detail


def test_oauth_errors():
    dead = faults.parse_fault(400, b'{"error":"invalid_grant"}')
    assert (type(dead), dead.kind) == (QboAuthError, "reconnect")
    wrong = faults.parse_fault(401, b'{"error":"invalid_client"}')
    assert wrong.kind == "fix"
    assert "client ID" in wrong.explanation.title


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 60.0),
        ("7", 7.0),
        ("0.5", 0.5),
        ("soon", 60.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("-5", 60.0),
    ],
)
def test_retry_after(header, seconds):
    headers = {"Retry-After": header} if header else {}
    assert faults.parse_fault(429, b"", headers).retry_after == seconds


def test_explanations_fit_the_case():
    deleted = faults.parse_fault(
        400,
        envelope(
            "610", "Object Not Found", "Another user has deleted this transaction."
        ),
    )
    assert deleted.explanation.title == "Deleted in QuickBooks"
    inactive = faults.parse_fault(400, envelope("610", "Object Not Found", "inactive"))
    assert "active again" in inactive.explanation.fix
    unknown = faults.parse_fault(400, envelope("9999", "Odd", "thing happened"))
    assert unknown.explanation.said == "Odd: thing happened"
    same = faults.parse_fault(400, envelope("5010", "Stale", "Stale : You and root"))
    assert same.explanation.said == "Stale : You and root"
    assert "can't be reached" in QboUnreachable("cut").explanation.title


def test_company_wide_faults_are_told_apart():
    assert faults.parse_fault(400, envelope("6190")).company_wide
    assert faults.parse_fault(401, b"").company_wide
    assert not faults.parse_fault(400, envelope("6240")).company_wide


def test_blocked_carries_what_a_person_needs():
    blocked = Blocked("name", "It has no name.", "Enter one.", "name")
    assert str(blocked) == "It has no name. Enter one."
    assert (blocked.field, blocked.code) == ("name", "name")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["Fault", "fault", "Error", "error", "code", "Message", "x"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)
bodies = (
    st.binary(max_size=400)
    | json_values.map(lambda value: json.dumps(value).encode())
    | st.text(alphabet="<>/=\"' aErrorFaultcode123", max_size=200).map(str.encode)
    | st.binary(max_size=60).map(lambda tail: b"<Error code=" + tail)
    | st.integers(0, 200).map(lambda cut: envelope("6240")[:cut])
)
statuses = st.none() | st.sampled_from([200, 400, 401, 403, 404, 429, 500, 503])
headers = st.dictionaries(
    st.sampled_from(["Retry-After", "intuit_tid", "x"]), st.text(max_size=30)
)


@given(statuses, bodies, headers)
def test_any_bytes_give_an_error(status, body, header):
    error = faults.parse_fault(status, body, header)
    assert isinstance(error, QboError)
    assert error.kind in ("wait", "fix", "reconnect", "bug")
    assert error.outcome in ("refused", "unknown")
    assert str(error)
    assert error.explanation.cause
    assert error.retry_after is None or error.retry_after >= 0


def test_deep_nesting_and_huge_bodies_do_no_harm():
    for body in (
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"<Error " * 100_000,
        b"9" * 10**6,
    ):
        assert isinstance(faults.parse_fault(400, body), QboError)


def test_waiting_for_our_own_governor_reads_as_slowing_down():
    error = QboThrottled("Waiting for QuickBooks' rate limit", code="rate")
    assert "limited number of requests" in error.explanation.cause
