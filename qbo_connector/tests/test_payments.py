# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

import requests

from .sale_common import SaleCase

D = Decimal


class PaymentCase(SaleCase):
    """Sales with their invoices in Odoo, which are paid there."""

    chart = True

    def setUp(self):
        super().setUp()
        self.backend.push_payments = True

    def sold(self, price=100):
        """An order that is in QuickBooks, with its invoice posted in Odoo."""
        order = self.order(self.line(self.work, price=price))
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        order.order_line.qty_delivered = 1
        move = order._create_invoices()
        move.action_post()
        return move, link

    def pay(self, moves, amount=None, **values):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"group_payment": True, **values})
        )
        if amount:
            wizard.amount = amount
        with self.jobs():
            payment = wizard._create_payments()
        return payment, self.links(payment)

    def in_qbo(self, link, entity="Payment"):
        self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
        return self.client().read(entity, link.qbo_id)

    def balance(self, link):
        return self.client().read("Invoice", link.qbo_id)["Balance"]


class TestPayments(PaymentCase):
    """Money of customers that was entered in Odoo."""

    def test_one_payment_of_two_invoices_is_one_payment_with_two_lines(self):
        first, one = self.sold(100)
        second, two = self.sold(50)
        payment, link = self.pay(first | second)
        answer = self.in_qbo(link)
        self.assertEqual(answer["TotalAmt"], 162)
        self.assertEqual(sorted(line["Amount"] for line in answer["Line"]), [54, 108])
        self.assertEqual(answer["UnappliedAmt"], 0)
        self.assertEqual((self.balance(one), self.balance(two)), (0, 0))
        self.assertEqual(answer["PaymentRefNum"], payment.name)

    def test_partial_payment(self):
        move, invoice = self.sold(100)
        _payment, link = self.pay(move, 30)
        self.assertEqual(self.in_qbo(link)["TotalAmt"], 30)
        self.assertEqual(self.balance(invoice), 78)

    def test_money_ahead_is_unapplied_and_applied_later(self):
        # Odoo books the payment itself only on an account of its own.
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        method = journal.inbound_payment_method_line_ids[:1]
        method.payment_account_id = self.env["account.account"].create(
            {
                "name": "Outstanding",
                "code": "QBOOUT",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
        payment = self.env["account.payment"].create(
            {
                "journal_id": journal.id,
                "payment_method_line_id": method.id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 200,
                "company_id": self.company.id,
            }
        )
        with self.jobs():
            payment.action_post()
        link = self.links(payment)
        self.assertEqual(self.in_qbo(link)["UnappliedAmt"], 200)
        move, invoice = self.sold(100)
        receivable = (payment.move_id | move).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        with self.jobs():
            receivable.reconcile()
        self.assertEqual(self.in_qbo(link)["UnappliedAmt"], 92)
        self.assertEqual(self.balance(invoice), 0)

    def test_cancelled_payment_is_voided_and_the_invoice_open_again(self):
        move, invoice = self.sold(100)
        payment, link = self.pay(move)
        with self.jobs():
            payment.action_draft()
            payment.action_cancel()
        self.assertEqual(self.links(payment).state, "gone", link.error)
        self.assertEqual(self.balance(invoice), 108)

        with self.jobs():
            payment.action_draft()
            payment.action_post()
        self.assertEqual(self.in_qbo(self.links(payment))["UnappliedAmt"], 108)

    def test_money_of_a_sales_receipt_is_there_once(self):
        """An online payment in Odoo's books, of an order that is a SalesReceipt."""
        self.backend.push_receipts = True
        order = self.order(self.line(self.work, price=100))
        transaction = self.online_payment(order, order.amount_total)
        receipt = self.confirm(order)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": transaction.amount,
                "company_id": self.company.id,
                "payment_transaction_id": transaction.id,
            }
        )
        with self.jobs():
            payment.action_post()
        link = self.links(payment)
        self.assertEqual((link.state, bool(link.error)), ("held", True))
        self.assertFalse(self.client().query("SELECT * FROM Payment"))
        self.assertEqual((receipt.entity, receipt.state), ("SalesReceipt", "synced"))

    def test_account_and_method_by_name(self):
        move, _invoice = self.sold(100)
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        journal.name = "Checking"
        journal.inbound_payment_method_line_ids[:1].name = "Check"
        _payment, link = self.pay(move, journal_id=journal.id)
        answer = self.in_qbo(link)
        self.assertEqual(answer["DepositToAccountRef"]["value"], "35")
        self.assertEqual(answer["PaymentMethodRef"]["name"], "Check")

    def test_payments_stay_in_odoo_unless_they_are_wanted(self):
        self.backend.push_payments = False
        move, _invoice = self.sold(100)
        _payment, link = self.pay(move)
        self.assertFalse(link)


