"""Purchasing over HTTP, with the job runner running: from approval to payment."""

import time
from decimal import Decimal

import pytest
import requests

from dev import database
from dev.checklog import troubles
from dev.odoo import OdooServer
from dev.quickbooks import Books, consent
from dev.sandbox import Sandbox

SECONDS = 90
PAYABLE = "Accounts Payable (A/P)"


class Buyer:
    """A company that buys: Odoo, its QuickBooks, and what there is to buy."""

    def __init__(self, odoo, quickbooks):
        self.client = odoo.client()
        self.quickbooks = quickbooks
        self.url = quickbooks.url
        self.connect(quickbooks.info)
        self.books = Books(quickbooks.info)
        self.vendor = self.client.create(
            "res.partner", name="Sierra Timber", email="orders@sierra.example"
        )
        self.board = self.goods("Board")
        self.desk = self.goods("Walnut desk")

    def connect(self, info):
        self.backend = self.client.create(
            "qbo.backend",
            environment="custom",
            api_url=info["url"],
            discovery_url=info["discovery_url"],
            client_id=info["client_id"],
            client_secret=info["client_secret"],
        )
        action = self.client.call("qbo.backend", "action_connect", [self.backend])
        consent(self.client.session, action["url"])
        self.client.call("qbo.backend", "action_refresh_lists", [self.backend])

    def goods(self, name):
        return self.client.create(
            "product.product", name=name, type="consu", is_storable=True
        )

    # -------------------------------------------------------------- in Odoo
    def order(self, **values):
        """A draft order of 10 boards and 4 desks."""
        lines = [(self.board, 10, 7.5), (self.desk, 4, 40)]
        return self.client.create(
            "purchase.order",
            partner_id=self.vendor,
            order_line=[
                (
                    0,
                    0,
                    {
                        "product_id": product,
                        "product_qty": quantity,
                        "price_unit": price,
                        "tax_ids": [(5,)],
                    },
                )
                for product, quantity, price in lines
            ],
            **values,
        )

    def receive(self, order, *quantities):
        """Receive so much of what is still open; the rest comes later."""
        picking = self.client.find(
            "stock.picking",
            ("purchase_id", "=", order),
            ("state", "not in", ("done", "cancel")),
            fields=("move_ids",),
        )[0]
        for move, quantity in zip(picking["move_ids"], quantities, strict=True):
            values = {"quantity": quantity, "picked": True}
            self.client.call("stock.move", "write", [move], values)
        self.client.call(
            "stock.picking",
            "button_validate",
            [picking["id"]],
            context={"skip_backorder": True},
        )

    def bill(self, order, number):
        """Enter and post the vendor's bill of what was received."""
        call = self.client.call
        call("purchase.order", "action_create_invoice", [order])
        bill = self.client.find(
            "account.move",
            ("invoice_line_ids.purchase_order_id", "=", order),
            ("state", "=", "draft"),
        )[0]["id"]
        today = self.client.read("purchase.order", order, "date_approve")
        values = {"ref": number, "invoice_date": today["date_approve"][:10]}
        call("account.move", "write", [bill], values)
        call("account.move", "action_post", [bill])
        return bill

    def refund(self, bill, number):
        """Reverse a bill; the vendor owes it to us."""
        wizard = self.client.call(
            "account.move.reversal",
            "create",
            [{"journal_id": self.client.read("account.move", bill, "journal_id")[
                "journal_id"][0]}],
            context={"active_model": "account.move", "active_ids": [bill]},
        )  # fmt: skip
        action = self.client.call("account.move.reversal", "refund_moves", wizard)
        refund = action["res_id"]
        self.client.call("account.move", "write", [refund], {"ref": number})
        self.client.call("account.move", "action_post", [refund])
        return refund

    # -------------------------------------------------------- in QuickBooks
    def link(self, model, record, entity):
        """The link once nothing of the record is under way any more."""
        domain = [
            ("res_model", "=", model),
            ("res_id", "=", record),
            ("entity", "=", entity),
        ]
        fields = ("state", "error", "qbo_id")

        def settled():
            found = self.client.find("qbo.binding", *domain, fields=fields)
            return found and found[0]["state"] != "pending" and found[0]

        found = wait_for(settled)
        assert found and found["state"] == "synced", found
        return found

    def in_qbo(self, model, record, entity):
        self.wait_for_jobs()
        return self.books.read(entity, self.link(model, record, entity)["qbo_id"])

    def wait_for_jobs(self):
        waiting = ("state", "in", ("pending", "enqueued", "started"))

        def idle():
            return not self.client.find("queue.job", waiting, limit=1)

        assert wait_for(idle), "jobs do not end"

    def poll(self):
        """Have Odoo look for changes, and take them over."""
        self.wait_for_jobs()
        self.client.call("qbo.backend", "action_poll_changes", [self.backend])
        self.wait_for_jobs()

    def ledger(self):
        params = {"realm": self.books.realm}
        reply = requests.get(f"{self.url}/_admin/ledger", params=params, timeout=30)
        found = reply.json()
        assert not found["unbalanced"]
        return {name: amount for name, amount in found["balances"].items() if amount}

    def pay(self, bill):
        """Pay a bill in QuickBooks, as the bookkeeper does."""
        link = {"TxnId": bill["Id"], "TxnType": "Bill"}
        amount = float(bill["Balance"])
        return self.books.save(
            "BillPayment",
            VendorRef=bill["VendorRef"],
            PayType="Check",
            CheckPayment={"BankAccountRef": {"value": "35"}},
            TotalAmt=amount,
            Line=[{"Amount": amount, "LinkedTxn": [link]}],
        )


