# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the link's data.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from ..qbo import merge
from ..qbo.money import D
from .qbo_guarded import MANAGER


class QboBinding(models.Model):
    """What QuickBooks has otherwise than Odoo said it, and why that is left so.

    `sent` is what QuickBooks has of what was sent: that is what it may have changed
    since. What Odoo has changed since is seen beside what it said.
    """

    _inherit = "qbo.binding"

    said = fields.Json(
        readonly=True,
        help="Field → what Odoo said, where QuickBooks has something else.",
    )
    extras = fields.Json(
        readonly=True,
        help="QuickBooks line id → what only QuickBooks put on the line: it rides "
        "along when lines are sent.",
    )
    choice = fields.Json(
        readonly=True,
        help="Who left QuickBooks' version as it is: `user`, `fields`, and the totals "
        "`ours` and `theirs`, if they differ.",
    )
    correction = fields.Json(
        readonly=True,
        help="What brings QuickBooks' own tax to Odoo's total: sent by the next push, "
        "and with each one that doesn't change the amounts.",
    )

    # ------------------------------------------------------------- compare
    def _changes(self, body):
        """What must be sent for QuickBooks to have `body`."""
        return merge.delta(self.sent or {}, body, self.said)

    def _three_way(self, body, theirs):
        """:rtype: merge.Merge"""
        seen = self._seen(theirs)
        return merge.three_way(self.sent or {}, body, seen, self.said)

    def _their_part(self, values):
        """Names of the fields of a document that somebody changed in QuickBooks."""
        mine = {**(self.sent or {}), **(self.said or {})}
        return sorted(self._three_way(mine, values).theirs_only)

    def _seen(self, values):
        """The object without what QuickBooks does, or is known to drop, by itself."""
        record = self._record()
        values = record._qbo_not_drift(self, values)
        sent = self.sent or {}
        quiet = {
            name: sent[name]
            for name in record._qbo_may_drop
            if name in sent and not values.get(name)
        }
        return {**values, **quiet}

    # --------------------------------------------------------------- store
    def _keep(self, told, answer):
        """Note what QuickBooks has of `told`, and what it has otherwise."""
        lines = told.get("Line") or []
        before = (self.sent or {}).get("Line") or []
        # What is its own doing is measured by what was said just now.
        self.sent = told
        sent, said = merge.kept(told, self._seen(answer))
        self.write(
            {
                "sent": sent,
                "choice": self._still_chosen(said, answer.get("TotalAmt")),
                "said": said or False,
                "extras": merge.extras(lines, answer.get("Line"), before) or False,
            }
        )

    def _still_chosen(self, said, total):
        """What of a person's choice stands: fields that Odoo hasn't changed since, and
        QuickBooks' total as it was then."""
        choice, before = dict(self.choice or {}), self.said or {}
        choice["fields"] = [
            name
            for name in choice.get("fields", ())
            if name in said and merge.covers(said[name], before.get(name))
        ]
        if "theirs" in choice and (total is None or D(total) != D(choice["theirs"])):
            del choice["ours"], choice["theirs"]
        return (choice["fields"] or "theirs" in choice) and choice

    def _is_total_chosen(self, ours, theirs):
        """Whether a person has left just this difference of the totals as it is."""
        choice = self.choice or {}
        return "theirs" in choice and (D(choice["ours"]), D(choice["theirs"])) == (
            D(ours),
            D(theirs),
        )

    def _choice_text(self):
        """What the link says of a person's choice, or False."""
        choice = self.choice
        return bool(choice) and self.env._(
            "%(user)s kept QuickBooks' version of: %(fields)s",
            user=choice["user"],
            fields=", ".join(
                [*choice["fields"], *(["TotalAmt"] if "theirs" in choice else [])]
            ),
        )

    # ------------------------------------------------------------- buttons
    def action_retry(self):
        """A person wants it sent: what QuickBooks has otherwise is said again."""
        self._qbo_check_role("write", MANAGER)
        for link in self.sudo():  # checked above
            if link.state in ("drifted", "gone"):
                link.payload_hash = False  # looked at again, not overwritten
            elif link.said or link.choice:
                link.write({"said": False, "choice": False, "payload_hash": False})
        return super().action_retry()

    def _start_over(self):
        self.write(
            {"said": False, "extras": False, "choice": False, "correction": False}
        )
        return super()._start_over()
