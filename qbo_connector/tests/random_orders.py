# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a random order may be like, as Hypothesis draws it."""

from typing import NamedTuple

from hypothesis import strategies as some

# Products and the units each is sold in, its own first.
UNITS = {
    "desk": ("unit", "dozen", "pack_6"),
    "lamp": ("unit", "dozen"),
    "wire": ("meter", "cm", "foot"),
    "work": ("hour", "day", "minute"),
}


class Line(NamedTuple):
    """price and discount (percent) as a salesperson types them; tax: any number."""

    product: str
    unit: int
    qty: float
    price: float
    discount: float
    tax: int
    included: bool


class Change(NamedTuple):
    """What becomes of a line after the order is in QuickBooks."""

    line: int
    qty: float
    price: float


class Spec(NamedTuple):
    """An order; numbers choose among what a company has."""

    lines: list
    discount: tuple  # (kind, percent or amount)
    shipping: float
    included: str
    tax: int
    position: str
    currency: int
    change: object


class Policies(NamedTuple):
    """The settings a few orders meet."""

    per_line: bool
    total_policy: str
    second_policy: str
    discount_mode: str
    shipping_mode: str
    us_tax_mode: str


def decimals(low, high, digits):
    """Floats with up to so many decimals."""
    scale = 10**digits
    whole = some.integers(int(low * scale), int(high * scale))
    return whole.map(lambda number: number / scale)


def often(usual, *others, times=4):
    """The usual value mostly, each other one now and then."""
    return some.sampled_from([usual] * times + list(others))


def weighted(*choices):
    """One of several strategies: (weight, strategy), …"""
    table = [strategy for weight, strategy in choices for _ in range(weight)]
    return some.sampled_from(range(len(table))).flatmap(lambda index: table[index])


QUANTITIES = weighted(
    (5, some.integers(1, 12).map(float)),
    (5, decimals(0.01, 200, 2)),
    (1, some.just(0.0)),
)
PRICES = weighted(
    (4, decimals(0.01, 100, 2)),
    (4, decimals(0.01, 3000, 2)),
    (3, decimals(0.000001, 10, 6)),
    (1, decimals(0.01, 250_000, 2)),
    (1, decimals(-20, -0.01, 2)),
    (1, some.just(0.0)),
)
LINES = some.builds(
    Line,
    product=some.sampled_from(sorted(UNITS)),
    unit=some.integers(0, 2),
    qty=QUANTITIES,
    price=PRICES,
    discount=often(0.0, 5.0, 12.5, 33.33, 7.7777, 100.0, times=8),
    tax=some.integers(0, 11),
    included=some.booleans(),
)
DISCOUNTS = some.one_of(
    some.just(("", 0.0)),
    some.tuples(some.just("so_discount"), some.sampled_from([5, 7.77, 10, 33.3, 100])),
    some.tuples(some.just("amount"), decimals(0.01, 50, 2)),
    some.tuples(some.just("sol_discount"), some.sampled_from([10, 12.5])),
)
CHANGES = some.builds(
    Change, line=some.integers(0, 7), qty=decimals(0, 50, 2), price=decimals(0, 500, 2)
)
SPECS = some.builds(
    Spec,
    lines=some.lists(LINES, min_size=1, max_size=7),
    discount=DISCOUNTS,
    shipping=often(0.0, 4.99, 12.0, 7.125, times=3),
    included=often("no", "yes", "by line", times=2),
    tax=some.integers(0, 11),
    position=often("", "exempt", "other", times=8),
    currency=some.integers(0, 7),
    change=often(False, True).flatmap(lambda yes: CHANGES if yes else some.none()),
)
POLICIES = some.builds(
    Policies,
    per_line=some.booleans(),
    total_policy=some.sampled_from(["tax", "tax", "line", "line", "block"]),
    second_policy=some.sampled_from(["tax", "line"]),
    discount_mode=often("field", "lines", times=2),
    shipping_mode=some.sampled_from(["line", "field"]),
    us_tax_mode=often("odoo", "qbo"),
)


def traits(policies, spec):
    """Return what is special about an order, to be counted."""
    found = {
        f"discount on the document: {spec.discount[0] or 'none'}",
        f"shipping: {policies.shipping_mode if spec.shipping else 'none'}",
        f"included taxes: {spec.included}",
        f"fiscal position: {spec.position or 'none'}",
        f"rounded per {'line' if policies.per_line else 'tax'}",
        f"policy: {policies.total_policy}",
        f"discounts by {policies.discount_mode}",
        f"changed afterwards: {'yes' if spec.change else 'no'}",
    }
    if spec.discount == ("so_discount", 100):
        found.add("discount on the document: 100 %")
    return found.union(*(_line_traits(line) for line in spec.lines))


def _line_traits(line):
    if line.unit % len(UNITS[line.product]):
        yield "another unit"
    if line.qty % 1:
        yield "fractional quantity"
    if not line.qty:
        yield "quantity of zero"
    if not line.price:
        yield "free line"
    if line.price < 0:
        yield "negative line"
    if round(line.price, 2) != line.price:
        yield "more than two decimals"
    if line.discount:
        yield "line discount"
    if line.discount == 100:
        yield "line discount of 100 %"
