# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the way to QuickBooks.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models

from .account_payment import ENTITY


class AccountPayment(models.Model):
    """BillPayments entered in QuickBooks: the bills are paid in Odoo too."""

    _inherit = "account.payment"

    qbo_source = fields.Char(
        "BillPayment in QuickBooks",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Its id; one BillPayment of several bills is several payments in Odoo.",
        groups="base.group_user",
    )

    @api.model
    def _qbo_import_billpayment(self, backend, objects):
        """Register payments of the bills Odoo has; what changed is done anew."""
        for values in objects:
            bills = self._qbo_paid_bills(backend, values)
            if self._qbo_has_parts(backend, values, bills):
                continue
            self._qbo_imported(backend, values["Id"])._qbo_take_back()
            payments = self.union(
                *(
                    bill._qbo_register_payment(
                        backend, amount, values["TxnDate"], _reference(values)
                    )
                    for bill, amount in bills
                    if bill.payment_state not in ("paid", "in_payment")
                )
            )
            payments.qbo_source = values["Id"]
            if payments:
                self._qbo_link_payment(backend, values, payments[0])

    def _qbo_link_payment(self, backend, values, payment):
        """The link goes to the newest payment of this BillPayment."""
        bindings = self.env["qbo.binding"]
        known = bindings._of_objects(backend, ENTITY, [values]).get(values["Id"])
        if known:
            known.write(
                {"res_id": payment.id, **bindings._facts(values, payment, ENTITY)}
            )
        else:
            bindings._link(backend, ENTITY, [(payment, values)])

    def _qbo_paid_bills(self, backend, values):
        """Return [(bill in Odoo, amount)] of a BillPayment's lines."""
        bindings = self.env["qbo.binding"]
        found = []
        for line in values.get("Line", []):
            for one in line.get("LinkedTxn", []):
                if one["TxnType"] != "Bill":
                    continue
                bill = bindings._linked(backend, "Bill", one["TxnId"], "account.move")
                if bill.state == "posted":
                    found.append((bill, float(line["Amount"])))
        return found

    def _qbo_has_parts(self, backend, values, bills):
        """Whether these very payments are there already."""
        known = self._qbo_imported(backend, values["Id"])
        have = sorted((one.invoice_ids[:1].id, one.amount) for one in known)
        return have == sorted((bill.id, amount) for bill, amount in bills)

    @api.model
    def _qbo_imported(self, backend, qbo_id):
        """Ids are unique within one QuickBooks company only."""
        return self.search(
            [
                ("qbo_source", "=", qbo_id),
                ("company_id", "=", backend.company_id.id),
                ("state", "!=", "canceled"),
            ]
        )

    def _qbo_take_back(self):
        """Cancel payments whose BillPayment is gone or was changed."""
        for payment in self.with_context(qbo_import=True):
            payment.action_draft()
            payment.action_cancel()

    def _qbo_on_removed(self, binding, reason):
        if binding.imported and binding.entity == ENTITY:
            payments = self._qbo_imported(binding.backend_id, binding.qbo_id)
            payments._qbo_take_back()
        return super()._qbo_on_removed(binding, reason)


def _reference(values):
    return values.get("DocNumber") or f"QuickBooks {values['Id']}"
