"""A sale as the salesperson sees it: confirm, change, pay, cancel, refund."""

import pytest

from dev.quickbooks import Books

MINUTE = 60  # seconds


class Trade:
    """Orders of lamps at 120, a bookkeeper who takes money, a clerk who credits."""

    def __init__(self, server, quickbooks):
        self.client = server.client()
        self.books = Books(quickbooks.info)
        self.backend = self.client.find("qbo.backend")[0]["id"]
        self.seller = self.client.find("res.users", ("login", "=", "demo"))[0]["id"]
        self.customer = self.client.create("res.partner", name="Harbor Hotel")
        self.lamp = self.client.create(
            "product.product",
            name="Reading lamp",
            type="consu",
            list_price=120,
            taxes_id=[(5,)],
        )

    def quotation(self):
        line = {"product_id": self.lamp, "product_uom_qty": 2}
        return self.client.create(
            "sale.order",
            partner_id=self.customer,
            user_id=self.seller,
            order_line=[(0, 0, line)],
        )

    def in_books(self, order):
        qbo_id = self.client.read("sale.order", order, "qbo_id")["qbo_id"]
        return self.books.read("Invoice", qbo_id)

    def take_money(self, order, amount):
        """The bookkeeper enters a payment in QuickBooks; Odoo hears of it."""
        invoice = self.in_books(order)
        link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
        self.books.save(
            "Payment",
            CustomerRef=invoice["CustomerRef"],
            TotalAmt=amount,
            Line=[{"Amount": amount, "LinkedTxn": [link]}],
        )
        self.client.call("qbo.backend", "action_poll_changes", [self.backend])

    def credit(self, order):
        """The clerk bills the order in Odoo and credits all of it; the credit note."""
        call = self.client.call
        wizard = call(
            "sale.advance.payment.inv",
            "create",
            [{"advance_payment_method": "delivered"}],
            context={"active_model": "sale.order", "active_ids": [order]},
        )
        call("sale.advance.payment.inv", "create_invoices", wizard)
        bill = self.client.read("sale.order", order, "invoice_ids")["invoice_ids"]
        call("account.move", "action_post", bill)
        journal = self.client.read("account.move", bill[0], "journal_id")
        wizard = call(
            "account.move.reversal",
            "create",
            [{"journal_id": journal["journal_id"][0]}],
            context={"active_model": "account.move", "active_ids": bill},
        )
        note = call("account.move.reversal", "refund_moves", wizard)["res_id"]
        call("account.move", "action_post", [note])
        return note


@pytest.fixture(scope="module")
def trade(server, sandbox, connected):
    return Trade(server, sandbox)


@pytest.fixture
def sale(trade, sign_in):
    """The salesperson's form of an order that is in QuickBooks; the order's id."""
    order = trade.quotation()
    with sign_in("demo") as seller:
        seller.open(f"sale.order/{order}")
        seller.press("Confirm")
        seller.wait_for_badge("In QuickBooks")
        yield seller, order


def change_quantity(desk, quantity):
    """Type another quantity into the first line and save."""
    cell = desk.page.locator(".o_data_row td[name=product_uom_qty]").first
    cell.click()
    cell.locator("input").fill(str(quantity))
    desk.page.click(".o_form_button_save")
    desk.page.wait_for_selector(".o_form_saved, .o_form_button_save", state="hidden")


def cancel(desk):
    desk.press("Cancel")
    desk.press("Ok")


def reload_until(desk, seen):
    """Reload until it is so: it comes from the background."""
    for _second in range(MINUTE):
        if seen():
            return
        desk.page.wait_for_timeout(1000)
        desk.page.reload()
        desk.page.wait_for_selector(".o_view_controller")
    raise AssertionError("it did not come")


def stat(desk, text):
    """A function that looks whether the QuickBooks button says so."""
    button = desk.page.locator(".oe_stat_button[name=action_qbo_show]")
    return lambda: text in button.inner_text()


def test_a_changed_order_is_changed_there_and_what_is_paid_shows(trade, sale):
    seller, order = sale
    change_quantity(seller, 3)
    reload_until(seller, lambda: trade.in_books(order)["TotalAmt"] == 360)
    trade.take_money(order, 100)
    reload_until(seller, stat(seller, "Partly paid"))
    trade.take_money(order, 260)
    reload_until(
        seller, lambda: not stat(seller, "Partly")() and stat(seller, "Paid")()
    )
    # Less than was paid can't be: the open form says so, and what to do.
    change_quantity(seller, 1)
    seller.wait_for_badge("Needs attention")
    seller.see("360.00 of Invoice")
    seller.press("Give credit")
    seller.wait_for_badge("In QuickBooks")
    invoice = trade.in_books(order)
    assert invoice["TotalAmt"] == 360
    whose = f"CustomerRef = '{invoice['CustomerRef']['value']}'"
    [memo] = trade.books.query(f"select * from CreditMemo where {whose}")
    assert memo["TotalAmt"] == 240


def test_a_cancelled_order_is_void_and_a_confirmed_one_new(trade, sale):
    seller, order = sale
    first = trade.in_books(order)
    cancel(seller)
    seller.wait_for_badge("Voided or deleted")
    assert trade.books.read("Invoice", first["Id"])["TotalAmt"] == 0
    seller.press("Set to Quotation")
    seller.press("Confirm")
    seller.wait_for_badge("In QuickBooks")
    assert trade.in_books(order)["DocNumber"] == f"{first['DocNumber']}-2"


def test_a_credited_order_owes_nothing_and_the_credit_note_is_there(
    trade, sale, sign_in
):
    seller, order = sale
    note = trade.credit(order)
    with sign_in("admin") as clerk:
        clerk.open(f"account.move/{note}")
        clerk.wait_for_badge("In QuickBooks")
    reload_until(seller, lambda: trade.in_books(order)["Balance"] == 0)
