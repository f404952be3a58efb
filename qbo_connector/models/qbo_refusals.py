# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a push ends without anything being sent."""

from ..qbo.errors import Blocked

# Code of what is held because another record stands for it: it isn't shown.
ELSEWHERE = "elsewhere"


class DependencyBlocked(Exception):
    """What must be in QuickBooks first can't get there, for the reason given."""

    def __init__(self, binding_id, name, blocked):
        super().__init__(str(blocked))
        self.binding_id = binding_id
        self.blocked = Blocked(
            blocked.field, f"{name}: {blocked.reason}", blocked.fix, blocked.code
        )


class Held(Exception):
    """The record is not to be sent now: on purpose, or because a person decides.

    waits_for: the link that must be gone from QuickBooks first, if that is why.
    """

    def __init__(self, reason, fix="", state="held", code="", waits_for=None):
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.state = state
        self.code = code
        self.waits_for = waits_for.id if waits_for else False
