# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _qbo_is_cost(self):
        """Services that are bought but not sold (freight, fees) are costs."""
        return self.type == "service" and not self.sale_ok
