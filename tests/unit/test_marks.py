"""Our mark in a note, and request ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo import marks

models = st.from_regex(r"[a-z][a-z_]{0,9}(\.[a-z_]{1,10}){0,2}", fullmatch=True)
ids = st.integers(1, 2**31)


@given(st.uuids(), models, ids, st.text(max_size=4500))
def test_a_mark_is_found_again(database, model, res_id, note):
    mark = marks.mark(database, model, res_id)
    assert len(mark) <= 60
    whole = marks.note_with_mark(note, mark)
    assert len(whole) <= 4000
    assert marks.find_mark(whole) == (model, res_id, marks.database_short(database))
    assert marks.note_with_mark(whole, mark) == whole


def test_a_mark_in_words():
    mark = marks.mark("1b7d", "sale.order", 42)
    assert mark.startswith("[Odoo sale.order 42 · ")
    assert marks.find_mark(f"Voided - a note {mark}").res_id == 42
    assert marks.find_mark("[Odoo sale.order 42]") is None
    assert marks.find_mark(None) is None


def test_a_copied_note_gets_the_new_mark_only():
    old, new = marks.mark("u", "sale.order", 1), marks.mark("u", "sale.order", 2)
    assert marks.note_with_mark(f"hello\n{old}", new) == f"hello\n{new}"


def test_models_without_a_proper_name_are_refused():
    for model in ("Bad Name", "x" * 50):
        with pytest.raises(ValueError):
            marks.mark("u", model, 1)


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_request_ids_tell_parts_apart(one, other):
    first, second = marks.request_id(*one), marks.request_id(*other)
    assert len(first) == 36
    assert (first == second) == (one == other)


def test_request_ids_stay_the_same_for_ever():
    known = marks.request_id("db", 7, "Invoice", "create", 0)
    assert known == "e3e2aee5-8e15-55cd-80c0-f15869ac22c9"
