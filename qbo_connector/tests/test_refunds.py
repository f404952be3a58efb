# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
from decimal import Decimal

from odoo import Command, fields
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from .sale_common import SaleCase

D = Decimal


class RefundCase(SaleCase):
    """Sales that are in QuickBooks and invoiced in Odoo, and what is given back."""

    chart = True

    def setUp(self):
        super().setUp()
        self.backend.push_payments = True

    def sold(self, *quantities, price=100, **values):
        """An order in QuickBooks and its posted invoice in Odoo: (invoice, link)."""
        lines = [self.line(self.work, qty, price) for qty in quantities or (1,)]
        order = self.order(*lines, **values)
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        move = order._create_invoices()
        with self.jobs():
            move.action_post()
        return move, link

    def credit(self, move, price=None, post=True):
        """A credit note of an invoice, of a part of it if a price is given."""
        note = move._reverse_moves([{"invoice_date": move.invoice_date}])
        if price:
            note.invoice_line_ids.filtered("product_id").price_unit = price
        if post:
            with self.jobs():
                note.action_post()
        return note

    def reconcile(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        with self.jobs():
            receivable(lines).reconcile()

    def pay(self, moves, amount=None, **values):
        with self.jobs():
            return self.register(moves, amount, **values)

    def register(self, moves, amount=None, **values):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"group_payment": True, **values})
        )
        if amount:
            wizard.amount = amount
        return wizard._create_payments()

    def in_qbo(self, record, entity):
        """What QuickBooks has for a record as one entity."""
        link = self.link(record, entity)
        self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
        return self.client().read(entity, link.qbo_id)

    def link(self, record, entity):
        return self.links(record).filtered(lambda one: one.entity == entity)

    def all_of(self, entity):
        return self.client().query(f"select * from {entity}")

    def balance(self, link):
        return self.client().read("Invoice", link.qbo_id)["Balance"]

    def owed(self):
        """What the customer owes, as QuickBooks has it."""
        return self.client().read("Customer", self.customer.qbo_id)["Balance"]


