# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .qbo_guarded import MANAGER
from .qbo_mixin_pull import title

STATES = [
    ("new", "Waiting"),
    ("done", "Taken over"),
    ("failed", "Needs attention"),
]
# Long enough that Intuit's last repetition of a delivery is still known.
KEEP = timedelta(days=14)
GC_SLICE = 10_000
INSERT_SLICE = 1000
COLUMNS = ("entity", "qbo_id", "operation", "moment", "event_id", "merged_id", "source")


class QboChange(models.Model):
    """The inbox: one row says that an object changed in QuickBooks.

    It is a hint only, what changed is read when the row's turn comes. Rows that
    are done stay for a while, so that a repeated delivery is known again.
    """

    _name = "qbo.change"
    _inherit = "qbo.guarded"
    _description = "Change in QuickBooks"
    _order = "id desc"
    _rec_name = "entity"

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True, index=True
    )
    entity = fields.Char(required=True, readonly=True)
    qbo_id = fields.Char("QuickBooks ID", required=True, readonly=True)
    name = fields.Char(readonly=True, help="As QuickBooks shows it.")
    operation = fields.Char(readonly=True, help="Create, Update, Delete, Void, Merge.")
    merged_id = fields.Char(readonly=True, help="The id that a merge has used up.")
    moment = fields.Datetime("Changed", readonly=True, help="UTC, by QuickBooks.")
    event_id = fields.Char(readonly=True, help="Tells repeated deliveries apart.")
    source = fields.Selection(
        [("webhook", "Webhook"), ("poll", "Scheduled look"), ("person", "By hand")],
        readonly=True,
    )
    state = fields.Selection(STATES, default="new", required=True, readonly=True)
    reason = fields.Text(readonly=True, help="Why it wasn't taken over.")

    _event_uniq = models.UniqueIndex("(backend_id, event_id)")
    _new_idx = models.Index("(backend_id, id) WHERE state = 'new'")
    _object_idx = models.Index("(backend_id, entity, qbo_id)")

    @api.model
    def _receive(self, backend, rows):
        """Put changes into the inbox and queue the job that takes them.

        Repeated ones are dropped by the unique index, whoever else writes now.

        :param list rows: tuples as in COLUMNS
        :return: how many were new
        """
        received = 0
        for start in range(0, len(rows), INSERT_SLICE):
            received += self._insert(backend, rows[start : start + INSERT_SLICE])
        if received:
            backend._enqueue_changes()
        return received

    @api.model
    def _insert(self, backend, rows):
        now = fields.Datetime.now()
        fixed = (backend.id, backend.company_id.id, "new", now, now)
        names = ("backend_id", "company_id", "state", "create_date", "write_date")
        self.env.cr.execute(
            SQL(
                "INSERT INTO qbo_change (%s) VALUES %s "
                "ON CONFLICT (backend_id, event_id) DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, (*names, *COLUMNS))),
                SQL(", ").join(SQL("%s", (*fixed, *row)) for row in rows),
            )
        )
        return len(self.env.cr.fetchall())

    @api.model
    def _claim(self, backend, limit):
        """Return the oldest waiting rows that no other worker has, locked."""
        waiting = self.search(
            [("backend_id", "=", backend.id), ("state", "=", "new")],
            order="id",
            limit=limit,
        )
        return waiting.try_lock_for_update()

    def _is_echo_of(self, link, told):
        """Whether this tells of a version that Odoo knows.

        Times have no more than seconds. Within the second of our own write one event
        of that very kind is the echo; what else is told is somebody's change.

        :param dict told: by `_told_at`
        """
        if not self.moment or self.operation in ("Delete", "Merge"):
            return False
        if self.moment != link.qbo_updated:
            return self.moment < link.qbo_updated
        own = "Create" if link.sync_token == "0" else "Update"
        return self.operation == own and told[self.qbo_id, self.moment] == 1

    def _told_at(self, backend, entity):
        """{(QuickBooks' id, moment): how many events there were}, of these objects."""
        rows = self.search_fetch(
            [
                ("backend_id", "=", backend.id),
                ("entity", "=", entity),
                ("qbo_id", "in", self.mapped("qbo_id")),
                ("moment", "in", self.mapped("moment")),
            ],
            ["qbo_id", "moment"],
        )
        return Counter((row.qbo_id, row.moment) for row in rows)

    @api.model
    def _report(self, backend, entity, values, reason, source="poll"):
        """Keep an object that couldn't be taken over, one row for each."""
        about = {"name": title(values), "state": "failed", "reason": reason}
        known = self._of_object(backend, entity, [values["Id"]], "failed")
        if known:
            known[0].write(about)
            return
        self.create(
            {
                "backend_id": backend.id,
                "entity": entity,
                "qbo_id": values["Id"],
                "event_id": uuid.uuid4().hex,
                "operation": "Update",
                "source": source,
                **about,
            }
        )

    @api.model
    def _resolve(self, backend, entity, qbo_ids):
        """What failed before has been taken over since."""
        failed = self._of_object(backend, entity, qbo_ids, "failed")
        failed.write({"state": "done", "reason": False})

    @api.model
    def _of_object(self, backend, entity, qbo_ids, state):
        return self.search(
            [
                ("backend_id", "=", backend.id),
                ("state", "=", state),
                ("entity", "=", entity),
                ("qbo_id", "in", list(qbo_ids)),
            ]
        )

    def action_retry(self):
        """Read the objects again and try to take them over.

        :raise AccessError: if the user is no QuickBooks manager
        """
        self._qbo_check_role("write", MANAGER)
        # Checked above; states are the connector's.
        self.sudo().write({"state": "new", "reason": False})
        # Checked above; states are the connector's.
        self.sudo().backend_id._enqueue_changes(eta=0)
        return True

    def action_dismiss(self):
        """Leave the objects as they are in QuickBooks, and forget them here.

        :raise AccessError: if the user is no QuickBooks manager
        """
        self._qbo_check_role("write", MANAGER)
        # Checked above; states are the connector's.
        self.sudo().write({"state": "done"})
        return True

    @api.autovacuum
    def _gc_done(self):
        """Drop old rows that are done, in slices."""
        limit = fields.Datetime.now() - KEEP
        rows = self.search(
            [("state", "=", "done"), ("create_date", "<", limit)],
            order="id",
            limit=GC_SLICE,
        )
        done = len(rows)
        rows.unlink()
        return done, done == GC_SLICE
