# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager, suppress

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import SQL

from .qbo_guarded import ADMIN, MANAGER
from .qbo_refusals import ELSEWHERE
from .qbo_schedule import PUSH

CHANNEL = "root.qbo"
PRIORITY_DOCUMENT = 10

# States in which what others wait for has come about.
ARRIVED = ("synced", "gone")
STATES = [
    ("pending", "Waiting for QuickBooks"),
    ("synced", "In QuickBooks"),
    ("blocked", "Needs attention"),
    ("held", "On hold"),
    ("drifted", "Changed in QuickBooks"),
    ("gone", "Voided or deleted"),
]


class QboBinding(models.Model):
    """One Odoo record as one QuickBooks entity in one backend.

    The row is the outbox too: it is written in the transaction of the business
    change, so that a confirmed order can't be forgotten. Its jobs live here.
    """

    _name = "qbo.binding"
    _inherit = "qbo.guarded"
    _description = "QuickBooks link"
    _order = "id desc"

    # Its index is the first column of `_record_uniq`.
    backend_id = fields.Many2one("qbo.backend", required=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True, index=True
    )
    name = fields.Char("Document", compute="_compute_name", compute_sudo=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    entity = fields.Char(
        required=True, readonly=True, help="QuickBooks' name: Customer, Invoice …"
    )
    qbo_id = fields.Char("QuickBooks ID", readonly=True)
    sync_token = fields.Char(
        readonly=True, help="QuickBooks' version of the object, for the next update."
    )
    doc_number = fields.Char("Number in QuickBooks", readonly=True)
    state = fields.Selection(STATES, default="pending", required=True, readonly=True)
    error = fields.Text("Reason", readonly=True)
    fix = fields.Text("What to do", readonly=True)
    error_code = fields.Char(readonly=True)
    error_field = fields.Char(readonly=True, help="The field a person must look at.")
    warning = fields.Text(
        readonly=True, help="What QuickBooks took but didn't keep as it was sent."
    )
    blocked_by_id = fields.Many2one(
        "qbo.binding",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What this one waits for: if it needs attention, to be in QuickBooks; if "
        "it is on hold, to be gone from there.",
    )
    last_sync = fields.Datetime(readonly=True, help="UTC.")
    next_try = fields.Datetime(
        readonly=True, help="UTC; when the waiting job tries again."
    )
    tries = fields.Integer(readonly=True, help="Tries since it last went through.")
    attempt = fields.Integer(
        readonly=True,
        help="Raised by each definite refusal, so that the corrected record goes out "
        "with a new request id.",
    )
    payload_hash = fields.Char(readonly=True)
    sent = fields.Json(
        readonly=True,
        help="What QuickBooks has of what was sent last: the base of a merge.",
    )
    line_ids = fields.Json(readonly=True, help="Odoo line key → QuickBooks line id.")
    instead = fields.Json(
        readonly=True,
        help="Field → [value that QuickBooks refused, value it took instead].",
    )
    qbo_total = fields.Char(
        "Total in QuickBooks", readonly=True, help="As answered, in document currency."
    )
    qbo_url = fields.Char("Open in QuickBooks", compute="_compute_qbo_url")

    _record_uniq = models.UniqueIndex("(backend_id, res_model, res_id, entity)")
    # Partial, so that PostgreSQL doesn't take a write of qbo_id for a key change
    # (which would make the log row's foreign key wait for the job's lock).
    _qbo_id_uniq = models.UniqueIndex(
        "(backend_id, entity, qbo_id) WHERE qbo_id IS NOT NULL"
    )
    _record_idx = models.Index("(res_model, res_id)")
    _todo_idx = models.Index("(backend_id, state) WHERE state <> 'synced'")

    # ------------------------------------------------------------ display
    @api.depends("res_model", "res_id")
    def _compute_name(self):
        for model, bindings in self.grouped("res_model").items():
            records = self.env[model].browse(bindings.mapped("res_id")).exists()
            names = {record.id: record.display_name for record in records}
            for binding in bindings:
                binding.name = names.get(binding.res_id, self.env._("(deleted)"))

    @api.depends("name", "entity")
    def _compute_display_name(self):
        for binding in self:
            binding.display_name = f"{binding.name} ({binding.entity})"

    @api.depends("entity", "qbo_id")
    def _compute_qbo_url(self):
        for binding in self:
            page, key = self.env[binding.res_model]._qbo_page(binding.entity)
            binding.qbo_url = binding.qbo_id and binding.backend_id._app_url(
                page, **{key: binding.qbo_id}
            )

    def _label(self):
        """The display name, without a look whether the record still exists."""
        with suppress(MissingError):
            record = self.env[self.res_model].browse(self.res_id)
            return f"{record.display_name} ({self.entity})"
        return self.display_name

    def _message(self):
        """Reason and fix, or the warning, in one text."""
        if self.state == "pending" and not self.backend_id._is_connected():
            return self.env._("It is sent as soon as QuickBooks is connected.")
        parts = (self.error, self.fix) if self.error else (self.warning,)
        return " ".join(part for part in parts if part) or False

    def _record(self):
        """The Odoo record, as the technical user, in its company."""
        record = self.env[self.res_model].browse(self.res_id)
        # For the connector's jobs; who shows it to people checks first.
        return record.sudo().with_company(self.company_id).with_context(lang="en_US")

    def _is_there(self):
        """Whether QuickBooks has the object, neither voided nor deleted."""
        return bool(self.qbo_id) and self.state != "gone"

    def _is_elsewhere(self):
        """Whether it isn't sent because another record stands for it."""
        return self.state == "held" and self.error_code == ELSEWHERE

    def _with_instead(self, body):
        """`body` with what QuickBooks took in place of values it had refused."""
        for name, (refused, taken) in (self.instead or {}).items():
            if body.get(name) == refused:
                body[name] = taken
        return body

    def _note_instead(self, body, changed):
        """Remember that `changed` goes in place of what `body` said."""
        known = self.instead or {}
        for name, value in changed.items():
            if name in body:
                refused = known.get(name, [body[name]])[0]
                known = {**known, name: [refused, value]}
        self.instead = known

    # -------------------------------------------------------------- outbox
    @api.model
    def _get_or_create(self, backend, records, entity):
        """Return the bindings of `records`, made where they are missing."""
        found = self.search(
            [
                ("backend_id", "=", backend.id),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("entity", "=", entity),
            ]
        )
        known = set(found.mapped("res_id"))
        missing = records.filtered(lambda record: record.id not in known)
        return found | self._insert(backend, missing, entity) if missing else found

    def _insert(self, backend, records, entity):
        """Make rows in one plain statement: each confirmation waits for it.

        :raise psycopg2.errors.SerializationFailure: another transaction was faster;
            Odoo and the queue try again, as they don't after a UniqueViolation
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO qbo_binding
                       (backend_id, company_id, res_model, res_id, entity, state,
                        create_uid, create_date, write_uid, write_date)
                SELECT %(backend)s, %(company)s, %(model)s, res_id, %(entity)s,
                       'pending', %(user)s, %(now)s, %(user)s, %(now)s
                  FROM unnest(%(records)s::int[]) AS res_id
                    ON CONFLICT (backend_id, res_model, res_id, entity) DO NOTHING
                RETURNING id, res_id
                """,
                backend=backend.id,
                company=backend.company_id.id,
                model=records._name,
                records=records.ids,
                entity=entity,
                user=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        records.invalidate_recordset(["qbo_link_ids"], flush=False)
        made = self.browse(oid for oid, _res_id in rows)
        for link, (_oid, res_id) in zip(made, rows, strict=True):
            facts = {"backend_id": backend, "entity": entity, "res_id": res_id}
            link._update_cache({**facts, "res_model": records._name})
        return made

    def _remember(self):
        """Spare the rest of the transaction the look-ups of these links' ids."""
        known = self.env.cr.cache.setdefault("qbo.binding", {})
        for link in self.filtered("qbo_id"):
            known[link.backend_id, link.res_model, link.res_id, link.entity] = link.id

    @api.model
    def _of(self, backend, record, entity):
        """Return the link of one record, or an empty recordset."""
        key = (backend, record._name, record.id, entity)
        known = self.env.cr.cache.get("qbo.binding", {}).get(key)
        return self.browse(known) if known else self._search_one(*key)

    def _search_one(self, backend, res_model, res_id, entity):
        return self.search(
            [
                ("backend_id", "=", backend.id),
                ("res_model", "=", res_model),
                ("res_id", "=", res_id),
                ("entity", "=", entity),
            ]
        )

    def _enqueue(self, priority=PRIORITY_DOCUMENT):
        """Have each binding pushed once this transaction is over.

        All changes of a transaction share a push. One that another transaction has
        queued is never shared: it may have read the record before this change is
        committed. A push that finds nothing new sends nothing.
        """
        precommit = self.env.cr.precommit
        wanted = precommit.data.setdefault("qbo.push", {})
        if not wanted:
            precommit.add(self.env["qbo.binding"]._queue_pushes)
        for binding in self:
            before = wanted.get(binding.id, priority)
            wanted[binding.id] = min(priority, before)

    @api.model
    def _queue_pushes(self):
        """Write the jobs of this transaction, if the backend is connected."""
        wanted = self.env.cr.precommit.data.pop("qbo.push", {})
        # A job's own history is of no use: the link has one, and the log.
        quiet = self.with_user(SUPERUSER_ID).with_context(tracking_disable=True)
        for binding in quiet.browse(wanted):
            if binding.backend_id._is_connected():
                binding.with_delay(
                    priority=wanted[binding.id],
                    channel=CHANNEL,
                    max_retries=0,
                    description=f"QuickBooks: {binding._label()}",
                )._job_push()

    @api.model
    def _resume(self, backend):
        """Queue all that waits, after (re)connecting or when jobs were lost."""
        waiting = self.search(
            [("backend_id", "=", backend.id), ("state", "=", "pending")], order="id"
        )
        (waiting - self._queued())._enqueue()
        return waiting

    @api.model
    def _queued(self):
        """Return the links that have a push in the queue."""
        # Only asked which pushes wait.
        jobs = self.env["queue.job"].sudo()
        of_links = [("model_name", "=", self._name), ("method_name", "=", "_job_push")]
        waiting = [("state", "in", ("pending", "enqueued"))]
        found = jobs.search_fetch([*of_links, *waiting], ["records"])
        return self.browse({oid for job in found for oid in job.records.ids})

    @api.model
    def _cron_push_pending(self):
        """Queue what is pending: nothing is forgotten, whatever became of its job."""
        for backend in self.env["qbo.backend"].search([("state", "=", "connected")]):
            self._push_pending(backend)

    @api.model
    def _push_pending(self, backend):
        """Queue what waits for nobody; return it."""
        with backend._noted(PUSH) as said:
            queued = self._resume(backend) | self._release(backend)
            said.append(self.env._("%s documents queued", len(queued)))
        return queued

    def write(self, vals):
        """Who gets to QuickBooks, or is gone from there, wakes up who waits for that:
        in one transaction, and under the lock that `_wait_for` asks for."""
        result = super().write(vals)
        if vals.get("state") in ARRIVED:
            self._waiting()._wake_up()
        return result

    def unlink(self):
        """Make new links look first, and wake up who waits for one of these."""
        self.check_access("unlink")
        # Who may delete these decides no more than that the others look again.
        (self.sudo()._waiting() - self)._wake_up()
        wanted = self.env.cr.precommit.data.get("qbo.push", {})
        for link in self:
            wanted.pop(link.id, None)
        # A row that nobody has rights on; the keys are the links' own.
        self.env["qbo.attempt"].sudo()._remember_deleted(self)
        return super().unlink()

    def _waiting(self):
        """The links that wait for one of these, as far as they are committed: read
        past the cache, so that a push isn't written in two statements."""
        if not self.ids:
            return self
        rows = self.env.execute_query(
            SQL("SELECT id FROM qbo_binding WHERE blocked_by_id IN %s", tuple(self.ids))
        )
        return self.browse(oid for (oid,) in rows)

    def _wake_up(self):
        self._set_pending()
        self._enqueue()

    @api.model
    def _release(self, backend):
        """Queue what waits for something that is done: whatever became of its job."""
        there = Domain("state", "=", "blocked") & Domain(
            "blocked_by_id", "any", [("qbo_id", "!=", False), ("state", "!=", "gone")]
        )
        gone = Domain("state", "=", "held") & (
            Domain("blocked_by_id.qbo_id", "=", False)
            | Domain("blocked_by_id.state", "=", "gone")
        )
        mine = Domain("backend_id", "=", backend.id) & Domain(
            "blocked_by_id", "!=", False
        )
        waiting = self.search(mine & (there | gone))
        waiting._wake_up()
        return waiting

    @contextmanager
    def _own_transaction(self):
        """These records on a cursor of their own, committed at the end."""
        with self.env.registry.cursor() as cr:
            # The connector's own transaction: rows that were checked before.
            yield self.with_env(self.env(cr=cr, su=True))

    # ------------------------------------------------------------ buttons
    def _set_pending(self):
        self.write(
            {
                "state": "pending",
                "error": False,
                "fix": False,
                "error_code": False,
                "error_field": False,
                "blocked_by_id": False,
                "tries": 0,
                "next_try": False,
            }
        )

    def action_retry(self):
        """Queue the links again, those they wait for included.

        :raise AccessError: if the user is no QuickBooks manager
        """
        self._qbo_check_role("write", MANAGER)
        links = self | self.blocked_by_id
        # Checked above; states are the connector's.
        links = links.sudo()
        links._set_pending()
        links._enqueue(priority=1)
        return True

    def action_delete(self):
        """Forget what QuickBooks has of these records; the next push looks for it.

        :raise AccessError: if the user is no QuickBooks administrator
        """
        self._qbo_check_role("unlink", ADMIN)
        self.unlink()
        action = "qbo_connector.qbo_binding_action"
        return self.env["ir.actions.actions"]._for_xml_id(action)

    def action_compare(self):
        """Show Odoo's and QuickBooks' version side by side."""
        self._qbo_check_role("write", MANAGER)
        return self.env["qbo.compare"]._open(self)

    def action_open_record(self):
        """Open the Odoo record."""
        self._qbo_check_role("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_open_in_qbo(self):
        """Open the object in QuickBooks."""
        self._qbo_check_role("read")
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.qbo_url, "target": "new"}

    def action_open_logs(self):
        """Show the sync log of these links."""
        self._qbo_check_role("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qbo_connector.qbo_log_action"
        )
        action["domain"] = [("binding_id", "in", self.ids)]
        action["context"] = {}
        return action
