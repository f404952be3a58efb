# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class QboMapping(models.Model):
    """One Odoo record stands for one entry of a QuickBooks list.

    For what QuickBooks keeps in lists of its own (tax codes, terms): several Odoo
    records may stand for the same entry, unlike bindings, which are one to one.
    """

    _name = "qbo.mapping"
    _description = "QuickBooks mapping"
    _order = "res_model, res_id"

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True
    )
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference(
        "Odoo record", model_field="res_model", required=True
    )
    record_name = fields.Char("In Odoo", compute="_compute_record_name")
    entity = fields.Char(required=True)
    reference_id = fields.Many2one(
        "qbo.reference",
        "In QuickBooks",
        ondelete="set null",
        domain="[('backend_id', '=', backend_id), ('entity', '=', entity)]",
    )

    _record_uniq = models.UniqueIndex(
        "(backend_id, res_model, res_id, entity)",
        "This record is mapped already.",
    )

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for mapping in self:
            # Sales and purchase taxes often have the same name.
            model = self.env[mapping.res_model].with_context(
                append_fields=["type_tax_use"]
            )
            mapping.record_name = model.browse(mapping.res_id).exists().display_name

    @api.model
    def _get(self, backend, record, entity):
        """Return the list entry `record` is mapped to, or an empty recordset."""
        return self.search(
            [
                ("backend_id", "=", backend.id),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("entity", "=", entity),
            ],
            limit=1,
        ).reference_id

    @api.model
    def _suggest(self, backend, records, entity, amount):
        """Make a row for each record, with the entry of the same amount and name.

        :param callable amount: record -> number to find in `qbo.reference.amount`
        """
        domain = [("backend_id", "=", backend.id), ("entity", "=", entity)]
        known = {
            (row.res_model, row.res_id): row
            for row in self.search([*domain, ("res_model", "=", records._name)])
        }
        references = self.env["qbo.reference"].search(domain)
        for record in records:
            row = known.get((record._name, record.id)) or self.create(
                {
                    "backend_id": backend.id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "entity": entity,
                }
            )
            if not row.reference_id:
                row.reference_id = _closest(record, references, amount(record))


def _closest(record, references, amount):
    """The entry of the same amount, preferably of the same name; else none."""
    name = record.display_name.casefold()
    same = references.filtered(lambda row: abs(row.amount - amount) < 1e-6)
    named = same.filtered(lambda row: row.name.casefold() == name)
    return (named or same)[:1]
