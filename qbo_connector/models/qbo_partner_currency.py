# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..qbo import text
from ..qbo.errors import Blocked
from .qbo_customer import CUSTOMER


class QboPartnerCurrency(models.Model):
    """A contact that trades in a foreign currency: a Customer of its own.

    QuickBooks fixes a customer's currency when it is made, and refuses documents in
    any other (6000). The contact itself stands for its Customer in home currency.
    """

    _name = "qbo.partner.currency"
    _inherit = "qbo.customer"
    _description = "Contact in a foreign currency"
    _qbo_entities = ("Customer",)
    _qbo_pages = {"Customer": ("customerdetail", "nameId")}

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, ondelete="cascade")

    _partner_uniq = models.UniqueIndex("(partner_id, currency_id)")

    @api.depends("partner_id.display_name", "currency_id.name")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.partner_id.display_name} ({one.currency_id.name})"

    @api.model
    def _of(self, partner, currency):
        """Return the row of a contact and a currency, made if there is none."""
        values = {"partner_id": partner.id, "currency_id": currency.id}
        found = self.search([(name, "=", value) for name, value in values.items()])
        return found or self.create(values)

    def _qbo_above(self):
        above = self.partner_id._qbo_above()
        return self._of(above, self.currency_id) if above else self.browse()

    def _qbo_shown_name(self, backend, suffix=""):
        """The contact's name with the currency behind it, whole."""
        name = self.partner_id._qbo_party_name()
        ending = f"({self.currency_id.name}) {suffix}".strip()
        return text.display_name(name, ending, charset=backend._charset())

    def _qbo_match(self, backend, entity):
        name = self._qbo_shown_name(backend)
        return [(self.env._("name"), "DisplayName", name)]

    def _qbo_on_fault(self, backend, entity, fault, body):
        return self.partner_id._qbo_other_name(
            entity, fault, body, lambda suffix: self._qbo_shown_name(backend, suffix)
        )

    def _qbo_prepare(self, backend, entity):
        """The contact's body under a name of its own, in its currency."""
        partner = self.partner_id
        if entity == CUSTOMER:
            body = partner._qbo_customer_body(backend, **self._qbo_below(backend))
        else:
            body = partner._qbo_prepare(backend, entity)
        return {
            **body,
            "DisplayName": self._qbo_shown_name(backend),
            "CurrencyRef": {"value": self.currency_id.name},
        }

    def _qbo_check_answer(self, backend, entity, body, answer):
        """QuickBooks takes a currency it doesn't keep for its own, with a 200."""
        kept = (answer.get("CurrencyRef") or {}).get("value")
        if kept in (None, self.currency_id.name):
            return None
        return Blocked(
            "currency_id",
            self.env._(
                "QuickBooks made the customer in %(kept)s instead of %(wanted)s.",
                kept=kept,
                wanted=self.currency_id.name,
            ),
            self.env._(
                "Add the currency in QuickBooks (Settings → Currencies), make this "
                "customer inactive there, then retry."
            ),
            "currency",
        )
