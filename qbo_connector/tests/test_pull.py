# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.queue_job.exception import RetryableJobError

from ..models import qbo_backend_pull
from .pull_common import PullCase


class TestPull(PullCase):
    """Changes arrive by webhook, by poll or by both, once, and cost few reads."""

    def setUp(self):
        super().setUp()
        self.backend.pull_customers = True

    def new_customer(self, name="New in QuickBooks", **values):
        return self.save("Customer", DisplayName=name, **values)

    def event(self, entity, values, operation="Update"):
        return {"entity": entity, "id": values["Id"], "operation": operation}

    def reads(self):
        return self.qbo.requests()[1]

    def count(self, name):
        return self.env["res.partner"].search_count([("name", "=", name)])

    # ------------------------------------------------------------ arrival
    def test_by_webhook_alone(self):
        customer = self.new_customer()
        self.assertTrue(self.deliver(self.event("Customer", customer, "Create")))
        self.assertTrue(self.link_of("Customer", customer["Id"]))

    def test_by_both_and_repeated_there_is_one(self):
        customer = self.new_customer()
        event = self.event("Customer", customer, "Create")
        self.deliver(event, event)
        self.deliver(event)
        self.poll()
        self.poll()
        self.assertEqual(self.count("New in QuickBooks"), 1)

    def test_disordered_events_end_with_what_is(self):
        customer = self.new_customer()
        self.change("Customer", customer["Id"], WebAddr={"URI": "https://new.example"})
        later = {**self.event("Customer", customer), "time": "2099-01-02T00:00:00Z"}
        self.deliver(later, self.event("Customer", customer, "Create"))
        link = self.link_of("Customer", customer["Id"])
        self.assertEqual(link._record().website, "https://new.example")

    def test_many_events_cost_one_read(self):
        customers = [self.new_customer(f"Many {n}") for n in range(30)]
        before = self.reads()
        self.deliver(*(self.event("Customer", one, "Create") for one in customers))
        self.assertEqual(self.reads() - before, 1)
        self.assertEqual(len(self.link_of("Customer", customers[-1]["Id"])), 1)

    def test_echo_of_our_own_push_costs_no_read(self):
        link = self.confirm(self.new_order())
        moment = fields.Datetime.to_string(link.qbo_updated).replace(" ", "T") + "Z"
        before = self.reads()
        self.deliver(
            {
                "entity": "Invoice",
                "id": link.qbo_id,
                "operation": "Create",
                "time": moment,
            }
        )
        self.assertEqual(self.reads(), before)
        self.assertEqual(link.state, "synced")

    def test_poll_with_nothing_changed_is_one_read(self):
        self.confirm(self.new_order())
        self.poll()
        before = self.reads()
        self.poll()
        self.assertEqual(self.reads() - before, 1)

    def test_deleted_before_it_was_read(self):
        order = self.confirm(self.new_order())
        self.delete("Invoice", order.qbo_id)
        self.deliver({"entity": "Invoice", "id": order.qbo_id, "operation": "Delete"})
        self.assertEqual(order.state, "gone")

    def test_unknown_entities_and_companies_are_harmless(self):
        body = self.delivery({"entity": "Spaceship", "id": "1"})
        self.assertTrue(self.backend._receive_webhook(body, self.sign(body)))
        body = body.replace(self.qbo.realm.encode(), b"1234567")
        self.assertTrue(self.backend._receive_webhook(body, self.sign(body)))
        self.assertFalse(self.env["qbo.change"].search([]))

    def test_token_of_another_app_opens_nothing(self):
        customer = self.new_customer()
        self.assertFalse(
            self.deliver(self.event("Customer", customer), verifier="another")
        )
        self.assertFalse(self.env["qbo.change"].search([]))

    def test_what_a_push_is_making_is_not_made_twice(self):
        """QuickBooks has it, our answer is lost, and its event comes first."""
        order = self.new_order()
        self.qbo.admin(
            "faults",
            kind="cut_after",
            count=1,
            match={"entity": "Customer", "operation": "write"},
        )
        with self.queued():
            order.action_confirm()
        link = self.links(order)
        with suppress(RetryableJobError):
            link._job_push()
            self.fail("It should be tried again")
        self.assertEqual(self.links(self.customer).state, "pending")
        self.customer.name = "Renamed in the meantime"
        self.customer.email = False
        before = self.count("Azure Interior")
        self.poll()
        self.assertEqual(self.count("Azure Interior"), before)
        with self.jobs():
            link._enqueue()
        self.assertEqual(self.links(order).state, "synced")
        self.poll()
        self.assertEqual(self.count("Azure Interior"), before)

    # --------------------------------------------------- documents of ours
    def test_document_changed_in_quickbooks_is_drifted(self):
        link = self.confirm(self.new_order())
        self.change("Invoice", link.qbo_id, DueDate="2030-01-01")
        self.poll()
        self.assertEqual(link.state, "drifted")
        self.assertIn("DueDate", link.error)

    def test_what_odoo_does_not_send_is_no_drift(self):
        link = self.confirm(self.new_order())
        self.change("Invoice", link.qbo_id, CustomerMemo={"value": "Other words"})
        self.poll()
        self.assertEqual(link.state, "synced")

    def test_payment_on_a_document_is_no_drift(self):
        link = self.confirm(self.new_order())
        invoice = self.theirs("Invoice", link.qbo_id)
        self.save(
            "Payment",
            CustomerRef=invoice["CustomerRef"],
            TotalAmt=10,
            Line=[
                {
                    "Amount": 10,
                    "LinkedTxn": [{"TxnId": link.qbo_id, "TxnType": "Invoice"}],
                }
            ],
        )
        self.poll()
        self.assertEqual(link.state, "synced")
        self.assertEqual(
            link.sync_token, self.theirs("Invoice", link.qbo_id)["SyncToken"]
        )

    def test_voided_and_deleted_documents_are_gone(self):
        voided, deleted = (self.confirm(self.new_order()) for _n in range(2))
        self.void("Invoice", voided.qbo_id)
        self.delete("Invoice", deleted.qbo_id)
        self.poll()
        self.assertEqual((voided.state, deleted.state), ("gone", "gone"))
        self.assertIn("voided", voided.error)
        self.assertIn("deleted", deleted.error)

    # ------------------------------------------------------------- limits
    def test_more_changes_than_one_answer_holds(self):
        """At the cap the question is split, at last compared page by page."""
        customers = [self.new_customer(f"Bulk {n}") for n in range(25)]
        with (
            patch.object(qbo_backend_pull, "CDC_LIMIT", 10),
            patch("odoo.addons.qbo_connector.qbo.client.CDC_LIMIT", 10),
            patch("odoo.addons.qbo_connector.qbo.changes.queries.PAGE_LIMIT", 10),
        ):
            self.poll()
        for customer in customers:
            self.assertTrue(
                self.link_of("Customer", customer["Id"]), customer["DisplayName"]
            )

    def test_more_than_thirty_days_back(self):
        link = self.confirm(self.new_order())
        customer = self.new_customer()
        self.delete("Invoice", link.qbo_id)
        cursors = self.env["qbo.cursor"].search([("backend_id", "=", self.backend.id)])
        cursors.since = fields.Datetime.now() - timedelta(days=40)
        self.poll()
        self.assertTrue(self.link_of("Customer", customer["Id"]))
        self.assertEqual(link.state, "gone")
        self.assertGreater(
            min(cursors.mapped("since")), fields.Datetime.now() - timedelta(hours=1)
        )

    def test_cursor_stays_when_quickbooks_fails(self):
        cursors = self.env["qbo.cursor"].search([("backend_id", "=", self.backend.id)])
        before = cursors.mapped("since")
        self.qbo.admin("faults", kind="status", status=503, count=1)
        with suppress(RetryableJobError):
            self.backend._job_poll()
            self.fail("It should be tried again")
        self.assertEqual(cursors.mapped("since"), before)

    def test_one_bad_object_holds_up_nobody(self):
        self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin"}])
        self.new_customer("Twin")
        good = self.new_customer("Good")
        self.poll()
        self.assertTrue(self.link_of("Customer", good["Id"]))
        cursor = self.env["qbo.cursor"].search(
            [("backend_id", "=", self.backend.id), ("entity", "=", "Customer")]
        )
        self.assertIn("1 failed", cursor.last_result)
