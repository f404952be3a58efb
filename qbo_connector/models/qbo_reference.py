# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class QboReference(models.Model):
    """A cached row of a QuickBooks list: what mappings point at.

    Kept from one batch call a day, so that no document costs a look-up.
    """

    _name = "qbo.reference"
    _inherit = "qbo.guarded"
    _description = "QuickBooks list entry"
    _order = "entity, name"
    _rec_names_search = ["name", "qbo_id"]

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True
    )
    entity = fields.Char(
        required=True, help="Account, TaxCode, Term, PaymentMethod, Class …"
    )
    qbo_id = fields.Char("QuickBooks ID", required=True)
    name = fields.Char(required=True, help="The full name, as QuickBooks shows it.")
    kind = fields.Char(help="Accounts: the account type. Custom fields: the form.")
    subkind = fields.Char(help="Accounts: the account's sub-type.")
    amount = fields.Float(
        digits=(16, 6),
        aggregator=None,
        help="Tax codes: the rate in percent. Terms: days until due.",
    )
    rates = fields.Json(
        help="Tax codes: the sales rates behind it, [[TaxRate id, percent as text], …]."
    )
    buying_rates = fields.Json(help="Tax codes: the same for what is bought.")
    active = fields.Boolean(default=True)

    _entity_uniq = models.UniqueIndex(
        "(backend_id, entity, COALESCE(kind, ''), qbo_id)"
    )

    @api.depends("name", "kind")
    def _compute_display_name(self):
        for reference in self:
            suffix = f" ({reference.kind})" if reference.kind else ""
            reference.display_name = f"{reference.name}{suffix}"

    @api.model
    def _replace(self, backend, entity, rows):
        """Make the cached list of `entity` equal to `rows`.

        :param list rows: dicts with qbo_id, name and the optional fields; what is
            not in it is archived, because mappings may still point at it
        """
        cached = self.with_context(active_test=False).search(
            [("backend_id", "=", backend.id), ("entity", "=", entity)]
        )
        known = {(row.kind or False, row.qbo_id): row for row in cached}
        seen = self.browse()
        new = []
        for row in rows:
            values = {"kind": False, "subkind": False, "active": True, **row}
            reference = known.get((values["kind"], values["qbo_id"]))
            if reference:
                reference._update_if_changed(values)
                seen |= reference
            else:
                new.append({**values, "backend_id": backend.id, "entity": entity})
        (cached - seen).filtered("active").active = False
        return seen | self.create(new)

    def _update_if_changed(self, values):
        changed = {
            name: value
            for name, value in values.items()
            if (self[name] or False) != (value or False)
        }
        if changed:
            self.write(changed)
