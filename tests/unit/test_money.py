"""QBO's arithmetic: exact in, exact out, 6070 never."""

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo.money import D, line_amount, number_text, price_line, round_half_up, to_json

quantities = st.decimals(
    min_value="-100000", max_value="100000", places=5, allow_nan=False
)
amounts = st.decimals(min_value="-1e9", max_value="1e9", places=2, allow_nan=False)
prices = st.decimals(min_value="-1e7", max_value="1e7", places=6, allow_nan=False)


@pytest.mark.parametrize(
    ("qty", "price", "amount"),
    [
        # Measured against QBO: half-up, at the precision sent.
        ("128.350", "14.50", "1861.08"),
        ("3", "33.333333", "100.00"),
        ("3", "33.33", "99.99"),
        ("-1", "0.005", "-0.01"),
        ("1", "2.675", "2.68"),
    ],
)
def test_line_amount_is_qbo_s(qty, price, amount):
    assert line_amount(qty, price) == Decimal(amount)


def test_numbers_are_read_as_people_see_them():
    assert D(0.1) == Decimal("0.1")
    assert D(" 12.50 ") == Decimal("12.50")
    assert D(7) == 7


@pytest.mark.parametrize("value", [None, True, "", "abc", "NaN", float("inf"), "1e99"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError):
        D(value)


def test_price_line_keeps_the_hint_that_fits():
    assert price_line(3, "59.97", "19.99").unit_price == Decimal("19.99")


def test_price_line_finds_a_longer_price():
    line = price_line(3, 100, "33.33")
    assert (line.qty, line.unit_price) == (3, Decimal("33.333"))


def test_price_line_sends_the_amount_alone_if_nothing_fits():
    assert price_line(0, "10.00") == (None, None, Decimal("10.00"))
    assert price_line("100000000", "0.01") == (None, None, Decimal("0.01"))


def test_a_price_has_at_most_seven_decimals():
    line = price_line(1, "3.33", "3.3333333333333")
    assert line.unit_price == Decimal("3.3333333")


@given(quantities, amounts, st.none() | prices)
def test_price_line_never_breaks_6070_and_keeps_the_amount(qty, amount, hint):
    line = price_line(qty, amount, hint)
    assert line.amount == amount
    assert (line.qty is None) == (line.unit_price is None)
    if line.qty is not None:
        assert line.qty == qty
        sent = Decimal(number_text(line.qty)) * Decimal(number_text(line.unit_price))
        assert sent.quantize(Decimal("0.01"), ROUND_HALF_UP) == amount


@given(st.integers(1, 1000), amounts)
def test_ordinary_quantities_always_find_a_price(qty, amount):
    assert price_line(qty, amount).qty == qty


@given(amounts, st.integers(0, 6))
def test_rounding_moves_by_half_a_step_at_most(amount, digits):
    step = Decimal(1).scaleb(-digits)
    assert abs(round_half_up(amount, digits) - amount) <= step / 2


@given(st.decimals(min_value="-1e20", max_value="1e20", allow_nan=False, places=9))
def test_number_text_is_the_number(value):
    text = number_text(value)
    assert "e" not in text.lower()
    assert Decimal(text) == value


def test_json_has_plain_numbers():
    body = {"a": Decimal("1E+2"), "b": 0.1, "c": Decimal("-0.00"), "d": [True, None]}
    assert to_json(body) == '{"a":100,"b":0.1,"c":0.00,"d":[true,null]}'
    assert to_json({"d": date(2026, 11, 20)}) == '{"d":"2026-11-20"}'


@pytest.mark.parametrize("value", [{1, 2}, object(), b"x"])
def test_json_refuses_other_types(value):
    with pytest.raises(TypeError):
        to_json({"a": value})


json_values = st.recursive(
    st.none() | st.booleans() | st.text() | amounts,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_json_comes_back_the_same(value):
    text = to_json(value)
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == value
    assert json.loads(to_json(value, sort=True), parse_float=Decimal) == value
