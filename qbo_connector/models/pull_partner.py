# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# The way back of contacts, apart from the way out.
# pylint: disable=consider-merging-classes-inherited
from odoo import models, tools
from odoo.tools import SQL

from ..qbo import text
from .pull_match import Matcher
from .qbo_once import once
from .qbo_pull import Pull

PARTY_FIELDS = (
    "DisplayName",
    "PrimaryEmailAddr",
    "PrimaryPhone",
    "WebAddr",
    "BillAddr",
    "Notes",
    "Active",
    "CurrencyRef",
)
DELETED = " (deleted)"


class ResPartner(models.Model):
    """Customer → contact; sub-customer → contact of its parent."""

    _inherit = "res.partner"
    _qbo_two_way = True
    _qbo_side_by_side = True
    _qbo_pulled = {
        "Customer": (
            *PARTY_FIELDS,
            "ShipAddr",
            "SalesTermRef",
            "CustomerTypeRef",
            "ResaleNum",
            "Taxable",
            "TaxExemptionReasonId",
            "ParentRef",
        ),
    }
    # Field of QuickBooks -> field of Odoo that holds the terms.
    _qbo_term_fields = {"SalesTermRef": "property_payment_term_id"}

    def _qbo_import_customer(self, backend, objects):
        """Take over customers that are new or changed in QuickBooks."""
        if not backend.pull_customers:
            return {}
        # What QuickBooks says is taken over with the connection's rights.
        model = self.with_company(backend.company_id).sudo()
        return model._qbo_take_over(backend, "Customer", objects)

    def _qbo_take_over(self, backend, entity, objects):
        """Parents before their sub-customers, which are their contacts."""
        refused = {}
        by_level = {}
        for values in objects + Pull(backend).missing_parents(entity, objects):
            by_level.setdefault(values.get("Level") or 0, []).append(values)
        for level in sorted(by_level):
            refused |= super()._qbo_take_over(backend, entity, by_level[level])
        return refused

    def _qbo_rule(self, backend):
        return backend.customer_rule

    def _qbo_on_removed(self, binding, reason):
        result = super()._qbo_on_removed(binding, reason)
        if binding.backend_id.archive_removed and binding.imported:
            self.active = False
        return result

    # --------------------------------------------------------------- match
    def _qbo_find_objects(self, backend, entity, objects):
        """By e-mail, tax number, phone, then name: the first rule that hits.

        Contacts that are linked already don't count; several of one rule are for
        a person to tell apart.
        """

        def fits(values, partner):
            """A sub-customer is no contact of another company."""
            parent = self._qbo_of_customer(backend, values.get("ParentRef"))
            return not (parent and partner.parent_id) or parent == partner.parent_id

        def speaks(values, partner):
            return fits(values, partner) and _share_a_word(values, partner)

        matcher = Matcher(self, backend, entity)
        matcher.add_rule(self.env._("e-mail"), "email_normalized", _email, fits)
        matcher.add_rule(self.env._("tax number"), "vat", _tax_id, fits)
        matcher.add_rule(
            self.env._("phone"), "phone_sanitized", self._qbo_phone, speaks
        )
        matcher.add_rule(self.env._("name"), "name", self._qbo_name, fits)
        return matcher.match(objects)

    def _qbo_of_customer(self, backend, ref):
        """Return the contact that a CustomerRef or ParentRef stands for, or none.

        :param dict ref: may be empty
        """
        if not ref:
            return self.browse()
        stub = {"Id": ref["value"]}
        links = self.env["qbo.binding"]._of_objects(backend, "Customer", [stub])
        record = links[stub["Id"]]._record().exists() if links else self.browse()
        if record._name == "qbo.partner.currency":
            record = record.partner_id
        return record

    def _qbo_phone(self, values):
        number = (values.get("PrimaryPhone") or {}).get("FreeFormNumber")
        return number and self._phone_format(
            number=number, country=self.env.company.country_id
        )

    def _qbo_name(self, values):
        """The name without what QuickBooks, or we, have put behind it."""
        name = (values.get("DisplayName") or "").removesuffix(DELETED)
        suffixes = [*self._qbo_name_suffixes.values()]
        if self._qbo_above():
            suffixes += self._qbo_suffixes("Customer")
        for suffix in suffixes:
            name = name.removesuffix(f" {suffix}")
        return name

    def _qbo_plan_one(self, entity, values):
        plan = super()._qbo_plan_one(entity, values)
        about = (_boxed(values, "PrimaryEmailAddr"), _boxed(values, "PrimaryPhone"))
        return {**plan, "details": ", ".join(one for one in about if one)}

    # ---------------------------------------------------------------- read
    def _qbo_read_customer(self, backend, values, names):
        result = self._qbo_read_party(backend, values, names)
        if "CustomerTypeRef" in names and values.get("CustomerTypeRef"):
            ref = values["CustomerTypeRef"]
            tag = once(
                self.env,
                ("tag", backend.id, ref["value"]),
                lambda: self._qbo_tag(backend, ref),
            )
            result["category_id"] = [(4, tag.id)] if tag else []
        if "ParentRef" in names:
            result.update(self._qbo_read_parent(backend, values))
        if "ShipAddr" in names:
            result.update(self._qbo_read_delivery(values))
        return {name: value for name, value in result.items() if value != []}

    def _qbo_read_party(self, backend, values, names):
        """What customers and vendors have in common."""
        readers = {
            "DisplayName": lambda: self._qbo_read_name(values),
            "PrimaryEmailAddr": lambda: {"email": _boxed(values, "PrimaryEmailAddr")},
            "PrimaryPhone": lambda: {"phone": _boxed(values, "PrimaryPhone")},
            "WebAddr": lambda: {"website": _boxed(values, "WebAddr")},
            "BillAddr": lambda: self._qbo_read_address(values.get("BillAddr")),
            "Notes": lambda: {
                "comment": tools.plaintext2html(values.get("Notes") or "")
            },
            "Active": lambda: self._qbo_read_active(backend, values),
        }
        result = {}
        for name in names:
            if name in readers:
                result.update(readers[name]())
            elif name in self._qbo_term_fields:
                result.update(self._qbo_read_term(backend, values, name))
        return result

    def _qbo_read_name(self, values):
        result = {"name": self._qbo_name(values)}
        if not self:
            person = values.get("GivenName") or values.get("FamilyName")
            result["is_company"] = bool(values.get("CompanyName") or not person)
        return result

    def _qbo_read_active(self, backend, values):
        active = values.get("Active", True) is not False
        return {"active": active} if active or backend.archive_removed else {}

    def _qbo_read_address(self, address):
        """Street, city, state and country; what has no counterpart is left out."""
        address = address or {}
        lines = [address.get(f"Line{number}") for number in range(1, 6)]
        lines = [line for line in lines if line]
        country = self._qbo_country(address.get("Country"))
        return {
            "street": lines[0] if lines else False,
            "street2": ", ".join(lines[1:]) or False,
            "city": address.get("City") or False,
            "zip": address.get("PostalCode") or False,
            "country_id": country.id,
            "state_id": self._qbo_state_of(address, country).id,
        }

    def _qbo_country(self, name):
        """A country by its name or its code of two letters."""
        countries = self.env["res.country"].with_context(lang="en_US")
        if not name:
            return countries
        return once(
            self.env, ("country", name), lambda: self._qbo_find_country(countries, name)
        )

    def _qbo_find_country(self, countries, name):
        code = "US" if name.upper() in ("USA", "US") else name.upper()
        found = countries.search([("code", "=", code)], limit=1)
        return found or countries.search([("name", "=ilike", name)], limit=1)

    def _qbo_state_of(self, address, country):
        code = address.get("CountrySubDivisionCode")
        country = country or self.env.company.country_id
        if not code or not country:
            return self.env["res.country.state"]
        return once(
            self.env,
            ("state", country.id, code),
            lambda: self._qbo_find_state(country, code),
        )

    def _qbo_find_state(self, country, code):
        return self.env["res.country.state"].search(
            [
                ("country_id", "=", country.id),
                "|",
                ("code", "=ilike", code),
                ("name", "=ilike", code),
            ],
            limit=1,
        )

    def _qbo_read_term(self, backend, values, name):
        ref = (values.get(name) or {}).get("value")
        term = backend._mapped_record("Term", ref, "account.payment.term")
        return {self._qbo_term_fields[name]: term.id} if term or not ref else {}

    def _qbo_tag(self, backend, ref):
        """The contact tag of the same name as the customer type."""
        row = backend._references("CustomerType").filtered(
            lambda one: one.qbo_id == ref["value"]
        )
        name = row.name or ref.get("name")
        if not name:
            return None
        tags = self.env["res.partner.category"]
        return tags.search([("name", "=", name)], limit=1) or tags.create(
            {"name": name}
        )

    def _qbo_before_import(self, backend, lines):
        """The contact tags of the customer types."""
        result = super()._qbo_before_import(backend, lines)
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT %(type)s->>'value', %(type)s->>'name'"
                " FROM qbo_import_line WHERE id IN %(lines)s",
                type=SQL("data->'CustomerTypeRef'"),
                lines=self.env["qbo.import.line"]._search(lines).subselect(),
            )
        )
        for value, name in rows:
            if value:
                self._qbo_tag(backend, {"value": value, "name": name})
        return result

    def _qbo_read_parent(self, backend, values):
        """A sub-customer is a contact of its parent."""
        ref = values.get("ParentRef")
        parent = self._qbo_of_customer(backend, ref)
        if not parent:
            return {} if ref else {"parent_id": False}
        new = {} if self else {"type": "other", "is_company": False}
        return {"parent_id": parent.id, **new}

    def _qbo_read_delivery(self, values):
        """A delivery address of its own, where it differs from the billing one."""
        ship, bill = values.get("ShipAddr") or {}, values.get("BillAddr") or {}
        if not ship or _place(ship) == _place(bill):
            return {}
        delivery = self.child_ids.filtered(lambda one: one.type == "delivery")[:1]
        fields = {
            "type": "delivery",
            "name": self.env._("Delivery"),
            **self._qbo_read_address(ship),
        }
        if not delivery:
            return {"child_ids": [(0, 0, fields)]}
        fields.pop("name")
        delivery._qbo_write_changed(fields)
        return {}

    def _qbo_without_log_in(self, values):
        """Who can change a user's e-mail gets that user's new password: it isn't
        taken over from QuickBooks."""
        # Only whether the contact is a user's.
        users = self.sudo().with_context(active_test=False).user_ids
        if users and values.get("email", self.email) != self.email:
            self._qbo_tell(
                self.env._(
                    "QuickBooks has the e-mail address %s. It isn't taken over for a "
                    "contact who logs in to Odoo.",
                    values["email"] or "",
                )
            )
            return {name: one for name, one in values.items() if name != "email"}
        return values

    def _qbo_write_changed(self, values):
        """New children and tags are always a change."""
        values = self._qbo_without_log_in(values)
        commands = {
            name: values[name]
            for name in ("child_ids", "category_id")
            if name in values
        }
        rest = {name: value for name, value in values.items() if name not in commands}
        if commands:
            self.write(commands)
        return super()._qbo_write_changed(rest)


def _boxed(values, name):
    """The text in ``{"Address": …}``, ``{"FreeFormNumber": …}``, ``{"URI": …}``."""
    return next(iter((values.get(name) or {}).values()), None) or False


def _email(values):
    """The first address of the field, as Odoo compares it."""
    address = _boxed(values, "PrimaryEmailAddr")
    return address and tools.email_normalize(text.email(address))


def _tax_id(values):
    """The tax number; QuickBooks shows most of them masked."""
    number = values.get("PrimaryTaxIdentifier") or values.get("ResaleNum") or ""
    return number if number and "X" not in number.upper() else False


def _share_a_word(values, partner):
    """A telephone is often shared by a whole building."""
    theirs = set((values.get("DisplayName") or "").casefold().split())
    return bool(theirs & set((partner.name or "").casefold().split()))


def _place(address):
    """An address without what QuickBooks adds by itself."""
    return {
        name: value
        for name, value in address.items()
        if value and name not in ("Id", "Lat", "Long")
    }
