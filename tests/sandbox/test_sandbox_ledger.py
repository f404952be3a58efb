"""The books balance after any sequence of operations, and agree with the documents.

Runs inside the process, without HTTP. ``QBO_LEDGER_EXAMPLES`` sets the number of
random sequences (2,000 and more in a long run).
"""

import os
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from qbo_sandbox.stock import apply
from tests.sandbox.any_books import Books

EXAMPLES = int(os.environ.get("QBO_LEDGER_EXAMPLES", "60"))


def test_books_balance_after_anything():
    """Random sequences keep every invariant."""
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(
    ("moves", "layers"),
    [
        ([(10, 4000), (-4, None)], [[6, 2400]]),
        ([(3, 1000), (-1, None), (-1, None)], [[1, 333]]),
        ([(-5, None), (8, 2400)], [[3, 900]]),
        ([(-5, None), (2, 600)], [[-3, -1200]]),
        ([(1, 100), (1, 300), (-2, None)], []),
    ],
)
def test_first_in_first_out(moves, layers):
    """Layers after moves; the changes add up to the value that is left."""
    held, total = [], 0
    for qty, cents in moves:
        total += apply(held, Decimal(qty), cents, Decimal(400))
    assert held == layers
    assert total == sum(value for _, value in layers)
