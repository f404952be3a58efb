# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from .pull_common import PullCase
from .sale_common import SaleCase

CHECKING = {"value": "35"}


class ReceivedCase(PullCase, SaleCase):
    """Sales whose invoices live in Odoo, and which are paid in QuickBooks."""

    chart = True

    def setUp(self):
        super().setUp()
        self.backend.pull_payments = True
        self.bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        self.bank.name = "Checking"
        self.poll()

    def sold(self, price=100, **values):
        """An order that is in QuickBooks as an Invoice, 8 % tax on it."""
        order = self.order(self.line(self.work, price=price), **values)
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        order.order_line.qty_delivered = 1
        return order

    def invoiced(self, price=100, **values):
        """The same with its invoice in Odoo."""
        return self.bill(self.sold(price, **values))

    def bill(self, order):
        move = order._create_invoices()
        with self.jobs():
            move.action_post()
        return move

    def theirs_of(self, move):
        """The Invoice in QuickBooks of an invoice in Odoo."""
        order = move.invoice_line_ids.sale_line_ids.order_id
        return self.theirs("Invoice", self.links(order).qbo_id)

    def part(self, document, amount, kind="Invoice"):
        link = {"TxnId": document["Id"], "TxnType": kind}
        return {"Amount": amount, "LinkedTxn": [link]}

    def pay(self, *parts, total=None, **values):
        """A Payment that the bookkeeper enters; parts are (invoice, amount)."""
        lines = [self.part(self.theirs_of(move), amount) for move, amount in parts]
        body = {
            "CustomerRef": self.theirs_of(parts[0][0])["CustomerRef"],
            "TotalAmt": total or sum(amount for _move, amount in parts),
            "TxnDate": "2026-11-18",
            "DepositToAccountRef": CHECKING,
            "Line": lines,
        }
        return self.save("Payment", **{**body, **values})

    def payments(self):
        return self.env["account.payment"].search(
            [("company_id", "=", self.company.id)]
        )

    def applied(self, payment):
        return {
            partial.debit_move_id.move_id: partial.amount
            for partial in payment.move_id.line_ids.matched_debit_ids
        }

    def assert_paid(self, *moves):
        for move in moves:
            self.assertEqual((move.payment_state, move.amount_residual), ("paid", 0))

    def failed(self):
        return self.env["qbo.change"].search(
            [("backend_id", "=", self.backend.id), ("state", "=", "failed")]
        )


