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
        except QboError as error:
            binding._on_qbo_error(error)
        except DependencyBlocked as error:
            binding._on_blocked(error.blocked, blocked_by=error.binding_id)
        except Blocked as error:
            binding._on_blocked(error)
        except Held as error:
            binding._on_held(error)
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
        """
        missing = self._try_push(backend, seen)
        while missing:
            found = missing._look_up(backend)
            for dependency in missing:
                dependency._push_as_dependency(backend, found)
            still_missing = self._try_push(backend, seen)
            if still_missing == missing:
                raise QboError(f"{missing} did not get into QuickBooks", kind="wait")
            missing = still_missing

    def _look_up(self, backend):
        """Ask QuickBooks which of these list entries it has: in one call for all."""

        def work(turn):
            with self._own_transaction() as links:
                keys = [one for link in links for one in Push(link, turn).own_keys()]
                return look_up(links.backend_id._client(None, turn), keys)

        return in_turn(backend, work, [])

    def _push_as_dependency(self, backend, seen):
        """:raise DependencyBlocked: if it can't get into QuickBooks"""
        try:
            self._push(backend, seen)
        except DependencyBlocked as error:
            blocked = error.blocked
            name = self._on_blocked(blocked, blocked_by=error.binding_id)
        except Blocked as error:
            blocked = error
            name = self._on_blocked(blocked)
        except Held as error:
            blocked = Blocked("", error.reason, error.fix, "held")
            name = self._on_held(error)
        except QboError as error:
            if error.kind in ("wait", "reconnect"):
                raise
            blocked, name = self._on_fault(error)
        else:
            return
        raise DependencyBlocked(self.id, name, blocked)

    def _try_push(self, backend, seen=None):
        """Push in one transaction, or return the bindings to push before.

        Lost races (two workers make the same link at the same moment) are run
        again on a fresh snapshot; the request id makes that harmless.
        """

        def work(turn):
            with self._own_transaction() as binding:
                return Push(binding, turn, seen).run()

        return self.browse(in_turn(backend, work, ["write"]))

    # ----------------------------------------------------------- outcomes
    def _on_qbo_error(self, error):
        if error.kind == "wait":
            self._on_wait(error)
        elif error.kind == "reconnect":
            self.backend_id._set_reconnect(error)
            self._note(error=self.backend_id._error_text(error))
        else:
            self._on_fault(error)

    def _on_wait(self, error):
        """Say that QuickBooks is waited for, and have the job run again later.

        Waiting for the rate limit, or while the realm pauses, is no failed try.
        """
        if error.code == RATE_CODE:
            delay = error.retry_after + random.uniform(0, FIRST_WAIT)
            self._run_again(error, delay)
        delay = error.retry_after or self._back_off()
        with self._own_transaction() as binding:
            binding.write(
                {
                    "error": binding.backend_id._error_text(error),
                    "error_code": error.code,
                    "next_try": fields.Datetime.add(
                        fields.Datetime.now(), seconds=int(delay)
                    ),
                    "tries": binding.tries + 1,
                }
            )
        self._run_again(error, delay)

    def _run_again(self, error, seconds):
        # Without end: an outage of hours must heal without a person.
        raise RetryableJobError(str(error), seconds=int(seconds) + 1, ignore_retry=True)

    def _back_off(self):
        longest = min(FIRST_WAIT * 2 ** min(self.tries, 10), LONGEST_WAIT)
        return random.uniform(longest / 2, longest)

    def _on_fault(self, error):
        """Store QuickBooks' refusal as something a person can act on.

        :return: the `Blocked` it became, and the link's name
        """
        explanation = error.explanation
        detail = f" ({error.detail})" if error.detail else ""
        blocked = Blocked(
            error.element or "",
            self.env._(explanation.cause) + detail,
            self.env._(explanation.fix),
            error.code,
        )
        if error.outcome == "refused":
            self._on_refused(getattr(error, "attempt", None))
        return blocked, self._on_blocked(blocked)

    def _on_refused(self, attempt=None):
        """QuickBooks has certainly not done it: the next try is a new request.

        (Nobody documents whether a refusal is repeated for a repeated request id.)
        """
        with self._own_transaction() as binding:
            last = binding.attempt if attempt is None else attempt
            binding.attempt = last + 1
            binding.env["qbo.attempt"]._end(binding)

    def _on_blocked(self, blocked, blocked_by=False):
        """Put reason and fix on the link; nobody else is held up.

        :return: the link's name
        """
        with self._own_transaction() as binding:
            binding.write(
                {
                    "state": "blocked",
                    "error": blocked.reason,
                    "fix": blocked.fix,
                    "error_code": blocked.code,
                    "error_field": blocked.field,
                    "blocked_by_id": blocked_by,
                }
            )
            return binding.display_name

    def _on_bug(self, error):
        """Something nobody thought of: said on the document, the job has the rest."""
        self._on_blocked(
            Blocked(
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
        )

    def _on_held(self, held):
        with self._own_transaction() as binding:
            binding.write(
                {
                    "state": held.state,
                    "error": held.reason,
                    "fix": held.fix,
                    "error_code": held.code,
                }
            )
            return binding.display_name

    def _note(self, **values):
        with self._own_transaction() as binding:
            binding.write(values)
