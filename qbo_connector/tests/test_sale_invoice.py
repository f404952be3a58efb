# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import Command

from .sale_common import SaleCase

D = Decimal


class TestSaleInvoice(SaleCase):
    """Odoo's own customer invoices and credit notes."""

    chart = True

    def post(self, moves):
        with self.jobs():
            moves.action_post()
        return self.links(moves)

    def in_qbo(self, links, entity="Invoice"):
        link = links.filtered(lambda one: one.entity == entity)
        self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
        return self.client().read(entity, link.qbo_id)

    def billed(self, order):
        """Confirm an order and post its invoice."""
        links = self.confirm(order)
        self.assertFalse(links)
        order.order_line.qty_delivered = 2
        move = order._create_invoices()
        return move, self.post(move)

    def refund(self, move):
        return move._reverse_moves([{"invoice_date": move.invoice_date}])

    def test_posted_invoice_is_the_invoice(self):
        self.backend.invoice_when = "invoice"
        order = self.order(
            self.line(self.work, qty=2, price=19.99), client_order_ref="PO-5"
        )
        move, link = self.billed(order)
        answer = self.in_qbo(link)
        self.assert_total(move, answer)
        self.assertEqual(answer["DocNumber"], move.name)
        self.assertEqual(answer["CustomField"][0]["StringValue"], "PO-5")
        self.assertEqual(len(self.client().query("select * from Invoice")), 1)

    def test_invoice_of_a_sale_that_is_in_quickbooks_is_not_sent(self):
        order = self.order(self.line(self.work, qty=2, price=19.99))
        self.invoice(order)
        move = order._create_invoices()
        self.assertFalse(self.post(move))
        with self.jobs():
            move.action_qbo_push()
        self.assertEqual(move.qbo_state, "held")
        self.assertIn("already", move.qbo_message)

    def test_down_payment_and_final_invoice(self):
        self.backend.invoice_when = "invoice"
        order = self.order(self.line(self.work, qty=1, price=200))
        self.confirm(order)
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "percentage", "amount": 25}
        ).create_invoices()
        answer = self.in_qbo(self.post(order.invoice_ids))
        self.assertEqual(answer["TotalAmt"], 54)
        order.order_line.filtered(lambda one: one.product_id).qty_delivered = 1
        final = order._create_invoices(final=True)
        answer = self.in_qbo(self.post(final))
        self.assertEqual(answer["TotalAmt"], 162)
        self.assert_total(final, answer)

    def test_invoice_without_an_order_or_a_product(self):
        self.backend.invoice_when = "invoice"
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Something",
                            "quantity": 3,
                            "price_unit": 11.11,
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                ],
            }
        )
        self.assert_total(move, self.in_qbo(self.post(move)))

    def test_salesperson_and_team_of_a_posted_invoice_are_looked_at(self):
        """They may stand for a class or location of QuickBooks."""
        self.backend.invoice_when = "invoice"
        move, link = self.billed(self.order(self.line(self.work, qty=2)))
        team = self.env["crm.team"].create({"name": "Web shop"})
        for values in (
            {"team_id": team.id},
            {"invoice_user_id": self.env.ref("base.user_admin").id},
        ):
            with self.queued() as trap:
                move.write(values)
            self.assertEqual([job.recordset for job in trap.enqueued_jobs], [link])

    def test_draft_again_and_posted_again_updates_the_invoice(self):
        self.backend.invoice_when = "invoice"
        move, link = self.billed(self.order(self.line(self.work, qty=2, price=50)))
        with self.jobs():
            move.button_draft()
        move.invoice_line_ids.filtered("product_id").price_unit = 60
        link = self.post(move)
        answer = self.in_qbo(link)
        self.assert_total(move, answer)
        self.assertEqual(answer["TotalAmt"], D("129.6"))

    def test_cancelled_invoice_is_voided(self):
        self.backend.invoice_when = "invoice"
        move, link = self.billed(self.order(self.line(self.work, qty=2, price=50)))
        with self.jobs():
            move.button_draft()
            move.button_cancel()
        self.assertEqual(self.links(move).state, "gone")
        self.assertEqual(self.client().read("Invoice", link.qbo_id)["TotalAmt"], 0)

    def test_credit_note_is_a_credit_memo(self):
        self.backend.invoice_when = "invoice"
        move, _link = self.billed(self.order(self.line(self.work, qty=2, price=33.33)))
        refund = self.refund(move)
        answer = self.in_qbo(self.post(refund), "CreditMemo")
        self.assert_total(refund, answer)
        self.assertEqual(answer["CustomerRef"]["value"], self.customer.qbo_id)

    def test_credit_of_goods_that_stay_with_the_customer_moves_no_stock(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        order = self.order(self.line(qty=2, price=33.33))
        self.invoice(order)
        order.order_line.qty_delivered = 2
        move = order._create_invoices()
        move.action_post()
        refund = self.refund(move)
        answer = self.in_qbo(self.post(refund), "CreditMemo")
        self.assert_total(refund, answer)
        item = self.detail(answer["Line"][0])["ItemRef"]["value"]
        self.assertEqual(self.client().read("Item", item)["Name"], "Refund")

    def test_credit_notes_can_be_left_out(self):
        self.backend.push_refunds = False
        order = self.order(self.line(self.work, qty=2, price=33.33))
        self.invoice(order)
        order.order_line.qty_delivered = 2
        move = order._create_invoices()
        move.action_post()
        self.assertFalse(self.post(self.refund(move)))
