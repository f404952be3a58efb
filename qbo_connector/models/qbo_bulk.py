# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many links in one batch call: the first load, without hurry and without haste."""

from ..qbo import marks, queries
from ..qbo.client import BatchItem
from ..qbo.errors import Blocked, QboError
from ..qbo.payloads import payload_hash
from .qbo_push import DependencyBlocked, Held, Push


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
        self.refused = []  # (link, error) to settle once this transaction is over
        self.alone = links.browse()

    def run(self):
        """Match and create; the caller commits, then settles `refused` and `alone`."""
        ready = [entry for entry in map(self._prepared, self.links) if entry]
        self._match(ready)
        self._create([entry for entry in ready if not entry.push.binding.qbo_id])

    def _prepared(self, link):
        push = Push(link, self.turn)
        record = link._record()
        try:
            if not record.exists() or record._qbo_undo(link.entity):
                raise Held("", state="gone")
            record._qbo_check_due(self.backend, link.entity)
            if push.missing_dependencies(record):
                self.alone |= link
                return None
            body, keys = push.prepare(record)
        except DependencyBlocked:
            self.alone |= link
        except (Blocked, Held) as error:
            self.refused.append((link, error))
        else:
            return Entry(push, record, body, keys)
        return None

    # --------------------------------------------------------------- match
    def _match(self, ready):
        """Link what is in QuickBooks already: one query a rule for all of them."""
        for entry in ready:
            entry.rules = entry.record._qbo_match(self.backend, entry.push.entity)
        found = self._found(ready)
        for entry in list(ready):
            answers = [
                found.get((name, value.casefold()), [])
                for _rule, name, value in entry.rules
            ]
            try:
                match = entry.push.choose(entry.record, entry.rules, answers)
            except Blocked as error:
                self.refused.append((entry.push.binding, error))
                ready.remove(entry)
                continue
            if match:
                self._store(entry, match, created=False)

    def _found(self, ready):
        """{(property, value): objects}: QuickBooks compares without regard to case."""
        wanted = {}
        for entry in ready:
            for _rule, name, value in entry.rules:
                wanted.setdefault(name, []).append(value)
        if not wanted:
            return {}
        entity = self.links[0].entity
        items = [
            BatchItem(
                str(number),
                query=queries.select(
                    entity, queries.in_(name, values), limit=queries.PAGE_LIMIT
                ),
            )
            for number, (name, values) in enumerate(wanted.items())
        ]
        answers = self.client.batch(items)
        found = {}
        for number, name in enumerate(wanted):
            answer = answers[str(number)]
            if isinstance(answer, Exception):
                raise answer
            for one in answer:
                found.setdefault((name, _value(one, name)), []).append(one)
        return found

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
            entry.push.begin(entry.record, entry.body)
        answers = self.client.batch(items, self._request_id())
        for entry in entries:
            link = entry.push.binding
            answer = answers[str(link.id)]
            if not isinstance(answer, QboError):
                self._store(entry, answer, created=True)
            elif answer.kind == "fix":
                self.refused.append((link, answer))
            else:
                self.alone |= link

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
        self.rules = []


def _value(one, name):
    """The value of a property as queries see it: `PrimaryEmailAddr` is a block."""
    value = one.get(name) or ""
    if isinstance(value, dict):
        value = value.get("Address", "")
    return str(value).casefold()
