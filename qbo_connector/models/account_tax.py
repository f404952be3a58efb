# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..qbo.errors import Blocked

US_TAXABLE, US_EXEMPT = "TAX", "NON"


class AccountTax(models.Model):
    """Taxes → tax codes, by mapping: QuickBooks' codes are made there."""

    _inherit = "account.tax"

    def _qbo_percent(self):
        """The rate in percent, of a group the sum of its parts."""
        self.ensure_one()
        if self.amount_type == "group":
            return sum(tax._qbo_percent() for tax in self.children_tax_ids)
        return self.amount

    def _qbo_is_zero(self):
        return all(not tax._qbo_percent() for tax in self)

    def _qbo_tax_code(self, backend):
        """Return the QuickBooks tax code these taxes of one line stand for.

        :raise Blocked: if they are not mapped
        """
        if len(self) > 1:
            raise Blocked(
                "tax_ids",
                self.env._(
                    "A line has several taxes: %s.", ", ".join(self.mapped("name"))
                ),
                self.env._(
                    "QuickBooks takes one tax code a line. Use a tax group that "
                    "holds them and map it in QuickBooks → Configuration → Taxes."
                ),
                "tax",
            )
        mapped = self.env["qbo.mapping"]._get(backend, self, "TaxCode")
        if not mapped:
            raise Blocked(
                "tax_ids",
                self.env._("Tax “%s” isn't mapped to a tax code.", self.name),
                self.env._(
                    "Choose its tax code in QuickBooks → Configuration → Taxes."
                ),
                "tax",
            )
        return mapped.qbo_id

    def _qbo_line_code(self, backend):
        """Return what a line says: TAX or NON in the US, else the tax code.

        :raise Blocked: outside the US, if the taxes are not mapped
        """
        if backend._is_us():
            return US_EXEMPT if self._qbo_is_zero() else US_TAXABLE
        return self._qbo_tax_code(backend)
