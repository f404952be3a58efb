# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The part of a push that looks whether QuickBooks has the record already."""

from contextlib import suppress

from ..qbo import changes, queries
from ..qbo.errors import Blocked
from .qbo_push_look import key, look_up
from .qbo_refusals import Held

DUPLICATE_NUMBER = "6140"


class Find:
    """Finds list entries by rules of their model, documents by number and mark."""

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
        """The object that is this record already, if there is one."""
        rules = record._qbo_match(self.backend, self.entity)
        keys = self.keys(rules)
        if not self.seen.keys() >= set(keys):
            self.seen = look_up(client, keys)
        return self.choose(record, rules, [self.seen[one] for one in keys])

    def own_keys(self):
        """What is looked up for this link; what is wrong with it, its push says."""
        record = self.binding._record().exists()
        if not record:
            return []
        with suppress(Blocked, Held):
            return self.keys(record._qbo_match(self.backend, self.entity))
        return []

    def keys(self, rules):
        """What is looked up for the rules of a record, one for each."""
        return [key(self.entity, name, value) for _rule, name, value in rules]

    def choose(self, record, rules, answers):
        """The first rule that finds exactly one object nobody else is linked to.

        :param answers: the objects that each rule has found
        :raise Blocked: if the rule that hits finds several
        """
        for (rule, _name, _value), answer in zip(rules, answers, strict=True):
            found = [
                one
                for one in self._free(answer)
                if record._qbo_may_be(self.backend, self.entity, one)
            ]
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
        free = [found for found in objects if found["Id"] not in taken]
        return self._without_unanswered(free)

    def _without_unanswered(self, objects):
        """Leave out what another link's create may have made, whose answer was lost:
        e-mail addresses and numbers can be shared, names can't."""
        if not any(map(changes.name_of, objects)):
            return objects
        attempts = self.env["qbo.attempt"]
        others = attempts._unanswered(self.backend, self.entity, but=self.binding)
        return [one for one in objects if changes.name_of(one).casefold() not in others]

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
