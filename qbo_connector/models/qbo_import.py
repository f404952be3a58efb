# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..qbo import queries
from .qbo_guarded import MANAGER

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

    QuickBooks is read once; the lines keep what was read. Pages are read and lines
    taken over by a few jobs side by side (`qbo_import_job`).
    """

    _name = "qbo.import"
    _inherit = "qbo.guarded"
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
    page_ids = fields.One2many("qbo.import.page", "import_id")
    page_count = fields.Integer(
        readonly=True, help="Pages there are; 0: not known yet."
    )
    round = fields.Integer(
        readonly=True,
        help="Raised by each start: jobs of earlier ones end by themselves.",
    )
    read_progress = fields.Float("Read", compute="_compute_read", help="Percent.")
    known_count = fields.Integer(
        "Linked already",
        compute="_compute_read",
        help="Left alone: they follow by themselves.",
    )
    total = fields.Integer(compute="_compute_counts")
    link_count = fields.Integer("Found in Odoo", compute="_compute_counts")
    new_count = fields.Integer("New", compute="_compute_counts")
    conflict_count = fields.Integer("With differences", compute="_compute_counts")
    unclear_count = fields.Integer("Unclear", compute="_compute_counts")
    done_count = fields.Integer("Taken over", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Percent.")
    problem = fields.Text(readonly=True, help="Why QuickBooks couldn't be read.")
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

    def _compute_read(self):
        for one in self:
            read = one.page_ids.filtered("done")
            one.known_count = sum(read.mapped("known_count"))
            one.read_progress = 100.0 * len(read) / (one.page_count or 1)

    def _compute_counts(self):
        lines = self.env["qbo.import.line"]
        for one in self:
            mine = [("import_id", "=", one.id)]
            counts = lines._read_group(mine, ["action", "state"], ["__count"])

            def count(which, counts=counts):
                return sum(number for *kind, number in counts if which(*kind))

            one.total = count(lambda action, state: True)
            one.link_count = count(lambda action, state: action == "link")
            one.new_count = count(lambda action, state: action == "create")
            one.unclear_count = count(lambda action, state: not action)
            one.done_count = count(lambda action, state: state == "done")
            one.failed_count = count(lambda action, state: state == "failed")
            one.conflict_count = lines.search_count(
                [*mine, ("differences", "!=", False)]
            )
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
        self._qbo_check_role("write", MANAGER)
        if not self.backend_id._is_connected():
            raise UserError(self.env._("Connect to QuickBooks first."))
        if not self._entities():
            raise UserError(self.env._("Choose what to take over."))
        # Checked above; the state is the connector's.
        run = self.sudo()
        run.write({"state": "reading", "page_count": 0, "problem": False})
        run._begin_reading()
        return True

    def action_run(self):
        """Take over what is approved, in the background.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if lines are unclear still
        """
        self._qbo_check_role("write", MANAGER)
        self._check_clear()
        # Checked above; the state is the connector's.
        run = self.sudo()
        run.write({"state": "running", "started": fields.Datetime.now()})
        run._begin_running()
        return True

    def _check_clear(self):
        if self.unclear_count:
            raise UserError(
                self.env._(
                    "%s lines are unclear: choose for each whether to link, to create "
                    "or to skip it.",
                    self.unclear_count,
                )
            )

    def action_pause(self):
        """Stop after the batches that are being taken over."""
        self._qbo_check_role("write", MANAGER)
        self.sudo().state = "paused"  # checked above
        return True

    def action_resume(self):
        """Go on with the lines that are left, failed ones too.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if lines are unclear still
        """
        self._qbo_check_role("write", MANAGER)
        self._check_clear()
        # Checked above; the state is the connector's.
        run = self.sudo()
        run.line_ids.filtered(lambda line: line.state == "failed").state = "todo"
        run.state = "running"
        run._begin_running()
        return True

    def action_skip_unclear(self):
        """Leave all unclear lines where they are."""
        self._qbo_check_role("write", MANAGER)
        self.line_ids.filtered(lambda line: not line.action).action = "skip"
        return True

    def action_open_lines(self):
        """Open the review list."""
        self._qbo_check_role("read", MANAGER)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qbo_connector.qbo_import_line_action"
        )
        action["domain"] = [("import_id", "in", self.ids)]
        return action
