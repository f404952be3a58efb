"""Many workers find the access token refused at once: none loses the connection."""

import sqlite3

import pytest

from benchmarks import inside
from benchmarks.stage import staged

PROCESSES = 8
ROUNDS = 100


@pytest.fixture(scope="module")
def stage():
    with staged(parties=1, goods=1) as made:
        made.admin("knobs", {"refresh_rotation": "always", "refresh_grace": 0})
        yield made


def refresh_tokens(stage):
    """How many refresh tokens QuickBooks has given out so far."""
    with sqlite3.connect(stage.sandbox.store) as books:
        found = books.execute("SELECT count(*) FROM tokens WHERE kind = 'refresh'")
        return found.fetchone()[0]


def test_eight_processes_refresh_at_once(stage):
    """One of them calls, the others get what it got; the old tokens are dead."""
    before = refresh_tokens(stage)
    found = inside.run(stage.database, "refresh", processes=PROCESSES, rounds=ROUNDS)
    assert found == {"tokens": [1] * ROUNDS, "fresh": ROUNDS, "errors": []}
    assert refresh_tokens(stage) - before == ROUNDS
    assert stage.query("SELECT state FROM qbo_backend") == [("connected",)]
