# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One push of one link: look first where that is due, send, store the answer."""

import json
from markupsafe import Markup

from odoo import fields

from ..qbo import changes, marks, merge, queries
from ..qbo.client import BatchItem
from ..qbo.errors import Blocked, QboFault
from ..qbo.money import to_json
from ..qbo.payloads import payload_hash

STALE = "5010"
NOT_FOUND = "610"
DUPLICATE_NUMBER = "6140"


class DependencyBlocked(Exception):
    """What must be in QuickBooks first can't get there, for the reason given."""

    def __init__(self, binding_id, name, blocked):
        super().__init__(str(blocked))
        self.binding_id = binding_id
        self.blocked = Blocked(
            blocked.field, f"{name}: {blocked.reason}", blocked.fix, blocked.code
        )


class Held(Exception):
    """The record is not to be sent now: on purpose, or because a person decides."""

    def __init__(self, reason, fix="", state="held"):
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.state = state


class Push:
    """Brings one `qbo.binding` into QuickBooks within the binding's transaction.

    Knows no business object: the record's model says what it needs first
    (`_qbo_dependencies`), whether it is due (`_qbo_check_due`), what is sent
    (`_qbo_prepare`) and how to find it (`_qbo_match`).
    """

    def __init__(self, binding, turn):
        self.binding = binding
        self.turn = turn
        self.backend = binding.backend_id
        self.entity = binding.entity
        # A create that left earlier may have been booked with what was true then.
        self.tried_before = False
        self.env = binding.env

    def run(self):
        """Push, and return []; or return the ids of links that must go first.

        :raise LockError: if another worker is at this link
        :raise QboError, Blocked, Held: if it can't be done now
        """
        # NO KEY UPDATE: log rows may refer to the link while it is locked.
        self.binding.lock_for_update(allow_referencing=True)
        if self.binding.state in ("drifted", "gone"):
            return []
        record = self.binding._record()
        if not record.exists():
            raise Held(self.env._("The record was deleted in Odoo."), state="gone")
        undo = record._qbo_undo(self.entity)
        if undo:
            self._undo(undo)
            return []
        record._qbo_check_due(self.backend, self.entity)
        missing = self.missing_dependencies(record)
        if missing:
            return missing
        self._send(record)
        return []

    def missing_dependencies(self, record):
        """Return the ids of links that must be in QuickBooks before `record`."""
        missing = []
        for needed, entity in record._qbo_dependencies(self.backend, self.entity):
            links = self.binding._get_or_create(self.backend, needed, entity)
            missing += links.filtered(lambda link: not link.qbo_id).ids
            self._refuse_blocked(links)
        return missing

    def _refuse_blocked(self, links):
        """Don't try again, for each document, what waits for a person already."""
        for link in links:
            if not link.qbo_id and link.state in ("blocked", "held", "gone"):
                blocked = Blocked(
                    link.error_field or "",
                    link.error or "",
                    link.fix or "",
                    link.error_code or "",
                )
                raise DependencyBlocked(link.id, link.display_name, blocked)

    # ---------------------------------------------------------------- send
    def prepare(self, record):
        """Return what would be sent: (body, the Odoo line behind each of its lines)."""
        body = record._qbo_prepare(self.backend, self.entity)
        keys = [line.pop("_key", None) for line in body.get("Line", [])]
        return body, keys

    def _send(self, record):
        body, keys = self.prepare(record)
        digest = payload_hash(body)
        if self.binding.qbo_id and digest == self.binding.payload_hash:
            return self._settle()
        client = self.backend._client(self.binding, self.turn)
        created = False
        if self.binding.qbo_id:
            body = self.with_line_ids(body, keys)
            answer = self._update(client, record, body)
        else:
            answer, created = self._create(client, record, body)
        if answer is None and not self.binding.payload_hash:
            answer = client.read(self.entity, self.binding.qbo_id)
        if answer is None:
            self.binding.payload_hash = digest
            return self._settle()
        return self.store(record, body, keys, digest, answer, created)

    def _create(self, client, record, body):
        found = self._find(client, record, body)
        if found:
            return found, False
        attempt = self.binding.attempt
        while True:
            try:
                return self._post(client, record, body, attempt), True
            except QboFault as fault:
                fault.attempt = attempt
                own = self._own_document(client, record, body, fault)
                if own:
                    return own, False
                changed = record._qbo_on_fault(self.backend, self.entity, fault, body)
                if not changed:
                    raise
                body.update(changed)
                attempt += 1

    def _post(self, client, record, body, attempt):
        self.begin(record, body)
        request_id = self.request_id("create", attempt)
        # Query parameters that `_qbo_on_fault` asks for are no part of the object.
        params = body.pop("_params", None)
        return client.create(self.entity, body, request_id, params)

    def begin(self, record, body):
        """Note for good that a create leaves now, for what isn't matched by name."""
        if record._qbo_lookup(self.entity, body) is not None:
            self.tried_before = not self.env["qbo.attempt"]._begin(self.binding)

    def request_id(self, operation, version):
        """The same for the same try of the same thing, in whatever process."""
        binding = self.binding
        database = self.env["ir.config_parameter"].get_param("database.uuid")
        return marks.request_id(
            database,
            self.backend.realm_id,
            binding.res_model,
            binding.res_id,
            self.entity,
            operation,
            version,
        )

    def _undo(self, operation):
        """Void or delete what stands in QuickBooks for a cancelled record.

        It is read first: what happened to it there may forbid that.

        :raise Held: if it never got there
        :raise Blocked: if the record's model doesn't let it go as it stands there
        """
        if not self.binding.qbo_id:
            raise Held(self.env._("It was cancelled in Odoo before it was sent."))
        client = self.backend._client(self.binding, self.turn)
        theirs = self._read_theirs(client)
        record = self.binding._record()
        record._qbo_check_theirs(self.backend, self.entity, {}, theirs)
        send = {"void": client.void, "delete": client.delete}[operation]
        token = theirs["SyncToken"]
        send(self.entity, self.binding.qbo_id, token, self._undo_id(token))
        self.binding._set_pending()
        self.binding.write({"state": "gone", "payload_hash": False})

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

    # ---------------------------------------------------------------- find
    def _find(self, client, record, body):
        """Look for the object in QuickBooks where it may be there already.

        List entries are matched before they are made. Documents are new, unless a
        try to create them got no answer; that is looked for only when the request
        id may be forgotten.
        """
        where = record._qbo_lookup(self.entity, body)
        if where is None:
            return self._match(client, record)
        late = self.env["qbo.attempt"]._is_late(self.binding)
        if not late and not record._qbo_look_first(self.entity):
            return None
        self.tried_before = True
        return self._document(client, record, body, where)

    def _document(self, client, record, body, where):
        """The document that is this record's own, among those nobody is linked to."""
        statement = queries.select(self.entity, where=where, limit=queries.PAGE_LIMIT)
        for found in self._free(client.query(statement)):
            if record._qbo_is_same(self.entity, body, found):
                return found
        return None

    def _own_document(self, client, record, body, fault):
        """After "duplicate number": ours from a lost reply, or None: a stranger's."""
        if fault.code != DUPLICATE_NUMBER:
            return None
        where = record._qbo_lookup(self.entity, body)
        return self._document(client, record, body, where)

    def _match(self, client, record):
        """The object that is this record already: all rules in one batch call."""
        rules = record._qbo_match(self.backend, self.entity)
        if not rules:
            return None
        items = [
            BatchItem(
                str(number),
                query=queries.select(self.entity, where=queries.eq(name, value)),
            )
            for number, (_rule, name, value) in enumerate(rules)
        ]
        answers = client.batch(items)
        for answer in answers.values():
            if isinstance(answer, Exception):
                raise answer
        return self.choose(
            rules, [answers[str(number)] for number in range(len(rules))]
        )

    def choose(self, rules, answers):
        """The first rule that finds exactly one object nobody else is linked to.

        :param answers: the objects that each rule has found
        :raise Blocked: if the rule that hits finds several
        """
        for (rule, _name, _value), answer in zip(rules, answers, strict=True):
            found = self._free(answer)
            if len(found) > 1:
                raise self._ambiguous(rule, found)
            if found:
                return found[0]
        return None

    def _free(self, objects):
        taken = self.binding.search(
            [
                ("backend_id", "=", self.backend.id),
                ("entity", "=", self.entity),
                ("qbo_id", "in", [found["Id"] for found in objects]),
            ]
        ).mapped("qbo_id")
        return [found for found in objects if found["Id"] not in taken]

    def _ambiguous(self, rule, found):
        return Blocked(
            "",
            self.env._(
                "QuickBooks has %(count)s of the same %(rule)s: %(names)s.",
                count=len(found),
                rule=rule,
                names=", ".join(
                    one.get("DisplayName") or one.get("Name", "") for one in found
                ),
            ),
            self.env._("Merge them in QuickBooks or make them differ, then retry."),
            "ambiguous",
        )

    # -------------------------------------------------------------- update
    def _update(self, client, record, body):
        """Send what changed as a sparse update; on 5010 re-read, merge, once more.

        :return: QuickBooks' answer, or None if there is nothing to send
        :raise Held: `gone`, if the object is not there any more
        """
        changed = merge.delta(self.binding.sent or {}, body)
        if not changed:
            return None
        try:
            token = self.binding.sync_token
            return self._send_changes(client, record, body, changed, token)
        except QboFault as fault:
            if fault.code == NOT_FOUND:
                self._read_theirs(client)
            if fault.code != STALE:
                raise
        return self._merge(client, record, body)

    def _send_changes(self, client, record, body, changed, sync_token):
        riders = {name: body[name] for name in record._qbo_riders if name in body}
        message = {
            **riders,
            **changed,
            "Id": self.binding.qbo_id,
            "SyncToken": sync_token,
        }
        version = f"{sync_token}:{payload_hash(changed)}:{self.binding.attempt}"
        return client.update(self.entity, message, self.request_id("update", version))

    def _merge(self, client, record, body):
        """Keep what only QuickBooks changed, send what only Odoo changed.

        :raise Held: `drifted`, if both changed the same field
        :raise Blocked: if the record's model can't change it as it stands there
        """
        theirs = self._read_theirs(client)
        record._qbo_check_theirs(self.backend, self.entity, body, theirs)
        result = merge.three_way(self.binding.sent or {}, body, theirs)
        if result.conflicts:
            raise Held(
                self.env._(
                    "Odoo and QuickBooks both changed: %s.",
                    ", ".join(conflict.field for conflict in result.conflicts),
                ),
                self.env._("Compare both and choose which one counts."),
                state="drifted",
            )
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

    # --------------------------------------------------------------- store
    def store(self, record, body, keys, digest, answer, created):
        """Keep QuickBooks' answer on the link, and compare it with what was sent."""
        self.binding.line_ids = self._line_ids(keys, body, answer)
        lost = merge.dropped(body, answer) if created or "DocNumber" in body else []
        self.binding.write(
            {
                "qbo_id": answer["Id"],
                **self.binding._version(answer),
                "doc_number": answer.get("DocNumber"),
                "payload_hash": digest,
                "sent": json.loads(to_json(self.with_line_ids(body, keys))),
                "qbo_total": str(answer["TotalAmt"]) if "TotalAmt" in answer else False,
                "last_sync": fields.Datetime.now(),
                "warning": bool(lost)
                and self.env._(
                    "QuickBooks didn't keep these fields as sent: %s", ", ".join(lost)
                ),
            }
        )
        self._settle()
        if lost and self.tried_before:
            self._send_again()
            return
        self._check_answer(record, body, answer)
        self._tell(record, created)
        record._qbo_after_push(self.binding, answer, created)
        self._release()

    def _send_again(self):
        """What came back is the answer to an earlier try, before the record changed:
        bring QuickBooks up to date with all there is."""
        self.binding.write({"sent": {}, "payload_hash": False, "state": "pending"})
        self.binding._enqueue()

    def _settle(self):
        self.env["qbo.attempt"]._end(self.binding)
        self.binding._set_pending()
        self.binding.state = "synced"

    def _check_answer(self, record, body, answer):
        """Leave a difference on the link for a person: none is tolerated unseen."""
        found = record._qbo_check_answer(self.backend, self.entity, body, answer)
        if isinstance(found, str):
            known = self.binding.warning
            self.binding.warning = f"{known}\n{found}" if known else found
        elif found:
            self.binding.write(
                {
                    "state": "blocked",
                    "error_code": found.code,
                    "error_field": found.field,
                    "error": found.reason,
                    "fix": found.fix,
                    # Looked at again when it is retried, changed in Odoo or not.
                    "payload_hash": False,
                }
            )

    def _tell(self, record, created):
        """One line in the record's chatter, with the link into QuickBooks."""
        if not hasattr(record, "_message_log"):
            return
        link = Markup('<a href="%s" target="_blank">%s</a>') % (
            self.binding.qbo_url,
            f"{self.entity} {self.binding.doc_number or self.binding.qbo_id}",
        )
        text = (
            self.env._("Created in QuickBooks: %s", link)
            if created
            else self.env._("Linked or updated in QuickBooks: %s", link)
        )
        record._message_log(body=text)

    def _line_ids(self, keys, body, answer):
        """{key: id QuickBooks gave the line}; it may have moved some lines down."""
        kept = {}
        for line in answer.get("Line", []):
            if line.get("Id"):
                kept.setdefault(_what(line), []).append(line["Id"])
        found = {}
        for key, line in zip(keys, body.get("Line", []), strict=False):
            ids = kept.get(_what(line))
            if key and ids:
                found[key] = ids.pop(0)
        return found

    def _release(self):
        """Queue the documents that were blocked by this link."""
        waiting = self.binding.search([("blocked_by_id", "=", self.binding.id)])
        waiting._set_pending()
        waiting._enqueue()


def _what(line):
    """What a line is about: its kind and item or account."""
    kind = line.get("DetailType")
    detail = line.get(kind) or {}
    ref = detail.get("ItemRef") or detail.get("AccountRef") or {}
    return kind, ref.get("value")
