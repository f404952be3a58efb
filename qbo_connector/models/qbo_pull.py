# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The way back: objects of QuickBooks go to the model that wants them."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import psycopg2

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..qbo import changes, marks
from ..qbo.errors import Blocked, QboError, QboFault
from .qbo_merges import Merges

_logger = logging.getLogger(__name__)

NOT_FOUND = "610"
RACE_SECONDS = 2
# While a push of ours may be creating it, a new object is nobody's yet. Longer than
# a push waits between two tries.
FRESH = timedelta(minutes=15)


@dataclass
class Outcome:
    """How many objects were taken over, were known already, or failed.

    later: objects that may be ours and whose link isn't stored yet.
    """

    taken: int = 0
    same: int = 0
    failed: int = 0
    later: list = field(default_factory=list)

    def add(self, other):
        """Count what another one has counted too."""
        self.taken += other.taken
        self.same += other.same
        self.failed += other.failed


class Pull:
    """Hands changed objects to Odoo's models, within the caller's transaction.

    Knows no business object: the model that names the entity, or has a method
    `_qbo_import_<entity>`, decides what becomes of it (see `qbo.mixin`).
    """

    def __init__(self, backend, source="poll"):
        self.backend = backend
        self.env = backend.env
        self.source = source
        self.outcome = Outcome()
        self.unanswered = set()  # names of entries that may be ours

    # ---------------------------------------------------------------- read
    def fetch(self, client, entity, ids):
        """Read objects by id, 100 in one read; deleted ones come as stubs.

        :raise QboError: if QuickBooks doesn't answer
        """
        found = []
        for some in changes.slices(ids):
            objects = client.query(changes.select_ids(entity, some))
            seen = {values["Id"] for values in objects}
            found += objects
            found += [
                self._read_missing(client, entity, qbo_id)
                for qbo_id in some
                if qbo_id not in seen
            ]
        return found

    def _read_missing(self, client, entity, qbo_id):
        """Queries don't return what was deleted; only 610 says so for sure."""
        try:
            return client.read(entity, qbo_id)
        except QboFault as fault:
            if fault.code != NOT_FOUND:
                raise
            return changes.deleted(qbo_id)

    def missing_parents(self, entity, objects):
        """Read what objects name as their `ParentRef`, and what is above that, as far
        as it is neither linked nor among the objects.

        :raise QboError: if QuickBooks doesn't answer
        """
        seen = {values["Id"] for values in objects}
        found, wanted = [], changes.parents(objects) - seen
        while wanted:
            stubs = [{"Id": qbo_id} for qbo_id in wanted]
            known = self.env["qbo.binding"]._of_objects(self.backend, entity, stubs)
            missing = sorted(wanted - set(known))
            more = self.fetch(self.backend._client(), entity, missing)
            more = [one for one in more if not changes.is_deleted(one)]
            found += more
            seen |= wanted
            wanted = changes.parents(more) - seen
        return found

    # ---------------------------------------------------------------- take
    def take(self, entity, objects):
        """Take over objects of one entity; echoes of our own writes are none.

        :raise RetryableJobError: if another worker takes over the same ones
        """
        links = self.env["qbo.binding"]._of_objects(self.backend, entity, objects)
        merged = self._follow_merges(entity, objects, links)
        if merged:
            objects = [one for one in objects if one["Id"] not in merged]
            objects += self._left_over(entity, objects, merged)
            links = self.env["qbo.binding"]._of_objects(self.backend, entity, objects)
        model = self.backend._pull_models().get(entity)
        under_way = self._under_way(entity, objects, links)
        wanted, removed = [], []
        for values in objects:
            link = links.get(values["Id"])
            if changes.is_deleted(values):
                removed.append(values)
            elif under_way(values):
                self.outcome.later.append((entity, values["Id"]))
            elif link and link._is_echo(values):
                self.outcome.same += 1
            elif not link and self._is_nobodys(values):
                self.outcome.same += 1
            elif model:
                wanted.append(values)
        self._each(entity, removed, lambda one: self._removed(links, one))
        if wanted:
            self._hand_over(self.env[model], entity, wanted, links)
        self._learn_versions(objects, links)
        return self.outcome

    def _follow_merges(self, entity, objects, links):
        merged = Merges(self).find(entity, objects, links)
        for loser, winner in merged.items():
            self.env["qbo.binding"]._merged(self.backend, entity, loser, winner)
        self.outcome.taken += len(merged)
        return merged

    def _left_over(self, entity, objects, merged):
        """What merges have left, if it isn't at hand."""
        missing = set(merged.values()) - {values["Id"] for values in objects}
        client = missing and self.backend._client()
        return self.fetch(client, entity, sorted(missing)) if missing else []

    def _learn_versions(self, objects, links):
        """A link that was pointed elsewhere has no version to change yet."""
        for values in objects:
            link = links.get(values["Id"])
            if link and not link.sync_token:
                link.sync_token = values.get("SyncToken")

    def _is_nobodys(self, values):
        """Nothing for Odoo: a document of ours whose link is gone, an entry that is
        inactive already (what was merged away, say), or one that a blocked record of
        ours may have made: its next push looks for it."""
        if _folded_name(values) in self.unanswered:
            return True
        return self._has_our_mark(values) or changes.is_inactive(values)

    def _has_our_mark(self, values):
        mark = marks.find_mark(values.get("PrivateNote"))
        uuid = self.env["ir.config_parameter"].get_param("database.uuid")
        return bool(mark) and mark.database == marks.database_short(uuid)

    def _under_way(self, entity, objects, links):
        """Return a function: may a push of ours have made this very object?

        Asked in a new transaction: the object was read after this one began, and
        a push that made it in between is not seen by it.
        """
        new = [values for values in objects if values["Id"] not in links]
        if not new:
            return lambda values: False
        fresh = {values["Id"] for values in new if self._is_fresh(values)}
        with self.backend._own_transaction() as backend:
            pushing, stored = backend._pushes(entity, sorted(fresh))
            unanswered = backend.env["qbo.attempt"]._unanswered(backend, entity)
        self.unanswered = set(unanswered)
        waiting = {name for name, state in unanswered.items() if state == "pending"}
        ids = {values["Id"] for values in new}

        def under_way(values):
            if values["Id"] in fresh:
                mine = pushing or self._has_our_mark(values)
                if mine or values["Id"] in stored:
                    return True
            return values["Id"] in ids and _folded_name(values) in waiting

        return under_way

    def _is_fresh(self, values):
        made = changes.created(values)
        return bool(made) and made > fields.Datetime.now() - FRESH

    # ------------------------------------------------------------ hand over
    def _hand_over(self, model, entity, objects, links):
        """Known objects of ours are watched, all others are the model's to take."""
        method = getattr(model, f"_qbo_import_{entity.lower()}", None)
        watched, wanted = [], []
        for values in objects:
            link = links.get(values["Id"])
            mine = link and self._is_mine(link)
            (watched if mine else wanted).append(values)
        self._each(entity, watched, lambda one: links[one["Id"]]._watch(one))
        if method:
            self._all(entity, wanted, partial(method, self.backend))

    def _is_mine(self, link):
        """Whether Odoo made it, and changes of it are only watched."""
        model = self.env[link.res_model]
        return not (link.imported or model._qbo_two_way)

    def _removed(self, links, values):
        link = links.get(values["Id"])
        if link and link.state != "gone":
            link._removed(self.env._("It was deleted in QuickBooks."))

    def _all(self, entity, objects, take):
        """All at once where that goes; else one by one, so that one can't hold
        up the others."""
        if not objects:
            return
        refused, error = self._try(lambda: take(objects))
        if error and len(objects) > 1:
            self._each(entity, objects, lambda one: take([one]))
            return
        if error:
            refused = {objects[0]["Id"]: error}
        self._settle(entity, objects, refused)

    def _each(self, entity, objects, take):
        for values in objects:
            refused, error = self._try(partial(take, values))
            if error:
                refused = {values["Id"]: error}
            self._settle(entity, [values], refused)

    def _try(self, take):
        """Do it all or nothing of it; return its result and the error, if any."""
        try:
            with self.env.cr.savepoint():
                result = take()
                self.env.flush_all()
        except _PASSED_ON:
            raise
        except Exception as error:
            self.env.invalidate_all()
            self.env.cr.cache.pop("qbo.binding", None)  # links that are no more
            self._check_race(error)
            return None, error
        return result, None

    def _settle(self, entity, objects, refused):
        refused = refused or {}
        taken = [values for values in objects if values["Id"] not in refused]
        self._taken(entity, taken)
        for values in objects:
            if values["Id"] in refused:
                self._failed(entity, values, refused[values["Id"]])

    def _check_race(self, error):
        """Another worker made the same link: what it made is seen next time."""
        violated = isinstance(error, psycopg2.errors.UniqueViolation)
        if violated and error.diag.table_name == "qbo_binding":
            raise RetryableJobError(
                "Another worker takes over the same", RACE_SECONDS, ignore_retry=True
            ) from error

    def _failed(self, entity, values, error):
        self.outcome.failed += 1
        if isinstance(error, Exception) and not isinstance(error, _SAID):
            _logger.error(
                "%s %s was not taken over", entity, values["Id"], exc_info=error
            )
        self.env["qbo.change"]._report(
            self.backend, entity, values, str(error), self.source
        )

    def _taken(self, entity, objects):
        self.outcome.taken += len(objects)
        ids = [values["Id"] for values in objects]
        self.env["qbo.change"]._resolve(self.backend, entity, ids)


def _folded_name(values):
    return (changes.name_of(values) or "").casefold()


# What a person can do something about; anything else is a bug of ours.
_SAID = (Blocked, UserError)
# Not about one object: the whole job has to wait, or to begin again.
_PASSED_ON = (QboError, RetryableJobError, psycopg2.OperationalError)
