"""What a form that can't change any more has too much: the lines of its credit.

Both sides are forms as they are sent. The credit's lines come to the difference of
the two net amounts for each tax code, discounts included; QBO's tax on them is that
difference's, but for rounding.
"""

from decimal import Decimal
from typing import NamedTuple

from . import totals
from .money import D, round_half_up

SOLD, DISCOUNT = "SalesItemLineDetail", "DiscountLineDetail"


class Line(NamedTuple):
    """A line of a form. item: id of the Item, "" for money only (no stock moves);
    code: id of its tax code; qty: None for an amount without one."""

    key: str
    item: str
    code: str
    qty: Decimal | None
    amount: Decimal
    text: str = ""


class Form(NamedTuple):
    """A form's lines with an item, and what its discount takes off."""

    lines: list
    discount: Decimal = Decimal(0)

    @property
    def parts(self):
        """The lines for ``totals``."""
        return [totals.Part(line.amount, line.code) for line in self.lines]

    @property
    def net(self):
        """The form before tax (Decimal)."""
        return totals.net(self.parts, self.discount)


def read(lines, keys) -> Form:
    """The form of payload lines; keys: which line of Odoo each of them is."""
    found = [
        _line(line, key)
        for line, key in zip(lines, keys, strict=True)
        if line.get("DetailType") == SOLD
    ]
    taken = [line["Amount"] for line in lines if line.get("DetailType") == DISCOUNT]
    return Form(found, sum(map(D, taken), D(0)))


def _line(line, key):
    detail = line[SOLD]
    qty = detail.get("Qty")
    return Line(
        key,
        detail["ItemRef"]["value"],
        (detail.get("TaxCodeRef") or {}).get("value", ""),
        None if qty is None else D(qty),
        D(line["Amount"]),
        line.get("Description", ""),
    )


def difference(before, after, kept) -> list:
    """The lines that credit ``before`` down to ``after``.

    kept: {key: quantity of the item that stays with the customer}; what is credited
    beyond what comes back is money only.
    """
    old = {line.key: line for line in before.lines}
    new = {line.key: line for line in after.lines}
    found = []
    for key in dict.fromkeys([*old, *new]):
        found += _less(old.get(key), new.get(key), kept.get(key, D(0)))
    return found + _discounts(before, after, found)


def _less(was, now, kept):
    """The credit for one line."""
    if was and now and was[1:3] != now[1:3]:
        return [*_less(was, None, kept), *_less(None, now, D(0))]
    line = was or now
    amount = (was.amount if was else D(0)) - (now.amount if now else D(0))
    qty = _qty(was) - _qty(now)
    if not amount and not qty:
        return []
    if line.qty is None or not qty or (amount and (amount < 0) != (qty < 0)):
        return [line._replace(item="", qty=None, amount=amount)]
    back = qty if qty < 0 else min(qty, max(_qty(was) - kept, D(0)))
    return _split(line, qty, back, amount)


def _qty(line):
    return (line.qty if line else None) or D(0)


def _split(line, qty, back, amount):
    """What comes back as the item, the rest as money."""
    returned = amount if back == qty else round_half_up(amount * back / qty)
    found = [line._replace(qty=back, amount=returned)] if back else []
    if amount != returned:
        found.append(line._replace(item="", qty=None, amount=amount - returned))
    return found


def _discounts(before, after, found):
    """The difference of the discounts, by tax code."""
    wanted = _gaps(before, after, found)
    rest = before.net - after.net - sum(line.amount for line in found)
    lines = [
        Line(f"discount:{code}", "", code, None, round_half_up(amount))
        for code, amount in wanted.items()
        if round_half_up(amount)
    ]
    rest -= sum(line.amount for line in lines)
    if rest and lines:
        lines[0] = lines[0]._replace(amount=lines[0].amount + rest)
    return lines


def _gaps(before, after, found):
    """{code: net amount the lines don't credit yet, unrounded}."""
    gaps = totals.bases(before.parts, before.discount)
    for code, base in totals.bases(after.parts, after.discount).items():
        gaps[code] = gaps.get(code, D(0)) - base
    for line in found:
        gaps[line.code] = gaps.get(line.code, D(0)) - line.amount
    return gaps
