"""Crediting a form down to another: net by tax code, goods and money apart."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qbo import credit, totals
from qbo.credit import Form, Line

D = Decimal
DESKS = Line("1", "11", "TAX", D(3), D(300), "Desk")
LAMP = Line("2", "12", "NON", D(1), D(10), "Lamp")


def short(lines):
    return [(line.item, line.qty, line.amount) for line in lines]


@pytest.mark.parametrize(
    ("now", "kept", "wanted"),
    [
        (DESKS._replace(qty=D(1), amount=D(100)), 1, [("11", 2, 200)]),
        (DESKS._replace(qty=D(1), amount=D(100)), 3, [("", None, 200)]),
        (
            DESKS._replace(qty=D(1), amount=D(100)),
            2,
            [("11", 1, 100), ("", None, 100)],
        ),
        (DESKS._replace(amount=D(270)), 3, [("", None, 30)]),
        (DESKS._replace(code="NON"), 0, [("11", 3, 300), ("11", -3, -300)]),
        (DESKS, 0, []),
    ],
)
def test_a_line_goods_that_come_back_and_money(now, kept, wanted):
    found = credit.difference(Form([DESKS]), Form([now]), {"1": D(kept)})
    assert short(found) == wanted


def test_lines_taken_off_and_lines_added():
    found = credit.difference(Form([DESKS]), Form([LAMP]), {})
    assert short(found) == [("11", 3, 300), ("12", -1, -10)]


def test_forms_are_read_as_they_are_sent():
    lines = [
        {
            "Amount": 300,
            "Description": "Desk",
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {
                "ItemRef": {"value": "11"},
                "Qty": 3,
                "TaxCodeRef": {"value": "TAX"},
            },
        },
        {"DetailType": "DescriptionOnly", "Description": "words"},
        {"Amount": 30, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {}},
    ]
    form = credit.read(lines, ["1", "w", "discount"])
    assert form == Form([DESKS], D(30))
    assert form.net == 270


lines = some.lists(
    some.builds(
        Line,
        key=some.sampled_from("abcde"),
        item=some.sampled_from(["11", "12"]),
        code=some.sampled_from(["TAX", "NON"]),
        qty=some.integers(1, 9).map(D),
        amount=some.integers(1, 99999).map(lambda cents: D(cents) / 100),
    ),
    max_size=5,
    unique_by=lambda line: line.key,
)
forms = some.builds(Form, lines, some.integers(0, 99).map(lambda cents: D(cents) / 100))


@given(forms, forms, some.integers(0, 9))
def test_the_credit_comes_to_the_difference_to_the_cent(before, after, kept):
    if not (before.lines and after.lines):
        before, after = Form(before.lines), Form(after.lines)
    found = credit.difference(before, after, dict.fromkeys("abcde", D(kept)))
    parts = [totals.Part(line.amount, line.code) for line in found]
    assert totals.net(parts) == before.net - after.net
    bases = totals.bases(before.parts, before.discount)
    for code, base in totals.bases(after.parts, after.discount).items():
        bases[code] = bases.get(code, D(0)) - base
    for code, base in bases.items():
        mine = sum(part.amount for part in parts if part.code == code)
        assert abs(mine - base) <= D("0.02")
