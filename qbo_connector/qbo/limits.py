"""How fast one QBO company may be asked: arithmetic only, no clock, no database.

Intuit allows a company 500 requests a minute, 10 a second, 40 batch calls a
minute, and 10 at the same time; above that it answers 429. The state is small
and goes into one row that all workers share; whoever may go is written into it
before the request leaves.
"""

from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

DOCUMENTS, LISTS, BULK = 0, 1, 2  # priorities
# Bulk leaves room, so that an order never waits behind a first load.
SHARES = {DOCUMENTS: 1.0, LISTS: 0.95, BULK: 0.85}
FOREVER = 24 * 3600.0


@dataclass(frozen=True)
class Limits:
    """Intuit's limits. The windows are longer than Intuit's, as requests do not leave
    and travel equally fast: a fifth of a second between two of them does no harm.
    (500 a minute is one in 0.12 s, so it costs nothing in the long run.)"""

    per_second: int = 10
    per_minute: int = 500
    batches_per_minute: int = 40
    in_flight: int = 10
    second: float = 1.2
    minute: float = 60.2
    # A request ends after 120 s at QBO; a killed worker's place is free then.
    lease: float = 180.0
    # How far ahead a place is given out, in seconds.
    ahead: float = 5.0
    # How soon to look again for a place among those in flight.
    poll: float = 0.1


@dataclass(frozen=True)
class State:
    """recent: times of the last requests; minute: (second, requests) pairs;
    batches: times of the last batch calls; leases: (id, end) of those in flight, the
    id beginning with its owner and a colon; paused_until: after a 429. All times in
    seconds of one clock."""

    recent: tuple = ()
    minute: tuple = ()
    batches: tuple = ()
    leases: tuple = ()
    paused_until: float = 0.0

    def to_dict(self) -> dict:
        """The state as JSON takes it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values) -> "State":
        """The state of ``to_dict``; an empty or damaged one starts anew."""
        try:
            return cls(
                recent=tuple(float(moment) for moment in values["recent"]),
                minute=tuple((int(s), int(n)) for s, n in values["minute"]),
                batches=tuple(float(moment) for moment in values["batches"]),
                leases=tuple((str(name), float(end)) for name, end in values["leases"]),
                paused_until=float(values["paused_until"]),
            )
        except (KeyError, TypeError, ValueError):
            return cls()


class Answer(NamedTuple):
    """wait 0: go now, the place is taken in ``state``. Else: ask again after
    ``wait`` seconds, or, if ``taken``, go then; ``reason`` is pause, second, minute,
    batch or in_flight."""

    state: State
    wait: float
    reason: str = ""
    taken: bool = False


def acquire(state, now, lease, kind="write", priority=DOCUMENTS, limits=None) -> Answer:
    """Ask for one request at the time ``now`` (seconds).

    lease: a name for it, given back with ``release``; kind: write, read, batch.
    """
    limits = limits or Limits()
    state = _forget(state, now, limits)
    share = SHARES[priority]
    waits = [
        (state.paused_until - now, "pause"),
        (_wait_second(state, now, share, limits), "second"),
        (_wait_minute(state, now, share, limits), "minute"),
        (_wait_batch(state, now, share, limits) if kind == "batch" else 0.0, "batch"),
        (_wait_in_flight(state, share, limits), "in_flight"),
    ]
    wait, reason = max(waits)
    if wait > 0:
        return Answer(state, wait, reason)
    return Answer(_take(state, now, lease, kind, limits), 0.0, taken=True)


def reserve(state, now, lease, kind="write", priority=DOCUMENTS, limits=None) -> Answer:
    """As ``acquire``, but a place in the next seconds is taken for then.

    So that those who wait need not ask again, all at the same moment.
    """
    limits = limits or Limits()
    answer = acquire(state, now, lease, kind, priority, limits)
    far = answer.wait > limits.ahead or answer.reason == "in_flight"
    if answer.taken or far:
        return answer
    taken = _take(answer.state, now + answer.wait, lease, kind, limits)
    return answer._replace(state=taken, taken=True)


def release(state, lease) -> State:
    """Give a place among those in flight back; unknown names do no harm."""
    return replace(
        state, leases=tuple(entry for entry in state.leases if entry[0] != lease)
    )


def release_dead(state, alive, limits=None) -> State:
    """When all places are taken, give back those whose owners are no more.

    alive: a function that returns the owners' names; it is asked only then.
    """
    if len(state.leases) < (limits or Limits()).in_flight:
        return state
    owners = alive()
    kept = (pair for pair in state.leases if pair[0].partition(":")[0] in owners)
    return replace(state, leases=tuple(kept))


def pause(state, now, seconds=60.0) -> State:
    """After a 429: nobody goes for ``seconds``; a longer pause stays."""
    return replace(state, paused_until=max(state.paused_until, now + seconds))


def _forget(state, now, limits):
    """Drop what no window sees any more, and what a set-back clock left ahead."""

    def fresh(moments, window):
        latest = now + window + limits.ahead
        return tuple(m for m in moments if now - window < m <= latest)

    seconds = [s for s, _ in state.minute]
    kept = set(fresh(seconds, limits.minute + 1))
    pause = state.paused_until if state.paused_until - now < FOREVER else 0.0
    return replace(
        state,
        recent=fresh(state.recent, limits.second),
        minute=tuple(pair for pair in state.minute if pair[0] in kept),
        batches=fresh(state.batches, limits.minute),
        leases=tuple(pair for pair in state.leases if now < pair[1] <= now + FOREVER),
        paused_until=pause,
    )


def _take(state, now, lease, kind, limits):
    minute = dict(state.minute)
    minute[int(now)] = minute.get(int(now), 0) + 1
    return replace(
        state,
        recent=(*state.recent, now),
        minute=tuple(sorted(minute.items())),
        batches=(*state.batches, now) if kind == "batch" else state.batches,
        leases=(*release(state, lease).leases, (lease, now + limits.lease)),
    )


def _room(limit, share):
    return max(int(limit * share), 1)


def _wait_second(state, now, share, limits):
    return _wait_log(state.recent, now, _room(limits.per_second, share), limits.second)


def _wait_batch(state, now, share, limits):
    room = _room(limits.batches_per_minute, share)
    return _wait_log(state.batches, now, room, limits.minute)


def _wait_log(moments, now, room, window):
    """Seconds until fewer than ``room`` of the moments are within the window."""
    if len(moments) < room:
        return 0.0
    return max(sorted(moments)[-room] + window - now, 0.0)


def _wait_minute(state, now, share, limits):
    """The same over whole seconds; each counts until its end has left the window."""
    over = sum(count for _, count in state.minute) - _room(limits.per_minute, share)
    for second, count in state.minute:
        if over < 0:
            return 0.0
        over -= count
        wait = second + 1 + limits.minute - now
        if over < 0:
            return max(wait, 0.0)
    return 0.0


def _wait_in_flight(state, share, limits):
    full = len(state.leases) >= _room(limits.in_flight, share)
    return limits.poll if full else 0.0
