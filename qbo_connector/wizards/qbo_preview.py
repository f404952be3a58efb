# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.qbo_push import Held
from ..qbo.errors import Blocked
from ..qbo.money import D, to_json


class QboPreview(models.TransientModel):
    """What would be sent of a record, without sending or queueing anything."""

    _name = "qbo.preview"
    _description = "Preview for QuickBooks"

    name = fields.Char(readonly=True)
    entity = fields.Char("Becomes", readonly=True)
    problem = fields.Text(readonly=True, help="Why it can't be sent as it is.")
    fix = fields.Text("What to do", readonly=True)
    summary = fields.Html(readonly=True, sanitize=False)
    body = fields.Text("Request", readonly=True)

    @api.model
    def _open(self, record):
        """Prepare the preview of `record`; return the action that shows it.

        :raise UserError: if the record's company has no QuickBooks connection
        """
        record._qbo_check_role("read")
        backend = record._qbo_backend()
        if not backend:
            raise UserError(self.env._("QuickBooks isn't set up for this company."))
        entity = record._qbo_due_entities()[0]
        values = self._prepared(record, backend, entity)
        # Nobody makes up his own: its summary is HTML.
        preview = self.sudo().create(
            {"name": record.display_name, "entity": entity, **values}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview for QuickBooks"),
            "res_model": self._name,
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _prepared(self, record, backend, entity):
        """Return the fields' values: the body, or why there is none."""
        # As the job sees it: technical rights, the document's company.
        record = (
            # Who may read the record sees what would be sent of it.
            record.sudo()
            .with_company(backend.company_id)
            .with_context(lang="en_US", qbo_preview=True)
        )
        values = {}
        try:
            record._qbo_check_due(backend, entity)
        except Held as held:
            values = {"problem": held.reason, "fix": held.fix}
        except Blocked as blocked:
            return {"problem": blocked.reason, "fix": blocked.fix}
        try:
            body = record._qbo_body(backend, entity)
        except Blocked as blocked:
            return {"problem": blocked.reason, "fix": blocked.fix}
        return {**values, **self._rendered(record, backend, entity, body)}

    def _rendered(self, record, backend, entity, body):
        for line in body.get("Line", []):
            line.pop("_key", None)
        text = to_json(body)
        lines = json.loads(text, parse_float=D).get("Line", [])
        summary = {
            "lines": [self._line(backend, line) for line in lines],
            "total": record._qbo_total(entity),
            "first": self._missing(record, backend, entity),
        }
        return {
            "body": json.dumps(json.loads(text), indent=2, ensure_ascii=False),
            "summary": self.env["ir.qweb"]._render(
                "qbo_connector.preview_summary", summary
            ),
        }

    def _missing(self, record, backend, entity):
        """Names of what goes to QuickBooks first."""
        # Only whether it is there already.
        links = self.env["qbo.binding"].sudo()
        names = []
        for needed, kind in record._qbo_dependencies(backend, entity):
            known = links.search(
                [
                    ("backend_id", "=", backend.id),
                    ("res_model", "=", needed._name),
                    ("res_id", "in", needed.ids),
                    ("entity", "=", kind),
                    ("qbo_id", "!=", False),
                ]
            )
            new = needed - needed.browse(known.mapped("res_id"))
            names += [f"{one.display_name} ({kind})" for one in new]
        return names

    def _line(self, backend, line):
        """One line of the body as a row of the table."""
        detail = line.get(line.get("DetailType"), {})
        code = detail.get("TaxCodeRef", {}).get("value", "")
        named = backend._references("TaxCode").filtered(lambda row: row.qbo_id == code)
        return {
            "description": line.get("Description", ""),
            "qty": f"{detail['Qty'].normalize():f}" if "Qty" in detail else "",
            "price": detail.get("UnitPrice"),
            "amount": line.get("Amount"),
            "tax": named[:1].name or code,
        }
