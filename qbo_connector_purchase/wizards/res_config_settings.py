# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The switches of purchasing."""

    _inherit = "res.config.settings"

    qbo_push_purchases = fields.Boolean(
        related="qbo_backend_id.push_purchases", readonly=False
    )
