# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class QboCustomField(models.Model):
    _inherit = "qbo.custom.field"

    res_model = fields.Selection(
        selection_add=[("purchase.order", "Purchase order")],
        ondelete={"purchase.order": "cascade"},
    )
