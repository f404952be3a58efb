# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time
from decimal import Decimal

from odoo import Command, fields

from .sale_common import SaleCase

D = Decimal


class MonthCase(SaleCase):
    """A company's last month: bought, sold, shipped, changed, paid and credited.

    Every kind of company has the same net amounts; taxes and the currency of its
    foreign customer differ. `first` and `second` name taxes of `taxes`.
    """

    chart = True
    first = second = ""
    codes = {}  # {Odoo's tax: QuickBooks' tax code}
    foreign, sold_at, paid_at = "EUR", 0, 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The generic chart of accounts makes an American company of any.
        country, currency = cls.env.ref(cls.country), cls.env.ref(cls.currency)
        cls.company.account_fiscal_country_id = country
        cls.company.currency_id = currency

    def setUp(self):
        super().setUp()
        self.backend.push_payments = True
        for tax, code in self.codes.items():
            self.map_tax(self.by_name[tax], code)
        self.goods_tax, self.other_tax = (
            self.by_name[self.first],
            self.by_name[self.second],
        )
        self.month = fields.Date.subtract(fields.Date.today(), months=1).replace(day=1)
        self.lamp.taxes_id = self.goods_tax
        self.payable = self.account("Tax payable", "liability_current")
        for tax in self.by_name.values():
            self.book_on_payable(tax)
        self.checking = self.journal("Checking")
        self.till = self.journal("Till")
        self.pricelist = self.foreign_pricelist()

    # ------------------------------------------------------------ the company
    def account(self, name, kind, **values):
        return self.env["account.account"].create(
            {
                "name": name,
                "code": f"QBO.{name.split()[0]}",
                "account_type": kind,
                "company_ids": [Command.set(self.company.ids)],
                **values,
            }
        )

    def book_on_payable(self, tax):
        lines = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        lines = lines.filtered(lambda one: one.repartition_type == "tax")
        lines.account_id = self.payable

    def journal(self, name):
        """A journal whose payments Odoo books at once; QuickBooks knows “Checking”."""
        journal = self.env["account.journal"].create(
            {
                "name": name,
                "code": name[:5].upper(),
                "type": "bank",
                "company_id": self.company.id,
            }
        )
        account = self.account(name, "asset_current", reconcile=True)
        methods = (
            journal.inbound_payment_method_line_ids
            | journal.outbound_payment_method_line_ids
        )
        methods.payment_account_id = account
        return journal

    def foreign_pricelist(self):
        """A pricelist in the foreign currency, whose rate changes on the 20th."""
        currency = self.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", self.foreign)])
        currency.active = True
        for day, rate in ((1, self.sold_at), (20, self.paid_at)):
            self.env["res.currency.rate"].create(
                {
                    "name": self.day(day),
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "inverse_company_rate": rate,
                }
            )
        return self.env["product.pricelist"].create(
            {
                "name": self.foreign,
                "currency_id": currency.id,
                "company_id": self.company.id,
            }
        )

    def day(self, number):
        """A day of the month; the 32nd is one of the next."""
        return fields.Date.add(self.month, days=number - 1)

    @property
    def last_day(self):
        return fields.Date.end_of(self.month, "month")

    # ------------------------------------------------------------- who acts
    def stock_up(self, product, quantity):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity
        )

    def buy(self, day, *goods):
        """The bookkeeper enters a bill in QuickBooks, Odoo counts what has come.

        goods: (product, quantity, cost of one as text)
        """
        for product, quantity, _cost in goods:
            self.stock_up(product, quantity)
        vendors = self.client().query("select * from Vendor") or [
            self.client().create("Vendor", {"DisplayName": "Sawmill"}, "vendor")
        ]
        lines = [self.bill_line(*one) for one in goods]
        body = {
            "VendorRef": {"value": vendors[0]["Id"]},
            "TxnDate": self.day(day),
            "Line": lines,
        }
        self.client().create("Bill", body, f"bill-{day}")

    def bill_line(self, product, quantity, cost):
        code = self.backend.no_tax_code_id.qbo_id or "NON"
        return {
            "DetailType": "ItemBasedExpenseLineDetail",
            "Amount": D(quantity) * D(cost),
            "ItemBasedExpenseLineDetail": {
                "ItemRef": {"value": product._qbo_ref(self.backend, "Item")},
                "Qty": quantity,
                "UnitPrice": D(cost),
                "TaxCodeRef": {"value": code},
            },
        }

    def sell(self, day, *lines, discount=0, **values):
        """Confirm an order of that day; it must be where it has to be."""
        order = self.order(*lines, **{"pricelist_id": False, **values})
        if discount:
            self.discount(order, percent=discount)
        with self.jobs():
            order.action_confirm()
            order.date_order = self.noon(day)
        if order.qbo_when != "delivery":
            self.assert_synced(order)
        return order

    def ship(self, day, order, **quantities):
        """Ship so much of each product, by default all that is left."""
        picking = order.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        )
        for move in picking.move_ids:
            left = 0 if quantities else move.product_uom_qty
            move.quantity = quantities.get(move.product_id.name, left)
            move.picked = True
        with self.jobs():
            picking.with_context(skip_backorder=True).button_validate()
            picking.date_done = self.noon(day)
        if order.qbo_when == "delivery":
            self.assert_synced(picking)
        return picking

    def take_back(self, picking, quantity):
        """The first product of a delivery comes back."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=picking.id)
            .create({})
        )
        wizard.product_return_moves.quantity = 0
        wizard.product_return_moves[0].quantity = quantity
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        returned.move_ids.picked = True
        with self.jobs():
            returned.button_validate()

    def bill(self, day, order):
        """Odoo's own invoice of an order: QuickBooks has it already."""
        move = order._create_invoices()
        move.invoice_date = self.day(day)
        with self.jobs():
            move.action_post()
        self.assertFalse(self.links(move))
        return move

    def credit(self, day, move, product, quantity, price=None):
        """Credit so much of one product of an invoice, at another price maybe."""
        note = move._reverse_moves([{"invoice_date": self.day(day)}])
        kept = note.invoice_line_ids.filtered(lambda one: one.product_id == product)
        (note.invoice_line_ids - kept).unlink()
        kept.quantity = quantity
        if price is not None:
            kept.write({"price_unit": price, "product_uom_id": product.uom_id.id})
        with self.jobs():
            note.action_post()
        self.assert_synced(note)
        return note

    def set_off(self, note, move):
        """Odoo sets a credit note off against an invoice."""
        lines = (note | move).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        with self.jobs():
            lines.reconcile()

    def give_back(self, day, note, journal):
        """The money of a credit note is paid out: QuickBooks' form for it changes."""
        self.register(day, note, journal)
        states = {link.entity: link.state for link in self.links(note)}
        self.assertEqual(states, {"CreditMemo": "gone", "RefundReceipt": "synced"})

    def pay(self, day, move, journal, amount=None):
        payment = self.register(day, move, journal, amount)
        self.assert_synced(payment)
        return payment

    def register(self, day, move, journal, amount=None):
        values = {"journal_id": journal.id, "payment_date": self.day(day)}
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create(values)
        )
        if amount:
            wizard.amount = amount
        with self.jobs():
            return wizard._create_payments()

    def undo(self, payment):
        with self.jobs():
            payment.action_draft()
            payment.action_cancel()
        self.assertEqual(self.links(payment).state, "gone")

    def noon(self, day):
        return datetime.combine(self.day(day), time(12))

    def assert_synced(self, record):
        for link in self.links(record):
            self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
            self.assertFalse(link.warning)
        self.assertTrue(self.links(record))
