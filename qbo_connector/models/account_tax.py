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
        if not self:
            return self._qbo_code_without_tax(backend)
        mapped = self._qbo_mapped(backend)
        if not mapped and len(self) > 1:
            raise Blocked(
                "tax_ids",
                self.env._(
                    "A line has several taxes: %s.", ", ".join(self.mapped("name"))
                ),
                self.env._(
                    "QuickBooks takes one tax code a line. Make a tax group of them "
                    "and map it in QuickBooks → Configuration → Taxes."
                ),
                "tax",
            )
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

    def _qbo_code_without_tax(self, backend):
        """:raise Blocked: outside the US, where a line can't go without a code"""
        if not backend.no_tax_code_id:
            raise Blocked(
                "no_tax_code_id",
                self.env._(
                    "A line has no tax, and QuickBooks wants a tax code on each."
                ),
                self.env._(
                    "Choose the code for lines without tax in QuickBooks → "
                    "Configuration → Connections."
                ),
                "tax",
            )
        return backend.no_tax_code_id.qbo_id

    def _qbo_mapped(self, backend):
        """Return the list entry of one tax, or of several taken together."""
        mapping = self.env["qbo.mapping"]
        if len(self) == 1:
            return mapping._get(backend, self, "TaxCode")
        for group in self._qbo_groups():
            mapped = mapping._get(backend, group, "TaxCode")
            if mapped:
                return mapped
        return self._qbo_combined(backend)

    def _qbo_groups(self):
        """Tax groups that hold just these taxes, used on the line or not."""
        groups = self.with_context(active_test=False).search(
            [("amount_type", "=", "group"), ("children_tax_ids", "in", self.ids)]
        )
        return groups.filtered(lambda group: group.children_tax_ids == self)

    def _qbo_combined(self, backend):
        """The one code that has the rates of these taxes' own codes together."""
        mapping = self.env["qbo.mapping"]
        own = [mapping._get(backend, tax, "TaxCode") for tax in self]
        if not all(own):
            return self.env["qbo.reference"]
        wanted = sorted(rate for code in own for rate in code.rates or [])
        found = backend._references("TaxCode").filtered(
            lambda code: sorted(code.rates or []) == wanted
        )
        return found if len(found) == 1 else found.browse()

    def _qbo_line_code(self, backend):
        """Return what a line says: TAX or NON in the US, else the tax code.

        :raise Blocked: outside the US, if the taxes are not mapped
        """
        if backend._is_us():
            return US_EXEMPT if self._qbo_is_zero() else US_TAXABLE
        return self._qbo_tax_code(backend)
