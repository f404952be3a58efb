# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .bill_common import BillCase

PAYABLE = "Accounts Payable (A/P)"


class TestBillPayments(BillCase):
    """Payments of bills in Odoo become BillPayments."""

    def billed(self, quantity=10, ref="INV-1"):
        order = self.pushed((self.board, quantity, 7.5))
        self.receive(order, quantity)
        move = self.bill(order, ref)
        self.assert_synced(move)
        return move

    def test_payment_of_a_bill(self):
        move = self.billed()
        payment = self.pay(move)
        self.assert_synced(payment)
        found = self.in_qbo(payment, "BillPayment")
        self.assertEqual(found["TotalAmt"], 75)
        self.assertEqual(self.in_qbo(move, "Bill")["Balance"], 0)
        self.assertNotIn(PAYABLE, self.ledger())
        self.assertEqual(self.ledger()["Checking"], -75)

    def test_partial_payments(self):
        move = self.billed()
        self.assert_synced(self.pay(move, 20))
        self.assertEqual(self.in_qbo(move, "Bill")["Balance"], 55)
        self.assert_synced(self.pay(move))
        self.assertEqual(self.in_qbo(move, "Bill")["Balance"], 0)

    def test_one_payment_of_two_bills_stays_one(self):
        moves = self.billed() | self.billed(4, "INV-2")
        payment = self.pay(moves)
        found = self.in_qbo(payment, "BillPayment")
        self.assertEqual(found["TotalAmt"], 105)
        self.assertEqual(len(found["Line"]), 2)
        self.assertNotIn(PAYABLE, self.ledger())

    def test_paid_by_credit_card(self):
        journal = self.env["account.journal"].create(
            {"name": "Visa", "type": "bank", "code": "VISA"}
        )
        payment = self.pay(self.billed(), journal_id=journal.id)
        self.assert_synced(payment)
        found = self.in_qbo(payment, "BillPayment")
        self.assertEqual(found["PayType"], "CreditCard")

    def test_cancelled_payment_is_voided(self):
        move = self.billed()
        payment = self.pay(move)
        with self.jobs():
            payment.action_draft()
            payment.action_cancel()
        self.assertEqual(self.links(payment).state, "gone", self.links(payment).error)
        self.assertEqual(self.in_qbo(move, "Bill")["Balance"], 75)

    def test_refund_set_off_against_its_bill(self):
        """Odoo sets a refund off against the bill it reverses by itself."""
        move = self.billed()
        refund = self.refund(move)
        self.assertEqual(move.payment_state, "reversed")
        self.assert_synced(refund)
        self.assertEqual(self.in_qbo(move, "Bill")["Balance"], 0)
        self.assertEqual(self.in_qbo(refund, "VendorCredit")["Balance"], 0)
        self.assertNotIn(PAYABLE, self.ledger())

    def test_refund_set_off_against_another_bill(self):
        refund = self.refund(self.billed())
        other = self.billed(20, "INV-2")
        with self.jobs():
            refund.line_ids.remove_move_reconcile()
        self.assertEqual(self.in_qbo(refund, "VendorCredit")["Balance"], 75)
        with self.jobs():
            (refund | other).line_ids.filtered(
                lambda line: line.account_id.account_type == "liability_payable"
            ).reconcile()
        self.assert_synced(refund)
        self.assertEqual(self.in_qbo(other, "Bill")["Balance"], 75)
        self.assertEqual(self.in_qbo(refund, "VendorCredit")["Balance"], 0)
        self.assertEqual(self.ledger()[PAYABLE], -150)

    def test_set_off_against_one_more_bill_updates_its_payment(self):
        """QuickBooks wants vendor, total and kind said again with each update."""
        refund = self.refund(self.billed(20))
        bills = self.billed(10, "INV-2") | self.billed(10, "INV-3")
        with self.jobs():
            refund.line_ids.remove_move_reconcile()
        for bill in bills:
            with self.jobs():
                (refund | bill).line_ids.filtered(
                    lambda line: line.account_id.account_type == "liability_payable"
                ).reconcile()
        self.assert_synced(refund)
        payment = self.in_qbo(refund, "BillPayment")
        self.assertEqual([line["Amount"] for line in payment["Line"]], [75, 75, 150])
        for bill in bills:
            self.assertEqual(self.in_qbo(bill, "Bill")["Balance"], 0)
