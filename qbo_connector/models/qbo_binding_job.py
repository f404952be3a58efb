# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the file of the link's data.
# pylint: disable=consider-merging-classes-inherited
import random

import psycopg2

from odoo import fields, models
from odoo.exceptions import LockError

from odoo.addons.queue_job.exception import RetryableJobError

from ..qbo.errors import Blocked, QboError
from .qbo_governor import RATE_CODE, in_turn
from .qbo_push import DependencyBlocked, Held, Push
from .qbo_push_look import look_up

# Another worker is at the same record: it will be done in a moment.
BUSY_SECONDS = 2
# Waiting for QuickBooks: doubled at each try, with jitter, up to ten minutes.
FIRST_WAIT, LONGEST_WAIT = 5, 600


# Why a push ends without the record being in QuickBooks as it is now.
ENDINGS = (Blocked, DependencyBlocked, Held, QboError)


class Ended(Exception):
    """A push has ended so, and the link says it already."""

    def __init__(self, ending):
        super().__init__(str(ending))
        self.ending = ending


class QboBinding(models.Model):
    """The job of a link: push it, and make of each outcome what people need."""

    _inherit = "qbo.binding"

    def _job_push(self):
        """Bring one record into QuickBooks, what it needs first.

        Each write to QuickBooks is a transaction of its own, on a cursor of its
        own: what QuickBooks has booked stays booked here, whatever happens to
        the rest.

        :raise RetryableJobError: when QuickBooks or another worker is waited for
        """
        binding = self.exists()
        if not binding or not binding.backend_id._is_connected():
            return
        try:
            binding._push(binding.backend_id)
        except LockError as error:
            raise RetryableJobError(
                "Another worker is at it", seconds=BUSY_SECONDS, ignore_retry=True
            ) from error
        except Ended as ended:
            binding._go_on_after(ended.ending)
        except QboError as error:
            binding._end_apart(error)
            binding._go_on_after(error)
        except (RetryableJobError, psycopg2.OperationalError):
            raise
        except Exception as error:
            binding._on_bug(error)
            raise

    def _push(self, backend, seen=None):
        """Push this binding; push what it turns out to need before it.

        What is needed may be made after the job's own transaction began, which
        can't see it then: nothing is read of it but within a fresh transaction.

        :param dict seen: what `look_up` has found out about it
        :raise Ended: when it isn't in QuickBooks as it is now
        """
        missing = self._try_push(backend, seen)
        while missing:
            self._push_needed(backend, missing)
            still_missing = self._try_push(backend, seen)
            if still_missing == missing:
                raise QboError(f"{missing} did not get into QuickBooks", kind="wait")
            missing = still_missing

    def _push_needed(self, backend, missing):
        """Push what this one needs; it finds out itself what didn't get there."""
        found = missing._look_up(backend)
        for dependency in missing:
            try:
                dependency._push(backend, found)
            except Ended as ended:
                if getattr(ended.ending, "kind", None) in ("wait", "reconnect"):
                    raise ended.ending from ended
                return

    def _look_up(self, backend):
        """Ask QuickBooks which of these list entries it has: in one call for all."""

        def work(turn):
            with self._own_transaction() as links:
                keys = [one for link in links for one in Push(link, turn).own_keys()]
                return look_up(links.backend_id._client(None, turn), keys)

        return in_turn(backend, work, [])

    def _try_push(self, backend, seen=None):
        """Push in one transaction, or return the bindings to push before.

        Lost races (two workers make the same link at the same moment) are run
        again on a fresh snapshot; the request id makes that harmless.

        :raise Ended: when it isn't in QuickBooks as it is now
        :raise LockError: if another worker is at this link, or at one it waits for
        """

        def work(turn):
            with self._own_transaction() as binding:
                return binding._push_once(turn, seen)

        missing, ending = in_turn(backend, work, ["write"])
        if ending:
            raise Ended(ending)
        return self.browse(missing)

    def _push_once(self, turn, seen):
        """Push, or write down why not: under one lock, in one transaction, so that
        nothing can have changed between the look and what is said of it.

        :return: (ids of links that must go first, how it ended otherwise)
        """
        # NO KEY UPDATE: log rows may refer to the link while it is locked.
        self.lock_for_update(allow_referencing=True)
        try:
            with self.env.cr.savepoint():
                return Push(self, turn, seen).run(), None
        except ENDINGS as ending:
            self._end(ending)
            return [], ending

    # ----------------------------------------------------------- outcomes
    def _go_on_after(self, ending):
        """What becomes of the job.

        :raise RetryableJobError: when QuickBooks is waited for
        """
        kind = getattr(ending, "kind", None)
        if kind == "reconnect":
            self.backend_id._set_reconnect(ending)
        elif kind == "wait":
            # Without end: an outage of hours must heal without a person.
            seconds = int(ending.retry_after or FIRST_WAIT) + 1
            raise RetryableJobError(str(ending), seconds=seconds, ignore_retry=True)

    def _end_apart(self, error):
        """Write down why nothing could even be tried."""
        with self._own_transaction() as binding:
            if binding.try_lock_for_update(allow_referencing=True):
                binding._end(error)

    def _end(self, ending):
        """Say on the link how its push ended; it is locked.

        :raise LockError: if a worker is just at what it would wait for
        """
        if isinstance(ending, DependencyBlocked):
            self._on_blocked(ending.blocked, ending.binding_id)
        elif isinstance(ending, Blocked):
            self._on_blocked(ending)
        elif isinstance(ending, Held):
            self._on_held(ending)
        elif ending.kind == "wait":
            self._on_wait(ending)
        elif ending.kind == "reconnect":
            self.error = self.backend_id._error_text(ending)
        else:
            self._on_fault(ending)

    def _wait_for(self, link_id):
        """Have this link looked at again when that one gets there, or is gone.

        Whoever brings that about holds the other link's lock: now nobody does, and
        who begins now sees this one waiting (or begins again, for the row has
        changed).

        :return: what `blocked_by_id` is to be
        :raise LockError: if a worker is just at it
        """
        if link_id:
            self.browse(link_id).lock_for_update(allow_referencing=True)
            self.env.cr.execute(
                "UPDATE qbo_binding SET write_date = write_date WHERE id = %s",
                [link_id],
            )
        return link_id

    def _on_wait(self, error):
        """Say that QuickBooks is waited for, and until when.

        Waiting for the rate limit, or while the realm pauses, is no failed try.
        """
        if error.code == RATE_CODE:
            error.retry_after = (error.retry_after or 0) + random.uniform(0, FIRST_WAIT)
            return
        error.retry_after = error.retry_after or self._back_off()
        self.write(
            {
                "error": self.backend_id._error_text(error),
                "error_code": error.code,
                "next_try": fields.Datetime.add(
                    fields.Datetime.now(), seconds=int(error.retry_after)
                ),
                "tries": self.tries + 1,
            }
        )

    def _back_off(self):
        longest = min(FIRST_WAIT * 2 ** min(self.tries, 10), LONGEST_WAIT)
        return random.uniform(longest / 2, longest)

    def _on_fault(self, error):
        """QuickBooks' refusal as something a person can act on."""
        explanation = error.explanation
        detail = f" ({error.detail})" if error.detail else ""
        if error.outcome == "refused":
            self._on_refused(getattr(error, "attempt", None))
        self._on_blocked(
            Blocked(
                error.element or "",
                self.env._(explanation.cause) + detail,
                self.env._(explanation.fix),
                error.code,
            )
        )

    def _on_refused(self, attempt=None):
        """QuickBooks has certainly not done it: the next try is a new request.

        (Nobody documents whether a refusal is repeated for a repeated request id.)
        """
        last = self.attempt if attempt is None else attempt
        self.attempt = last + 1
        self.env["qbo.attempt"]._end(self)

    def _on_blocked(self, blocked, waits_for=False):
        """Put reason and fix on the link; nobody else is held up."""
        self.write(
            {
                "state": "blocked",
                "error": blocked.reason,
                "fix": blocked.fix,
                "error_code": blocked.code,
                "error_field": blocked.field,
                "blocked_by_id": self._wait_for(waits_for),
            }
        )

    def _on_bug(self, error):
        """Something nobody thought of: said on the document, the job has the rest."""
        blocked = Blocked(
            "",
            self.env._(
                "The connector stumbled over this record (%(kind)s: %(text)s).",
                kind=type(error).__name__,
                text=error,
            ),
            self.env._(
                "Ask an administrator to look at the failed job and to report it; "
                "then retry."
            ),
            "bug",
        )
        self._end_apart(blocked)

    def _on_held(self, held):
        self.write(
            {
                "state": held.state,
                "error": held.reason,
                "fix": held.fix,
                "error_code": held.code,
                "blocked_by_id": self._wait_for(held.waits_for),
            }
        )
