# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from psycopg2.extras import Json

from ..models.qbo_governor import DOWN_AFTER, Turn
from ..qbo import limits
from ..qbo.errors import QboThrottled, QboUnreachable
from .common import QboCase


class TestGovernor(QboCase):
    """One row keeps all workers below QuickBooks' limits."""

    def take(self, count, kind="write"):
        """How many of `count` requests may leave at once."""
        turn = Turn(self.backend)
        return sum(not turn._take(kind) for _number in range(count))

    def row(self):
        return self.env["qbo.governor"].search([("backend_id", "=", self.backend.id)])

    def test_ten_a_second(self):
        self.row().unlink()
        self.env.flush_all()
        self.assertEqual(self.take(15), 10)

    def request(self, error=None):
        """One request that ended with `error`."""
        turn = Turn(self.backend)
        turn.wait_for(["write"])
        turn.before_request("write")
        turn.after_request(error)

    def test_a_429_pauses_everybody(self):
        self.request(QboThrottled("slow down", retry_after=30))
        self.env.invalidate_all()
        self.assertTrue(self.backend.paused_until)
        with self.assertRaises(QboThrottled):
            self.request()

    def test_a_server_that_is_down_is_asked_less_and_less(self):
        for _number in range(DOWN_AFTER):
            self.assertFalse(self.backend.paused_until)
            self.request(QboUnreachable("no answer"))
            self.env.invalidate_all()
        self.assertTrue(self.backend.paused_until)

    def test_an_answer_in_between_says_it_is_up(self):
        for _number in range(3 * DOWN_AFTER):
            self.request(QboUnreachable("no answer"))
            self.request()
        self.env.invalidate_all()
        self.assertFalse(self.backend.paused_until)

    def test_places_of_a_killed_worker_are_free_again(self):
        with self.env.registry.cursor() as cr:
            state = self.governor_full_of("1")
            cr.execute("UPDATE qbo_governor SET state = %s", [Json(state)])
        self.assertFalse(Turn(self.backend)._take("write"))

    def governor_full_of(self, session):
        """The state when all requests in flight are of one database session."""
        leases = [(f"{session}:{number}", time.time() + 100) for number in range(10)]
        return limits.State(leases=tuple(leases)).to_dict()