class TestCreditApplied(RefundCase):
    """A credit note set off against invoices, and not any more."""

    def test_reversal_is_applied_by_a_payment_of_zero(self):
        move, invoice = self.sold()
        note = self.credit(move)
        payment = self.in_qbo(note, "Payment")
        self.assertEqual((payment["TotalAmt"], payment["UnappliedAmt"]), (0, 0))
        self.assertIn("recvpayment", self.link(note, "Payment").qbo_url)
        self.assertEqual([line["Amount"] for line in payment["Line"]], [108, 108])
        self.assertEqual(self.balance(invoice), 0)
        self.assertEqual(self.in_qbo(note, "CreditMemo")["RemainingCredit"], 0)
        self.assertEqual(note.qbo_state, "synced")
        self.assertEqual(note.qbo_id, self.link(note, "CreditMemo").qbo_id)

    def test_credit_set_off_later_against_several_invoices(self):
        first, one = self.sold()
        note = self.credit(first)
        with self.jobs():
            receivable(note.line_ids).remove_move_reconcile()
        self.assertEqual(self.balance(one), 108)
        self.assertEqual(self.link(note, "Payment").state, "gone")
        self.assertFalse(self.all_of("Payment"))
        self.assertEqual(note.qbo_state, "synced")
        second, two = self.sold(price=40)
        self.reconcile(note, second)
        self.assertEqual(self.balance(two), 0)
        self.reconcile(note, first)
        payment = self.in_qbo(note, "Payment")
        amounts = sorted(line["Amount"] for line in payment["Line"])
        self.assertEqual(amounts, [D("43.2"), D("64.8"), 108])
        self.assertEqual(self.balance(one), D("43.2"))

    def test_applied_once_however_often_it_is_pushed(self):
        move, _invoice = self.sold()
        note = self.credit(move)
        before = self.qbo.requests()
        with self.jobs():
            note._qbo_send_credits()
        with self.jobs():
            note.action_qbo_push()
        self.assertEqual(self.qbo.requests(), before)
        self.assertEqual(len(self.all_of("Payment")), 1)

    def test_lost_answer_is_no_second_payment(self):
        move, _invoice = self.sold()
        note = self.credit(move, post=False)
        self.qbo.admin("faults", kind="cut_after", match={"entity": "Payment"})
        note.action_post()
        link = self.link(note, "Payment")
        with contextlib.suppress(RetryableJobError):
            link._job_push()
        link._job_push()
        self.assertEqual(len(self.all_of("Payment")), 1)

    def test_what_was_taken_off_the_order_is_not_credited_twice(self):
        move, invoice = self.sold()
        order = move.invoice_line_ids.sale_line_ids.order_id
        with self.jobs():
            order.order_line.price_unit = 60
        self.assertEqual(self.balance(invoice), D("64.8"))
        note = self.credit(move, price=40)
        self.assertEqual(note.qbo_state, "synced")
        self.assertFalse(self.all_of("CreditMemo"))
        self.assertFalse(self.all_of("Payment"))
        again = self.credit(move, price=10)
        self.assertEqual(self.in_qbo(again, "CreditMemo")["TotalAmt"], D("10.8"))
        self.assertEqual(self.balance(invoice), 54)

    def test_credited_before_it_was_taken_off_the_order(self):
        move, invoice = self.sold()
        self.credit(move, price=40)
        order = move.invoice_line_ids.sale_line_ids.order_id
        with self.jobs():
            order.order_line.price_unit = 60
        self.assertEqual(order.qbo_state, "synced")
        self.assertEqual(self.balance(invoice), D("64.8"))
        self.assertEqual(self.in_qbo(order, "Invoice")["TotalAmt"], 108)

    def test_cancelled_credit_note_leaves_nothing(self):
        move, invoice = self.sold()
        note = self.credit(move)
        with self.jobs():
            note.button_draft()
            note.button_cancel()
        self.assertFalse(self.all_of("Payment"))
        self.assertFalse(self.all_of("CreditMemo"))
        self.assertEqual(self.balance(invoice), 108)


class TestAutoApply(RefundCase):
    """QuickBooks applies credits by itself: what Odoo says counts."""

    def setUp(self):
        super().setUp()
        preferences = {"SalesFormsPrefs": {"AutoApplyCredit": True}}
        self.qbo.admin("preferences", realm=self.qbo.realm, preferences=preferences)

    def credited(self):
        """A credit that QuickBooks has put on an older invoice: (note, two links)."""
        _other, older = self.sold(price=200)
        move, invoice = self.sold()
        return self.credit(move), older, invoice

    def assert_put_right(self, note, older, invoice):
        with self.jobs():
            note._qbo_touch()
        self.assertEqual((self.balance(older), self.balance(invoice)), (216, 0))
        [payment] = self.all_of("Payment")
        self.assertEqual(payment["Id"], self.link(note, "Payment").qbo_id)
        self.assertIn("[Odoo account.move", payment["PrivateNote"])

    def test_payment_of_quickbooks_becomes_ours_and_is_put_right(self):
        self.backend.action_refresh_lists()
        self.assertTrue(self.backend.auto_apply_credit)
        self.assert_put_right(*self.credited())

    def test_preference_unknown_yet_is_put_right_by_a_retry(self):
        note, older, invoice = self.credited()
        link = self.link(note, "Payment")
        self.assertEqual(link.state, "blocked")
        with self.jobs():
            link.action_retry()
        self.assert_put_right(note, older, invoice)


