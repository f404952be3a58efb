# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo.exceptions import UserError

from .sale_common import SaleCase

D = Decimal


class TestSaleLife(SaleCase):
    """What becomes of an Invoice after it was pushed."""

    def setUp(self):
        super().setUp()
        self.sale = self.order(self.line(qty=3, price=100), self.line(self.lamp))
        self.link = self.confirm(self.sale)
        self.assertEqual(self.link.state, "synced", self.link.error)

    def in_qbo(self, link=None):
        return self.client().read("Invoice", (link or self.link).qbo_id)

    def pay(self, amount):
        invoice = self.in_qbo()
        return self.client().create(
            "Payment",
            {
                "CustomerRef": invoice["CustomerRef"],
                "TotalAmt": amount,
                "Line": [
                    {
                        "Amount": amount,
                        "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}],
                    }
                ],
            },
            f"pay-{amount}",
        )

    def change(self, **values):
        with self.jobs():
            self.sale.order_line[0].write(values)

    def cancel(self):
        with self.jobs():
            self.sale._action_cancel()

    def confirm_again(self):
        self.sale.action_draft()
        return self.confirm(self.sale)

    def assert_blocked(self, code):
        found = (self.link.state, self.link.error_code)
        self.assertEqual(found, ("blocked", code), self.link.error)
        self.assertTrue(self.link.fix)

    def test_lines_added_changed_and_set_to_nothing(self):
        first = self.in_qbo()
        with self.jobs():
            self.sale.order_line[1].product_uom_qty = 0
            self.sale.order_line = [self.line(self.work, qty=2, price=33.33)]
            self.sale.order_line[0].discount = 10
        answer = self.in_qbo()
        self.assert_total(self.sale, answer)
        self.assertEqual([one[2] for one in self.items(answer)], [270, D("66.66")])
        self.assertEqual(answer["Line"][0]["Id"], first["Line"][0]["Id"])
        self.assertEqual(answer["Line"][1]["DetailType"], "DescriptionOnly")

    def test_cancelled_and_confirmed_again_is_a_new_invoice(self):
        first = self.link.qbo_id
        self.cancel()
        self.assertEqual(self.link.state, "gone")
        link = self.confirm_again()
        self.assertEqual(link.state, "synced", link.error)
        self.assertNotEqual(link.qbo_id, first)
        self.assertEqual(self.in_qbo(link)["DocNumber"], f"{self.sale.name}-2")
        self.assert_total(self.sale, self.in_qbo(link))
        self.assertEqual(self.client().read("Invoice", first)["TotalAmt"], 0)

    def test_cancelled_before_it_was_sent_goes_when_confirmed_again(self):
        self.backend.action_disconnect()
        order = self.order(self.line())
        self.confirm(order)
        order._action_cancel()
        with self.jobs():
            self.connect()
        self.assertEqual(self.links(order).state, "held")
        order.action_draft()
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        self.assertEqual(link.doc_number, order.name)

    def test_more_on_a_paid_order_leaves_a_balance(self):
        self.pay(334.8)
        self.change(product_uom_qty=4)
        self.assertEqual(self.link.state, "synced", self.link.error)
        self.assertEqual(self.in_qbo()["Balance"], 108)

    def test_less_on_a_paid_order_says_so_and_names_the_credit_memo(self):
        self.pay(334.8)
        self.change(product_uom_qty=1)
        self.assert_blocked("paid")
        self.assertIn("334.80", self.link.error)
        self.assertIn("CreditMemo", self.link.fix)
        self.assertEqual(self.in_qbo()["TotalAmt"], D("334.8"))

    def test_less_on_an_order_whose_payment_is_known_says_the_same(self):
        self.pay(334.8)
        self.link._watch(self.in_qbo())
        self.change(product_uom_qty=1)
        self.assert_blocked("paid")

    def test_less_on_a_partly_paid_order_goes_down_to_what_was_paid(self):
        self.pay(100)
        self.change(product_uom_qty=2)
        self.assertEqual(self.link.state, "synced", self.link.error)
        self.assertEqual(self.in_qbo()["Balance"], D("126.8"))

    def test_cancelled_paid_order_keeps_its_invoice_and_says_so(self):
        payment = self.pay(100)
        self.cancel()
        self.assert_blocked("paid")
        self.assertEqual(self.in_qbo()["TotalAmt"], D("334.8"))
        self.client().delete("Payment", payment["Id"], payment["SyncToken"], "unpay")
        with self.jobs():
            self.link.action_retry()
        self.assertEqual(self.link.state, "gone", self.link.error)

    def test_cancelled_paid_order_confirmed_again_is_in_step(self):
        self.pay(100)
        self.cancel()
        link = self.confirm_again()
        self.assertEqual(link.state, "synced", link.error)
        self.assertEqual(link.doc_number, self.sale.name)

    def test_deleted_in_quickbooks_is_noticed_and_sent_as_new(self):
        invoice = self.in_qbo()
        self.client().delete("Invoice", invoice["Id"], invoice["SyncToken"], "delete")
        self.change(product_uom_qty=5)
        self.assertEqual(self.link.state, "gone")
        self.assertIn("deleted", self.link.error)
        with self.jobs():
            self.link.action_send_anew()
        self.assertEqual(self.link.state, "synced", self.link.error)
        self.assert_total(self.sale, self.in_qbo())

    def test_voided_in_quickbooks_is_noticed(self):
        invoice = self.in_qbo()
        self.client().void("Invoice", invoice["Id"], invoice["SyncToken"], "void")
        self.change(product_uom_qty=5)
        self.assertEqual(self.link.state, "gone", self.link.error)
        self.assertIn("voided", self.link.error)
        self.cancel()
        self.assertEqual(self.link.state, "gone")

    def test_deleted_in_quickbooks_is_seen_without_a_change_in_odoo(self):
        invoice = self.in_qbo()
        self.client().delete("Invoice", invoice["Id"], invoice["SyncToken"], "delete")
        self.poll()
        self.assertEqual(self.sale.qbo_state, "gone")
        self.assertIn("deleted", self.sale.qbo_message)
        self.assertIn("deleted", " ".join(self.sale.message_ids.mapped("body")))
        found = self.env["sale.order"].search([("qbo_state", "=", "gone")])
        self.assertIn(self.sale, found)
        self.cancel()
        link = self.confirm_again()
        self.assertEqual(link.state, "synced", link.error)
        self.assertEqual(link.doc_number, f"{self.sale.name}-2")

    def test_words_on_a_paid_order_still_change(self):
        self.pay(334.8)
        with self.jobs():
            self.sale.note = "Thank you"
        self.assertEqual(self.link.state, "synced", self.link.error)
        self.assertEqual(self.in_qbo()["CustomerMemo"]["value"], "Thank you")
        self.assertEqual(self.in_qbo()["Balance"], 0)

    def test_another_customer_gets_the_invoice(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        with self.jobs():
            self.sale.write({"partner_id": other.id, "partner_invoice_id": other.id})
        self.assertEqual(self.link.state, "synced", self.link.error)
        self.assertEqual(self.in_qbo()["CustomerRef"]["name"], "Other")

    def test_what_is_there_is_not_sent_as_new(self):
        with self.assertRaises(UserError):
            self.link.action_send_anew()

    # -------------------------------------------------- what was paid there
    def poll(self):
        """Look for changes in QuickBooks, and do what this queues."""
        with self.queued() as trap:
            self.backend.action_poll_changes()
            for _round in range(10):
                self.perform(trap)
        self.env.invalidate_all()

    def test_order_shows_what_was_paid_in_quickbooks(self):
        self.assertEqual(self.sale.qbo_payment_state, "open")
        payment = self.pay(100)
        self.poll()
        self.assertEqual(self.link.state, "synced", self.link.error)
        self.assertEqual(self.sale.qbo_payment_state, "partial")
        self.assertEqual(self.sale.qbo_paid_amount, 100)
        self.assertTrue(self.sale.qbo_paid_on)
        self.client().delete("Payment", payment["Id"], payment["SyncToken"], "unpay")
        self.poll()
        self.assertEqual(self.sale.qbo_payment_state, "open")
        self.assertFalse(self.sale.qbo_paid_on)
        self.pay(334.8)
        self.poll()
        self.assertEqual(self.sale.qbo_payment_state, "paid")

    # -------------------------------------------------------- closed books
    def close_books(self, day):
        self.qbo.admin(
            "preferences",
            realm=self.qbo.realm,
            preferences={"AccountingInfoPrefs": {"BookCloseDate": str(day)}},
        )

    def test_books_closed_since_the_lists_were_read(self):
        self.close_books("2099-12-31")
        self.change(product_uom_qty=5)
        self.assert_blocked("6210")

    def test_cancelled_in_closed_books_stays_and_says_so(self):
        self.close_books("2099-12-31")
        self.cancel()
        self.assert_blocked("6210")
        self.assertIn("credit note", self.link.fix)
        self.assertEqual(self.in_qbo()["TotalAmt"], D("334.8"))

    def late_order(self, policy):
        """An order of a closed month, confirmed under a policy; return its link."""
        self.close_books("2026-06-30")
        self.backend.action_refresh_lists()
        self.backend.closed_policy = policy
        order = self.order(self.line(self.work))
        order.action_confirm()
        with self.jobs():
            order.date_order = "2026-06-15 12:00:00"
            order.action_qbo_push()
        return self.links(order)

    def test_closed_books_ask(self):
        link = self.late_order("ask")
        self.assertEqual((link.state, link.error_code), ("blocked", "closed"))
        self.assertIn("2026-06-30", link.error)

    def test_closed_books_hold(self):
        self.assertEqual(self.late_order("hold").state, "held")

    def test_closed_books_first_open_day(self):
        link = self.late_order("next")
        self.assertEqual(link.state, "synced", link.error)
        invoice = self.in_qbo(link)
        self.assertEqual(invoice["TxnDate"], "2026-07-01")
        self.assertIn("2026-06-15", invoice["PrivateNote"])
