# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the file of the import's data.
# pylint: disable=consider-merging-classes-inherited
from contextlib import contextmanager

import psycopg2

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..qbo import changes, limits
from ..qbo.errors import QboError
from .qbo_backend_pull import CHANNEL
from .qbo_governor import RATE_CODE, in_turn

BATCH = 500
PRIORITY = 30  # behind all that is new
# Jobs side by side. Usually four run at a time: one is left for orders.
CHAINS = 3
BUSY_SECONDS = 1


class QboImport(models.Model):
    """The jobs of the first import.

    A few of them work side by side. Each one takes a page, or a batch of lines, that
    no other job has locked, in a transaction of its own, and queues the next job.
    What was killed is taken again; unique indexes make doubles impossible.
    """

    _inherit = "qbo.import"

    def _later(self):
        """Queue a job of the import."""
        # The import's own jobs; who starts them is checked.
        return self.sudo().with_delay(
            channel=CHANNEL,
            priority=PRIORITY,
            max_retries=0,
            description=f"QuickBooks: {self.name}",
        )

    @contextmanager
    def _own_transaction(self):
        """These records on a cursor of their own, committed at the end."""
        with self.env.registry.cursor() as cr:
            # The connector's own transaction: rows that were checked before.
            yield self.with_env(self.env(cr=cr, su=True))

    def _in_turn(self, work, kinds):
        """Do `work(run, turn)` in a transaction that sees what others have done.

        :raise RetryableJobError: when QuickBooks is waited for
        """

        def begin(turn):
            with self._own_transaction() as run:
                return work(run, turn)

        with self._as_job():
            return in_turn(self.backend_id, begin, kinds, priority=limits.LISTS)

    @contextmanager
    def _as_job(self):
        """As the connection's; the import says why it doesn't go on."""
        with self.backend_id._as_job():
            try:
                yield
            except QboError as error:
                if error.code != RATE_CODE:
                    self._say(self.backend_id._error_text(error))
                raise
            except (RetryableJobError, psycopg2.OperationalError):
                raise
            except Exception as error:
                self._say(
                    self.env._(
                        "The connector stumbled (%s). Ask an administrator to look at "
                        "the failed job and to report it.",
                        error,
                    )
                )
                raise
        if self.problem:
            self.problem = False

    def _say(self, problem):
        with self._own_transaction() as run:
            run.problem = problem

    # ---------------------------------------------------------------- read
    def _begin_reading(self):
        self.round += 1
        self._later()._job_count(self.round)

    def _job_count(self, number):
        """Ask how much there is to read, and have it read.

        :param int number: of the round
        :raise RetryableJobError: when QuickBooks is waited for
        """
        if self.state != "reading" or self.round != number:
            return
        with self._as_job():
            client = self.backend_id._client()
            counts = [
                (entity, client.count(entity, changes.whole(entity, where)))
                for entity, where in self._entities()
            ]
        self.line_ids.unlink()
        self.page_ids.unlink()
        pages = self.page_ids
        for entity, count in counts:
            pages |= pages._plan(self, entity, count)
        self.page_count = len(pages)
        for _chain in range(CHAINS):
            self._later()._job_read(number)

    def _job_read(self, number):
        """Read one page and say what would become of it.

        :param int number: of the round
        :raise RetryableJobError: when QuickBooks is waited for
        """
        if self.state != "reading" or self.round != number:
            return
        waiting = [("import_id", "=", self.id), ("done", "=", False)]
        if not self.env["qbo.import.page"].search_count(waiting, limit=1):
            self.state = "review"
        # Else other jobs are at the last ones; who ends last sees them all done.
        elif self._in_turn(QboImport._read_page, ["read"]):
            self._later()._job_read(number)

    def _read_page(self, turn):
        """:return: whether there was one that no other job reads"""
        page = self.env["qbo.import.page"]._claim(self)
        if page:
            page._read_in(turn)
        return bool(page)

    def _query_page(self, page, turn):
        """Return the objects of a page."""
        where = dict(self._entities())[page.entity]
        statement = changes.select_page(page.entity, page.start, where=where)
        return self.backend_id._client(None, turn).query(statement)

    def _note(self, entity, objects):
        """Make the lines of one page.

        :return: how many objects are linked already
        """
        backend = self.backend_id
        links = self.env["qbo.binding"]._of_objects(backend, entity, objects)
        unknown = [values for values in objects if values["Id"] not in links]
        model = self.env[backend._pull_models()[entity]]
        plans = model.with_company(backend.company_id)._qbo_plan(
            backend, entity, unknown
        )
        self.env["qbo.import.line"]._insert(self, entity, unknown, plans)
        return len(links)

    # ----------------------------------------------------------------- run
    def _begin_running(self):
        """Take over in several jobs at once; first what they would all make."""
        self.round += 1
        for model, lines in self._wanted_lines():
            # What the reader has found, made once for all jobs.
            self.env[model].sudo()._qbo_before_import(self.backend_id, lines)
        for _chain in range(CHAINS):
            self._later()._job_run(self.round)

    def _wanted_lines(self):
        lines = self.env["qbo.import.line"]
        mine = [("import_id", "=", self.id), ("action", "in", ("create", "link"))]
        for (model,) in lines._read_group(mine, ["res_model"]):
            yield model, Domain(mine) & Domain("res_model", "=", model)

    def _job_run(self, number):
        """Take over one batch; the next one is the next job.

        :param int number: of the round
        :raise RetryableJobError: when other jobs are at what must be there first
        """
        if self.state != "running" or self.round != number:
            return
        outcome = self._in_turn(QboImport._take_batch, [])
        if outcome == "busy":
            raise RetryableJobError(
                "Other jobs are at what comes first", BUSY_SECONDS, ignore_retry=True
            )
        if outcome == "taken":
            self._later()._job_run(number)

    def _take_batch(self, _turn):
        """:return: "taken"; "busy": others are at it; "done": nothing is left"""
        lines = self._claim_lines()
        if lines:
            lines._take_over()
            return "taken"
        if self.env["qbo.import.line"].search_count(self._todo(), limit=1):
            return "busy"
        self._finish()
        return "done"

    def _todo(self):
        return [("import_id", "=", self.id), ("state", "=", "todo")]

    def _claim_lines(self):
        """Lock and return the lines that are taken over next, that no other job has.

        Parents before their children: all of a rank are through before the next one.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM qbo_import_line
                 WHERE import_id = %(run)s AND state = 'todo'
                   AND rank = (SELECT min(rank) FROM qbo_import_line
                                WHERE import_id = %(run)s AND state = 'todo')
                 ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
                """,
                run=self.id,
                batch=BATCH,
            )
        )
        lines = self.env["qbo.import.line"].browse(oid for (oid,) in rows)
        return lines if self._may_go_together(lines) else lines.browse()

    def _may_go_together(self, lines):
        """Whether other jobs may be at lines of the same rank now.

        If not, these must be the first ones that are left.
        """
        models = {model for model in lines.mapped("res_model") if model}
        if all(self.env[model]._qbo_side_by_side for model in models):
            return True
        rank = [*self._todo(), ("rank", "=", lines[0].rank)]
        return lines[0] == lines.search(rank, order="id", limit=1)

    def _finish(self):
        if self.state == "running":
            self.write({"state": "done", "ended": fields.Datetime.now()})
            self.env.flush_all()  # of two jobs that end at once one has to look again
            if self.want_stock and self.backend_id.stock_location_id:
                self.backend_id._enqueue_stock_pull(full=True)
