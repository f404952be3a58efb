# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class QboMapping(models.Model):
    """One Odoo record stands for one entry of a QuickBooks list.

    For what QuickBooks keeps in lists of its own (tax codes, terms): several Odoo
    records may stand for the same entry, unlike bindings, which are one to one.
    """

    _name = "qbo.mapping"
    _inherit = "qbo.guarded"
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
    record_name = fields.Char(
        "In Odoo", compute="_compute_record_name", compute_sudo=True
    )
    record_kind = fields.Char("Kind", compute="_compute_record_kind")
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

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if not self.env.su:
            rows._check_target()
        return rows

    @api.model
    def _targets(self):
        """The models whose records may stand for entries of QuickBooks' lists."""
        return (
            *("account.tax", "account.payment.term", "account.journal", "crm.team"),
            *("stock.warehouse", "website", "res.users", "account.analytic.account"),
        )

    def _check_target(self):
        """:raise AccessError: if who maps it may not see it, or it is another's"""
        for row in self:
            if row.res_model not in self._targets() or row.res_model not in self.env:
                raise AccessError(self.env._("%s can't be mapped.", row.res_model))
            record = self.env[row.res_model].browse(row.res_id).exists()
            record.check_access("read")
            own = getattr(record, "company_ids", None) or record.company_id
            if not record or (own and row.company_id not in own):
                raise AccessError(self.env._("It belongs to another company."))

    @api.constrains("reference_id", "backend_id", "entity")
    def _check_reference(self):
        for row in self.filtered("reference_id"):
            reference = row.reference_id
            fits = (reference.backend_id, reference.entity)
            if fits != (row.backend_id, row.entity):
                raise ValidationError(
                    self.env._("%s is no entry of this list.", reference.name)
                )

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        self.record_name = False
        # An addon whose records were mapped may be gone.
        for mapping in self.filtered(lambda row: row.res_model in self.env):
            # Sales and purchase taxes often have the same name.
            model = self.env[mapping.res_model].with_context(
                append_fields=["type_tax_use"]
            )
            mapping.record_name = model.browse(mapping.res_id).exists().display_name

    @api.depends("res_model")
    def _compute_record_kind(self):
        for mapping in self:
            mapping.record_kind = self.env["ir.model"]._get(mapping.res_model).name

    @api.model
    def _get(self, backend, record, entity):
        """Return the list entry `record` is mapped to, or an empty recordset."""
        rows = self._rows_of(backend, record, entity)
        empty = self.env["qbo.reference"]
        return next(filter(None, rows.values()), empty)

    @api.model
    def _rows_of(self, backend, records, entity):
        """Return {(model, id): list entry, if any} of the records that have a row."""
        rows = self.search_fetch(
            [
                ("backend_id", "=", backend.id),
                ("res_model", "in", [record._name for record in records]),
                ("res_id", "in", [record.id for record in records]),
                ("entity", "=", entity),
            ],
            ["res_model", "res_id", "reference_id"],
        )
        found = {(row.res_model, row.res_id): row.reference_id for row in rows}
        wanted = {(record._name, record.id) for record in records}
        return {key: entry for key, entry in found.items() if key in wanted}

    @api.model
    def _suggest(self, backend, records, entity, amount=None):
        """Make a row for each record, with the entry of the same amount and name.

        :param callable amount: record -> number to find in `qbo.reference.amount`;
            without it an equal name is needed
        """
        domain = [("backend_id", "=", backend.id), ("entity", "=", entity)]
        rows = self.search([*domain, ("res_model", "=", records._name)])
        known = set(rows.mapped("res_id"))
        rows |= self.create(
            [
                {
                    "backend_id": backend.id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "entity": entity,
                }
                for record in records
                if record.id not in known
            ]
        )
        references = self.env["qbo.reference"].search(domain)
        by_id = {record.id: record for record in records}
        for row in rows.filtered(lambda row: not row.reference_id):
            if row.res_id in by_id:
                row.reference_id = _closest(by_id[row.res_id], references, amount)


def _closest(record, references, amount):
    """The entry of the same amount, preferably of the same name; else none."""
    name = (record.name or "").casefold()
    if amount:
        wanted = amount(record)
        references = references.filtered(lambda row: abs(row.amount - wanted) < 1e-6)
    named = references.filtered(lambda row: row.name.casefold() == name)
    return (named or (references if amount else named))[:1]
