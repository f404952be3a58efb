# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class QboImport(models.Model):
    """Vendors in the first import: matched and reviewed as customers are."""

    _inherit = "qbo.import"

    want_vendors = fields.Boolean("Vendors", default=True)

    def _entities(self):
        vendors = [("Vendor", [])] if self.want_vendors else []
        return vendors + super()._entities()
