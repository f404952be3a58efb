"""What QBO will make of a form's lines: its rule for tax, discount and total.

QBO sums the net amounts of a tax rate over the whole form, takes the discount off
in proportion, and rounds each rate's tax once, half-up. What a program thinks the
total is counts for nothing, so both sides are compared before and after sending.
"""

from decimal import Decimal
from typing import NamedTuple

from .money import D, round_half_up

CENT = Decimal("0.01")


class Part(NamedTuple):
    """A line's net amount in cents; code: any key; shipping: outside the discount."""

    amount: Decimal
    code: object
    shipping: bool = False


class RateTax(NamedTuple):
    """Tax of one rate: its id, percent, unrounded base and rounded amount."""

    rate_id: str
    percent: Decimal
    base: Decimal
    amount: Decimal


def subtotal(parts) -> Decimal:
    """Sum of the lines a discount is taken off: all but QBO's shipping field."""
    return sum((part.amount for part in parts if not part.shipping), D(0))


def net(parts, discount=Decimal(0)) -> Decimal:
    """The form before tax."""
    return sum((part.amount for part in parts), D(0)) - discount


def bases(parts, discount=Decimal(0)) -> dict:
    """{code: its net amount after its share of the discount, unrounded}."""
    whole = subtotal(parts)
    found = {}
    for part in parts:
        amount = part.amount
        if discount and whole and not part.shipping:
            amount -= discount * part.amount / whole
        found[part.code] = found.get(part.code, D(0)) + amount
    return found


def taxes(parts, discount, rates) -> list:
    """The RateTax lines QBO computes. rates: {code: [(rate id, percent), …]}."""
    summed = {}
    for code, base in bases(parts, discount).items():
        for rate_id, percent in rates.get(code) or ():
            before = summed.get(rate_id, (percent, D(0)))
            summed[rate_id] = (D(percent), before[1] + base)
    return [
        RateTax(rate_id, percent, base, round_half_up(base * percent / 100))
        for rate_id, (percent, base) in summed.items()
    ]


def total_tax(lines) -> Decimal:
    """Sum of RateTax lines."""
    return sum((line.amount for line in lines), D(0))


def with_gap(lines, gap) -> list:
    """The RateTax lines with ``gap`` put on the largest; [] if there is no tax."""
    if not any(line.percent for line in lines):
        return []
    largest = max(lines, key=lambda line: (bool(line.percent), abs(line.amount)))
    return [
        line._replace(amount=line.amount + gap) if line is largest else line
        for line in lines
    ]


def corrected(answer, total, sent_lines, digits=None):
    """The TxnTaxDetail that brings QBO's answer to ``total``, on its own tax lines.

    sent_lines: ``Line`` as it was sent: only tax may differ. digits: the currency's, if
    no more than rounding may be put on the largest tax; None for any difference.
    Returns None if that isn't how they differ.
    """
    detail = answer.get("TxnTaxDetail") or {}
    rates = [
        RateTax(at, D(inner.get("TaxPercent") or 0), D(0), D(line["Amount"]))
        for at, line in enumerate(detail.get("TaxLine") or ())
        for inner in [line.get("TaxLineDetail") or {}]
    ]
    tax, theirs = D(detail.get("TotalTax") or 0), D(answer["TotalAmt"])
    gap = total - theirs
    amounts = [line for line in sent_lines if "Amount" in line]
    most = digits is not None and rounding_bound(len(amounts), len(rates), digits)
    if theirs - tax != net_of(amounts) or (digits is not None and abs(gap) > most):
        return None
    lines = [
        {**detail["TaxLine"][one.rate_id], "Amount": one.amount}
        for one in with_gap(rates, gap)
    ]
    return {**detail, "TotalTax": tax + gap, "TaxLine": lines} if lines else None


def net_of(lines) -> Decimal:
    """What lines that are sent come to before tax."""
    signs = {"DiscountLineDetail": -1}
    return sum(
        (D(line["Amount"]) * signs.get(line["DetailType"], 1) for line in lines), D(0)
    )


def is_spread(parts, discount, by_code) -> bool:
    """True if QBO would take the discount off each code as by_code has it.

    by_code: {code: what Odoo takes off it}; a cent off for each is rounding.
    """
    whole = subtotal(parts)
    if whole <= 0:
        return False
    codes = {part.code for part in parts if not part.shipping} | set(by_code)
    return all(
        abs(discount * _of_code(parts, code) / whole - by_code.get(code, D(0))) <= CENT
        for code in codes
    )


def _of_code(parts, code):
    return subtotal([part for part in parts if part.code == code])


def rounding_bound(line_count, rate_count, digits=2) -> Decimal:
    """The most that rounding can come to: half a unit for each rounded figure.

    digits: the currency's decimals; QBO rounds to cents, Odoo to whole yen. What is
    more has another reason, such as a wrong tax code.
    """
    unit = max(CENT, D(1).scaleb(-digits))
    return unit * (line_count * max(rate_count, 1) + 1)


def spread(wanted) -> dict:
    """Which documents amounts go to: {key: Decimal}, no document beyond its room.

    wanted: (amount, [(key, room), …]) for each amount, documents in their order.
    """
    found, left = {}, {}
    for amount, rooms in wanted:
        for key, room in rooms:
            part = min(amount, left.setdefault(key, room))
            if part > 0:
                found[key] = found.get(key, D(0)) + part
                left[key] -= part
                amount -= part
    return found
