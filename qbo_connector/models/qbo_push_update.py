# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The part of a push that changes or undoes what QuickBooks has."""

from datetime import timedelta

from odoo import fields

from ..qbo import changes, merge
from ..qbo.errors import UNKNOWN, QboError, QboFault
from ..qbo.payloads import payload_hash
from .qbo_refusals import Held

STALE = "5010"
NOT_FOUND = "610"
RULE_BROKEN = "6000"
# QuickBooks gives a request up after two minutes.
UNDER_WAY = timedelta(minutes=3)
AMOUNTS = {"Line", "TxnTaxDetail"}


class Update:
    """Sends what changed; merges with what was changed in QuickBooks meanwhile."""

    def _update(self, client, record, body):
        """Send what changed as a sparse update; on 5010 re-read, merge, once more.

        :return: QuickBooks' answer, or None if there is nothing to send
        :raise Held: `gone`, if the object is not there any more
        :raise Blocked: if the record's model can't change it as it stands there
        """
        changed = self.binding._changes(body)
        if "Line" in changed:
            lines = merge.with_extras(changed["Line"], self.binding.extras)
            changed["Line"] = lines
        message = changed or self.binding.correction
        if not message:
            return None
        try:
            token = self.binding.sync_token
            answer = self._send_changes(client, record, body, message, token)
            self.corrected = not changed
            return answer
        except QboFault as fault:
            if fault.code == NOT_FOUND:
                self._read_theirs(client)
            elif fault.code == RULE_BROKEN:
                # What stands there may explain it better than QuickBooks does.
                theirs = self._read_theirs(client)
                record._qbo_check_theirs(self.backend, self.entity, body, theirs)
            if fault.code != STALE:
                raise
        return self._merge(client, record, body)

    def _send_changes(self, client, record, body, changed, sync_token):
        message = {
            **self._riders(record, body, changed),
            **changed,
            "Id": self.binding.qbo_id,
            "SyncToken": sync_token,
        }
        if changed.keys() & AMOUNTS and changed != self.binding.correction:
            self.binding.correction = False
        version = f"{sync_token}:{payload_hash(changed)}:{self.binding.attempt}"
        return client.update(self.entity, message, self.request_id("update", version))

    def _riders(self, record, body, changed):
        """Fields that go with each update: as QuickBooks has them, unless the amounts
        they belong to change."""
        known = body
        if "Line" not in changed:
            left = self.binding.said or {}
            has = {name: (self.binding.sent or {}).get(name) for name in left}
            known = {**body, **has, **(self.binding.correction or {})}
        riders = record._qbo_riders.get(self.entity, ())
        names = {*riders, *(self.binding.correction or {})}
        return {name: known[name] for name in names if known.get(name) is not None}

    def _look(self, client, body):
        """Return what QuickBooks has, when all was said and a person asks again.

        :raise Held: `gone`, or `drifted` if somebody changed it there
        """
        theirs = self._read_theirs(client)
        if self.entity in changes.LISTS:
            return theirs
        if theirs["SyncToken"] != self.binding.sync_token:
            names = sorted(self.binding._three_way(body, theirs).theirs_only)
            if names:
                raise Held(
                    self.env._("Changed in QuickBooks: %s.", ", ".join(names)),
                    self.env._("Compare both and choose which one counts."),
                    state="drifted",
                    code="drifted",
                )
        self.tried_before = True  # what differs is said again
        return theirs

    def _merge(self, client, record, body):
        """Keep what only QuickBooks changed, send what only Odoo changed.

        :raise Held: `drifted`, if both changed the same field
        :raise Blocked: if the record's model can't change it as it stands there
        """
        theirs = self._read_theirs(client)
        record._qbo_check_theirs(self.backend, self.entity, body, theirs)
        result = self.binding._three_way(body, theirs)
        if result.conflicts:
            raise Held(
                self.env._(
                    "Odoo and QuickBooks both changed: %s.",
                    ", ".join(conflict.field for conflict in result.conflicts),
                ),
                self.env._("Compare both and choose which one counts."),
                state="drifted",
            )
        self.left = list(result.theirs_only)
        if not result.changes:
            return theirs
        token = theirs["SyncToken"]
        return self._send_changes(client, record, body, result.changes, token)

    def with_line_ids(self, body, keys):
        """The lines QuickBooks knows keep their ids, or links to them are lost."""
        line_ids = self.binding.line_ids or {}
        if "Line" not in body:
            return body
        lines = [
            {**line, "Id": line_ids[key]} if key in line_ids else line
            for line, key in zip(body["Line"], keys, strict=True)
        ]
        return {**body, "Line": lines}

    def _undo(self, operation):
        """Void or delete what stands in QuickBooks for a cancelled record.

        It is read first: what happened to it there may forbid that.

        :raise Held: if it never got there
        :raise Blocked: if the record's model doesn't let it go as it stands there
        """
        record = self.binding._record()
        if not self.binding.qbo_id and not self._recover(record):
            raise Held(self.env._("It was cancelled in Odoo before it was sent."))
        client = self._client()
        theirs = self._read_theirs(client)
        record._qbo_check_theirs(self.backend, self.entity, {}, theirs)
        send = {"void": client.void, "delete": client.delete}[operation]
        token = theirs["SyncToken"]
        send(self.entity, self.binding.qbo_id, token, self._undo_id(token))
        self.binding._set_pending()
        self.binding.write({"state": "gone", "payload_hash": False})

    def _recover(self, record):
        """Find what a create has made whose answer was lost; tell whether it did.

        :raise QboError: kind wait, if that create may still be under way
        """
        begun = self.env["qbo.attempt"]._begun(self.binding)
        if not begun:
            return False
        body, _keys = self.prepare(record)
        where = record._qbo_lookup(self.entity, body)
        found = where and self._document(self._client(), record, body, where)
        if found:
            self.binding.write({"qbo_id": found["Id"], **self.binding._version(found)})
        elif begun > fields.Datetime.now() - UNDER_WAY:
            raise QboError("A create may be under way", kind="wait", outcome=UNKNOWN)
        return bool(found)

    def _read_theirs(self, client):
        """Return the object as QuickBooks has it.

        :raise Held: `gone`, if it was deleted or voided there
        """
        try:
            theirs = client.read(self.entity, self.binding.qbo_id)
        except QboFault as fault:
            if fault.code != NOT_FOUND:
                raise
            raise self._gone(self.env._("It was deleted in QuickBooks.")) from fault
        if changes.is_voided(theirs):
            raise self._gone(self.env._("It was voided in QuickBooks."))
        return theirs

    def _gone(self, reason):
        fix = self.env._("Cancel it in Odoo too, or send it again as a new document.")
        return Held(reason, fix, state="gone")

    def _undo_id(self, sync_token):
        return self.request_id("undo", f"{sync_token}:{self.binding.attempt}")
