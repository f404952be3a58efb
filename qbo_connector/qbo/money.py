"""Amounts, prices and quantities: Decimal only, rounded as QBO rounds."""

from decimal import ROUND_HALF_UP, Context, Decimal
from json.encoder import encode_basestring as _quoted
from typing import NamedTuple

# So many digits that multiplying never rounds; dividing needs no more than 50.
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_DIVIDE = Context(prec=50, rounding=ROUND_HALF_UP)
_LARGEST = 30  # digits before the point; QBO's own limit is far below
_STEPS = {digits: Decimal(1).scaleb(-digits) for digits in range(-3, 13)}
PRICE_DIGITS = range(2, 8)  # QBO keeps up to 7 decimals of a unit price


class PricedLine(NamedTuple):
    """What to send of a line; ``qty`` and ``unit_price`` None: Amount only."""

    qty: Decimal | None
    unit_price: Decimal | None
    amount: Decimal


def D(value) -> Decimal:
    """A Decimal of the number a person sees; floats by their shortest text.

    Raises ValueError for anything that is not a finite number of up to 30 digits
    before the point.
    """
    number = value if isinstance(value, Decimal) else _parse(value)
    if not number.is_finite() or number.adjusted() > _LARGEST:
        raise ValueError(f"not a number QuickBooks could hold: {value!r}")
    return number


def _parse(value):
    if isinstance(value, bool) or value is None:
        raise ValueError(f"not a number: {value!r}")
    text = repr(float(value)) if isinstance(value, float) else str(value)
    try:
        return Decimal(text.strip())
    except ArithmeticError:
        raise ValueError(f"not a number: {value!r}") from None


def round_half_up(amount, digits=2) -> Decimal:
    """``amount`` with ``digits`` (-3 to 12) decimals, halves away from zero."""
    return D(amount).quantize(_STEPS[digits], context=_EXACT)


def line_amount(qty, unit_price) -> Decimal:
    """Quantity times price in cents, exactly as QBO checks it (fault 6070)."""
    return round_half_up(_EXACT.multiply(D(qty), D(unit_price)))


def price_line(qty, amount, price_hint=None) -> PricedLine:
    """A unit price with which QBO computes just this amount, the hint first.

    qty: in the unit of the QBO item; amount: the line's net total, kept to the
    cent. Where no price of up to 7 decimals gives it, only the amount is left:
    QBO takes any amount without quantity and price, but refuses (6070) one that
    is not their product.
    """
    qty, amount = D(qty), round_half_up(amount)
    for price in _prices(qty, amount, price_hint):
        if line_amount(qty, price) == amount:
            return PricedLine(qty, price, amount)
    return PricedLine(None, None, amount)


def _prices(qty, amount, price_hint):
    if price_hint is not None:
        hint = D(price_hint)
        short = hint.as_tuple().exponent >= -PRICE_DIGITS[-1]
        yield hint if short else round_half_up(hint, PRICE_DIGITS[-1])
    if qty:
        exact = _DIVIDE.divide(amount, qty)
        if exact.adjusted() <= _LARGEST:
            yield from (round_half_up(exact, digits) for digits in PRICE_DIGITS)


def number_text(value) -> str:
    """A number as JSON text with the decimals it has, never with an exponent."""
    number = D(value)
    return format(number if number else abs(number), "f")


def to_json(obj, sort=False, number=number_text) -> str:
    """JSON with Decimals as exact plain numbers; dates as ISO text.

    sort: keys in order. number: how a number is written.
    Raises TypeError for what QBO has no type for, ValueError for NaN.
    """

    def write(value):
        if isinstance(value, str):
            return _quoted(value)
        if isinstance(value, dict):
            items = sorted(value.items()) if sort else value.items()
            return "{" + ",".join([_quoted(k) + ":" + write(v) for k, v in items]) + "}"
        if isinstance(value, (list, tuple)):
            return "[" + ",".join([write(entry) for entry in value]) + "]"
        return _scalar(value, number)

    return write(obj)


def _scalar(value, number):
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (Decimal, int, float)):
        return number(value)
    if hasattr(value, "isoformat"):
        return _quoted(value.isoformat())
    raise TypeError(f"no JSON type for {type(value).__name__}")
