"""The governor's arithmetic."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbo.limits import (
    BULK,
    DOCUMENTS,
    LISTS,
    Limits,
    State,
    acquire,
    pause,
    release,
    release_dead,
    reserve,
)

START = 1_800_000_000.0


def run(seconds, kind="write", priority=DOCUMENTS, travel=0.0, state=None):
    """Send as fast as allowed; when each request left."""
    state, now, sent = state or State(), START, []
    while now < START + seconds:
        answer = acquire(state, now, "one", kind, priority)
        state = answer.state
        if answer.wait:
            now += answer.wait + 1e-6
            continue
        sent.append(now)
        state = release(state, "one")
        now += travel
    return sent


def most_within(moments, window):
    return max(
        sum(1 for other in moments[i:] if other < moment + window)
        for i, moment in enumerate(moments)
    )


def test_never_above_intuit_s_limits_and_close_to_them():
    sent = run(185)
    assert most_within(sent, 1) <= 10
    assert most_within(sent, 60) <= 500
    assert len(sent) >= 1450


def test_those_who_wait_get_places_one_after_the_other():
    """Ten workers that all ask at once, each again as soon as it has sent."""
    state, sent, free = State(), [], [START] * 10
    for number in range(1000):
        now = min(free)
        free.remove(now)
        answer = reserve(state, now, str(number))
        assert answer.taken
        sent.append(now + answer.wait)
        state = release(answer.state, str(number))
        free.append(sent[-1] + 0.9)
    assert most_within(sorted(sent), 1.19) <= 10
    assert most_within(sorted(sent), 60) <= 500
    assert max(sent) - START < 125


def test_no_place_is_taken_too_far_ahead():
    paused = pause(State(), START, 60)
    answer = reserve(paused, START, "x")
    assert (answer.taken, answer.wait) == (False, 60)
    assert not answer.state.leases
    soon = reserve(paused, START + 58, "x")
    assert (soon.taken, soon.wait) == (True, 2)


def test_a_thousand_documents_take_less_than_126_seconds():
    assert len(run(126)) >= 1000


def test_batches_have_a_limit_of_their_own():
    sent = run(130, kind="batch")
    assert most_within(sent, 60) <= 40
    assert len(sent) >= 80


def test_bulk_leaves_room_for_documents():
    state, now = State(), START
    while now < START + 100:
        answer = acquire(state, now, "b", priority=BULK)
        state = release(answer.state, "b")
        if answer.wait:
            for priority in (LISTS, DOCUMENTS):
                assert acquire(state, now, "x", priority=priority).wait == 0
        now += answer.wait
    assert sum(count for _, count in state.minute) > 400


def test_ten_in_flight_until_one_comes_back():
    state = State()
    for number in range(10):
        answer = acquire(state, START + number, str(number))
        assert answer.wait == 0
        state = answer.state
    full = acquire(state, START + 20, "eleven")
    assert (full.reason, full.wait) == ("in_flight", Limits().poll)
    assert acquire(release(state, "3"), START + 20, "eleven").wait == 0


def test_a_killed_worker_gives_its_place_back_in_the_end():
    state = State()
    for number in range(10):
        state = acquire(state, START, str(number)).state
    assert acquire(state, START + 100, "x").wait > 0
    assert acquire(state, START + 181, "x").wait == 0


def test_a_pause_stops_everybody():
    state = pause(State(), START, 60)
    assert acquire(state, START + 10, "x")[:3] == (state, 50.0, "pause")
    assert acquire(state, START + 60.1, "x").wait == 0
    assert pause(state, START, 5).paused_until == START + 60


def test_a_clock_set_back_does_not_block_for_long():
    state = State()
    for _ in range(10):
        state = acquire(state, START, "x").state
    state = pause(state, START)
    early = START - 100_000
    assert acquire(state, early, "x").wait == 0


def test_the_state_survives_json_and_damage():
    state = pause(acquire(State(), START, "a", "batch").state, START)
    stored = json.dumps(state.to_dict())
    assert State.from_dict(json.loads(stored)) == state
    assert len(stored) < 1000
    for damaged in (None, {}, {"recent": 3}, {"minute": [[1]]}, []):
        assert State.from_dict(damaged) == State()


def test_the_state_stays_small():
    state = State()
    for number in range(3000):
        answer = acquire(state, START + number * 0.13, "x")
        state = release(answer.state, "x")
    assert len(json.dumps(state.to_dict())) < 2500


def test_places_of_killed_workers_are_free_when_all_are_taken():
    state = State()
    for number in range(10):
        assert release_dead(state, lambda: pytest.fail("asked too early")) is state
        state = acquire(state, START + 2 * number, f"{number % 2}:{number}").state
    later = START + 30
    assert acquire(state, later, "2:x").reason == "in_flight"
    left = release_dead(state, lambda: {"1", "2"})
    assert [name for name, _end in left.leases] == ["1:1", "1:3", "1:5", "1:7", "1:9"]
    assert not acquire(left, later, "2:x").wait


steps = st.tuples(
    st.floats(0, 3), st.sampled_from(["write", "read", "batch"]), st.integers(0, 2)
)


@given(st.lists(steps, max_size=120))
@settings(max_examples=60)
def test_waits_are_finite_and_lead_to_a_place(moves):
    state, now, sent = State(), START, []
    for number, (gap, kind, priority) in enumerate(moves):
        now += gap
        for _ in range(50):
            answer = acquire(state, now, str(number), kind, priority)
            assert 0 <= answer.wait <= 63
            state = answer.state
            if not answer.wait:
                break
            now += answer.wait + 1e-6
        else:
            pytest.fail("never got a place")
        sent.append(now)
        state = release(state, str(number))
    assert not sent or most_within(sent, 1) <= 10
