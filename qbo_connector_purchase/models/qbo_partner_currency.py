# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class QboPartnerCurrency(models.Model):
    """A contact that sells in a foreign currency: a Vendor of its own."""

    _inherit = "qbo.partner.currency"
    _qbo_entities = ("Vendor",)
    _qbo_pages = {"Vendor": ("vendordetail", "nameId")}
