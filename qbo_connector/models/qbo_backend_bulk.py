# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the connection.
# pylint: disable=consider-merging-classes-inherited
import logging

from odoo import fields, models

from ..qbo import limits
from ..qbo.client import BATCH_LIMIT
from .qbo_bulk import Bulk
from .qbo_governor import in_turn
from .qbo_guarded import MANAGER

_logger = logging.getLogger(__name__)

# After everything that somebody waits for.
PRIORITY_BULK = 50
LONG_AGO = "2000-01-01 00:00:00"


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    bulk = fields.Boolean(readonly=True, help="Waits for the bulk push.")
    bulk_chunk = fields.Integer(
        readonly=True, help="The batch call it rides in, fixed before that is sent."
    )

    _bulk_idx = models.Index("(backend_id, bulk_chunk) WHERE bulk")


class QboBackend(models.Model):
    """Bulk push: the first load of what Odoo has, in batch calls."""

    _inherit = "qbo.backend"

    bulk_state = fields.Selection(
        [("running", "Running"), ("paused", "Paused"), ("done", "Done")],
        "First load",
        readonly=True,
        copy=False,
    )
    bulk_total = fields.Integer("Records to push", readonly=True, copy=False)
    bulk_left = fields.Integer("Still to push", compute="_compute_bulk")
    bulk_progress = fields.Float("Progress", compute="_compute_bulk", help="Percent.")

    def _compute_bulk(self):
        counts = dict(
            self.env["qbo.binding"]
            # Only counted.
            .sudo()
            ._read_group(
                [("backend_id", "in", self.ids), ("bulk", "=", True)],
                ["backend_id"],
                ["__count"],
            )
        )
        for backend in self:
            backend.bulk_left = counts.get(backend, 0)
            done = backend.bulk_total - backend.bulk_left
            total = backend.bulk_total
            backend.bulk_progress = 100 * done / total if total else 0

    def _start_bulk(self, work):
        """Write the outbox rows of records that have no link yet; queue the push.

        :param list work: [(records, entity), …], what others need first
        """
        self.ensure_one()
        # Links of records that the person has found with his own rights.
        bindings = self.env["qbo.binding"].sudo()
        new = bindings
        for records, entity in work:
            links = bindings._get_or_create(self, records, entity)
            new |= links.filtered(lambda link: not link.qbo_id and not link.bulk)
        new._set_pending()
        new.write({"bulk": True, "bulk_chunk": 0})
        # Checked by the caller; states and jobs are the connector's.
        self.sudo().write(
            {"bulk_state": "running", "bulk_total": self.bulk_left + len(new)}
        )
        self._enqueue_bulk()
        return new

    def action_pause_bulk(self):
        """Stop after the batch call that is under way."""
        self._qbo_check_role("write", MANAGER)
        # Checked by the caller; states and jobs are the connector's.
        self.sudo().bulk_state = "paused"
        return True

    def action_resume_bulk(self):
        """Go on where it stopped."""
        self._qbo_check_role("write", MANAGER)
        # Checked by the caller; states and jobs are the connector's.
        self.sudo().bulk_state = "running"
        self._enqueue_bulk()
        return True

    def _enqueue_bulk(self):
        # Checked by the caller; states and jobs are the connector's.
        self.sudo().with_delay(
            channel="root.qbo",
            priority=PRIORITY_BULK,
            max_retries=0,
            description=f"QuickBooks: bulk push to {self.name}",
        )._job_push_bulk()

    def _job_push_bulk(self):
        """One chunk; the next one is the next job, behind whatever is urgent.

        :raise RetryableJobError: when QuickBooks is waited for
        """
        if self.bulk_state != "running" or not self._is_connected():
            return
        with self._as_job():
            links = self._next_chunk()
            if links:
                self._push_chunk(links)
        if links:
            self._enqueue_bulk()
        else:
            self.bulk_state = "done"

    def _next_chunk(self):
        """Fix the members of the next batch call, for good; an unfinished one first."""
        with self._own_transaction() as backend:
            bindings = backend.env["qbo.binding"]
            waiting = [("backend_id", "=", backend.id), ("bulk", "=", True)]
            begun = bindings.search(
                [*waiting, ("bulk_chunk", ">", 0)], order="bulk_chunk", limit=1
            )
            if begun:
                links = bindings.search(
                    [*waiting, ("bulk_chunk", "=", begun.bulk_chunk)]
                )
            else:
                first = bindings.search(waiting, order="id", limit=1)
                links = bindings.search(
                    [*waiting, ("entity", "=", first.entity)],
                    order="id",
                    limit=BATCH_LIMIT,
                )
                # Ids only grow: no two chunks of a backend bear the same number.
                links.bulk_chunk = max(links.ids, default=0)
            return self.env["qbo.binding"].browse(links.ids)

    def _push_chunk(self, links):
        def work(turn):
            with self._own_transaction() as backend:
                own = backend.env["qbo.binding"].browse(links.ids)
                own.lock_for_update(allow_referencing=True)
                chunk = f"{own[0].bulk_chunk}:{own[0].attempt}"
                bulk = Bulk(own, chunk, turn)
                bulk.run()
                own.write({"bulk": False, "bulk_chunk": 0})
                for link, error in bulk.refused:
                    link._end(error)
            return bulk.alone.ids

        alone = in_turn(self, work, ["read", "read", "batch"], priority=limits.BULK)
        self._push_alone(self.env["qbo.binding"].browse(alone))

    def _push_alone(self, alone):
        """What couldn't ride along."""
        if alone:
            with self._own_transaction() as backend:
                # The batch may have made them: each push looks first.
                backend.env["qbo.attempt"].search(
                    [("binding_id", "in", alone.ids)]
                ).begun = LONG_AGO
                backend.env["qbo.binding"].browse(alone.ids)._enqueue(PRIORITY_BULK)
