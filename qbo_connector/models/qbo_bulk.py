# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many links in one batch call: the first load, without hurry and without haste."""

from ..qbo import marks
from ..qbo.client import BatchItem
from ..qbo.errors import Blocked, QboError
from ..qbo.payloads import payload_hash
from .qbo_push import DependencyBlocked, Held, Push
from .qbo_push_look import look_up
from .qbo_push_read import read_anew, to_read


class Bulk:
    """Creates the records of one chunk of links (of one entity, never linked yet).

    A chunk's members and its request id are fixed before anything is sent: after a
    lost reply the same chunk goes again, and QuickBooks repeats its answer. What
    can't ride along is left to a push of its own.
    """

    def __init__(self, links, chunk, turn):
        self.links = links
        self.backend = links.backend_id
        self.chunk = chunk
        self.client = self.backend._client(None, turn)
        self.turn = turn
        self.refused = []  # (link, error) to write down
        self.alone = links.browse()

    def run(self):
        """Match and create; the caller sees to `refused` and `alone`."""
        due = [push for push in map(self._due, self.links) if push]
        depends = [
            to_read(push.binding._record(), self.backend, push.entity) for push in due
        ]
        read_anew(self.links.browse().union(*depends), lambda: self.client)
        ready = [entry for entry in map(self._prepared, due) if entry]
        self._match(ready)
        self._create([entry for entry in ready if not entry.push.binding.qbo_id])

    def _due(self, link):
        push = Push(link, self.turn)
        record = link._record()
        try:
            if not record.exists() or record._qbo_undo(link.entity):
                raise Held("", state="gone")
            record._qbo_check_due(self.backend, link.entity)
            if push.missing_dependencies(record):
                self.alone |= link
                return None
        except DependencyBlocked:
            self.alone |= link
        except (Blocked, Held) as error:
            self.refused.append((link, error))
        else:
            return push
        return None

    def _prepared(self, push):
        record = push.binding._record()
        try:
            body, keys = push.prepare(record)
        except (Blocked, Held) as error:
            self.refused.append((push.binding, error))
            return None
        return Entry(push, record, body, keys)

    # --------------------------------------------------------------- match
    def _match(self, ready):
        """Link what is in QuickBooks already: one query a rule for all of them."""
        rules = {
            entry: entry.record._qbo_match(self.backend, entry.push.entity)
            for entry in ready
        }
        keys = {entry: entry.push.keys(found) for entry, found in rules.items()}
        seen = look_up(self.client, [key for found in keys.values() for key in found])
        for entry in list(ready):
            answers = [seen[key] for key in keys[entry]]
            try:
                match = entry.push.choose(entry.record, rules[entry], answers)
            except Blocked as error:
                self.refused.append((entry.push.binding, error))
                ready.remove(entry)
                continue
            if match:
                self._store(entry, match, created=False)

    # -------------------------------------------------------------- create
    def _create(self, entries):
        if not entries:
            return
        items = [
            BatchItem(
                str(entry.push.binding.id), "create", entry.push.entity, entry.body
            )
            for entry in entries
        ]
        for entry in entries:
            entry.push.begin(entry.body)
        answers = self.client.batch(items, self._request_id())
        for entry in entries:
            link = entry.push.binding
            answer = answers[str(link.id)]
            if not isinstance(answer, QboError):
                self._store_created(entry, answer)
            elif answer.kind == "fix":
                self.refused.append((link, answer))
            else:
                self.alone |= link

    def _store_created(self, entry, answer):
        try:
            self._store(entry, answer, created=True)
        except Blocked as error:
            self.refused.append((entry.push.binding, error))

    def _request_id(self):
        database = self.backend.env["ir.config_parameter"].get_param("database.uuid")
        return marks.request_id(database, self.backend.realm_id, "batch", self.chunk)

    def _store(self, entry, answer, created):
        digest = payload_hash(entry.body)
        entry.push.store(
            entry.record, entry.body, entry.keys, digest, answer, created=created
        )


class Entry:
    """A link that is ready to go."""

    def __init__(self, push, record, body, keys):
        self.push = push
        self.record = record
        self.body = body
        self.keys = keys
