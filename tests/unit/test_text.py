"""Lengths and characters."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo import text

anything = st.text(max_size=700)
charsets = st.sampled_from(["latin1", "utf8"])


@given(anything, st.integers(1, 60), st.booleans(), charsets)
def test_clean_obeys_limit_and_characters(value, limit, multiline, charset):
    once = text.clean(value, limit, multiline, charset)
    assert len(once.encode("utf-16-le")) <= limit * 2
    assert once == once.strip()
    assert text.clean(once, limit, multiline, charset) == once
    allowed = {"\n"} if multiline else set()
    assert all(c.isprintable() or c in allowed or c == "\xad" for c in once if c < "ÿ")
    once.encode("latin-1" if charset == "latin1" else "utf-8")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("Größe – Übung", "Größe - Übung"),
        ("Łódź", "Lódz"),
        ("日本 Ltd 🚀", "Ltd"),
        ("a\tb\r\nc\x00", "a b c"),
        ("½ price™ 5 €", "½ price(TM) 5 EUR"),
        (None, ""),
    ],
)
def test_us_companies_get_latin_letters(value, sent):
    assert text.clean(value) == sent


def test_other_companies_keep_all_letters():
    assert text.clean("日本 Ltd 🚀", charset="utf8") == "日本 Ltd 🚀"


def test_line_breaks_stay_where_wanted():
    assert text.clean("a\r\nb\r\n\r\n\r\n\r\nc", multiline=True) == "a\nb\n\nc"


def test_the_last_character_stays_whole():
    assert text.clean("a🚀b", 2, charset="utf8") == "a"
    assert text.clean("abx\u0323\u0307", 3, charset="utf8") in ("ab", "abx\u0323"[:3])


@given(anything, st.text(max_size=20), st.integers(30, 500), charsets)
def test_names_keep_their_suffix_and_no_colon(name, suffix, limit, charset):
    sent = text.display_name(name, suffix, limit, charset)
    assert len(sent) <= limit
    assert not set(sent) & set(":\t\n\r")
    tail = text.display_name(suffix, charset=charset)
    assert sent.endswith(tail)
    assert text.display_name(sent, "", limit, charset) == sent


def test_names_in_words():
    assert text.display_name("Acme: Parts:") == "Acme - Parts"
    assert text.display_name("Acme", "(Vendor)") == "Acme (Vendor)"
    assert text.display_name("x" * 600, "(EUR)") == "x" * 494 + " (EUR)"
    assert text.item_name("x" * 200) == "x" * 100
    assert text.display_name(" : ") == ""


def test_long_numbers_keep_their_end():
    number = "WAREHOUSE/OUT/2026/000042"
    sent = text.doc_number(number)
    assert len(sent) == 21
    assert sent.endswith("T/2026/000042")
    assert text.doc_number("INV/2026/00042") == "INV/2026/00042"


@given(
    st.lists(
        st.text(string.ascii_letters + string.digits + "/-", min_size=1, max_size=60),
        unique=True,
        max_size=60,
    )
)
def test_different_numbers_stay_different(numbers):
    sent = [text.doc_number(number) for number in numbers]
    assert len(set(sent)) == len(numbers)
    assert all(len(number) <= 21 for number in sent)


def test_a_counter_stays_unique_at_any_length():
    sent = {
        text.doc_number(f"{'P' * 30}{n}/LONG-TAIL-OF-WORDS-2026") for n in range(5000)
    }
    assert len(sent) == 5000


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("Ann <ap@acme.test>, x@y.test", "ap@acme.test"),
        ("a@b.co; c@d.co", "a@b.co"),
        ("ap@acme.test.", "ap@acme.test"),
        ("no address", None),
        ("a@localhost", None),
        ("ü@acme.test", None),
        ("a" * 100 + "@b.test", None),
        (None, None),
        (False, None),
    ],
)
def test_email(value, address):
    assert text.email(value) == address


@given(anything)
def test_email_is_an_address_or_nothing(value):
    found = text.email(value)
    assert found is None or (found.count("@") == 1 and "." in found.split("@")[1])


def test_phone_drops_separators_before_digits():
    assert text.phone("+1 (555) 010-0100") == "+1 (555) 010-0100"
    long = "+1 (555) 010-0100 / 010-0200 / 010-0300"
    assert text.phone(long) == "+1555010010001002000100300"
    assert len(text.phone("5" * 99)) == 30


def test_changes_says_what_was_lost():
    assert text.changes("abc", "abc") == ""
    assert text.changes("abcdef", "abc") == "cut from 6 to 3 characters"
    assert "instead of 'Łódź'" in text.changes("Łódź", "Lódz")


def test_file_names_are_plain_and_keep_their_end():
    assert text.file_name("INV/2026/00042.pdf") == "INV-2026-00042.pdf"
    assert text.file_name('../Übung "1".pdf') == "Ubung-1-.pdf"
    assert text.file_name("x" * 200 + ".pdf").endswith("x.pdf")
    assert len(text.file_name("x" * 200 + ".pdf")) == 100


def test_what_fits_is_measured_as_it_is_sent():
    assert text.fits("  ab   cd ", 5)
    assert not text.fits("€ 1", 3)
    assert text.fits("€ 1", 3, charset="utf8")
