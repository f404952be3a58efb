"""The short form of ``make walk``: random business, then books that say the same."""

from benchmarks.walk import Plan, walk


def test_books_are_what_odoo_says():
    verdict = walk(Plan(seed=26, steps=40))
    print(verdict)
    assert not verdict.problems
