# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class QboReadable(models.AbstractModel):
    """For rows about a record: who may read the record may read them.

    A record rule asks for `can_read`, so lists are filtered in the database.
    """

    _name = "qbo.readable"
    _description = "Readable with its record"

    can_read = fields.Boolean(compute="_compute_can_read", search="_search_can_read")

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_read(self):
        self.can_read = False
        for name, rows in self.filtered("res_model").grouped("res_model").items():
            records = self._as_user(name).browse(rows.mapped("res_id")).exists()
            readable = set(records._filtered_access("read").ids)
            for row in rows:
                row.can_read = row.res_id in readable

    def _search_can_read(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        names = self.env.registry.descendants(["qbo.mixin"], "_inherit")
        return Domain.OR(
            self._readable(name) for name in names if not self.env[name]._abstract
        )

    def _readable(self, name):
        """The rows about records of one model which the user's own rules let pass."""
        model = self._as_user(name)
        if not model.has_access("read"):
            return Domain.FALSE
        ids = model._search([]).subselect()
        return Domain("res_model", "=", name) & Domain("res_id", "in", ids)

    def _as_user(self, name):
        # Rules are evaluated as superuser: ask for the user behind it.
        return self.env[name].sudo(False).with_context(active_test=False)


class QboBinding(models.Model):
    _name = "qbo.binding"
    _inherit = ["qbo.binding", "qbo.readable"]


class QboLog(models.Model):
    _name = "qbo.log"
    _inherit = ["qbo.log", "qbo.readable"]
