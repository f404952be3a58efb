# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the files of the models themselves.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

SUB_CUSTOMERS = [
    ("none", "The company: one Customer"),
    ("invoice", "A sub-customer for each invoice address"),
    ("delivery", "A sub-customer for each delivery address"),
]


class QboBackend(models.Model):
    _inherit = "qbo.backend"

    sub_customers = fields.Selection(
        SUB_CUSTOMERS,
        "Sales are booked on",
        default="none",
        required=True,
        help="Whether contacts and addresses of a company are sub-customers of its "
        "Customer, and which of them a sale is for. Sales that are in QuickBooks "
        "stay where they are when this is changed.",
    )


class QboBinding(models.Model):
    """A sale keeps the rule by which its first document found its Customer."""

    _inherit = "qbo.binding"

    sub_customers = fields.Selection(
        SUB_CUSTOMERS,
        "Booked on",
        readonly=True,
        help="By which rule the document's Customer was chosen.",
    )

    def _customer_id(self):
        """The Customer that a document was sent for, or None."""
        return ((self.sent or {}).get("CustomerRef") or {}).get("value")

    def _paid_by(self, company):
        """Return whose Payment of these documents it is: the sub-customer's all of
        them are for, or else the company's, which may pay for all below it.

        :param company: the record that stands for the company's Customer
        """
        ids = {link._customer_id() for link in self} - {None}
        if len(ids) != 1:
            return company
        found = self._of_objects(self.backend_id, "Customer", [{"Id": ids.pop()}])
        return next((link._record() for link in found.values()), company)

    def _start_over(self):
        self.sub_customers = False
        return super()._start_over()


class QboSaleDocument(models.AbstractModel):
    """Which Customer a sale is for: the company's, or that of one of its contacts."""

    _inherit = "qbo.sale.document"

    def _qbo_customer(self, backend):
        """Return who stands for the Customer; always of the company that pays."""
        company = self._qbo_bill_partner().commercial_partner_id
        chosen = {
            "none": lambda: company,
            "invoice": self._qbo_bill_partner,
            "delivery": self._qbo_ship_partner,
        }
        partner = chosen[self._qbo_customer_rule(backend)]()
        if partner.commercial_partner_id != company:
            partner = company
        return partner._qbo_in_currency(backend, self._qbo_currency_record())

    def _qbo_customer_rule(self, backend):
        """The rule of the sale's first document; of a new sale, the setting's."""
        links = self._qbo_family().filtered("sub_customers").sorted("id")
        return links[:1].sub_customers or backend.sub_customers

    def _qbo_family(self):
        """Return the links of all documents of the same sale, this one's first."""
        orders = self._qbo_sale_orders()
        # Who sees the order may know what bills it.
        family = (self, orders, orders.picking_ids, orders.sudo().invoice_ids)
        return self.env["qbo.binding"].union(*(one._qbo_bindings() for one in family))

    def _qbo_after_push(self, binding, answer, created):
        result = super()._qbo_after_push(binding, answer, created)
        if "CustomerRef" in answer:
            binding.sub_customers = self._qbo_customer_rule(binding.backend_id)
        return result


class AccountMove(models.Model):
    """A credit note is for the Customer of the invoice it credits."""

    _inherit = "account.move"

    def _qbo_family(self):
        return super()._qbo_family() | self.reversed_entry_id._qbo_bindings()
