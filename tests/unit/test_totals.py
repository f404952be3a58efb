"""QBO's rule for tax and discount, on figures that were recorded from QBO."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qbo import totals
from qbo.money import round_half_up
from qbo.totals import CENT, Part

D = Decimal
HST = {"HST": [("7", D(13))], "EX": [("8", D(0))]}


def lines(*amounts, code="HST"):
    return [Part(D(str(amount)), code) for amount in amounts]


def test_recorded_pair_california():
    """5 × 10 and 1 × 70 less 10, at 8 %: 8.80 with the discount before tax."""
    [tax] = totals.taxes(lines(50, 70, code="CA"), D(10), {"CA": [("1", D(8))]})
    assert tax.amount == D("8.80")


def test_recorded_pair_canada():
    """50 with HST and 70 exempt less 10: tax 5.96, total 115.96."""
    parts = [*lines(50), *lines(70, code="EX")]
    tax = totals.total_tax(totals.taxes(parts, D(10), HST))
    assert tax == D("5.96")
    assert totals.net(parts, D(10)) + tax == D("115.96")


def test_tax_is_rounded_once_for_each_rate():
    [tax] = totals.taxes(lines("0.35", "0.35", "0.35", "0.35"), D(0), HST)
    assert tax.amount == D("0.18")


def test_two_codes_share_a_rate():
    rates = {"GST": [("1", D(5))], "BC": [("1", D(5)), ("2", D(7))]}
    parts = [*lines(10, code="GST"), *lines(20, code="BC")]
    amounts = {one.rate_id: one.amount for one in totals.taxes(parts, D(0), rates)}
    assert amounts == {"1": D("1.50"), "2": D("1.40")}


def test_shipping_is_outside_the_discount():
    parts = [*lines(100), Part(D(10), "HST", shipping=True)]
    assert totals.subtotal(parts) == 100
    assert totals.bases(parts, D(10)) == {"HST": D(100)}


def test_gap_goes_on_the_largest_tax():
    parts = [*lines(10), *lines(90, code="EX")]
    first, second = totals.with_gap(totals.taxes(parts, D(0), HST), CENT)
    assert (first.amount, second.amount) == (D("1.31"), D(0))


def test_gap_has_no_place_without_tax():
    assert totals.with_gap(totals.taxes(lines(9, code="EX"), D(0), HST), CENT) == []


@pytest.mark.parametrize(
    ("taken", "spread"),
    [
        ({"HST": D("4.17"), "EX": D("5.83")}, True),
        ({"HST": D(10)}, False),
        ({"HST": D(5), "EX": D(5)}, False),
    ],
)
def test_only_a_discount_over_all_lines_is_quickbooks_one(taken, spread):
    parts = [*lines(50), *lines(70, code="EX")]
    assert totals.is_spread(parts, D(10), taken) is spread


def test_gifts_have_no_discount():
    assert not totals.is_spread(lines(0), D(0), {})


@given(some.lists(some.integers(1, 10**6), min_size=1, max_size=30))
def test_rounding_each_line_stays_within_the_bound(cents):
    parts = lines(*[D(one) / 100 for one in cents])
    by_line = sum(round_half_up(part.amount * 13 / 100) for part in parts)
    gap = by_line - totals.total_tax(totals.taxes(parts, D(0), HST))
    assert abs(gap) <= totals.rounding_bound(len(parts), 1)


def test_amounts_go_to_documents_one_after_another_and_never_beyond():
    rooms = [("a", D(50)), ("b", D(60))]
    spread = totals.spread([(D(30), rooms), (D(40), rooms), (D(99), rooms)])
    assert spread == {"a": D(50), "b": D(60)}
    assert totals.spread([(D(30), rooms), (D(40), rooms)]) == {"a": D(50), "b": D(20)}
    assert totals.spread([(D(5), [])]) == {}


def answered(total, tax, **rates):
    """An answer: its tax lines are {percent: amount}."""
    taxes = [
        {"Amount": amount, "TaxLineDetail": {"TaxPercent": percent}}
        for percent, amount in rates.items()
    ]
    detail = {"TotalTax": tax, "TaxLine": taxes}
    return {"TotalAmt": total, "TxnTaxDetail": detail}


SENT = [
    {"Amount": D("30.41"), "DetailType": "SalesItemLineDetail"},
    {"Amount": D("3.04"), "DetailType": "DiscountLineDetail"},
    {"DetailType": "DescriptionOnly"},
]


def test_a_cent_goes_onto_quickbooks_largest_tax():
    answer = answered(29.85, 2.48, **{"13": 1.81, "5": 0.67})
    found = totals.corrected(answer, D("29.84"), SENT, 2)
    assert found["TotalTax"] == D("2.47")
    assert [line["Amount"] for line in found["TaxLine"]] == [D("1.80"), D("0.67")]


def test_what_is_no_rounding_or_no_tax_is_not_corrected():
    answer = answered(29.85, 2.48, **{"13": 1.81, "5": 0.67})
    assert totals.corrected(answer, D("31.00"), SENT, 2) is None
    assert totals.corrected(answer, D("31.00"), SENT)["TotalTax"] == D("3.63")
    assert totals.corrected({**answer, "TotalAmt": 30}, D("29.84"), SENT, 2) is None
    assert totals.corrected(answered(27.37, 0), D("27.38"), SENT, 2) is None
