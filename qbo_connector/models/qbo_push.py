# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One push of one link: look first where that is due, send, store the answer."""

from ..qbo import changes, marks
from ..qbo.errors import Blocked, QboFault
from ..qbo.payloads import payload_hash
from .qbo_once import remembered
from .qbo_push_find import Find
from .qbo_push_read import read_anew, to_read
from .qbo_push_store import Store
from .qbo_push_update import Update
from .qbo_refusals import DependencyBlocked, Held

__all__ = ["DependencyBlocked", "Held", "Push"]


class Push(Find, Update, Store):
    """Brings one `qbo.binding` into QuickBooks within the binding's transaction.

    Knows no business object: the record's model says what it needs first
    (`_qbo_dependencies`), whether it is due (`_qbo_check_due`), what is sent
    (`_qbo_prepare`) and how to find it (`_qbo_match`).
    """

    def __init__(self, binding, turn, seen=None):
        self.binding = binding
        self.turn = turn
        self.seen = seen or {}  # by `look_up`, for several links at once
        self.backend = binding.backend_id
        self.entity = binding.entity
        # A create that left earlier may have been booked with what was true then.
        self.tried_before = False
        self.deleted = 0  # links of the record that were deleted before this one
        self.corrected = False  # by `binding.correction`
        self.left = []  # fields that only QuickBooks changed
        self.env = binding.env

    def run(self):
        """Push, and return []; or return the ids of links that must go first.

        The link is locked.

        :raise QboError, Blocked, Held: if it can't be done now
        """
        with remembered(self.env):
            return self._run()

    def _run(self):
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
        read_anew(to_read(record, self.backend, self.entity), self._client)
        self._send(record)
        return []

    def _client(self):
        return self.backend._client(self.binding, self.turn)

    def missing_dependencies(self, record):
        """Return the ids of links that must be in QuickBooks before `record`."""
        missing = []
        for needed, entity in record._qbo_dependencies(self.backend, self.entity):
            links = self.binding._get_or_create(self.backend, needed, entity)
            missing += links.filtered(lambda link: not link.qbo_id).ids
            self._refuse_blocked(links)
            links._remember()
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
        body = record._qbo_body(self.backend, self.entity)
        keys = [line.pop("_key", None) for line in body.get("Line", [])]
        return body, keys

    def _send(self, record):
        body, keys = self.prepare(record)
        digest = payload_hash(body)
        if self.binding.qbo_id and digest == self.binding.payload_hash:
            return self._settle()
        client = self._client()
        created = False
        if self.binding.qbo_id:
            body = self.with_line_ids(body, keys)
            answer = self._update(client, record, body)
        else:
            answer, created = self._create(client, record, body)
        if answer is None and not self.binding.payload_hash:
            answer = self._look(client, body)
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
                return self._post(client, body, attempt), True
            except QboFault as fault:
                fault.attempt = attempt
                own = self._own_document(client, record, body, fault)
                if own:
                    return own, False
                changed = record._qbo_on_fault(self.backend, self.entity, fault, body)
                if not changed:
                    raise
                self.binding._note_instead(body, changed)
                body.update(changed)
                attempt += 1

    def _post(self, client, body, attempt):
        self.begin(body, first=attempt == self.binding.attempt)
        # Else QuickBooks would repeat what it has answered to a link that is no more.
        version = f"{attempt}:{self.deleted}" if self.deleted else attempt
        request_id = self.request_id("create", version)
        # Query parameters that `_qbo_on_fault` asks for are no part of the object.
        params = body.pop("_params", None)
        return client.create(self.entity, body, request_id, params)

    def begin(self, body, first=True):
        """Note for good that a create leaves now.

        :param bool first: whether this push has sent none before
        """
        name = changes.name_of(body)
        known, self.deleted = self.env["qbo.attempt"]._begin(self.binding, name)
        self.tried_before = first and known

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
