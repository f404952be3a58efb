"""Numbers, dates and JSON as QuickBooks writes them."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# Intuit stamps objects in the company's zone; one fixed offset keeps runs equal.
PACIFIC = timezone(timedelta(hours=-8))


def dec(value):
    """Decimal of a JSON number, numeric text or None (0)."""
    if isinstance(value, Decimal):
        return value
    return Decimal(str(value)) if value not in (None, "") else ZERO


def money(value):
    """Round to cents, half away from zero (QBO's rounding, fault 6070)."""
    return dec(value).quantize(CENT, ROUND_HALF_UP)


def cents(value):
    """Whole cents (int) of an amount."""
    return int(money(value) * 100)


def from_cents(count):
    """Decimal amount of whole cents."""
    return Decimal(count or 0).scaleb(-2)


def share(amount, part, whole):
    """The part of ``amount`` that ``part`` is of ``whole``, unrounded."""
    return dec(amount) * dec(part) / dec(whole) if whole else ZERO


def loads(text):
    """JSON to Python with Decimals in place of floats."""
    return DECODER.decode(text)


def _number(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def dumps(value):
    """Python to compact JSON; Decimals become plain numbers."""
    return ENCODER.encode(value)


DECODER = json.JSONDecoder(parse_float=Decimal)
ENCODER = json.JSONEncoder(default=_number, separators=(",", ":"))


def stamp(epoch):
    """``2026-11-20T02:03:04-08:00`` of seconds since 1970."""
    moment = datetime.fromtimestamp(int(epoch), PACIFIC)
    return moment.isoformat()


def stamp_ms(epoch):
    """``2026-11-20T02:03:04.005-08:00``: the ``time`` of every answer."""
    moment = datetime.fromtimestamp(epoch, PACIFIC)
    return moment.isoformat(timespec="milliseconds")


def today(epoch):
    """The company's date (``YYYY-MM-DD``) at that moment."""
    return datetime.fromtimestamp(epoch, PACIFIC).date().isoformat()


def parse_moment(text):
    """Seconds since 1970 of an ISO date or time; no zone means Pacific.

    Raises ValueError on anything else.
    """
    text = str(text).strip().replace(" ", "+")
    if text.endswith("Z"):
        text = text[:-1] + "+00:00"
    moment = datetime.fromisoformat(_six_digits(text))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=PACIFIC)
    return moment.timestamp()


def _six_digits(text):
    """Python 3.10 reads only 3 or 6 digits of a second's fraction."""
    if "." not in text:
        return text
    head, _, tail = text.partition(".")
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[:digits][:6].ljust(6, '0')}{tail[digits:]}"


def is_date(text):
    """True for a real ``YYYY-MM-DD``."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False


def add_days(day, count):
    """ISO date ``count`` days after an ISO date."""
    return (date.fromisoformat(day) + timedelta(days=int(count))).isoformat()


def ref_id(doc, name):
    """The bare id a reference field points at, or None."""
    ref = (doc or {}).get(name)
    return str(ref["value"]) if ref and ref.get("value") not in (None, "") else None
