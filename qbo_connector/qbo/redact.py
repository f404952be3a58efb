"""Texts for the sync log and error messages, without anybody's secrets.

A log row may be read by more people than the connection's keys may be known to.
"""

import re

MASK = "***"
CUT = 20_000  # characters of a request or response that the log keeps
_MARGIN = 8_000  # longer than any token: a cut never leaves half of one

_KEYS = (
    "access_token|refresh_token|id_token|client_secret|authorization|token|password|"
    "state_token|TaxIdentifier|PrimaryTaxIdentifier|SSN|TempDownloadUri|"
    "ThumbnailTempDownloadUri|FileAccessUri|InvoiceLink|CCExpiryMonth|CCExpiryYear|"
    "NameOnAcct|AcctNumber|CardNumber"
)
_RULES = [
    # "key": "value" in JSON; a value cut off at the end counts as well.
    (
        re.compile(rf'("(?:{_KEYS})"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\\?$)', re.I),
        r'\1"***"',
    ),
    # key=value in a form, an address or a header line; code is OAuth's there.
    (re.compile(rf"\b((?:{_KEYS}|code|state)=)[^&\s\"'<>]+", re.I), rf"\1{MASK}"),
    (re.compile(r"(Authorization\s*:\s*)[^\r\n]+", re.I), rf"\1{MASK}"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.I), rf"\1 {MASK}"),
    # What looks like an Intuit refresh token or a signed token, wherever it is.
    (re.compile(r"\bAB11[\w-]{20,}"), MASK),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w.-]+"), MASK),
]


def redact(text, secrets=()) -> str:
    """The text with secrets masked; never raises.

    secrets: known values (the current token, say), masked wherever they stand.
    """
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    for secret in sorted(filter(None, map(str, secrets)), key=len, reverse=True):
        if len(secret) >= 6:
            text = text.replace(secret, MASK)
    for pattern, mask in _RULES:
        text = pattern.sub(mask, text)
    return text


def for_log(text, secrets=(), limit=CUT) -> str:
    """The redacted text, cut to what a log row keeps; says what it left out."""
    text = text or ""
    size = len(text)
    shown = redact(text[: limit + _MARGIN], secrets)
    return shown if size <= limit else f"{shown[:limit]}… ({size} in all)"
