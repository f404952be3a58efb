# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the contact's names and addresses.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from .qbo_once import once

TAXABLE = "taxable"
# QuickBooks' numbers of the reasons; "0" is none of them.
EXEMPTIONS = [
    ("0", "Exempt, without a reason"),
    ("1", "Exempt: federal government"),
    ("2", "Exempt: state government"),
    ("3", "Exempt: local government"),
    ("4", "Exempt: tribal government"),
    ("5", "Exempt: charitable organization"),
    ("6", "Exempt: religious organization"),
    ("7", "Exempt: educational organization"),
    ("8", "Exempt: hospital"),
    ("9", "Exempt: resale"),
    ("10", "Exempt: direct pay permit"),
    ("11", "Exempt: multiple points of use"),
    ("12", "Exempt: direct mail"),
    ("13", "Exempt: agricultural production"),
    ("14", "Exempt: industrial production or manufacturing"),
    ("15", "Exempt: foreign diplomat"),
]


class ResPartner(models.Model):
    """A customer's tax status, resale number and customer type, both ways."""

    _inherit = "res.partner"

    qbo_tax_status = fields.Selection(
        [(TAXABLE, "Taxable"), *EXEMPTIONS],
        "Sales tax in QuickBooks",
        help="Whether QuickBooks charges this customer sales tax, and why not (US). "
        "Empty: as QuickBooks has it. Odoo's own taxes are chosen by the fiscal "
        "position.",
        groups="base.group_user",
    )
    qbo_resale_number = fields.Char(
        "Resale number",
        size=16,
        help="The number of the customer's resale certificate.",
        groups="base.group_user",
    )

    def _qbo_tracked_keys(self):
        own = {"qbo_tax_status", "qbo_resale_number", "category_id"}
        return super()._qbo_tracked_keys() | own

    def _qbo_customer_body(self, backend, **more):
        """A company's; its contacts go with it."""
        if self == self.commercial_partner_id:
            more |= self._qbo_tax_status(backend)
            more["resale_number"] = self.qbo_resale_number
            more["customer_type_id"] = self._qbo_type_id(backend)
        return super()._qbo_customer_body(backend, **more)

    def _qbo_tax_status(self, backend):
        status = backend._is_us() and self.qbo_tax_status
        if not status:
            return {}
        exempt = status not in (TAXABLE, "0")
        reason = {"exemption_reason": int(status)} if exempt else {}
        return {"taxable": status == TAXABLE, **reason}

    # ------------------------------------------------------- customer type
    def _qbo_types(self, backend):
        """{name: id} of QuickBooks' customer types; tags of these names are them."""
        return once(
            self.env,
            ("customer types", backend.id),
            lambda: {
                row.name: row.qbo_id for row in backend._references("CustomerType")
            },
        )

    def _qbo_type_id(self, backend):
        """QuickBooks keeps one type of a customer: the first tag that is one."""
        types = self.category_id and self._qbo_types(backend)
        found = (types[tag.name] for tag in self.category_id if tag.name in types)
        return next(found, "")

    # ---------------------------------------------------------------- read
    def _qbo_read_customer(self, backend, values, names):
        result = super()._qbo_read_customer(backend, values, names)
        if "ResaleNum" in names and (self or values.get("ResaleNum")):
            result["qbo_resale_number"] = values.get("ResaleNum") or False
        if {"Taxable", "TaxExemptionReasonId"} & set(names) and backend._is_us():
            result.update(self._qbo_read_tax_status(values))
        if self and "CustomerTypeRef" in names:
            result["category_id"] = [
                *self._qbo_other_types(backend, values),
                *result.get("category_id", []),
            ]
        return {name: value for name, value in result.items() if value != []}

    def _qbo_read_tax_status(self, values):
        """Only what isn't usual is kept; a customer is taxable otherwise."""
        if values.get("Taxable") is not False:
            return {"qbo_tax_status": TAXABLE} if self.qbo_tax_status else {}
        reason = str(values.get("TaxExemptionReasonId") or "0")
        return {"qbo_tax_status": reason if reason in dict(EXEMPTIONS) else "0"}

    def _qbo_other_types(self, backend, values):
        """Take off the tags of the types that the customer is not any more."""
        types = self._qbo_types(backend)
        now = (values.get("CustomerTypeRef") or {}).get("value")
        others = self.category_id.filtered(
            lambda tag: types.get(tag.name) not in (None, now)
        )
        return [(3, tag.id) for tag in others]
