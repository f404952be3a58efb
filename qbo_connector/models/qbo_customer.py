# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

CUSTOMER = "Customer"


class QboCustomer(models.AbstractModel):
    """What stands for a Customer of QuickBooks, or for a sub-customer below one.

    A contact or an address of a company becomes a sub-customer of the company's
    Customer (`Job` and `ParentRef`; QuickBooks refuses one without the other, 6150).
    QuickBooks' tree mirrors Odoo's.
    """

    _name = "qbo.customer"
    _inherit = "qbo.mixin"
    _description = "Customer of QuickBooks"

    def _qbo_above(self):
        """Return the record above this one in Odoo; none for a company."""
        raise NotImplementedError

    def _qbo_parent(self, backend, entity):
        """Return the record whose Customer is above this one's, or none.

        What has a Customer of its own in QuickBooks, below none, keeps it there.
        """
        if entity != CUSTOMER:
            return self.browse()
        link = self.env["qbo.binding"]._of(backend, self, entity)
        known = {**(link.sent or {}), **(link.snapshot or {})}
        apart = link.qbo_id and not known.get("ParentRef")
        return self.browse() if apart else self._qbo_above()

    def _qbo_dependencies(self, backend, entity):
        parent = self._qbo_parent(backend, entity)
        needed = super()._qbo_dependencies(backend, entity)
        return [*needed, (parent, entity)] if parent else needed

    def _qbo_may_be(self, backend, entity, found):
        """A sub-customer is one of the same parent; a company is none, unless it
        has just this name."""
        above = (found.get("ParentRef") or {}).get("value")
        parent = self._qbo_parent(backend, entity)
        if parent:
            return above == parent._qbo_ref(backend, entity)
        shown = found.get("DisplayName", "").casefold()
        return not above or shown == self._qbo_shown_name(backend).casefold()

    def _qbo_shown_name(self, backend, suffix=""):
        """Return the DisplayName: without `:`, and of QuickBooks' length.

        :raise Blocked: if there is none
        """
        raise NotImplementedError

    def _qbo_below(self, backend):
        """What makes it a sub-customer, for `payloads.customer`.

        Whether the parent gets the bill (`BillWithParent`) is only said when it is
        made; from then on it is the bookkeeper's to change.
        """
        parent = self._qbo_parent(backend, CUSTOMER)
        if not parent:
            return {}
        made = self.env["qbo.binding"]._of(backend, self, CUSTOMER).qbo_id
        billed_apart = backend.sub_customers == "invoice"
        return {
            "parent_id": parent._qbo_ref(backend, CUSTOMER),
            "bill_with_parent": None if made else not billed_apart,
        }
