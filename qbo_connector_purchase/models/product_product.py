# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _qbo_is_cost(self):
        """Services that are bought but not sold (freight, fees) are costs."""
        return self.type == "service" and not self.sale_ok

    def _qbo_bought_description(self):
        return self.description_purchase or super()._qbo_bought_description()

    def _qbo_read_bought_description(self, description):
        values = super()._qbo_read_bought_description(description)
        return {**values, "description_purchase": description}
