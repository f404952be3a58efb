# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The switches of purchasing."""

    _inherit = "res.config.settings"

    qbo_push_purchases = fields.Boolean(
        related="qbo_backend_id.push_purchases", readonly=False
    )
    qbo_purchase_auto = fields.Boolean(
        related="qbo_backend_id.purchase_auto", readonly=False
    )
    qbo_purchase_cancel = fields.Selection(
        related="qbo_backend_id.purchase_cancel", readonly=False
    )
    qbo_push_bills = fields.Selection(
        related="qbo_backend_id.push_bills", readonly=False
    )
    qbo_pull_vendors = fields.Boolean(
        related="qbo_backend_id.pull_vendors", readonly=False
    )
    qbo_import_bills = fields.Boolean(
        related="qbo_backend_id.import_bills", readonly=False
    )
