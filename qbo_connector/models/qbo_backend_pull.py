# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the connection itself.
# pylint: disable=consider-merging-classes-inherited
import uuid
from datetime import timezone

from odoo import api, fields, models, tools

from ..qbo import changes, webhooks
from ..qbo.client import CDC_LIMIT
from .qbo_guarded import MANAGER
from .qbo_pull import Outcome, Pull

CHANNEL = "root.qbo"
PRIORITY = 15  # behind documents
# Events come in bunches: read once for all of them.
GATHER_SECONDS = 2
LATER_SECONDS = 20
CLAIM = 500
PREFIX = "_qbo_import_"
POLL = "qbo_connector.cron_poll_changes"


class QboBackend(models.Model):
    """How changes arrive from QuickBooks: by webhooks, by polling, or by both."""

    _inherit = "qbo.backend"

    poll_changes = fields.Boolean(
        "Look for changes",
        default=True,
        help="Ask QuickBooks regularly what has changed (one read each time). "
        "Webhooks alone suffice too; both together do no harm.",
    )

    @api.model
    @tools.ormcache()
    def _pull_models(self):
        """Return {entity: model that takes it over or only watches it}."""
        mixin = self.env.registry["qbo.mixin"]
        synced = [
            (name, cls)
            for name, cls in self.env.registry.items()
            if issubclass(cls, mixin) and not cls._abstract
        ]
        found = {}
        for name, cls in synced:
            found.update(dict.fromkeys(cls._qbo_entities, name))
        for name, cls in synced:
            methods = (method for method in dir(cls) if method.startswith(PREFIX))
            for method in methods:
                entity = method.removeprefix(PREFIX)
                found[webhooks.ENTITIES.get(entity, entity)] = name
        return found

    def _pushes(self, entity, qbo_ids):
        """Whether pushes of ours may be creating objects of an entity just now.

        :return: (whether, the ids among `qbo_ids` that are linked already)
        """
        links = self.env["qbo.binding"]
        mine = [("backend_id", "=", self.id), ("entity", "=", entity)]
        waiting = [*mine, ("state", "=", "pending"), ("qbo_id", "=", False)]
        stored = links.search([*mine, ("qbo_id", "in", qbo_ids)])
        return bool(links.search_count(waiting, limit=1)), stored.mapped("qbo_id")

    def _after_connect(self):
        result = super()._after_connect()
        # Up to when was read: the connector's own row.
        self.env["qbo.cursor"].sudo()._of(self, self._poll_entities())
        self._enqueue_changes(0)
        return result

    # ------------------------------------------------------------ webhooks
    @api.model
    def _receive_webhook(self, body, signature):
        """Put a delivery of Intuit's into the inbox.

        Each app has a verifier token: events count only for companies whose own
        token the signature was made with. Nothing is read from QuickBooks here.

        :param bytes body: as it came
        :return: False if no connection's token fits the signature
        """
        backends = self.search([("realm_id", "!=", False)]).filtered(
            lambda one: webhooks.verify(body, signature, one._webhook_verifier())
        )
        if not backends:
            return False
        events = webhooks.parse(body)
        for backend in backends:
            rows = list(backend._inbox_rows(events))
            if rows:
                self.env["qbo.change"]._receive(backend, rows)
        return True

    def _inbox_rows(self, events):
        """The events that concern this company and an entity somebody wants."""
        wanted = self._pull_models()
        for event in events:
            if event.realm_id == self.realm_id and event.entity in wanted:
                yield (
                    event.entity,
                    event.qbo_id,
                    event.operation,
                    _naive(event.time),
                    event.event_id,
                    event.deleted_id or None,
                    "webhook",
                )

    def _enqueue_changes(self, eta=GATHER_SECONDS):
        # A job of the connector; who queues it is checked before.
        for backend in self.sudo().filtered(lambda one: one._is_connected()):
            backend.with_delay(
                channel=CHANNEL,
                priority=PRIORITY,
                eta=eta or None,
                max_retries=0,
                identity_key=f"qbo.changes:{backend.id}",
                description=f"QuickBooks: changes in {backend.name}",
            )._job_take_changes()

    def _job_take_changes(self):
        """Read what the inbox names and take it over.

        :raise RetryableJobError: when QuickBooks or another worker is waited for
        """
        if not self._is_connected():
            return
        # The inbox and the links are the connector's.
        inbox = self.env["qbo.change"].sudo()._claim(self, CLAIM)
        if not inbox:
            return
        # In a job: QuickBooks' changes with the connection's rights.
        pull = Pull(self.sudo(), "webhook")
        with self._as_job():
            groups = (inbox - self._take_merges(inbox)).grouped("entity")
            for entity in sorted(groups, key=_lists_first):
                self._take_rows(pull, entity, groups[entity])
        later = set(pull.outcome.later)
        waiting = inbox.filtered(lambda row: (row.entity, row.qbo_id) in later)
        (inbox - waiting).filtered(lambda row: row.state == "new").state = "done"
        if waiting:
            self._enqueue_changes(LATER_SECONDS)
        elif len(inbox) == CLAIM:
            self._enqueue_changes(0)

    def _take_rows(self, pull, entity, rows):
        ids = self._without_echoes(entity, rows)
        pull.outcome.same += len(set(rows.mapped("qbo_id"))) - len(ids)
        if ids:
            pull.take(entity, pull.fetch(self._client(), entity, ids))

    def _without_echoes(self, entity, rows):
        """Ids to read: our own writes come back as events, and cost no read."""
        ids = list(dict.fromkeys(rows.mapped("qbo_id")))
        links = self.env["qbo.binding"].search(
            [
                ("backend_id", "=", self.id),
                ("entity", "=", entity),
                ("qbo_id", "in", ids),
                ("qbo_updated", "!=", False),
            ]
        )
        known = {link.qbo_id: link for link in links}
        told = rows._told_at(self, entity) if known else {}
        fresh = {
            row.qbo_id
            for row in rows
            if row.qbo_id not in known or not row._is_echo_of(known[row.qbo_id], told)
        }
        return [qbo_id for qbo_id in ids if qbo_id in fresh]

    def _take_merges(self, rows):
        """What was merged away goes on as the object that is left.

        Not each delivery says what that was: polling finds out (see `Merges`).

        :return: the rows that are left to it
        """
        merges = rows.filtered(lambda row: row.operation == "Merge")
        named = merges.filtered("merged_id")
        for row in named:
            self.env["qbo.binding"]._merged(self, row.entity, row.merged_id, row.qbo_id)
        if merges - named:
            self._enqueue_poll()
        return merges - named

    # ---------------------------------------------------------------- poll
    @api.model
    def _cron_poll_changes(self):
        """Queue a look at each connected company that wants it."""
        connected = self.search([("state", "=", "connected")])
        connected.filtered("poll_changes")._enqueue_poll()
        # What a lost job has left lying.
        connected._enqueue_changes()

    def action_poll_changes(self):
        """Look for changes now."""
        self._qbo_check_role("write", MANAGER)
        self._enqueue_poll()
        return True

    def _enqueue_poll(self):
        # A job of the connector; who queues it is checked before.
        for backend in self.sudo():
            backend.with_delay(
                channel=CHANNEL,
                priority=PRIORITY,
                identity_key=f"qbo.poll:{backend.id}",
                description=f"QuickBooks: what has changed in {backend.name}",
            )._job_poll()

    def _scheduled(self):
        return {**super()._scheduled(), POLL: (self._enqueue_poll, self.poll_changes)}

    def _poll_entities(self):
        return sorted(set(self._pull_models()) - changes.NO_CDC)

    def _job_poll(self, entities=None):
        """Ask once what has changed since the last time, and take it over.

        At QuickBooks' limit of 1000 objects it is asked again for fewer entities;
        a single entity beyond that, or one not asked for in 30 days, is compared
        page by page.

        :raise RetryableJobError: when QuickBooks or another worker is waited for
        """
        entities = entities or self._poll_entities()
        # Up to when was read: the connector's own row.
        cursors = self.env["qbo.cursor"].sudo()._of(self, entities)
        cursors = cursors.try_lock_for_update()
        for cursor in cursors._too_old():
            self._enqueue_compare(cursor.entity, cursor.since)
        cursors -= cursors._too_old()
        if cursors:
            with self._noted(POLL) as said:
                said.append(self._poll(cursors))

    def _poll(self, cursors):
        """Return what came of it, in words."""
        since = cursors._start()
        with self._as_job():
            found = self._client().cdc(cursors.mapped("entity"), _aware(since))
        if found.truncated:
            self._split(cursors)
            return self.env._("Very many changes: they are read in parts.")
        return self._result(self._take_changes(cursors, found))

    def _take_changes(self, cursors, found):
        total = Outcome()
        for cursor in cursors.sorted(lambda one: _lists_first(one.entity)):
            # In a job: QuickBooks' changes with the connection's rights.
            pull = Pull(self.sudo())
            with self._as_job():
                pull.take(cursor.entity, found.get(cursor.entity, []))
            self._put_off(pull.outcome.later)
            cursor._move(changes.moment(found.time), self._result(pull.outcome))
            total.add(pull.outcome)
        return total

    def _split(self, cursors):
        """Ask again for each half; alone and still too many: page by page."""
        if len(cursors) == 1:
            self._enqueue_compare(cursors.entity, cursors.since)
            return
        half = len(cursors) // 2
        for some in (cursors[:half], cursors[half:]):
            self.with_delay(channel=CHANNEL, priority=PRIORITY)._job_poll(
                some.mapped("entity")
            )

    def _put_off(self, later):
        """Through the inbox again, when our own push has stored its link."""
        rows = [
            (entity, qbo_id, "Update", None, uuid.uuid4().hex, None, "poll")
            for entity, qbo_id in later
        ]
        if rows:
            # The inbox and the links are the connector's.
            self.env["qbo.change"].sudo()._receive(self, rows)

    def _take_again(self, entity, qbo_ids):
        """Read objects made in QuickBooks again, although they haven't changed."""
        objects = [{"Id": qbo_id} for qbo_id in qbo_ids]
        # The inbox and the links are the connector's.
        links = self.env["qbo.binding"].sudo()._of_objects(self, entity, objects)
        mine = {qbo_id for qbo_id, link in links.items() if not link.imported}
        for qbo_id in links.keys() - mine:
            links[qbo_id].sync_token = False
        self._put_off([(entity, one) for one in qbo_ids if one not in mine])

    def _result(self, outcome):
        return self.env._(
            "%(taken)s taken over, %(same)s known, %(failed)s failed",
            taken=outcome.taken,
            same=outcome.same,
            failed=outcome.failed,
        )

    # ------------------------------------------------------------- compare
    def _enqueue_compare(self, entity, since=None):
        self.with_delay(
            channel=CHANNEL,
            priority=PRIORITY + 10,
            identity_key=f"qbo.compare:{self.id}:{entity}",
            description=f"QuickBooks: compare {entity} of {self.name}",
        )._job_compare(entity, since and fields.Datetime.to_string(since))

    def _job_compare(self, entity, since=None, start=1, begun=None):
        """Compare one page of an entity; the next page is the next job.

        :param str since: only what has changed since (naive UTC)
        :param int start: STARTPOSITION, from 1
        :param str begun: when the first page was read (naive UTC)
        :raise RetryableJobError: when QuickBooks or another worker is waited for
        """
        begun = begun or fields.Datetime.to_string(fields.Datetime.now())
        moment = since and _aware(fields.Datetime.to_datetime(since))
        # In a job: QuickBooks' changes with the connection's rights.
        pull = Pull(self.sudo())
        with self._as_job():
            page = self._client().query(changes.select_page(entity, start, moment))
            pull.take(entity, page)
        self._put_off(pull.outcome.later)
        if len(page) == CDC_LIMIT:
            self.with_delay(channel=CHANNEL, priority=PRIORITY + 10)._job_compare(
                entity, since, start + len(page), begun
            )
            return
        # Up to when was read: the connector's own row.
        cursor = self.env["qbo.cursor"].sudo()._of(self, [entity])
        cursor._move(fields.Datetime.to_datetime(begun), self._result(pull.outcome))
        if entity not in changes.LISTS:
            self._enqueue_find_deleted(entity)

    def _enqueue_find_deleted(self, entity, after=0):
        self.with_delay(channel=CHANNEL, priority=PRIORITY + 10)._job_find_deleted(
            entity, after
        )

    def _job_find_deleted(self, entity, after=0):
        """Look whether linked documents are still there: queries don't tell.

        :param int after: id of the link before the first one to look for
        """
        links = self.env["qbo.binding"].search(
            [
                ("backend_id", "=", self.id),
                ("entity", "=", entity),
                ("qbo_id", "!=", False),
                ("state", "!=", "gone"),
                ("id", ">", after),
            ],
            order="id",
            limit=CLAIM,
        )
        # In a job: QuickBooks' changes with the connection's rights.
        pull = Pull(self.sudo())
        with self._as_job():
            pull.take(
                entity, pull.fetch(self._client(), entity, links.mapped("qbo_id"))
            )
        if len(links) == CLAIM:
            self._enqueue_find_deleted(entity, links[-1].id)


def _lists_first(entity):
    """Sorts lists before the documents that name their entries."""
    return entity not in changes.LISTS, entity


def _aware(moment):
    return moment.replace(tzinfo=timezone.utc)


def _naive(moment):
    """As Odoo stores it: UTC, whole seconds (an event's time is never later)."""
    return moment and moment.astimezone(timezone.utc).replace(
        tzinfo=None, microsecond=0
    )
