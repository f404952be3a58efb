# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

GC_SLICE = 5000
MANAGER = "qbo_connector.group_qbo_manager"


class QboLog(models.Model):
    """The sync log: one row for one exchange with QuickBooks.

    Rows are written through a cursor of their own, so they outlive the failure
    they tell of. Requests and responses come redacted from the client.
    """

    _name = "qbo.log"
    _inherit = "qbo.guarded"
    _description = "QuickBooks sync log"
    _order = "id desc"
    _rec_name = "summary"

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True, index=True
    )
    binding_id = fields.Many2one("qbo.binding", index=True, ondelete="set null")
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    record_name = fields.Char("Document", readonly=True)
    direction = fields.Selection(
        [("out", "To QuickBooks"), ("in", "From QuickBooks")], readonly=True
    )
    entity = fields.Char(readonly=True, index=True)
    operation = fields.Char(
        readonly=True, help="create, update, void, delete, read, query, batch …"
    )
    outcome = fields.Selection(
        [("ok", "Done"), ("failed", "Failed")], readonly=True, index=True
    )
    summary = fields.Char(readonly=True)
    explanation = fields.Text(readonly=True, help="What went wrong and how to fix it.")
    method = fields.Char("HTTP method", readonly=True)
    url = fields.Char("Address", readonly=True)
    request = fields.Text(
        readonly=True, groups=MANAGER, help="What was sent, without secrets."
    )
    response = fields.Text(
        readonly=True, groups=MANAGER, help="What came back, without secrets."
    )
    request_pretty = fields.Text(
        "Request to read", compute="_compute_pretty", groups=MANAGER
    )
    response_pretty = fields.Text(
        "Response to read", compute="_compute_pretty", groups=MANAGER
    )
    status = fields.Integer("HTTP status", readonly=True)
    error_code = fields.Char(readonly=True, help="QuickBooks' fault code.")
    duration_ms = fields.Integer("Duration (ms)", readonly=True, aggregator="avg")
    intuit_tid = fields.Char(
        "Intuit transaction ID",
        readonly=True,
        index="btree_not_null",
        help="Intuit's support asks for it.",
    )
    request_id = fields.Char(
        "Request ID",
        readonly=True,
        index="btree_not_null",
        help="The same id is sent again after a lost reply, so that QuickBooks "
        "doesn't do it twice.",
    )
    is_read = fields.Boolean("Metered read", readonly=True)

    _res_idx = models.Index("(res_model, res_id)")
    _create_date_idx = models.Index("(create_date)")

    @api.depends("request", "response")
    def _compute_pretty(self):
        for log in self:
            log.request_pretty = _indented(log.request)
            log.response_pretty = _indented(log.response)

    @api.model
    def _writer(self, backend, binding=None):
        """Return the function that logs one `Exchange` of the client.

        :param backend: the `qbo.backend` talked to
        :param binding: the `qbo.binding` it is about, if any
        """
        about = {"backend_id": backend.id, "company_id": backend.company_id.id}
        if binding:
            about.update(
                binding_id=binding.id,
                res_model=binding.res_model,
                res_id=binding.res_id,
                record_name=binding.name,
            )

        def write(exchange):
            values = {**self._values(backend, exchange), **about}
            with self.env.registry.cursor() as cr:
                self._insert(cr, values)

        return write

    def _insert(self, cr, values):
        """Plain SQL: a row for each exchange, and nothing to compute for it."""
        columns = SQL(", ").join(map(SQL.identifier, values))
        cr.execute(
            SQL(
                "INSERT INTO qbo_log (%s, create_uid, write_uid, create_date, "
                "write_date) SELECT %s, %s, %s, moment, moment "
                "FROM (SELECT now() AT TIME ZONE 'UTC' AS moment) AS clock",
                columns,
                SQL(", ").join(SQL("%s", value) for value in values.values()),
                self.env.uid,
                self.env.uid,
            )
        )

    def _values(self, backend, exchange):
        error = exchange.error
        what = f"{exchange.operation} {exchange.entity or ''}".strip()
        return {
            "direction": "in" if exchange.is_read else "out",
            "entity": exchange.entity,
            "operation": exchange.operation,
            "outcome": "failed" if error else "ok",
            "summary": f"{what}: {error}" if error else what,
            "explanation": backend._error_text(error) if error else None,
            "method": exchange.method,
            "url": exchange.url,
            "request": exchange.request,
            "response": exchange.response,
            "status": exchange.status or 0,
            "error_code": error.code if error else None,
            "duration_ms": exchange.duration_ms,
            "intuit_tid": exchange.intuit_tid,
            "request_id": exchange.request_id,
            "is_read": exchange.is_read,
        }

    def action_open_record(self):
        """Open the Odoo record the exchange was about."""
        self._qbo_check_role("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    @api.autovacuum
    def _gc_old_rows(self):
        """Drop rows older than each backend keeps them, in slices."""
        remaining = 0
        done = 0
        for backend in (
            self.env["qbo.backend"]
            .with_context(active_test=False)
            .search([("log_days", ">", 0)])
        ):
            limit = fields.Datetime.now() - timedelta(days=backend.log_days)
            rows = self.search(
                [("backend_id", "=", backend.id), ("create_date", "<", limit)],
                order="id",
                limit=GC_SLICE,
            )
            done += len(rows)
            remaining += len(rows) == GC_SLICE
            rows.unlink()
        return done, remaining


def _indented(body):
    """JSON with line breaks; other texts as they are."""
    try:
        return json.dumps(json.loads(body or ""), indent=2, ensure_ascii=False)
    except ValueError:
        return body
