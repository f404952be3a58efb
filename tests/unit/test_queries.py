"""No value breaks out of its quotes."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo import queries


def read_quoted(statement, start):
    """Read one quoted value as QBO's grammar does; the text and where it ends."""
    assert statement[start] == "'"
    out, position = [], start + 1
    while statement[position] != "'":
        if statement[position] == "\\":
            position += 1
        out.append(statement[position])
        position += 1
    return "".join(out), position + 1


@given(st.text())
def test_quoted_values_end_where_they_should(value):
    quoted = queries.quote(value)
    found, end = read_quoted(quoted, 0)
    assert end == len(quoted)
    assert len(found) == len(value)
    assert all(a == b or (a == " " and not b.isprintable())
               for a, b in zip(found, value, strict=True))  # fmt: skip


@given(st.lists(st.text(), min_size=1, max_size=8), st.text())
def test_no_value_changes_a_statement(values, name):
    statement = queries.select(
        "Customer", [queries.in_("DisplayName", values), queries.eq("Notes", name)]
    )
    position = statement.index("(") + 1
    for count, _ in enumerate(values, 1):
        _, position = read_quoted(statement, position)
        position += 2 if count < len(values) else 0
    assert statement[position:].startswith(") AND Notes = '")
    _, end = read_quoted(statement, position + len(") AND Notes = "))
    assert end == len(statement)


def test_values_of_all_kinds():
    moment = datetime(2026, 11, 20, 10, 20, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert queries.quote("O'Neil \\ Co") == "'O\\'Neil \\\\ Co'"
    assert queries.quote(True) == "true"
    assert queries.quote(Decimal("1E+3")) == "'1000'"
    assert queries.quote(date(2026, 1, 2)) == "'2026-01-02'"
    assert queries.quote(moment) == "'2026-11-20T10:20:30-08:00'"


@pytest.mark.parametrize("value", [None, datetime(2026, 1, 1)])
def test_values_qbo_would_misread_are_refused(value):
    with pytest.raises(ValueError):
        queries.quote(value)


def test_a_whole_statement():
    where = [queries.eq("Type", "Inventory"), "", queries.active_any()]
    assert queries.select("Item", where, "Name DESC, Id", 1001, 5000) == (
        "SELECT * FROM Item WHERE Type = 'Inventory' AND Active IN (true, false) "
        "ORDERBY Name DESC, Id STARTPOSITION 1001 MAXRESULTS 1000"
    )
    assert queries.select("Item", columns="COUNT(*)") == "SELECT COUNT(*) FROM Item"
    assert queries.select("Item", "Id = '1'") == "SELECT * FROM Item WHERE Id = '1'"
    assert queries.compare("Balance", ">", 0) == "Balance > '0'"


@pytest.mark.parametrize(
    "make",
    [
        lambda: queries.select("Item; DROP"),
        lambda: queries.select("Item", order="Id --"),
        lambda: queries.select("Item", columns="Id FROM Vendor"),
        lambda: queries.eq("Name = 'x' AND Id", "1"),
        lambda: queries.compare("Id", "!=", "1"),
        lambda: queries.in_("Id", []),
    ],
)
def test_names_that_are_none_are_refused(make):
    with pytest.raises(ValueError):
        make()