class TestMoneyBack(RefundCase):
    """Credit notes whose money was given back."""

    def setUp(self):
        super().setUp()
        self.bank.name = "Checking"

    @property
    def bank(self):
        return self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )

    def paid(self, **values):
        """A sale that was paid for: (invoice, its link)."""
        move, link = self.sold(**values)
        self.pay(move, journal_id=self.bank.id)
        self.assertEqual(self.balance(link), 0)
        return move, link

    def checking(self):
        return self.client().read("Account", "35")["CurrentBalance"]

    def open_credit(self, move, **values):
        """A credit note that isn't set off: its invoice is paid."""
        note = self.credit(move, **values)
        self.assertFalse(self.link(note, "Payment"))
        return note

    def assert_square(self, note):
        """Nothing is owed, neither way; the money went in and out again."""
        self.assertEqual(self.owed(), 0)
        self.assertEqual(note.qbo_state, "synced")
        self.assertIn(note.payment_state, ("paid", "in_payment"))

    def test_refunded_at_once_is_a_refund_receipt_in_place_of_the_credit_memo(self):
        before = self.checking()
        move, _invoice = self.paid()
        note = self.open_credit(move)
        self.assertEqual(self.owed(), -108)
        payment = self.pay(note, journal_id=self.bank.id)
        answer = self.in_qbo(note, "RefundReceipt")
        self.assert_total(note, answer)
        self.assertEqual(answer["DepositToAccountRef"]["value"], "35")
        self.assertEqual(answer["PaymentRefNum"], payment.name)
        self.assertFalse(self.all_of("CreditMemo"))
        self.assertFalse(self.all_of("Purchase"))
        self.assertEqual(self.checking(), before)
        self.assertEqual(note.qbo_id, answer["Id"])
        self.assert_square(note)

    def test_refunded_before_it_was_sent_is_only_a_refund_receipt(self):
        move, _invoice = self.paid()
        note = self.credit(move, post=False)
        with self.jobs():
            note.action_post()
            self.register(note, journal_id=self.bank.id)
        self.in_qbo(note, "RefundReceipt")
        self.assertFalse(self.link(note, "CreditMemo").qbo_id)
        self.assert_square(note)

    def test_refund_cancelled_is_a_credit_memo_again(self):
        move, _invoice = self.paid()
        note = self.open_credit(move)
        payment = self.pay(note, journal_id=self.bank.id)
        with self.jobs():
            payment.action_draft()
            payment.action_cancel()
        self.assertFalse(self.all_of("RefundReceipt"))
        self.assert_total(note, self.in_qbo(note, "CreditMemo"))
        self.assertEqual(self.owed(), -108)

    def test_refunded_later_is_an_expense_applied_to_the_credit_memo(self):
        before = self.checking()
        move, _invoice = self.paid()
        note = self.open_credit(move)
        day = fields.Date.add(note.invoice_date, days=3)
        payment = self.pay(note, journal_id=self.bank.id, payment_date=day)
        expense = self.in_qbo(payment, "Purchase")
        self.assertEqual(expense["TxnDate"], str(day))
        self.assertEqual(expense["TotalAmt"], 108)
        applied = self.in_qbo(note, "Payment")
        kinds = [line["LinkedTxn"][0]["TxnType"] for line in applied["Line"]]
        self.assertEqual(kinds, ["Expense", "CreditMemo"])
        self.assertEqual(self.in_qbo(note, "CreditMemo")["RemainingCredit"], 0)
        self.assertEqual(self.checking(), before)
        self.assert_square(note)

    def test_part_set_off_and_part_paid_out(self):
        move, invoice = self.sold()
        self.pay(move, 60, journal_id=self.bank.id)
        note = self.credit(move)
        self.assertEqual(self.balance(invoice), 0)
        self.assertEqual(self.in_qbo(note, "CreditMemo")["RemainingCredit"], 60)
        payment = self.pay(note, journal_id=self.bank.id)
        self.assertEqual(self.in_qbo(payment, "Purchase")["TotalAmt"], 60)
        lines = self.in_qbo(note, "Payment")["Line"]
        self.assertEqual([line["Amount"] for line in lines], [48, 60, 108])
        self.assert_square(note)

    def test_journal_without_an_account_says_so(self):
        self.bank.name = "Elsewhere"
        move, _invoice = self.sold()
        self.pay(move, journal_id=self.bank.id)
        note = self.credit(move)
        self.pay(note, journal_id=self.bank.id)
        link = self.link(note, "RefundReceipt")
        self.assertEqual(note.qbo_state, "blocked")
        self.assertEqual((link.state, link.error_code), ("blocked", "account"))
        self.assertIn("Elsewhere", link.error)

    def test_refunds_stay_in_odoo_unless_payments_are_wanted(self):
        self.backend.push_payments = False
        move, _invoice = self.sold()
        self.pay(move)
        note = self.credit(move)
        payment = self.pay(note)
        self.assertFalse(self.links(payment))
        self.in_qbo(note, "CreditMemo")