class TestPaidInQuickBooks(ReceivedCase):
    """Payments that the bookkeeper enters pay Odoo's invoices."""

    def test_paid(self):
        move = self.invoiced()
        self.bank.inbound_payment_method_line_ids[:1].copy({"name": "Check"})
        check = self.backend._references("PaymentMethod").filtered(
            lambda row: row.name == "Check"
        )
        self.pay(
            (move, 108),
            PaymentRefNum="CH-77",
            PaymentMethodRef={"value": check.qbo_id},
        )
        self.poll()
        payment = self.payments()
        self.assertRecordValues(
            payment,
            [
                {
                    "amount": 108,
                    "date": date(2026, 11, 18),
                    "journal_id": self.bank.id,
                    "partner_id": self.customer.id,
                    "payment_reference": "CH-77",
                    "memo": "CH-77",
                }
            ],
        )
        self.assertEqual(payment.payment_method_line_id.name, "Check")
        self.assert_paid(move)
        order = move.invoice_line_ids.sale_line_ids.order_id
        self.assertEqual(order.qbo_payment_state, "paid")
        self.assertEqual(order.qbo_paid_on, date(2026, 11, 18))

    def test_nothing_goes_back(self):
        self.backend.push_payments = True
        move = self.invoiced()
        self.pay((move, 108))
        writes, _reads = self.qbo.requests()
        self.poll()
        with self.jobs():
            self.payments().memo = "Thanks"
            self.payments().action_qbo_push()
        self.assertEqual(self.links(self.payments()).state, "synced")
        self.assertEqual(self.qbo.requests()[0], writes)

    def test_once_by_webhook_and_poll_together(self):
        move = self.invoiced()
        paid = self.pay((move, 108))
        event = {"entity": "Payment", "id": paid["Id"], "operation": "Create"}
        self.deliver(event, event)
        self.poll()
        self.deliver(event)
        self.assertEqual(len(self.payments()), 1)

    def test_our_own_payments_do_not_come_back(self):
        self.backend.push_payments = True
        move = self.invoiced()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        with self.jobs():
            payment = wizard.create({"payment_date": "2026-11-17"})._create_payments()
        link = self.links(payment)
        self.assertEqual(link.state, "synced", link.error)
        self.poll()
        self.deliver({"entity": "Payment", "id": link.qbo_id})
        self.assertEqual(self.payments(), payment)
        order = move.invoice_line_ids.sale_line_ids.order_id
        self.assertEqual(order.qbo_paid_on, date(2026, 11, 17))

    def test_one_payment_of_two_invoices_in_parts(self):
        """Odoo by itself would pay the first in full."""
        first, second = self.invoiced(), self.invoiced(50)
        self.pay((first, 30), (second, 20))
        self.poll()
        self.assertEqual(self.applied(self.payments()), {first: 30, second: 20})
        self.assertEqual((first.amount_residual, second.amount_residual), (78, 34))
        self.pay((first, 78), (second, 34))
        self.poll()
        self.assert_paid(first, second)

    def test_instalments_are_paid_in_their_order(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    (5,),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 0}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        move = self.invoiced(payment_term_id=term.id)
        self.pay((move, 60))
        self.poll()
        lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        residuals = lines.sorted("date_maturity").mapped("amount_residual")
        self.assertEqual(residuals, [0, 48])

    def test_too_much_stays_unapplied_and_is_applied_later(self):
        first, second = self.invoiced(), self.invoiced(50)
        paid = self.pay((first, 108), total=150)
        self.poll()
        payment = self.payments()
        self.assertEqual((payment.amount, self.applied(payment)), (150, {first: 108}))
        lines = [*paid["Line"], self.part(self.theirs_of(second), 42)]
        self.change("Payment", paid["Id"], **self.riders(paid), Line=lines)
        self.poll()
        self.assertEqual(self.applied(payment), {first: 108, second: 42})

    def riders(self, paid, **values):
        return {
            "CustomerRef": paid["CustomerRef"],
            "TotalAmt": paid["TotalAmt"],
            "sparse": True,
            **values,
        }

    def test_changes_follow(self):
        move = self.invoiced()
        paid = self.pay((move, 108))
        self.poll()
        payment = self.payments()
        number = payment.name
        lines = [self.part(self.theirs_of(move), 58)]
        values = self.riders(paid, TotalAmt=58, TxnDate="2026-11-16", Line=lines)
        self.change("Payment", paid["Id"], **values)
        self.poll()
        self.assertEqual(self.payments(), payment)
        self.assertEqual((payment.amount, payment.name), (58, number))
        self.assertEqual(payment.date, date(2026, 11, 16))
        self.assertEqual(move.amount_residual, 50)

    def test_voided_and_deleted(self):
        for undo in (self.void, self.delete):
            with self.subTest(undo.__name__):
                move = self.invoiced()
                paid = self.pay((move, 108))
                self.poll()
                self.assert_paid(move)
                undo("Payment", paid["Id"])
                self.poll()
                payment = self.payments()[:1]
                self.assertEqual(payment.state, "canceled")
                self.assertEqual(self.links(payment).state, "gone")
                self.assertEqual(move.amount_residual, 108)
                order = move.invoice_line_ids.sale_line_ids.order_id
                self.assertEqual(order.qbo_payment_state, "open")
                self.assertFalse(order.qbo_paid_on)

    def test_moved_to_what_is_not_in_odoo_and_back(self):
        move = self.invoiced()
        stranger = self.stranger(move, 108)
        paid = self.pay((move, 108))
        self.poll()
        payment = self.payments()
        mine = self.theirs_of(move)
        for target, state, residual in (
            (stranger, "canceled", 108),
            (mine, "paid", 0),
        ):
            values = self.riders(paid, Line=[self.part(target, 108)])
            self.change("Payment", paid["Id"], **values)
            self.poll()
            self.assertIn(payment.state, (state, "in_process"))
            self.assertEqual(move.amount_residual, residual)
        self.assertEqual(self.links(payment).state, "synced")

    def stranger(self, move, amount):
        """An Invoice of the same customer that Odoo knows nothing of."""
        theirs = self.theirs_of(move)
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": amount,
            "SalesItemLineDetail": {
                "ItemRef": theirs["Line"][0]["SalesItemLineDetail"]["ItemRef"],
                "TaxCodeRef": {"value": "NON"},
            },
        }
        return self.save("Invoice", CustomerRef=theirs["CustomerRef"], Line=[line])

    def test_money_for_what_is_not_in_odoo_stays_in_quickbooks(self):
        move = self.invoiced()
        theirs = self.theirs_of(move)
        lines = [self.part(theirs, 108), self.part(self.stranger(move, 500), 500)]
        self.pay((move, 108), total=608, Line=lines)
        self.poll()
        self.assertEqual(self.payments().amount, 108)
        self.assert_paid(move)

    def test_credits_are_no_money(self):
        move = self.invoiced()
        theirs = self.theirs_of(move)
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": 20,
            "SalesItemLineDetail": {
                "ItemRef": theirs["Line"][0]["SalesItemLineDetail"]["ItemRef"],
                "TaxCodeRef": {"value": "NON"},
            },
        }
        customer = theirs["CustomerRef"]
        for total in (0, 15):
            credit = self.save("CreditMemo", CustomerRef=customer, Line=[line])
            lines = [
                self.part(theirs, 20 + total),
                self.part(credit, 20, "CreditMemo"),
            ]
            self.save(
                "Payment",
                CustomerRef=customer,
                TotalAmt=total,
                DepositToAccountRef=CHECKING,
                Line=lines,
            )
        self.poll()
        self.assertEqual(self.payments().mapped("amount"), [15])
        self.assertEqual(move.amount_residual, 93)

    def test_left_alone_unless_wanted_but_shown(self):
        self.backend.pull_payments = False
        move = self.invoiced()
        self.pay((move, 50))
        self.poll()
        self.assertFalse(self.payments())
        order = move.invoice_line_ids.sale_line_ids.order_id
        self.assertRecordValues(
            order,
            [
                {
                    "qbo_payment_state": "partial",
                    "qbo_paid_amount": 50,
                    "qbo_paid_on": date(2026, 11, 18),
                }
            ],
        )


