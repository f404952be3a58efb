"""From an answer of QBO to one error: JSON in either spelling, XML, or garbage."""

import html
import json
import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from .errors import (
    REFUSED,
    UNKNOWN,
    WAIT,
    QboAuthError,
    QboError,
    QboFault,
    QboThrottled,
    QboUnreachable,
)
from .fault_texts import FAULTS, Explanation, Fault, classify, explain, normal_code

__all__ = [
    "FAULTS",
    "Explanation",
    "Fault",
    "classify",
    "explain",
    "fault_error",
    "find_fault",
    "parse_fault",
]

THROTTLE_PAUSE = 60.0  # seconds; Intuit: "wait 60 seconds", Retry-After is optional
AUTH_CODES = frozenset(
    "100 110 120 130 3100 3200 3202 invalid_grant invalid_client unauthorized_client "
    "invalid_request invalid_scope unsupported_grant_type access_denied".split()
)
# QBO started on these: it may have booked before it failed.
UNSURE_CODES = frozenset({"0", "600", "1000", "1010", "1020", "10000", "10200"})
WRONG_ADDRESS = frozenset({404, 405, 410})
TEXT_LIMIT = 2000
ERROR_LIMIT = 20
XML_LIMIT = 100_000
_XML_ERROR = re.compile(r"<(?:\w+:)?Error\b", re.I)
_UNSUPPORTED = re.compile(r"support|invalid byte", re.I)


def parse_fault(status, body, headers=None) -> QboError:
    """The error an answer stands for; any bytes give one, nothing is raised.

    status: HTTP status (an answer of 200 may hold a Fault as well); body: bytes;
    headers: a mapping, looked up without regard to case.
    """
    headers = {str(k).lower(): str(v) for k, v in dict(headers or {}).items()}
    errors = _errors_in(body if isinstance(body, bytes) else b"")
    first = errors[0] if errors else {}
    rest = [f"{e['code']} {e['message']}: {e['detail']}" for e in errors[1:]]
    return _build(
        status,
        headers,
        readable=bool(errors),
        code=first.get("code", ""),
        message=first.get("message", "") or _no_fault(status, body),
        detail="; ".join([first.get("detail", ""), *rest])[:TEXT_LIMIT].strip("; "),
        element=first.get("element", ""),
    )


def fault_error(fault, status=200, headers=None) -> QboError:
    """The error of a decoded ``Fault`` object, such as one of a batch item's."""
    body = json.dumps({"Fault": fault}, default=str).encode()
    return parse_fault(status, body, headers)


def find_fault(payload):
    """The ``Fault`` object of a decoded answer, in either spelling, or None.

    An upload's stands in the answer about its file.
    """
    if not isinstance(payload, dict):
        return None
    files = payload.get("AttachableResponse")
    if isinstance(files, list) and len(files) == 1:
        return find_fault(files[0])
    return payload.get("Fault") or payload.get("fault") or None


def _build(status, headers, readable, code, message, detail, element):
    cls, outcome = _sort(status or 0, code, readable, f"{message} {detail}")
    row = classify(400 if 200 <= (status or 0) < 300 else status, code)
    pause = _seconds(headers.get("retry-after"))
    if cls is QboThrottled and pause is None:
        pause = THROTTLE_PAUSE
    return cls(
        message,
        kind=WAIT if cls in (QboThrottled, QboUnreachable) else row.kind,
        code=code,
        detail=detail,
        element=element,
        status=status,
        outcome=outcome,
        retry_after=pause,
        intuit_tid=headers.get("intuit_tid", ""),
    )


def _sort(status, code, readable, text):
    """The class of the error and whether the request can have been carried out."""
    if status == 429 or code == "3001":
        return QboThrottled, REFUSED
    # A 403 without QBO's envelope is a proxy's or firewall's, not the connection's.
    if status == 401 or code in AUTH_CODES or (status == 403 and readable):
        return QboAuthError, REFUSED
    if readable and (0 < status < 500 or _definite(code, text)):
        return QboFault, UNKNOWN if code in UNSURE_CODES else REFUSED
    if status in WRONG_ADDRESS or 300 <= status < 400:
        return QboFault, REFUSED
    refused = 400 <= status < 500 and status != 408
    return QboUnreachable, REFUSED if refused else UNKNOWN


def _definite(code, text):
    """True if a fault in a 5xx answer is a refusal and not an accident."""
    if code == "500":  # both "unsupported operation" and plain server trouble
        return bool(_UNSUPPORTED.search(text))
    return code in FAULTS and code not in UNSURE_CODES


def _errors_in(body):
    text = body.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return _xml_errors(text[:XML_LIMIT])
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return _json_errors(payload)


def _json_errors(payload):
    if not isinstance(payload, dict):
        return []
    if isinstance(payload.get("error"), str):  # the token endpoint's shape
        detail = _text(payload.get("error_description"))
        return [_error(payload["error"], payload["error"], detail, "")]
    fault = find_fault(payload)
    if not isinstance(fault, dict):
        return []
    errors = fault.get("Error") or fault.get("error")
    errors = errors if isinstance(errors, list) else [errors]
    found = [_json_error(error) for error in errors if isinstance(error, dict)]
    return found[:ERROR_LIMIT] or [_error("", "", fault, "")]


def _json_error(error):
    low = {str(key).lower(): value for key, value in error.items()}
    return _error(*(low.get(key) for key in ("code", "message", "detail", "element")))


def _error(code, message, detail, element):
    message = _text(message)
    if code in (None, ""):  # gateway texts: "message=…; errorCode=003200; …"
        code = (re.search(r"errorCode=(\d+)", message) or ["", ""])[1]
    return {
        "code": normal_code(_text(code))[:40],
        "message": message,
        "detail": _text(detail),
        "element": _text(element),
    }


def _xml_errors(text):
    """Errors of an XML answer, read by pattern: no parser, no entity tricks."""
    starts = [match.start() for match in _XML_ERROR.finditer(text)][:ERROR_LIMIT]
    ends = [*starts[1:], len(text)]
    return [_xml_error(text[a:b]) for a, b in zip(starts, ends, strict=False)]


def _xml_error(block):
    attribute = re.match(r"<[^>]*\bcode=[\"']([^\"']*)", block, re.I)
    code = attribute[1] if attribute else _tag(block, "code")
    attribute = re.match(r"<[^>]*\belement=[\"']([^\"']*)", block, re.I)
    element = attribute[1] if attribute else ""
    return _error(code, _tag(block, "Message"), _tag(block, "Detail"), element)


def _tag(block, name):
    found = re.search(rf"<(?:\w+:)?{name}\b[^>]*>(.*?)</", block, re.S | re.I)
    return html.unescape(found[1]) if found else ""


def _text(value):
    return "" if value is None else str(value).strip()[:TEXT_LIMIT]


def _no_fault(status, body):
    size = len(body) if isinstance(body, bytes) else 0
    return f"HTTP {status} without a readable fault ({size} bytes)"


def _seconds(value):
    """Retry-After in seconds, given as a number or as an HTTP date; None if bad."""
    if not value:
        return None
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value.strip()):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    wait = (moment - datetime.now(timezone.utc)).total_seconds()
    return min(max(wait, 0.0), 999999.0)
