"""Two jobs that need each other meet in real workers, in each order."""

import pytest
import requests

from dev import database, postgres
from dev.checklog import troubles
from dev.odoo import OdooServer
from dev.sandbox import Sandbox
from tests.system.test_payments import Desk, wait_for

MAIL = "office@both.test"
# What delays the jobs of one kind of document: it is queued, and comes later.
DELAY = """
CREATE OR REPLACE FUNCTION delay() RETURNS trigger AS $$
BEGIN
    IF NEW.name LIKE '%%(%(late)s)%%' THEN
        NEW.eta := now() AT TIME ZONE 'UTC' + interval '3 seconds';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER delay BEFORE INSERT ON queue_job
    FOR EACH ROW EXECUTE FUNCTION delay();
"""


class Races(Desk):
    """A company whose workers get into each other's way."""

    def __init__(self, odoo, quickbooks, name):
        super().__init__(odoo, quickbooks)
        self.database = name
        values = {"push_payments": True}
        self.client.call("qbo.backend", "write", [self.backend], values)

    def trouble(self, **fault):
        """Have the next matching request meet trouble."""
        reply = requests.post(f"{self.url}/_admin/faults", json=fault, timeout=10)
        reply.raise_for_status()

    def late(self, entity):
        """Have jobs about documents of this kind come three seconds late."""
        with postgres.cursor(self.database) as cr:
            cr.execute(DELAY % {"late": entity})

    def link(self, model, record, entity):
        found = self.client.find(
            "qbo.binding",
            ("res_model", "=", model),
            ("res_id", "=", record),
            ("entity", "=", entity),
            fields=("state", "qbo_id", "error"),
        )
        return found[0] if found else {"state": "none", "qbo_id": False}

    def order_of(self, name):
        """Confirm an order of a new customer with the shared address."""
        self.customer = self.client.create(
            "res.partner", name=name, email=MAIL, is_company=True
        )
        line = {
            "product_id": self.work,
            "product_uom_qty": 1,
            "price_unit": 10,
            "tax_ids": [(5,)],
        }
        order = self.client.create(
            "sale.order", partner_id=self.customer, order_line=[(0, 0, line)]
        )
        self.client.call("sale.order", "action_confirm", [order])
        return order

    # --------------------------------------------------------------- refund
    def credited(self):
        """The posted credit note of a paid invoice, as a CreditMemo."""
        move = self.bill(self.sell(80))
        self.register(move)
        context = {"active_model": "account.move", "active_ids": [move]}
        journal = self.client.read("account.move", move, "journal_id")["journal_id"]
        values = {"reason": "Faulty", "journal_id": journal[0]}
        wizard = self.client.call(
            "account.move.reversal", "create", [values], context=context
        )
        self.client.call("account.move.reversal", "refund_moves", wizard)
        found = self.client.find("account.move", ("reversed_entry_id", "=", move))
        note = found[0]["id"]
        self.client.call("account.move", "action_post", [note])
        wait_for(lambda: self.state_of(note, "CreditMemo") == "synced")
        return note

    def register(self, move):
        """Pay an invoice, or pay a credit note out, with Odoo's own wizard."""
        context = {"active_model": "account.move", "active_ids": [move]}
        wizard = self.client.call(
            "account.payment.register", "create", [{}], context=context
        )
        self.client.call(
            "account.payment.register",
            "action_create_payments",
            wizard,
            context=context,
        )

    def state_of(self, note, entity):
        return self.link("account.move", note, entity)["state"]


@pytest.fixture(scope="module")
def races(addons_template):
    with (
        database.clone(addons_template) as name,
        Sandbox() as quickbooks,
        OdooServer(name, workers=3, channels="root:4,root.qbo:4") as odoo,
    ):
        yield Races(odoo, quickbooks, name)
        assert not troubles(odoo.log_text(), "qbo")


def test_lost_reply_and_a_shared_address(races):
    """A's Customer is booked, the answer lost; B has the same e-mail address."""
    races.trouble(kind="cut_after", match={"entity": "Customer", "operation": "write"})
    orders = [races.order_of("Alpha Works"), races.order_of("Beta Works")]
    wait_for(
        lambda: all(
            races.link("sale.order", one, "Invoice")["state"] == "synced"
            for one in orders
        )
    )
    billed = [
        races.books.read("Invoice", races.link("sale.order", one, "Invoice")["qbo_id"])[
            "CustomerRef"
        ]["name"]
        for one in orders
    ]
    assert billed == ["Alpha Works", "Beta Works"]
    assert len(races.books.query("SELECT * FROM Customer")) == 2


@pytest.mark.parametrize("late", ["CreditMemo", "RefundReceipt", "neither", "slow"])
def test_refund_gets_there_whichever_job_is_first(races, late):
    races.late(late)
    note = races.credited()
    if late == "slow":  # they are under way at the same moment
        races.trouble(
            kind="slow",
            seconds=3,
            match={"entity": "CreditMemo", "operation": "delete"},
        )
    races.register(note)
    wait_for(lambda: races.state_of(note, "RefundReceipt") == "synced")
    assert races.state_of(note, "CreditMemo") == "gone"
    receipt = races.link("account.move", note, "RefundReceipt")["qbo_id"]
    assert races.books.read("RefundReceipt", receipt)["TotalAmt"] == 80
    memos = races.books.query("SELECT * FROM CreditMemo")
    assert memos == []
