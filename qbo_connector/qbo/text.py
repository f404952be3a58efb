"""QBO's lengths and characters, obeyed by stated rules.

The rules: control characters go, white space is evened out, characters outside
the company's set are written in plain letters where there are any, and what is
too long is cut at the limit. ``changes`` says afterwards what was altered.
"""

import base64
import hashlib
import re
import unicodedata

LIMITS = {
    "DocNumber": 21,
    "PrivateNote": 4000,
    "CustomerMemo": 1000,
    "Memo": 4000,
    "Description": 4000,
    "PurchaseDesc": 1000,
    "DisplayName": 500,
    "CompanyName": 100,
    "PersonName": 100,
    "Title": 16,
    "PrintOnCheckName": 100,
    "Phone": 30,
    "Email": 100,
    "Uri": 1000,
    "Notes": 2000,
    "AcctNum": 100,
    "ResaleNum": 16,
    "ItemName": 100,
    "Sku": 100,
    "AddressLine": 500,
    "AddressLines": 2000,
    "City": 255,
    "PostalCode": 30,
    "ListName": 100,
    "ShortListName": 31,
    "CustomField": 31,
    "ShipMethod": 31,
    "TrackingNum": 31,
}

# Letters and signs that Unicode does not take apart, in plain writing.
_PLAIN = str.maketrans(
    {
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "‘": "'", "’": "'",
        "‚": "'", "“": '"', "”": '"', "„": '"', "…": "...", "•": "*", "€": "EUR",
        "™": "(TM)", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "œ": "oe",
        "Œ": "OE", "ẞ": "SS", "ħ": "h", "Ħ": "H",
    }
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u200b-\u200f]")
_EMAIL = re.compile(r"[^@\s<>,;\"()\[\]\\]+@[^@\s<>,;\"()\[\]\\]+\.[^@\s<>,;\"()]+")


def clean(text, limit=None, multiline=False, charset="latin1") -> str:
    """Text as QBO takes it, at most ``limit`` characters; ``""`` for no text.

    multiline: keep line breaks. charset: ``latin1`` for US companies (QBO keeps
    ISO-8859-1 there), ``utf8`` for all others. Cleaning twice changes nothing.
    """
    value = _CONTROL.sub("", _breaks(text)) if text else ""
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
        value = _latin1(value) if charset == "latin1" else value
    value = _even(value, multiline)
    return value if limit is None else _cut(value, limit)


def fits(text, limit, charset="latin1") -> bool:
    """True if a text, cleaned, isn't longer than the limit."""
    return _size(clean(text, charset=charset)) <= limit


def _cut(value, limit):
    """At most ``limit`` characters, counted as Java does, the last one whole."""
    if _size(value) <= limit:
        return value
    kept = value.encode("utf-16-le")[: max(limit, 0) * 2].decode("utf-16-le", "ignore")
    # An accent that would be parted from its letter takes the letter with it.
    if unicodedata.combining(value[len(kept)]):
        kept = kept.rstrip(_accents(kept))[:-1]
    return kept.rstrip()


def _size(text):
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _accents(text):
    return "".join({c for c in text if unicodedata.combining(c)}) or "\0"


def _breaks(text):
    return re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", str(text))


def _latin1(value):
    value = value.translate(_PLAIN)
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return "".join(map(_latin1_character, value))
    return value


def _latin1_character(character):
    if character <= "\x7f" or "\xa0" <= character <= "\xff":
        return character
    plain = unicodedata.normalize("NFKD", character)
    return plain.encode("latin-1", "ignore").decode("latin-1")


def _even(value, multiline):
    if not multiline:
        return " ".join(value.split())
    lines = (" ".join(line.split()) for line in value.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def with_suffix(name, suffix="", limit=500, charset="latin1") -> str:
    """The name with a suffix that always stays whole; the name is cut for it."""
    tail = clean(suffix, limit, charset=charset)
    head = clean(name, charset=charset)
    if not tail:
        return _cut(head, limit)
    return f"{_cut(head, limit - _size(tail) - 1)} {tail}".strip()


def display_name(name, suffix="", limit=500, charset="latin1") -> str:
    """A customer's or vendor's name: no ``:``, which parts levels in QBO.

    ``Acme: Parts`` becomes ``Acme - Parts``. suffix keeps equal names apart,
    as in ``Acme (Vendor)``; customers, vendors and employees share one space.
    """
    tail = _no_colon(clean(suffix, charset=charset))
    return with_suffix(_no_colon(clean(name, charset=charset)), tail, limit, charset)


def item_name(name, suffix="", limit=100, charset="latin1") -> str:
    """A product's name by the same rule: 100 characters, no ``:``."""
    return display_name(name, suffix, limit, charset)


def _no_colon(name):
    return " - ".join(filter(None, map(str.strip, name.split(":"))))


def doc_number(number, limit=21, charset="latin1") -> str:
    """A document number of at most 21 characters that stays unique.

    One that fits goes as it is. A longer one keeps its end, where the counter
    is, behind seven characters made of all of it: ``k3vq7xa~T/2026/000042``.
    """
    text = clean(number, charset=charset)
    if _size(text) <= limit:
        return text
    # The original decides: two numbers that only cleaning makes equal differ.
    digest = hashlib.sha256(str(number).encode("utf-8", "replace")).digest()
    head = base64.b32encode(digest).decode().lower()[:7]
    tail = text.encode("utf-16-le")[-2 * (limit - 8) :].decode("utf-16-le", "ignore")
    return f"{head}~{tail}"


def file_name(name, limit=100) -> str:
    """A file's name in plain letters, digits, ``.``, ``-`` and ``_``; its end stays.

    ``INV/2026/00042.pdf`` becomes ``INV-2026-00042.pdf``.
    """
    plain = unicodedata.normalize("NFKD", clean(name)).encode("ascii", "ignore")
    return re.sub(r"[^\w.-]+", "-", plain.decode())[-limit:].lstrip("-.")


def email(value):
    """The first usable address in a text, or None.

    QBO wants one ``@``, a dot behind it, and at most 100 characters (fault 2210).
    """
    found = _EMAIL.search(clean(value, 2000, charset="utf8"))
    address = found[0].rstrip(".") if found else ""
    fits = address.isascii() and len(address) <= LIMITS["Email"]
    return address if fits and "." in address.partition("@")[2] else None


def phone(value) -> str:
    """A phone number of at most 30 characters; separators go before digits do."""
    text = clean(value)
    limit = LIMITS["Phone"]
    return text if len(text) <= limit else re.sub(r"[\s().\-/]", "", text)[:limit]


def changes(original, sent) -> str:
    """What was altered, in words for the log; ``""`` if nothing was."""
    before, after = str(original or ""), str(sent or "")
    if before == after:
        return ""
    if before.strip().startswith(after):
        return f"cut from {len(before)} to {len(after)} characters"
    return f"written as {after!r} instead of {before!r}"
