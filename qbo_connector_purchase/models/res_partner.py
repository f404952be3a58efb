# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.qbo_connector.qbo import payloads


class ResPartner(models.Model):
    """Commercial partners → Vendor, beside Customer."""

    _inherit = "res.partner"
    _qbo_entities = ("Customer", "Vendor")
    _qbo_pages = {
        "Customer": ("customerdetail", "nameId"),
        "Vendor": ("vendordetail", "nameId"),
    }
    _qbo_name_suffixes = {"Customer": "(Customer)", "Vendor": "(Vendor)"}

    def _qbo_prepare_vendor(self, backend):
        return payloads.vendor(
            **self._qbo_party(backend),
            account_number=self.ref,
            term_id=self._qbo_term_id(backend, "property_supplier_payment_term_id"),
        )
