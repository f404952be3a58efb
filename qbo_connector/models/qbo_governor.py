# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import random
import time
import uuid
from datetime import datetime, timezone
from typing import NamedTuple

import psycopg2
from psycopg2.extras import Json

from odoo import api, fields, models

from ..qbo import limits
from ..qbo.errors import QboError, QboThrottled, QboUnreachable

_logger = logging.getLogger(__name__)

# Longer waits give the worker back to the queue.
LONGEST_NAP = 5.0
RACE_TRIES = 50
# Who gets ready later than this asks anew: others may have left meanwhile.
LATE = 0.2
WORK_TRIES = 5
RACES = (psycopg2.errors.SerializationFailure, psycopg2.errors.UniqueViolation)
RATE_CODE = "rate"
# Requests in a row without an answer after which the realm pauses, in seconds.
DOWN_AFTER, LONGEST_PAUSE = 4, 60.0


class QboGovernor(models.Model):
    """How fast one realm may be asked: one row that all workers of all nodes share.

    The arithmetic is `qbo.limits`; here it meets the database's clock and a row
    lock that is held for two statements.
    """

    _name = "qbo.governor"
    _description = "QuickBooks request rate"

    backend_id = fields.Many2one("qbo.backend", required=True, ondelete="cascade")
    state = fields.Json()
    failures = fields.Integer(
        help="Requests without an answer since the last one that had one."
    )

    _backend_uniq = models.UniqueIndex("(backend_id)")

    def _paused_until(self):
        """When the pause after a 429 ends (UTC), or False."""
        until = (self.state or {}).get("paused_until") or 0
        moment = datetime.fromtimestamp(until, timezone.utc).replace(tzinfo=None)
        return moment > fields.Datetime.now() and moment

    @api.model
    def _change(self, backend, change):
        """Change the row in a committed transaction of its own.

        :param callable change: called with the `_Row`; may be called again when
            workers race
        :return: what `change` returns
        """
        for _attempt in range(RACE_TRIES):
            try:
                return self._change_once(backend, change)
            except psycopg2.errors.SerializationFailure:
                # Another worker was first: look at what it left.
                time.sleep(random.uniform(0, 0.01))
        raise QboThrottled("Too many workers ask at once", code=RATE_CODE)

    @api.model
    def _change_once(self, backend, change):
        with self.env.registry.cursor() as cr:
            row = _Row.locked(cr, backend.id) or _Row.new(cr, backend.id)
            row.state = limits.release_dead(row.state, lambda: _sessions(cr))
            before = row.state, row.failures
            result = change(row)
            if before != (row.state, row.failures):
                cr.execute(
                    "UPDATE qbo_governor SET state = %s, failures = %s "
                    "WHERE backend_id = %s",
                    [Json(row.state.to_dict()), row.failures, backend.id],
                )
        return result

    @api.model
    def _acquire(self, backend, lease, kind, priority, ahead=False):
        """Ask for the right to send a request now, or soon if `ahead`.

        :return: the `limits.Answer`
        """
        ask = limits.reserve if ahead else limits.acquire

        def take(row):
            answer = ask(row.state, row.now, lease, kind, priority)
            if answer.taken:
                row.state = answer.state
            return answer

        return self._change(backend, take)

    @api.model
    def _release(self, backend, lease, answered=True):
        """Give back a place among those in flight.

        While QuickBooks doesn't answer at all, the realm pauses for longer and
        longer: a full queue must not storm a server that is down.

        :param bool answered: whether QuickBooks has answered, if only with a fault
        """

        def give_back(row):
            row.state = limits.release(row.state, lease)
            row.failures = 0 if answered else row.failures + 1
            if row.failures >= DOWN_AFTER:
                seconds = min(2.0 ** min(row.failures, 10), LONGEST_PAUSE)
                row.state = limits.pause(row.state, row.now, seconds)

        self._change(backend, give_back)

    @api.model
    def _pause(self, backend, seconds):
        """After a 429 nobody asks this realm for a while."""

        def hold(row):
            row.state = limits.pause(row.state, row.now, seconds)

        self._change(backend, hold)


class _Row:
    """The governor's row while it is locked."""

    def __init__(self, stored, failures, now):
        self.state = limits.State.from_dict(stored or {})
        self.failures = failures or 0
        self.now = float(now)  # seconds, by the database's clock

    @classmethod
    def locked(cls, cr, backend_id):
        """The row, once no other worker holds it; None if there is none yet."""
        cr.execute(
            "SELECT state, failures, extract(epoch FROM clock_timestamp()) "
            "FROM qbo_governor WHERE backend_id = %s FOR UPDATE",
            [backend_id],
            log_exceptions=False,
        )
        found = cr.fetchone()
        return found and cls(*found)

    @classmethod
    def new(cls, cr, backend_id):
        """Make the row; a race for it ends in a SerializationFailure."""
        cr.execute(
            "INSERT INTO qbo_governor (backend_id) VALUES (%s) "
            "ON CONFLICT (backend_id) DO NOTHING",
            [backend_id],
            log_exceptions=False,
        )
        return cls.locked(cr, backend_id)