class TestPaidAheadOfOdoo(ReceivedCase):
    """Paid in QuickBooks while Odoo has no invoice, or no room for it."""

    def pay_order(self, *orders, **values):
        invoices = [self.theirs("Invoice", self.links(one).qbo_id) for one in orders]
        return self.save(
            "Payment",
            CustomerRef=invoices[0]["CustomerRef"],
            TotalAmt=sum(one["TotalAmt"] for one in invoices),
            TxnDate="2026-11-18",
            DepositToAccountRef=CHECKING,
            Line=[self.part(one, one["TotalAmt"]) for one in invoices],
            **values,
        )

    def test_registered_when_the_invoice_is_posted(self):
        first, second = self.sold(), self.sold(50)
        self.pay_order(first, second)
        self.poll()
        self.assertFalse(self.payments())
        self.assertEqual(first.qbo_payment_state, "paid")
        one = self.bill(first)
        payment = self.payments()
        self.assertEqual((payment.amount, self.applied(payment)), (162, {one: 108}))
        two = self.bill(second)
        self.assertEqual(self.payments(), payment)
        self.assert_paid(one, two)

    def test_order_that_is_invoiced_in_two_parts(self):
        self.work.invoice_policy = "delivery"
        order = self.order(self.line(self.work, qty=2, price=100))
        self.confirm(order)
        self.pay_order(order)
        self.poll()
        moves = self.env["account.move"]
        for delivered in (1, 2):
            order.order_line.qty_delivered = delivered
            moves |= self.bill(order)
        self.assertEqual(self.payments().mapped("amount"), [216])
        self.assert_paid(*moves)

    def test_invoice_cancelled_and_posted_again_is_paid_again(self):
        order = self.sold()
        self.pay_order(order)
        move = self.bill(order)
        self.poll()
        self.assert_paid(move)
        with self.jobs():
            move.button_cancel()
        self.assertFalse(self.applied(self.payments()))
        with self.jobs():
            move.button_draft()
            move.action_post()
        self.assert_paid(move)
        self.assertEqual(len(self.payments()), 1)

    def test_account_without_a_journal_waits_for_a_person(self):
        move = self.invoiced()
        account = self.backend._references("Account").filtered(
            lambda row: row.name == "Undeposited Funds"
        )
        self.pay((move, 108), DepositToAccountRef={"value": account.qbo_id})
        self.poll()
        self.assertFalse(self.payments())
        self.assertIn("Undeposited Funds", self.failed().reason)
        self.assertIn("Journals", self.failed().reason)
        row = self.backend.journal_mapping_ids.filtered(
            lambda one: one.res_id == self.bank.id
        )
        with self.jobs():
            row.reference_id = account
        self.assert_paid(move)
        self.assertEqual(self.payments().journal_id, self.bank)
        self.assertFalse(self.failed())

    def test_journal_for_all_other_accounts(self):
        cash = self.env["account.journal"].create(
            {"name": "Till", "type": "cash", "company_id": self.company.id}
        )
        self.backend.received_journal_id = cash
        move = self.invoiced()
        self.pay((move, 108), DepositToAccountRef=None)
        self.poll()
        self.assertEqual(self.payments().journal_id, cash)

    def test_paid_in_odoo_already_is_for_a_person(self):
        """Entered on both sides: it isn't counted twice in silence."""
        move = self.invoiced()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        mine = wizard.create({})._create_payments()
        self.pay((move, 108))
        self.poll()
        self.assertEqual(self.payments(), mine)
        self.assertIn(move.name, self.failed().reason)
        with self.jobs():
            mine.action_draft()
            mine.action_cancel()
            self.failed().action_retry()
        self.assert_paid(move)

    def test_person_cancels_it_in_odoo(self):
        """QuickBooks keeps its payment; Odoo says so until both agree."""
        move = self.invoiced()
        paid = self.pay((move, 108))
        self.poll()
        payment = self.payments()
        writes, _reads = self.qbo.requests()
        with self.jobs():
            payment.action_draft()
            payment.action_cancel()
        link = self.links(payment)
        self.assertEqual(link.state, "held")
        self.assertTrue(link.error and link.fix)
        self.assertEqual(self.qbo.requests()[0], writes)
        self.change(
            "Payment",
            paid["Id"],
            CustomerRef=paid["CustomerRef"],
            TotalAmt=108,
            PaymentRefNum="CH-9",
            sparse=True,
        )
        self.poll()
        self.assertEqual((payment.state, link.state), ("canceled", "held"))
        with self.jobs():
            payment.action_draft()
            payment.action_post()
        self.assertEqual(self.links(payment).state, "synced")
        self.void("Payment", paid["Id"])
        self.poll()
        self.assertEqual((payment.state, link.state), ("canceled", "gone"))


class TestForeignPayments(ReceivedCase):
    """In the customer's currency; Odoo's rates of the day count."""

    qbo_company = {"multicurrency": True}

    def test_parts_and_exchange_difference(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        for day, rate in (("2026-11-01", 0.5), ("2026-11-18", 0.4)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": self.company.id}
        )
        order = self.sold(pricelist_id=pricelist.id, date_order="2026-11-02 12:00:00")
        move = order._create_invoices()
        move.invoice_date = "2026-11-02"
        with self.jobs():
            move.action_post()
        values = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 2.5}
        self.pay((move, 33.33), **values)
        self.poll()
        payment = self.payments()
        self.assertEqual((payment.amount, payment.currency_id), (33.33, euro))
        self.assertEqual(move.amount_residual, 74.67)
        self.pay((move, 74.67), **values)
        self.poll()
        self.assert_paid(move)
        receivable = move.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        self.assertTrue(receivable.full_reconcile_id)
