# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.qbo_guarded import MANAGER
from ..models.qbo_push import Push
from ..qbo import merge
from ..qbo.errors import Blocked, QboError
from ..qbo.money import D, to_json
from ..qbo.payloads import payload_hash


class QboCompare(models.TransientModel):
    """Odoo's and QuickBooks' version side by side; a person says which one counts."""

    _name = "qbo.compare"
    _description = "Compare Odoo and QuickBooks"

    binding_id = fields.Many2one("qbo.binding", required=True, readonly=True)
    name = fields.Char(related="binding_id.name")
    line_ids = fields.One2many("qbo.compare.line", "compare_id", readonly=True)
    mine = fields.Json(help="What Odoo would send now.")
    theirs = fields.Json(help="What QuickBooks has.")
    base = fields.Json(help="What is agreed on, whichever version is kept.")
    changed = fields.Json(help="The fields that differ.")
    totals = fields.Json(help="Both totals, if they differ.")

    @api.model
    def _open(self, binding):
        """Read the object in QuickBooks and show what differs.

        :raise UserError: if either version can't be had
        """
        binding.ensure_one()
        binding._qbo_check_role("write", MANAGER)
        # The link's own record, read for somebody who may see all of it.
        link = binding.sudo()
        mine, theirs = self._versions(link)
        found = merge.compared(link.sent or {}, mine, link._seen(theirs), link.said)
        ours = None if "TotalAmt" in mine else link._record()._qbo_total(link.entity)
        totals = _totals(ours, theirs)
        rows = [*found.rows, *([("TotalAmt", *totals.values())] if totals else [])]
        compare = self.sudo().create(  # nobody makes up his own
            {
                "binding_id": binding.id,
                "mine": mine,
                "theirs": theirs,
                "base": found.base,
                "changed": list(found.changes),
                "totals": totals,
                "line_ids": [
                    fields.Command.create(
                        {
                            "field_name": place,
                            "mine": _shown(ours),
                            "theirs": _shown(other),
                        }
                    )
                    for place, ours, other in rows
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Odoo and QuickBooks"),
            "res_model": self._name,
            "res_id": compare.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _versions(self, binding):
        push = Push(binding, None)
        try:
            body, keys = push.prepare(binding._record())
            client = binding.backend_id._client(binding)
            theirs = client.read(binding.entity, binding.qbo_id)
        except Blocked as blocked:
            raise UserError(str(blocked)) from blocked
        except QboError as error:
            raise UserError(binding.backend_id._error_text(error)) from error
        return _plain(push.with_line_ids(body, keys)), _plain(theirs)

    def _check_may_choose(self):
        """Who opened this comparison, and may write the link."""
        self._qbo_check_role("read", MANAGER)
        self.binding_id.check_access("write")

    def action_keep_odoo(self):
        """Send what is shown of Odoo's version; nothing else is touched."""
        self.ensure_one()
        self._check_may_choose()
        link = self.binding_id.sudo()  # checked above
        link.write({**self._agreed(link), "said": False, "choice": False})
        if "TxnDate" in (self.changed or ()):
            link.dated = False  # else it keeps the day it has in QuickBooks
        link._set_pending()
        link._enqueue(priority=1)

    def action_keep_quickbooks(self):
        """Leave QuickBooks' version alone until its fields change in Odoo again."""
        self.ensure_one()
        self._check_may_choose()
        link = self.binding_id.sudo()  # checked above
        push = Push(link, None)
        body, keys = push.prepare(link._record())
        same = _plain(push.with_line_ids(body, keys)) == self.mine
        names = self.changed or []
        left = {"user": self.env.user.name, "fields": names}
        link._set_pending()
        link.write(
            {
                **self._agreed(link),
                "said": {name: self.mine.get(name) for name in names} or False,
                "choice": bool(self.line_ids) and {**left, **(self.totals or {})},
            }
        )
        link.warning = link._choice_text()
        if same:
            link.write({"state": "synced", "payload_hash": payload_hash(body)})
        else:
            link._enqueue(priority=1)

    def _agreed(self, link):
        """What both versions say, and what of QuickBooks' rides along."""
        before = {**(link.sent or {}), **(link.said or {})}
        lines = (one.get("Line") or [] for one in (self.mine, self.theirs, before))
        return {
            "sent": self.base or {},
            "extras": merge.extras(*lines) or False,
            "sync_token": self.theirs.get("SyncToken"),
            "qbo_total": str(self.theirs.get("TotalAmt", "")) or False,
            "payload_hash": False,
        }


class QboCompareLine(models.TransientModel):
    """One field that differs."""

    _name = "qbo.compare.line"
    _description = "Difference between Odoo and QuickBooks"

    compare_id = fields.Many2one("qbo.compare", required=True, ondelete="cascade")
    field_name = fields.Char("Field", readonly=True)
    mine = fields.Text("In Odoo", readonly=True)
    theirs = fields.Text("In QuickBooks", readonly=True)


def _plain(values):
    """As a JSON field has it."""
    return json.loads(to_json(values))


def _totals(ours, theirs):
    """Both totals as texts, if they differ."""
    if ours is None or "TotalAmt" not in theirs or D(theirs["TotalAmt"]) == ours:
        return False
    return {"ours": str(ours), "theirs": str(D(theirs["TotalAmt"]))}


def _shown(value):
    """A value as a person reads it."""
    if isinstance(value, dict):
        return value.get("name") or value.get("value") or _joined(value)
    if isinstance(value, list):
        return "\n".join(_shown(one) for one in value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _joined(value):
    shown = (value.get("Description"), value.get("Amount"))
    if any(shown):
        return ": ".join(
            str(D(one) if isinstance(one, float) else one) for one in shown
        )
    return ", ".join(f"{key} {_shown(one)}" for key, one in value.items())
