# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.qbo_connector.models import pull_partner
from odoo.addons.qbo_connector.qbo import payloads


class ResPartner(models.Model):
    """Commercial partners → Vendor, beside Customer."""

    _inherit = "res.partner"
    _qbo_entities = ("Vendor",)
    _qbo_pages = {"Vendor": ("vendordetail", "nameId")}
    _qbo_name_suffixes = {"Vendor": "(Vendor)"}
    _qbo_pulled = {
        "Vendor": (
            *(name for name in pull_partner.PARTY_FIELDS if name != "Notes"),
            "TermRef",
            "AcctNum",
            "Vendor1099",
        ),
    }
    _qbo_term_fields = {"TermRef": "property_supplier_payment_term_id"}

    qbo_1099 = fields.Boolean(
        "1099 vendor",
        help="Payments to this vendor are reported on a 1099 (US).",
        groups="base.group_user",
    )
    qbo_account_number = fields.Char(
        "Our account number",
        help="The number under which this vendor knows us; it is shown on "
        "QuickBooks' checks.",
        groups="base.group_user",
    )

    def _qbo_tracked_keys(self):
        return super()._qbo_tracked_keys() | {
            "qbo_1099",
            "qbo_account_number",
            "property_supplier_payment_term_id",
        }

    def _qbo_prepare_vendor(self, backend):
        return payloads.vendor(
            **self._qbo_party(backend),
            account_number=self.qbo_account_number,
            vendor_1099=self.qbo_1099 if backend._is_us() else None,
            term_id=self._qbo_term_id(backend, "property_supplier_payment_term_id"),
        )

    def _qbo_import_vendor(self, backend, objects):
        """Take over vendors that are new or changed in QuickBooks."""
        if not backend.pull_vendors:
            return {}
        # What QuickBooks says is taken over with the connection's rights.
        model = self.with_company(backend.company_id).sudo()
        return model._qbo_take_over(backend, "Vendor", objects)

    def _qbo_read_vendor(self, backend, values, names):
        result = self._qbo_read_party(backend, values, names)
        if "AcctNum" in names:
            result["qbo_account_number"] = values.get("AcctNum") or False
        if "Vendor1099" in names:
            result["qbo_1099"] = bool(values.get("Vendor1099"))
        if not self:
            result["supplier_rank"] = 1
        return result
