# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..qbo import changes, queries
from ..qbo.money import to_json
from .qbo_backend_pull import CHANNEL

PAGE = 1000
BATCH = 500
PRIORITY = 30  # behind all that is new

STATES = [
    ("draft", "Choose"),
    ("reading", "Reading"),
    ("review", "Review"),
    ("running", "Taking over"),
    ("paused", "Paused"),
    ("done", "Done"),
]


class QboImport(models.Model):
    """The first import: read, show what would happen, take over what is approved.

    QuickBooks is read once; the lines keep what was read. They are taken over in
    batches, each in a transaction of its own, by one job after the other: what was
    killed begins again with the lines that are left, and unique indexes make
    doubles impossible.
    """

    _name = "qbo.import"
    _description = "First import from QuickBooks"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    backend_id = fields.Many2one(
        "qbo.backend",
        "Connection",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["qbo.backend"]._for_company(self.env.company),
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True, index=True
    )
    state = fields.Selection(STATES, default="draft", required=True, readonly=True)
    want_customers = fields.Boolean("Customers", default=True)
    want_products = fields.Boolean("Products and categories", default=True)
    want_invoices = fields.Boolean(
        "Open invoices",
        help="Invoices that aren't paid in full become sale orders.",
    )
    want_stock = fields.Boolean(
        "Quantities on hand",
        help="Compared at the end, and evened out as the connection's settings say.",
    )
    line_ids = fields.One2many("qbo.import.line", "import_id")
    total = fields.Integer(compute="_compute_counts")
    known_count = fields.Integer(
        "Linked already", readonly=True, help="Left alone: they follow by themselves."
    )
    link_count = fields.Integer("Found in Odoo", compute="_compute_counts")
    new_count = fields.Integer("New", compute="_compute_counts")
    conflict_count = fields.Integer("With differences", compute="_compute_counts")
    unclear_count = fields.Integer("Unclear", compute="_compute_counts")
    done_count = fields.Integer("Taken over", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Percent.")
    started = fields.Datetime(readonly=True, help="UTC.")
    ended = fields.Datetime(readonly=True, help="UTC.")
    rate = fields.Float(
        "Lines a second", compute="_compute_counts", digits=(16, 1), aggregator=None
    )

    @api.depends("create_date")
    def _compute_name(self):
        for one in self:
            moment = fields.Date.to_string(one.create_date or fields.Datetime.now())
            one.name = self.env._("Import of %s", moment)

    def _compute_counts(self):
        for one in self:
            mine = [("import_id", "=", one.id)]
            count = self.env["qbo.import.line"].search_count
            one.total = count(mine)
            one.link_count = count([*mine, ("action", "=", "link")])
            one.new_count = count([*mine, ("action", "=", "create")])
            one.conflict_count = count([*mine, ("differences", "!=", False)])
            one.unclear_count = count([*mine, ("action", "=", False)])
            one.done_count = count([*mine, ("state", "=", "done")])
            one.failed_count = count([*mine, ("state", "=", "failed")])
            settled = one.done_count + one.failed_count
            one.progress = 100.0 * settled / one.total if one.total else 0.0
            one.rate = settled / one._seconds()

    def _seconds(self):
        if not self.started:
            return 1.0
        end = self.ended or fields.Datetime.now()
        return max((end - self.started).total_seconds(), 1.0)

    def _entities(self):
        """What is read, in the order it is taken over: [(entity, conditions), …].

        Other addons add theirs.
        """
        wanted = []
        if self.want_customers:
            wanted.append(("Customer", []))
        if self.want_products:
            wanted.append(("Item", []))
        if self.want_invoices:
            wanted.append(("Invoice", [queries.compare("Balance", ">", 0)]))
        return wanted

    # ------------------------------------------------------------- buttons
    def action_read(self):
        """Read QuickBooks in the background; nothing is changed in Odoo.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if there is no connection, or nothing is chosen
        """
        self.check_access("write")
        if not self.backend_id._is_connected():
            raise UserError(self.env._("Connect to QuickBooks first."))
        if not self._entities():
            raise UserError(self.env._("Choose what to take over."))
        self.line_ids.unlink()
        self.write({"state": "reading", "known_count": 0})
        self._enqueue("_job_read")
        return True

    def action_run(self):
        """Take over what is approved, in the background.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if lines are unclear still
        """
        self.check_access("write")
        if self.unclear_count:
            raise UserError(
                self.env._(
                    "%s lines are unclear: choose for each whether to link, to create "
                    "or to skip it.",
                    self.unclear_count,
                )
            )
        self.write({"state": "running", "started": fields.Datetime.now()})
        self._enqueue("_job_run")
        return True

    def action_pause(self):
        """Stop after the batch that is being taken over."""
        self.check_access("write")
        self.state = "paused"
        return True

    def action_resume(self):
        """Go on with the lines that are left, failed ones too."""
        self.check_access("write")
        self.line_ids.filtered(lambda line: line.state == "failed").state = "todo"
        self.state = "running"
        self._enqueue("_job_run")
        return True

    def action_skip_unclear(self):
        """Leave all unclear lines where they are."""
        self.check_access("write")
        self.line_ids.filtered(lambda line: not line.action).action = "skip"
        return True

    def action_open_lines(self):
        """Open the review list."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qbo_connector.qbo_import_line_action"
        )
        action["domain"] = [("import_id", "in", self.ids)]
        return action

    def _enqueue(self, method, **options):
        delayed = self.sudo().with_delay(
            channel=CHANNEL,
            priority=PRIORITY,
            max_retries=0,
            description=f"QuickBooks: {self.name}",
        )
        getattr(delayed, method)(**options)

    # ---------------------------------------------------------------- read
    def _job_read(self, index=0, start=1):
        """Read one page and say what would become of it.

        :param int index: which of the entities
        :param int start: STARTPOSITION, from 1
        :raise RetryableJobError: when QuickBooks is waited for
        """
        wanted = self._entities()
        if self.state != "reading" or index >= len(wanted):
            self.filtered(lambda one: one.state == "reading").state = "review"
            return
        entity, where = wanted[index]
        backend = self.backend_id
        with backend._as_job():
            page = backend._client().query(
                changes.select_page(entity, start, where=where)
            )
        self._note(entity, page)
        if len(page) == PAGE:
            self._enqueue("_job_read", index=index, start=start + PAGE)
        else:
            self._enqueue("_job_read", index=index + 1)

    def _note(self, entity, page):
        """Make the lines of one page."""
        backend = self.backend_id
        links = self.env["qbo.binding"]._of_objects(backend, entity, page)
        self.known_count += len(links)
        unknown = [values for values in page if values["Id"] not in links]
        model = self.env[backend._pull_models()[entity]]
        plans = model.with_company(backend.company_id)._qbo_plan(
            backend, entity, unknown
        )
        self.env["qbo.import.line"].create(
            [
                {
                    "import_id": self.id,
                    "company_id": self.company_id.id,  # else written once more
                    "entity": entity,
                    "qbo_id": values["Id"],
                    "data": json.loads(to_json(values)),
                    **plan,
                }
                for values, plan in zip(unknown, plans, strict=True)
            ]
        )

    # ----------------------------------------------------------------- run
    def _job_run(self):
        """Take over one batch; the next one is the next job."""
        # One at a time: parents must be there before their children.
        self.lock_for_update(allow_referencing=True)
        if self.state != "running":
            return
        lines = self._next_lines()
        lines._take_over()
        if len(lines) == BATCH:
            self._enqueue("_job_run")
        else:
            self._finish()

    def _next_lines(self):
        """The batch that is taken over next."""
        waiting = [("import_id", "=", self.id), ("state", "=", "todo")]
        return self.env["qbo.import.line"].search(
            waiting, order="rank, id", limit=BATCH
        )

    def _finish(self):
        self.write({"state": "done", "ended": fields.Datetime.now()})
        if self.want_stock and self.backend_id.stock_location_id:
            self.backend_id._enqueue_stock_pull(full=True)
