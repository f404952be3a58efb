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

    @api.model
    def _open(self, binding):
        """Read the object in QuickBooks and show what differs.

        :raise UserError: if either version can't be had
        """
        binding.ensure_one()
        binding._qbo_check_role("write", MANAGER)
        # The link's own record, read for somebody who may see all of it.
        mine, theirs = self._versions(binding.sudo())
        compare = self.sudo().create(  # nobody makes up his own
            {
                "binding_id": binding.id,
                "mine": json.loads(to_json(mine)),
                "theirs": json.loads(to_json(theirs)),
                "line_ids": [
                    fields.Command.create(values) for values in _rows(mine, theirs)
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
        return push.with_line_ids(body, keys), theirs

    def _check_may_choose(self):
        """Who opened this comparison, and may write the link."""
        self._qbo_check_role("read", MANAGER)
        self.binding_id.check_access("write")

    def action_keep_odoo(self):
        """Send Odoo's version: what differs in QuickBooks is overwritten."""
        self.ensure_one()
        self._check_may_choose()
        link = self.binding_id.sudo()  # checked above
        link.write(
            {
                "sent": self.theirs,
                "sync_token": self.theirs.get("SyncToken"),
                "payload_hash": False,
            }
        )
        link._set_pending()
        link._enqueue(priority=1)

    def action_keep_quickbooks(self):
        """Leave QuickBooks' version alone until the record changes in Odoo again."""
        self.ensure_one()
        self._check_may_choose()
        link = self.binding_id.sudo()  # checked above
        body, _keys = Push(link, None).prepare(link._record())
        link._set_pending()
        link.write(
            {
                "state": "synced",
                "sent": self.mine,
                "sync_token": self.theirs.get("SyncToken"),
                "payload_hash": payload_hash(body),
                "warning": self.env._(
                    "%(user)s kept QuickBooks' version of: %(fields)s",
                    user=self.env.user.name,
                    fields=", ".join(self.line_ids.mapped("field_name")),
                ),
            }
        )


class QboCompareLine(models.TransientModel):
    """One field that differs."""

    _name = "qbo.compare.line"
    _description = "Difference between Odoo and QuickBooks"

    compare_id = fields.Many2one("qbo.compare", required=True, ondelete="cascade")
    field_name = fields.Char("Field", readonly=True)
    mine = fields.Text("In Odoo", readonly=True)
    theirs = fields.Text("In QuickBooks", readonly=True)


def _rows(mine, theirs):
    """A row for each field that QuickBooks has otherwise; of lines one each."""
    for name in merge.dropped(mine, theirs):
        yield {
            "field_name": name,
            "mine": _shown(_value(mine, name)),
            "theirs": _shown(_value(theirs, name)),
        }


def _value(body, place):
    """The value at a place as `merge.dropped` names it: `TxnDate`, `Line 2 Qty`."""
    parts = place.split()
    value = body.get(parts[0])
    if len(parts) == 1 or not parts[1].isdigit():
        return value
    lines = value or []
    line = lines[int(parts[1]) - 1] if int(parts[1]) <= len(lines) else {}
    if len(parts) == 2:
        return line
    return {**line, **line.get(line.get("DetailType"), {})}.get(parts[2])


def _shown(value):
    """A value as a person reads it."""
    if isinstance(value, dict):
        return value.get("name") or value.get("value") or _joined(value)
    if isinstance(value, list):
        return "\n".join(_shown(one) for one in value)
    return "" if value is None else str(value)


def _joined(value):
    shown = (value.get("Description"), value.get("Amount"))
    if any(shown):
        return ": ".join(
            str(D(one) if isinstance(one, float) else one) for one in shown
        )
    return ", ".join(f"{key} {_shown(one)}" for key, one in value.items())
