# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.qbo_connector.models.account_tax import US_EXEMPT


class AccountTax(models.Model):
    _inherit = "account.tax"

    def _qbo_purchase_code(self, backend):
        """Return what a cost line says: in the US never TAX, else the tax code.

        :raise Blocked: outside the US, if the taxes are not mapped
        """
        return US_EXEMPT if backend._is_us() else self._qbo_line_code(backend)
