# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the way to QuickBooks.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.qbo_connector.qbo.errors import Blocked
from odoo.addons.qbo_connector.qbo.money import D


class AccountMove(models.Model):
    """Bills that the bookkeeper made in QuickBooks from our purchase orders."""

    _inherit = "account.move"

    @api.model
    def _qbo_make_bill(self, backend, values, row):
        """Post a vendor bill in Odoo for a Bill of QuickBooks.

        :param dict values: the Bill; its lines say which order lines they bill
        :param row: its `qbo.vendor.bill`
        :raise Blocked: if the totals differ, so that a person can look
        """
        order = row.order_ids[:1]
        company = self.with_company(backend.company_id).with_context(qbo_import=True)
        move = company.create(
            {
                "move_type": "in_invoice",
                "partner_id": order.partner_id.id,
                "currency_id": order.currency_id.id,
                "ref": values.get("DocNumber"),
                "invoice_date": values["TxnDate"],
                "invoice_date_due": values.get("DueDate"),
                "invoice_origin": ", ".join(row.order_ids.mapped("name")),
                "invoice_line_ids": [
                    Command.create(self._qbo_read_bill_line(row, line))
                    for line in values["Line"]
                    if "Amount" in line
                ],
            }
        )
        if move.currency_id.compare_amounts(
            move.amount_total, float(values["TotalAmt"])
        ):
            raise Blocked(
                "amount_total",
                self.env._(
                    "Bill %(number)s comes to %(theirs)s in QuickBooks and to %(ours)s "
                    "in Odoo.",
                    number=values.get("DocNumber") or values["Id"],
                    theirs=values["TotalAmt"],
                    ours=move.amount_total,
                ),
                self.env._("Enter the bill in Odoo by hand."),
                "total",
            )
        move.action_post()
        return move

    def _qbo_read_bill_line(self, row, line):
        """Odoo's values of a line: of an order's line, or words and an amount."""
        detail = line.get(line["DetailType"]) or {}
        own = row._order_line(line)
        quantity = D(detail.get("Qty") or 1)
        amount = D(line["Amount"])
        if not own:
            return {
                "name": line.get("Description") or row.name,
                "quantity": 1,
                "price_unit": float(amount),
                "tax_ids": [Command.clear()],
            }
        unit = own.product_id.uom_id._compute_quantity(
            float(quantity), own.product_uom_id, round=False
        )
        return {
            **own._prepare_account_move_line(),
            "quantity": unit,
            "price_unit": float(amount) / unit if unit else float(amount),
            "discount": 0,
        }

    def _qbo_register_payment(self, backend, amount, date, reference):
        """Pay these bills in Odoo, as they were paid in QuickBooks.

        :param float amount: in the bills' currency
        :return: the payment
        """
        register = (
            self.env["account.payment.register"]
            .with_company(backend.company_id)
            .with_context(
                active_model="account.move", active_ids=self.ids, qbo_import=True
            )
        )
        wizard = register.create(
            {
                "payment_date": fields.Date.to_date(date),
                "group_payment": True,
                "journal_id": backend._payment_journal().id,
                "communication": reference,
            }
        )
        wizard.amount = amount
        return wizard._create_payments()
