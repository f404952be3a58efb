# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from decimal import Decimal

from odoo import models

from odoo.addons.qbo_connector.qbo import marks, queries
from odoo.addons.qbo_connector.qbo.errors import Blocked
from odoo.addons.qbo_connector.qbo.money import D
from odoo.addons.qbo_connector.qbo.payloads import Texts

from .. import payloads

ENTITIES = ("Bill", "VendorCredit")
DUPLICATE_NUMBER = "6140"


@dataclass(frozen=True)
class Head:
    """What stands on a bill beside its lines; amounts in its currency.

    vendor: commercial partner; number: the vendor's own; tax, total: Decimals.
    """

    vendor: object
    currency: object
    date: object
    number: str
    tax: Decimal
    total: Decimal
    due_date: object = None
    term: object = None
    note: str = ""


class QboBill(models.AbstractModel):
    """What vendor bills and receipts have in common as Bill and VendorCredit.

    A model says what stands on it: `_qbo_bill_head`, `_qbo_bill_costs`.
    """

    _name = "qbo.bill"
    _inherit = "qbo.mixin"
    _description = "Bill synced with QuickBooks"
    _qbo_pages = {
        "Bill": ("bill", "txnId"),
        "VendorCredit": ("vendorcredit", "txnId"),
    }
    # A sparse update of a Bill without its vendor is refused; without the tax
    # QuickBooks computes it anew.
    _qbo_riders = dict.fromkeys(ENTITIES, ("VendorRef", "TxnTaxDetail"))

    # --------------------------------------------------------------- hooks
    def _qbo_bill_head(self):
        """:rtype: Head"""
        raise NotImplementedError

    def _qbo_bill_costs(self):
        """Return the `Cost` rows; those of an order know its line."""
        raise NotImplementedError

    def _qbo_bill_orders(self):
        """Return the purchase orders it belongs to."""
        raise NotImplementedError

    # ---------------------------------------------------------------- find
    def _qbo_lookup(self, entity, body):
        """A bill is known by its vendor and the vendor's number, or by its day."""
        if entity not in ENTITIES:
            return super()._qbo_lookup(entity, body)
        number = body.get("DocNumber")
        what = ("DocNumber", number) if number else ("TxnDate", body["TxnDate"])
        return [queries.eq("VendorRef", body["VendorRef"]["value"]), queries.eq(*what)]

    def _qbo_is_same(self, entity, body, found):
        """Our mark, or the same paper entered by hand: number and total are equal.

        :raise Blocked: if the vendor's number is there with another total
        """
        if super()._qbo_is_same(entity, body, found):
            return True
        if entity not in ENTITIES or not body.get("DocNumber"):
            return False
        if marks.find_mark(found.get("PrivateNote")):
            return False
        if D(found["TotalAmt"]) == self._qbo_total(entity):
            return True
        raise self._qbo_other_paper(entity, found)

    def _qbo_on_fault(self, backend, entity, fault, body):
        """Another vendor may use the same number: QuickBooks takes it when told so."""
        taken = entity in ENTITIES and fault.code == DUPLICATE_NUMBER
        if taken:
            return {"_params": {"include": "allowduplicatedocnum"}}
        return super()._qbo_on_fault(backend, entity, fault, body)

    def _qbo_other_paper(self, entity, found):
        return Blocked(
            "ref",
            self.env._(
                "QuickBooks has %(entity)s %(number)s of this vendor already, with a "
                "total of %(total)s.",
                entity=entity,
                number=found["DocNumber"],
                total=found["TotalAmt"],
            ),
            self.env._(
                "Compare both: correct the amount or the vendor's number in one of "
                "them, or delete the one in QuickBooks; then retry."
            ),
            DUPLICATE_NUMBER,
        )

    # ---------------------------------------------------------------- when
    def _qbo_dependencies(self, backend, entity):
        if entity not in ENTITIES:
            return super()._qbo_dependencies(backend, entity)
        costs = self._qbo_bill_costs()
        products = self.env["product.product"].union(
            *(cost.product for cost in costs if cost.product)
        )
        term = self._qbo_bill_head().term
        return [
            (self._qbo_bill_vendor(backend), "Vendor"),
            (products.filtered(lambda one: not one._qbo_is_cost()), "Item"),
            *([(term, "Term")] if term and term._qbo_needs_term(backend) else []),
            *self._qbo_orders_first(backend, entity, costs),
        ]

    def _qbo_orders_first(self, backend, entity, costs):
        """The orders a Bill is linked to, where orders are synced."""
        if entity != "Bill" or not backend.push_purchases:
            return []
        lines = self.env["purchase.order.line"].union(*(c.order_line for c in costs))
        orders = lines.order_id.filtered(lambda order: order.state == "purchase")
        return [(orders, "PurchaseOrder")]

    def _qbo_total(self, entity):
        if entity not in ENTITIES:
            return super()._qbo_total(entity)
        return self._qbo_bill_head().total

    def _qbo_check_answer(self, backend, entity, body, answer):
        if entity not in ENTITIES:
            return super()._qbo_check_answer(backend, entity, body, answer)
        # As any document: sales documents explain theirs in their own way.
        return self._qbo_compare_totals(entity, answer)

    def _qbo_correction(self, backend, entity, body, answer):
        if entity not in ENTITIES:
            return super()._qbo_correction(backend, entity, body, answer)
        return self.env["qbo.cost"]._correction(self, entity, body, answer)

    # ---------------------------------------------------------------- what
    def _qbo_bill_vendor(self, backend):
        head = self._qbo_bill_head()
        return head.vendor._qbo_in_currency(backend, head.currency)

    def _qbo_prepare_vendorcredit(self, backend):
        """What the vendor owes us; amounts in its currency, positive."""
        form, _costs = self._qbo_bill_form(backend)
        return payloads.vendor_credit(**form)

    def _qbo_prepare_bill(self, backend):
        """What we owe, linked line by line to the orders it comes from."""
        form, costs = self._qbo_bill_form(backend, linked=True)
        head = self._qbo_bill_head()
        orders = dict.fromkeys(link["TxnId"] for cost in costs for link in cost.links)
        return payloads.bill(
            due_date=head.due_date,
            term_id=head.term._qbo_term_ref(backend) if head.term else "",
            links=[payloads.order_link(qbo_id) for qbo_id in orders],
            **form,
        )

    def _qbo_bill_form(self, backend, linked=False):
        """Return the fields that both have, and the costs.

        :raise Blocked: if there is nothing on it, or something isn't mapped
        """
        head, costs = self._qbo_bill_head(), self._qbo_bill_costs()
        if not costs:
            raise Blocked(
                "invoice_line_ids",
                self.env._("There are no lines that cost anything."),
                self.env._("Add a line, then retry."),
                "lines",
            )
        if linked:
            costs = self.env["qbo.cost"]._linked_to_orders(backend, costs)
        texts = Texts(backend._charset())
        warehouse = self._qbo_bill_orders().picking_type_id.warehouse_id[:1]
        return {
            "department_id": backend._location(warehouse),
            "vendor_id": self._qbo_bill_vendor(backend)._qbo_ref(backend, "Vendor"),
            "ap_account_id": backend._payable_ref(head.currency),
            "doc_number": head.number,
            "txn_date": head.date,
            "private_note": self._qbo_bill_note(head),
            "lines": self.env["qbo.cost"]._prepare_lines(
                backend, costs, texts, head.tax
            ),
            "tax": self.env["qbo.cost"]._prepare_tax(backend, costs, head.tax),
            "texts": texts,
            **backend._currency_fields(head.currency, head.date),
        }, costs

    def _qbo_bill_note(self, head):
        # The database's id marks what is ours; it is no secret.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return marks.note_with_mark(head.note, marks.mark(uuid, self._name, self.id))

    # --------------------------------------------------------------- after
    def _qbo_after_push(self, binding, answer, created):
        """Orders show what they were billed by."""
        result = super()._qbo_after_push(binding, answer, created)
        self._qbo_on_watched(binding, answer)
        return result

    def _qbo_on_watched(self, binding, values):
        """Whatever has changed in QuickBooks: it was paid, say."""
        if binding.entity in ENTITIES:
            self.env["qbo.vendor.bill"]._note(
                binding.backend_id, binding.entity, values, self._qbo_bill_orders()
            )

    def _qbo_on_removed(self, binding, reason):
        if binding.entity in ENTITIES:
            self.env["qbo.vendor.bill"]._forget(
                binding.backend_id, binding.entity, binding.qbo_id
            )
        return super()._qbo_on_removed(binding, reason)