class TestGiveCredit(RefundCase):
    """Orders that are less than their Invoice, which can't change any more."""

    def setUp(self):
        super().setUp()
        self.sale = self.order(
            self.line(qty=3, price=100), self.line(self.work, price=10)
        )
        self.invoice_link = self.confirm(self.sale)
        self.assertEqual(self.invoice_link.state, "synced", self.invoice_link.error)
        self.pay_in_qbo(self.invoice_link)

    def pay_in_qbo(self, link):
        invoice = self.client().read("Invoice", link.qbo_id)
        part = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
        body = {
            "CustomerRef": invoice["CustomerRef"],
            "TotalAmt": invoice["TotalAmt"],
            "Line": [{"Amount": invoice["TotalAmt"], "LinkedTxn": [part]}],
        }
        self.client().create("Payment", body, f"pay-{invoice['Id']}")

    def change(self, **values):
        with self.jobs():
            self.sale.order_line[0].write(values)

    def give(self):
        self.assertTrue(self.sale.qbo_can_credit)
        with self.jobs():
            action = self.sale.action_qbo_credit()
        return action

    def credited(self):
        """The CreditMemo; Invoice less CreditMemo is the order, to the cent."""
        memo = self.in_qbo(self.sale, "CreditMemo")
        invoice = self.in_qbo(self.sale, "Invoice")
        now = 0 if self.sale.state == "cancel" else self.sale.amount_total
        self.assertEqual(invoice["TotalAmt"] - memo["TotalAmt"], D(f"{now:.2f}"))
        self.assertEqual(self.sale.qbo_state, "synced")
        self.assertFalse(self.sale.qbo_can_credit)
        return memo

    def on_hand(self):
        return self.client().read("Item", self.desk.qbo_id)["QtyOnHand"]

    def test_less_on_a_paid_order_is_credited_and_followed(self):
        before = self.on_hand()
        self.change(product_uom_qty=2)
        self.assertEqual(self.sale.qbo_state, "blocked")
        self.give()
        self.assertEqual(self.items(self.credited()), [(1, 100, 100)])
        self.assertEqual(self.on_hand(), before + 1)
        self.change(product_uom_qty=1, price_unit=90.55)
        self.credited()
        self.change(product_uom_qty=5, price_unit=100)
        self.assertFalse(self.all_of("CreditMemo"))
        self.assertEqual(self.in_qbo(self.sale, "Invoice")["TotalAmt"], D("550.8"))

    def test_goods_that_stay_with_the_customer_move_no_stock(self):
        self.sale.order_line[0].qty_delivered_method = "manual"
        self.sale.order_line[0].qty_delivered = 3
        before = self.on_hand()
        self.change(price_unit=70)
        self.give()
        self.credited()
        self.assertEqual(self.on_hand(), before)

    def test_cancelled_order_is_credited_as_a_whole(self):
        with self.jobs():
            self.sale._action_cancel()
        self.assertEqual(self.sale.qbo_state, "blocked")
        self.give()
        self.assertEqual(len(self.items(self.credited())), 2)

    def test_closed_books(self):
        today = fields.Date.context_today(self.sale)
        closed = str(fields.Date.add(today, days=-10))
        with self.jobs():
            self.sale.date_order = fields.Date.add(today, days=-20)
        preferences = {"AccountingInfoPrefs": {"BookCloseDate": closed}}
        self.qbo.admin("preferences", realm=self.qbo.realm, preferences=preferences)
        self.backend.action_refresh_lists()
        self.change(product_uom_qty=4)
        self.assertEqual(self.invoice_link.error_code, "6210")
        self.assertFalse(self.sale.qbo_can_credit)
        with self.assertRaises(UserError):
            self.sale.action_qbo_credit()
        self.change(product_uom_qty=1)
        self.give()
        self.assertEqual(self.credited()["TxnDate"], str(today))

    def test_order_invoiced_in_odoo_is_credited_there(self):
        self.sale.order_line.qty_delivered_method = "manual"
        for line in self.sale.order_line:
            line.qty_delivered = line.product_uom_qty
        move = self.sale._create_invoices()
        with self.jobs():
            move.action_post()
        self.change(price_unit=70)
        action = self.give()
        self.assertEqual(action["res_model"], "account.move.reversal")
        self.assertEqual(action["context"]["active_ids"], move.ids)
        note = move._reverse_moves([{"invoice_date": move.invoice_date}])
        desk = note.invoice_line_ids.filtered(lambda line: line.product_id == self.desk)
        desk.price_unit = 30
        (note.invoice_line_ids - desk).unlink()
        with self.jobs():
            note.action_post()
        with self.jobs():
            self.sale._qbo_touch()
        self.assertEqual(self.in_qbo(note, "CreditMemo")["TotalAmt"], D("97.2"))
        self.assertEqual(self.sale.qbo_state, "synced")
        self.assertEqual(self.in_qbo(self.sale, "Invoice")["TotalAmt"], D("334.8"))