def wait_for(look, seconds=SECONDS):
    """What ``look()`` returns once that is something."""
    deadline = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return seen


@pytest.fixture(scope="module")
def buyer(addons_template):
    with (
        database.clone(addons_template) as name,
        Sandbox() as quickbooks,
        OdooServer(name, max_cron_threads=0) as odoo,
    ):
        yield Buyer(odoo, quickbooks)
        assert not troubles(odoo.log_text(), "qbo")


def writes(buyer, entity):
    """Requests that wrote an entity since QuickBooks was started."""
    made = buyer.books.requests()
    return [one for one in made if one["entity"] == entity and one["writes"]]


def test_from_approval_to_payment(buyer):
    client = buyer.client
    buyer.poll()
    order = buyer.order(partner_ref="Q-2041")
    client.call("purchase.order", "button_confirm", [order])
    sent = buyer.in_qbo("purchase.order", order, "PurchaseOrder")
    assert Decimal(sent["TotalAmt"]) == 235
    assert not buyer.ledger(), "an order isn't in the books"

    # Edited twice before QuickBooks can be told: the same PurchaseOrder, one update.
    buyer.quickbooks.stop()
    lines = client.read("purchase.order", order, "order_line")["order_line"]
    change = {"order_line": [(1, lines[0], {"product_qty": 12})]}
    client.call("purchase.order", "write", [order], change)
    client.call("purchase.order", "write", [order], {"partner_ref": "Q-2042"})
    buyer.quickbooks.start()
    edited = buyer.in_qbo("purchase.order", order, "PurchaseOrder")
    assert (edited["Id"], Decimal(edited["TotalAmt"])) == (sent["Id"], 250)
    assert "Q-2042" in edited["Memo"]
    assert len(writes(buyer, "PurchaseOrder")) == 1
    assert [line["Id"] for line in edited["Line"]] == [
        line["Id"] for line in sent["Line"]
    ]

    # A part is received and billed: the PurchaseOrder stays open.
    buyer.receive(order, 5, 4)
    first = buyer.bill(order, "INV-1")
    bill = buyer.in_qbo("account.move", first, "Bill")
    assert Decimal(bill["TotalAmt"]) == Decimal("197.5")
    assert {one["TxnLineId"] for line in bill["Line"] for one in line["LinkedTxn"]} == {
        line["Id"] for line in sent["Line"]
    }
    assert buyer.books.read("PurchaseOrder", sent["Id"])["POStatus"] == "Open"
    assert buyer.ledger()[PAYABLE] == -197.5
    billing = client.read("purchase.order", order, "qbo_billing")["qbo_billing"]
    assert billing == "partial"

    # The rest: QuickBooks closes the PurchaseOrder by itself.
    buyer.receive(order, 7)
    second = buyer.bill(order, "INV-2")
    buyer.in_qbo("account.move", second, "Bill")
    assert buyer.books.read("PurchaseOrder", sent["Id"])["POStatus"] == "Closed"
    assert buyer.ledger()[PAYABLE] == -250

    # The second is sent back: a VendorCredit, set off against its bill.
    refund = buyer.refund(second, "CN-1")
    credit = buyer.in_qbo("account.move", refund, "VendorCredit")
    buyer.link("account.move", refund, "BillPayment")
    assert Decimal(credit["TotalAmt"]) == Decimal("52.5")
    assert buyer.ledger()[PAYABLE] == -197.5

    # The bookkeeper pays the first bill in QuickBooks: it is paid in Odoo.
    buyer.pay(buyer.books.read("Bill", bill["Id"]))
    buyer.poll()
    state = client.read("account.move", first, "payment_state")["payment_state"]
    assert state in ("paid", "in_payment")
    assert PAYABLE not in buyer.ledger()
    read = client.read("purchase.order", order, "qbo_billing", "qbo_state")
    assert (read["qbo_billing"], read["qbo_state"]) == ("paid", "synced")


def test_bookkeeper_deletes_the_purchase_order(buyer):
    order = buyer.order()
    buyer.client.call("purchase.order", "button_confirm", [order])
    found = buyer.in_qbo("purchase.order", order, "PurchaseOrder")
    buyer.books.delete("PurchaseOrder", found)
    buyer.poll()
    seen = buyer.client.read("purchase.order", order, "qbo_state", "qbo_message")
    assert seen["qbo_state"] == "gone"
    assert "deleted" in seen["qbo_message"]
    domain = [("res_model", "=", "purchase.order"), ("res_id", "=", order)]
    link = buyer.client.find("qbo.binding", *domain)[0]["id"]
    buyer.client.call("qbo.binding", "action_send_anew", [link])
    anew = buyer.in_qbo("purchase.order", order, "PurchaseOrder")
    assert anew["Id"] != found["Id"]