class TestFees(PaymentCase):
    """What the payment provider keeps is an expense on the account of the money."""

    def setUp(self):
        super().setUp()
        self.bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        self.bank.name = "Checking"
        self.backend.fee_account_id = self.backend._references("Account").filtered(
            lambda row: row.kind == "Expense"
        )[0]
        self.backend._suggest_mappings()
        row = self.backend.journal_mapping_ids.filtered(
            lambda one: one.res_id == self.bank.id
        )
        row.write({"fee_percent": 2.9, "fee_fixed": 0.3})

    def fee_of(self, payment):
        link = self.links(payment).filtered(lambda one: one.entity == "Purchase")
        return link, link.qbo_id and self.in_qbo(link, "Purchase")

    def balances(self):
        url = f"{self.qbo.url}/_admin/ledger"
        reply = requests.get(url, params={"realm": self.qbo.realm}, timeout=30)
        balances = reply.json()["balances"]
        names = ("Checking", self.backend.fee_account_id.name)
        return tuple(balances.get(name, 0) for name in names)

    def test_fee_by_the_rates_of_the_journal(self):
        move, invoice = self.sold(100)
        payment, _links = self.pay(move)
        self.assertEqual(payment.qbo_fee, 3.43)  # 108 × 2.9 % + 0.30
        link, fee = self.fee_of(payment)
        self.assertEqual((link.state, str(fee["TotalAmt"])), ("synced", "3.43"))
        self.assertEqual(self.balance(invoice), 0)
        self.assertEqual(self.balances(), (104.57, 3.43))

    def test_corrected_taken_off_and_cancelled(self):
        move, _invoice = self.sold(100)
        payment, _links = self.pay(move)
        for amount in (4, 0, 3):
            with self.jobs():
                payment.qbo_fee = amount
            self.assertEqual(self.balances(), (108 - amount, amount))
        with self.jobs():
            payment.action_draft()
            payment.action_cancel()
        self.assertEqual(self.balances(), (0, 0))
        self.assertEqual(set(self.links(payment).mapped("state")), {"gone"})

    def test_fee_and_refund_whatever_was_loaded_first(self):
        """Which of the two an expense is says the payment, not the order of files."""
        model = type(self.env["account.payment"])
        bases = list(model.__bases__)
        fee, refund = (
            next(at for at, one in enumerate(bases) if one.__module__.endswith(name))
            for name in ("account_payment_fee", "account_refund_out")
        )
        bases[fee], bases[refund] = bases[refund], bases[fee]
        self.addCleanup(setattr, model, "__bases__", model.__bases__)
        model.__bases__ = tuple(bases)
        self.test_fee_by_the_rates_of_the_journal()
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 20,
                "journal_id": self.bank.id,
            }
        )
        with self.jobs():
            back.action_post()
        _link, expense = self.fee_of(back)
        self.assertEqual(expense["TotalAmt"], 20)
        self.assertEqual(expense["EntityRef"]["type"], "Customer")
        self.assertEqual(self.balances(), (84.57, 3.43))

    def test_fee_without_an_account_says_so(self):
        self.backend.fee_account_id = False
        move, _invoice = self.sold(100)
        payment, _links = self.pay(move)
        link, _fee = self.fee_of(payment)
        self.assertEqual((link.state, link.error_code), ("blocked", "account"))
        self.assertIn("Processing fees", link.error)