def _sessions(cr):
    """The ids of PostgreSQL's sessions: a killed worker's ends with it."""
    cr.execute("SELECT pid FROM pg_stat_activity")
    return {str(pid) for (pid,) in cr.fetchall()}


class Place(NamedTuple):
    """The right to send one request; `leaves`: when, by the process's clock."""

    kind: str
    lease: str
    leaves: float


class Turn:
    """The right to send one transaction's requests, taken before it begins.

    A worker waits for its turn outside the transaction. What turns out to be
    needed beyond that is taken at once, or the transaction is given up and begun
    again when the whole turn can be had (`NotYet`).
    """

    def __init__(self, backend, priority=limits.DOCUMENTS):
        self.backend = backend
        # The rate is the connector's own row.
        self.governor = backend.env["qbo.governor"].sudo()
        self.priority = priority
        self.free = []
        self.used = []
        self.open = None
        # Lives as long as the job does: so its places are known as given up when
        # the worker is killed.
        backend.env.cr.execute("SELECT pg_backend_pid()")
        self.session = backend.env.cr.fetchone()[0]

    def wait_for(self, kinds):
        """Take the right to send these kinds of requests, napping if need be.

        :raise QboThrottled: if that would be long; the rest is given back
        """
        for kind in kinds:
            deadline = time.monotonic() + LONGEST_NAP
            while (answer := self._ask(kind, ahead=True)).wait:
                if not answer.taken and time.monotonic() + answer.wait > deadline:
                    self.close()
                    raise QboThrottled(
                        "Waiting for QuickBooks' rate limit",
                        code=RATE_CODE,
                        retry_after=answer.wait,
                    )
                time.sleep(answer.wait)
                if answer.taken:
                    break

    def _ask(self, kind, ahead=False):
        lease = f"{self.session}:{uuid.uuid4().hex[:12]}"
        answer = self.governor._acquire(self.backend, lease, kind, self.priority, ahead)
        if answer.taken:
            self.free.append(Place(kind, lease, time.monotonic() + answer.wait))
        return answer

    def _take(self, kind):
        """Return 0 if a request may leave now, else the seconds to wait."""
        return self._ask(kind).wait

    def before_request(self, kind):
        """Called by the client before each request.

        :raise NotYet: if the transaction should begin again with a longer turn
        """
        place = self._ready(kind)
        if not place:
            if self._take(kind):
                raise NotYet([*self.used, kind])
            place = self.free[-1]
        self.free.remove(place)
        self.used.append(kind)
        self.open = place.lease

    def _ready(self, kind):
        """Return the place for a request of this kind that may leave now, or None."""
        latest = time.monotonic() - LATE
        fits = (one for one in self.free if one.kind == kind and one.leaves > latest)
        return next(fits, None)

    def after_request(self, error=None):
        """Called when the request has ended: its place is free again."""
        if self.open:
            answered = not isinstance(error, QboUnreachable)
            self.governor._release(self.backend, self.open, answered)
            self.open = None
        if isinstance(error, QboThrottled):
            self.governor._pause(self.backend, error.retry_after or 60)

    def close(self):
        """Give back what wasn't used."""
        for place in self.free:
            self.governor._release(self.backend, place.lease)
        self.free = []


class NappingTurn(Turn):
    """For what a person waits for, or reads that hold no lock: naps on the way."""

    def before_request(self, kind):
        """Called by the client before each request.

        :raise QboThrottled: if it would take long
        """
        self.wait_for([kind])
        return super().before_request(kind)


class NotYet(Exception):
    """The transaction needs these kinds of requests, which can't be had at once."""

    def __init__(self, kinds):
        super().__init__(f"waiting for {kinds}")
        self.kinds = kinds


def in_turn(backend, work, kinds, priority=limits.DOCUMENTS):
    """Do `work(turn)`, which is one transaction, when its requests may leave.

    It is begun again when it needs more requests than could be had, and after a
    lost race (two workers make the same link at the same moment).

    :param list kinds: the requests it needs for sure: write, read, batch
    :raise QboError: kind wait, if that takes long
    """
    for _attempt in range(WORK_TRIES):
        turn = Turn(backend, priority)
        turn.wait_for(kinds)
        try:
            return work(turn)
        except NotYet as more:
            kinds = more.kinds
        except RACES as error:
            _logger.info("A push raced (%s): again", error.pgcode)
        finally:
            turn.close()
    raise QboError("Other workers keep changing the same records", kind="wait")
