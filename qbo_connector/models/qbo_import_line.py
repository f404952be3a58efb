# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .qbo_guarded import KEYS, MANAGER
from .qbo_insert import insert_rows
from .qbo_pull import Pull

PLAN = (
    *("name", "details", "action", "res_model", "res_id"),
    *("rule", "differences", "reason", "rank"),
)


class QboImportLine(models.Model):
    """One object of QuickBooks, and what is to become of it in Odoo."""

    _name = "qbo.import.line"
    _inherit = "qbo.guarded"
    _description = "Line of the first import from QuickBooks"
    _order = "action, rank, id"
    # A person may choose the counterpart, see `_check_counterpart`.
    _qbo_keys = KEYS - {"res_id"}

    import_id = fields.Many2one(
        "qbo.import", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", related="import_id.company_id", store=True, index=True
    )
    entity = fields.Char("Kind", required=True, readonly=True)
    qbo_id = fields.Char("QuickBooks ID", required=True, readonly=True)
    name = fields.Char("In QuickBooks", readonly=True)
    details = fields.Char(readonly=True, help="E-mail, SKU, amount …")
    action = fields.Selection(
        [
            ("link", "Link with"),
            ("create", "Create"),
            ("skip", "Leave in QuickBooks"),
        ],
        help="Empty where a person has to choose.",
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    record_name = fields.Char("In Odoo", compute="_compute_record_name")
    rule = fields.Char("Found by", readonly=True)
    differences = fields.Char(
        readonly=True, help="Fields that both sides have, with different values."
    )
    state = fields.Selection(
        [("todo", "To do"), ("done", "Done"), ("failed", "Failed")],
        default="todo",
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    rank = fields.Integer(readonly=True, help="Parents come before their children.")
    data = fields.Json(readonly=True)

    _object_uniq = models.UniqueIndex("(import_id, entity, qbo_id)")
    _todo_idx = models.Index("(import_id, rank, id) WHERE state = 'todo'")

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model, lines in self.grouped("res_model").items():
            records = self.env[model].browse(lines.mapped("res_id")) if model else ()
            names = {one.id: one.display_name for one in records and records.exists()}
            for line in lines:
                line.record_name = names.get(line.res_id)

    @api.model
    def _insert(self, run, entity, objects, plans):
        """Make the lines of one page.

        :param list objects: QuickBooks' dicts
        :param list plans: what would become of each: values of `_qbo_plan`
        """
        same = {
            "import_id": run.id,
            "company_id": run.company_id.id,
            "entity": entity,
            "state": "todo",
        }
        rows = [
            {"qbo_id": values["Id"], "data": values, **same}
            | {name: plan.get(name, False) for name in PLAN}
            for values, plan in zip(objects, plans, strict=True)
        ]
        run.invalidate_recordset(["line_ids"], flush=False)
        # What moves from page to page while they are read comes twice.
        return insert_rows(self, rows, skip_known=True)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("res_id") and not self.env.su:
            self._check_counterpart()
        return result

    def _check_counterpart(self):
        """What a person links with is what that person may change.

        :raise AccessError: if it isn't, or if it is another company's
        """
        for line in self:
            model = self.env[line.res_model]
            record = model.browse(line.res_id).exists()
            record.check_access("write")
            if not record or not line._is_of_company(record):
                raise AccessError(self.env._("This record can't be linked with."))

    def _is_of_company(self, record):
        companies = (self.env["res.company"], self.import_id.backend_id.company_id)
        return "company_id" not in record._fields or record.company_id in companies

    # ------------------------------------------------------------- buttons
    def action_link(self):
        """Link the selected lines with the record that was found."""
        self._qbo_check_role("write", MANAGER)
        return self._choose("link")

    def action_create_new(self):
        """Create the selected lines as new records."""
        self._qbo_check_role("write", MANAGER)
        return self._choose("create")

    def action_skip(self):
        """Leave the selected lines in QuickBooks."""
        self._qbo_check_role("write", MANAGER)
        return self._choose("skip")

    def _choose(self, action):
        self.check_access("write")
        lines = self.filtered(lambda line: line.state != "done")
        if action == "link":
            lines = lines.filtered("res_id")
        lines.action = action
        return True

    # ----------------------------------------------------------- take over
    def _take_over(self):
        """Link, create or leave; one that fails doesn't hold up the others."""
        self.filtered(lambda line: line.action == "skip").state = "done"
        self.filtered(lambda line: not line.action).write(
            {"state": "failed", "reason": self.env._("Choose what is to become of it.")}
        )
        for (entity, action, model), lines in self._groups():
            if action == "create":
                lines._all_or_half(lambda some, m=model, e=entity: some._make_new(m, e))
            else:
                lines._all_or_half(lambda some, e=entity: some._link_found(e))

    def _groups(self):
        """Lines of one kind together, in the order of their ranks."""
        groups = {}
        for line in self.filtered(lambda one: one.action in ("create", "link")):
            key = (line.rank, line.entity, line.action, line.res_model)
            groups.setdefault(key, []).append(line.id)
        return [(key[1:], self.browse(groups[key])) for key in sorted(groups)]

    def _all_or_half(self, take):
        """All at once; while that fails, each half, down to the one that fails."""
        # In the connector's job.
        pull = Pull(self.import_id.backend_id.sudo())
        _result, error = pull._try(lambda: take(self))
        if not error:
            self.write({"state": "done", "reason": False})
        elif len(self) == 1:
            self.write({"state": "failed", "reason": str(error)})
        else:
            half = len(self) // 2
            for some in (self[:half], self[half:]):
                some._all_or_half(take)

    def _unlinked(self, entity):
        """Without what was linked since it was read."""
        backend = self.import_id.backend_id
        stubs = [{"Id": line.qbo_id} for line in self]
        links = self.env["qbo.binding"]._of_objects(backend, entity, stubs)
        return self.filtered(lambda line: line.qbo_id not in links)

    def _make_new(self, model, entity):
        backend = self.import_id.backend_id
        # The reader's lines, which nobody makes up.
        records = self.env[model].sudo().with_company(backend.company_id)
        objects = [line._values() for line in self._unlinked(entity)]
        records._qbo_create_from(backend, entity, objects)

    def _link_found(self, entity):
        backend = self.import_id.backend_id
        for line in self._unlinked(entity):
            # Found by the reader, or chosen by a person who may change it.
            record = self.env[line.res_model].sudo().browse(line.res_id)
            if not line._is_of_company(record):
                raise UserError(self.env._("It belongs to another company."))
            record.with_company(backend.company_id)._qbo_adopt(
                backend, entity, line._values()
            )

    def _values(self):
        """The object as it was read; numbers are exact again."""
        return _exact(self.data)


def _exact(value):
    if isinstance(value, dict):
        return {name: _exact(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_exact(one) for one in value]
    return Decimal(str(value)) if isinstance(value, float) else value