class TestGiveCreditCanada(RefundCase):
    """Codes on lines, a discount over both of them."""

    country, currency, chart = "base.ca", "base.CAD", False
    qbo_company = {"kind": "ca"}
    taxes = {"HST ON": 13, "Exempt": 0}

    def test_difference_of_lines_discount_and_tax(self):
        order = self.order(
            self.line(qty=5, price=10),
            self.line(price=70, taxes=self.by_name["Exempt"]),
        )
        self.discount(order, percent=100 / 12)
        link = self.confirm(order)
        self.client().create(
            "Payment",
            {
                "CustomerRef": {"value": self.customer.qbo_id},
                "TotalAmt": 115.96,
                "Line": [
                    {
                        "Amount": 115.96,
                        "LinkedTxn": [{"TxnId": link.qbo_id, "TxnType": "Invoice"}],
                    }
                ],
            },
            "pay-it",
        )
        with self.jobs():
            order.order_line[0].price_unit = 7.77
        self.assertTrue(order.qbo_can_credit, link.error)
        with self.jobs():
            order.action_qbo_credit()
        memo = self.in_qbo(order, "CreditMemo")
        now = D(f"{order.amount_total:.2f}")
        self.assertEqual(memo["TotalAmt"], D("115.96") - now)
        tax = D(f"{order.amount_tax:.2f}")
        self.assertEqual(memo["TxnTaxDetail"]["TotalTax"], D("5.96") - tax)


class TestReceiptRefunded(RefundCase):
    """An order that was paid online, a SalesReceipt in QuickBooks."""

    def test_less_on_a_sales_receipt_is_a_refund_receipt(self):
        self.backend.push_receipts = True
        order = self.order(self.line(self.work, qty=2, price=50))
        self.pay_online(order)
        self.confirm(order)
        receipt = self.in_qbo(order, "SalesReceipt")
        with self.jobs():
            order.order_line.price_unit = 25
        self.assertTrue(order.qbo_can_credit)
        with self.jobs():
            order.action_qbo_credit()
        refund = self.in_qbo(order, "RefundReceipt")
        self.assertEqual(refund["TotalAmt"], 54)
        self.assertEqual(refund["DepositToAccountRef"], receipt["DepositToAccountRef"])
        self.assertEqual(order.qbo_state, "synced")

    def pay_online(self, order):
        """A payment of the whole order that the provider has confirmed."""
        method = self.env["payment.method"].with_context(active_test=False)
        method = method.search([], limit=1)
        self.env["payment.transaction"].create(
            {
                "provider_id": self.env["payment.provider"].search([], limit=1).id,
                "payment_method_id": method.id,
                "reference": f"{order.name}-paid",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )


def receivable(lines):
    return lines.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )
