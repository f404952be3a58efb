"""What QBO's fault codes mean, in the words of the people who can fix them.

The texts stay plain English here: ``_`` only marks them for extraction, the
layer above translates them when it shows them.
"""

import re
from typing import NamedTuple

from .fault_rows import GENERIC, HINTS, HTTP, ROWS


class Fault(NamedTuple):
    """One row of the table: what to do about a code, and how to say it."""

    kind: str
    title: str
    cause: str
    fix: str


class Explanation(NamedTuple):
    """What a person is told: ``said`` holds QBO's own words, ``""`` if none."""

    title: str
    cause: str
    fix: str
    said: str = ""


FAULTS = {code: Fault(*row) for codes, *row in ROWS for code in codes.split()}
STATUSES = {status: Fault(*row) for status, *row in HTTP}
UNKNOWN_FAULT = Fault(*GENERIC)
_HINTS = [(code, re.compile(text, re.I), Fault(*row)) for code, text, *row in HINTS]


def normal_code(code) -> str:
    """QBO's code without leading zeros: ``"003001"`` -> ``"3001"``."""
    text = str(code if code is not None else "").strip()
    return text.lstrip("0") or text[:1]


def classify(status, code) -> Fault:
    """The table's row for a code; without a known code, the HTTP status decides.

    status None means that no answer came.
    """
    known = FAULTS.get(normal_code(code))
    if known:
        return known
    if not status:
        return UNKNOWN_FAULT if code else STATUSES[500]
    wrong_address = status in (405, 410) or 300 <= status < 400
    status = 404 if wrong_address else min(status, 500)
    return STATUSES.get(status, UNKNOWN_FAULT)


def hint(code, text):
    """A more exact row for codes that QBO uses for several things, or None."""
    found = (row for key, sign, row in _HINTS if key == code and sign.search(text))
    return next(found, None)


def _(text):
    """Mark a text for translation; the layer that shows it translates it."""
    return text


WRONG_KEY = Explanation(
    _("The encryption key is another one"),
    _("The connection's secrets can't be decrypted with the key of this server."),
    _(
        "Ask an administrator to put back the key with which they were stored "
        "(QBO_ENCRYPTION_KEY), or to enter the client secret and connect again."
    ),
)


def explain(status, code, message="", detail="") -> Explanation:
    """Plain words for a refusal, with what QBO itself said."""
    code = normal_code(code)
    parts = [part for part in (message, detail) if part]
    row = hint(code, " ".join(parts)) or classify(status, code)
    said = detail if detail.startswith(message) else ": ".join(parts)
    return Explanation(row.title, row.cause, row.fix, said)
