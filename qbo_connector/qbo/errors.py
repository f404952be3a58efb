"""What can go wrong with a call to QuickBooks Online (QBO), as exceptions.

Every error says what the engine may do next (``kind``) and whether QBO can
have done what was asked (``outcome``), so that no caller reads status codes.
"""

from .fault_texts import WRONG_KEY, Explanation, explain

WAIT = "wait"
FIX = "fix"
RECONNECT = "reconnect"
BUG = "bug"

REFUSED = "refused"
UNKNOWN = "unknown"

# Refusals that hit every document of the company, not the one that was sent.
COMPANY_WIDE = frozenset({"140", "150", "3001", "6190", "10200"})


class QboError(Exception):
    """A call to QBO that did not succeed.

    kind: ``wait`` (try again later), ``fix`` (a person must correct the data),
    ``reconnect`` (an administrator must connect again) or ``bug``.
    outcome: ``refused`` (QBO has certainly not done it: a new request id after
    the fix) or ``unknown`` (it may have done it: again with the same one).
    retry_after: seconds QBO asked us to wait, or None.
    intuit_tid: the id Intuit's support asks for.
    """

    default_kind = BUG
    default_outcome = REFUSED

    def __init__(
        self,
        message="",
        *,
        kind=None,
        code="",
        detail="",
        element="",
        status=None,
        intuit_tid="",
        request_id="",
        retry_after=None,
        outcome=None,
    ):
        super().__init__(message)
        self.message = message
        self.kind = kind or self.default_kind
        self.code = code
        self.detail = detail
        self.element = element
        self.status = status
        self.intuit_tid = intuit_tid
        self.request_id = request_id
        self.retry_after = retry_after
        self.outcome = outcome or self.default_outcome

    def __str__(self):
        marks = [f"HTTP {self.status}" if self.status else "", self.code]
        head = " ".join(mark for mark in marks if mark)
        text = " - ".join(part for part in (self.message, self.detail) if part)
        tid = f" (intuit_tid {self.intuit_tid})" if self.intuit_tid else ""
        return f"{head}: {text}{tid}" if head else f"{text}{tid}"

    @property
    def explanation(self) -> Explanation:
        """Title, cause and fix in plain words, and QBO's own words."""
        return explain(self.said_status, self.code, self.message, self.detail)

    @property
    def said_status(self):
        """The HTTP status whose words fit when the code is not in the table."""
        return self.status

    @property
    def company_wide(self) -> bool:
        """True if every other document of the company would fail the same way."""
        return self.kind == RECONNECT or self.code in COMPANY_WIDE


class QboUnreachable(QboError):
    """No answer, or none that can be understood: it may have been done."""

    default_kind = WAIT
    default_outcome = UNKNOWN
    said_status = 500


class QboThrottled(QboError):
    """HTTP 429, or our own governor ahead of it: QBO has not done it."""

    default_kind = WAIT
    said_status = 429


class QboAuthError(QboError):
    """The connection, its rights or its keys are not accepted."""

    default_kind = RECONNECT


class QboWrongKey(QboError):
    """Our own secrets can't be decrypted: what waits goes on when the key is back."""

    default_kind = WAIT

    @property
    def explanation(self) -> Explanation:
        """What an administrator of the server must do."""
        return WRONG_KEY


class QboFault(QboError):
    """QBO understood the request and refused it; ``kind`` comes from the table."""

    default_kind = FIX


class Blocked(Exception):
    """The data can't be sent as it is; nothing was sent.

    field: the technical name of the field a person must look at.
    reason, fix: plain words for that person.
    code: a stable key for filters and tests.
    """

    def __init__(self, field, reason, fix, code=""):
        super().__init__(f"{reason} {fix}".strip())
        self.field = field
        self.reason = reason
        self.fix = fix
        self.code = code
