# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..qbo import payloads, text
from ..qbo.errors import Blocked
from ..qbo.payloads import Address, Texts

# A name is unique over customers, vendors and employees of a QuickBooks company.
DUPLICATE_NAME = "6240"


class ResPartner(models.Model):
    """Commercial partners → Customer; their contacts → its sub-customers."""

    _name = "res.partner"
    _inherit = ["res.partner", "qbo.customer"]
    _qbo_entities = ("Customer",)
    _qbo_tracked = (
        "name",
        "email",
        "phone",
        "website",
        "street",
        "street2",
        "city",
        "state_id",
        "zip",
        "country_id",
        "property_payment_term_id",
        "parent_id",
    )
    _qbo_pages = {"Customer": ("customerdetail", "nameId")}
    # Entity -> what is put behind a name that another list has taken already.
    _qbo_name_suffixes = {"Customer": "(Customer)"}

    qbo_hold = fields.Boolean(
        "Hold back from QuickBooks",
        company_dependent=True,
        help="Orders of this customer don't go to QuickBooks until this is taken off.",
        groups="base.group_user",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("qbo_hold") is False:
            # Who takes a hold off has written the contact.
            self.env["qbo.binding"].sudo()._release_held(self.commercial_partner_id)
        return result

    def _qbo_party_name(self):
        """The name; an address without one goes by its street.

        :raise Blocked: if the partner has no name that QuickBooks would take
        """
        place = ", ".join(one for one in (self.street, self.city) if one)
        name = self.name or (place if self.parent_id else "")
        if not text.display_name(name):
            raise Blocked(
                "name",
                self.env._("The contact has no name that QuickBooks can show."),
                self.env._("Give the contact a name."),
                "name",
            )
        return name

    def _qbo_match(self, backend, entity):
        """By e-mail, then by the name QuickBooks would show; inactive ones too.

        A sub-customer by its name only: the e-mail is often the company's.
        """
        rules = []
        email = text.email(self.email)
        if email and not self._qbo_parent(backend, entity):
            rules.append((self.env._("e-mail"), "PrimaryEmailAddr", email))
        name = self._qbo_shown_name(backend)
        rules.append((self.env._("name"), "DisplayName", name))
        return rules

    def _qbo_shown_name(self, backend, suffix=""):
        return text.display_name(
            self._qbo_party_name(), suffix, charset=backend._charset()
        )

    def _qbo_above(self):
        contact = self != self.commercial_partner_id
        return self.parent_id if contact else self.browse()

    def _qbo_on_fault(self, backend, entity, fault, body):
        """The same company as customer and vendor: the second gets a suffix."""
        return self._qbo_other_name(
            entity,
            fault,
            body,
            lambda suffix: self._qbo_shown_name(backend, suffix),
        )

    def _qbo_other_name(self, entity, fault, body, named):
        """The name to try next when the one before is taken.

        :param callable named: suffix -> name
        """
        names = [named(suffix) for suffix in self._qbo_suffixes(entity)]
        shown = body["DisplayName"]
        tried = names.index(shown) + 1 if shown in names else 0
        if fault.code != DUPLICATE_NAME or tried == len(names):
            return None
        return {"DisplayName": names[tried]}

    def _qbo_suffixes(self, entity):
        """What goes behind a name that is taken, one after the other.

        QuickBooks wants a sub-customer's name to be unique over the whole list.
        """
        company = self.commercial_partner_id
        if self == company:
            return [self._qbo_name_suffixes[entity]]
        return [f"({company.name})", f"({company.name} {self.id})"]

    def _qbo_in_currency(self, backend, currency):
        """Return the record that is this contact's Customer in a currency."""
        if not backend.multi_currency or currency.name == backend.qbo_currency:
            return self
        return self.env["qbo.partner.currency"]._of(self, currency)

    def _qbo_prepare_customer(self, backend):
        return self._qbo_customer_body(backend, **self._qbo_below(backend))

    def _qbo_customer_body(self, backend, **more):
        """:param more: what else `payloads.customer` is told"""
        return payloads.customer(
            **self._qbo_party(backend),
            ship_address=self._qbo_ship_address(),
            term_id=self._qbo_term_id(backend, "property_payment_term_id"),
            **more,
        )

    def _qbo_party(self, backend):
        """What a customer and a vendor have in common."""
        return {
            "name": self._qbo_party_name(),
            "company_name": self.name if self.is_company else "",
            "email": self.email,
            "phone": self.phone,
            "website": self.website,
            "bill_address": self._qbo_address(),
            "texts": Texts(backend._charset()),
        }

    def _qbo_term_id(self, backend, name):
        """Only terms QuickBooks knows: a contact doesn't wait for its terms."""
        return self[name]._qbo_term(backend).qbo_id if self[name] else ""

    def _qbo_ship_address(self):
        address = self.browse(self.address_get(["delivery"])["delivery"])
        return address._qbo_address()

    def _qbo_address(self, with_name=False):
        """The postal address as plain values.

        :param bool with_name: put the contact's own name first, as documents do
        """
        name = self.name or self.parent_id.name if with_name else ""
        return Address(
            lines=tuple(line for line in (name, self.street, self.street2) if line),
            city=self.city or "",
            state=self.state_id.code or "",
            postal_code=self.zip or "",
            country=self.country_id.with_context(lang="en_US").name or "",
        )
