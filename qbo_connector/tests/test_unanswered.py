# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress

from odoo.exceptions import AccessError

from odoo.addons.queue_job.exception import RetryableJobError

from .pull_common import PullCase


class TestUnanswered(PullCase):
    """A create whose answer was lost, and what else might take its object."""

    def setUp(self):
        super().setUp()
        self.confirm(self.new_order())  # the item is known from here on

    def contact(self, name, email="office@both.example"):
        return self.env["res.partner"].create(
            {"name": name, "email": email, "is_company": True}
        )

    def order_of(self, partner):
        return self.new_order(partner_id=partner.id)

    def lose_customer(self, partner):
        """Confirm; QuickBooks has the Customer, its answer never arrives."""
        self.qbo.admin("faults", kind="cut_after", match={"entity": "Customer"})
        order = self.order_of(partner)
        with self.queued():
            order.action_confirm()
        self.env.flush_all()
        self.run_job(self.links(order))
        self.assertEqual(self.links(order).state, "pending")
        # A test's cursors are nested, so the job's failure took this along.
        self.env["qbo.attempt"]._begin(self.links(partner), partner.name)
        return order

    def billed(self, order):
        link = self.links(order)
        self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
        return self.client().read("Invoice", link.qbo_id)["CustomerRef"]["name"]

    def test_shared_address_after_a_lost_reply(self):
        """B comes before A's retry: B isn't linked with A's Customer."""
        first = self.lose_customer(self.contact("Alpha Works"))
        second = self.order_of(self.contact("Beta Works"))
        self.confirm(second)
        self.run_job(self.links(first))
        self.assertEqual(self.billed(first), "Alpha Works")
        self.assertEqual(self.billed(second), "Beta Works")

    def test_shared_address_and_name_after_a_lost_reply(self):
        """Two contacts of one name are two Customers, each with its own orders."""
        partner = self.contact("John Smith")
        first = self.lose_customer(partner)
        second = self.order_of(self.contact("John Smith"))
        self.confirm(second)
        self.run_job(self.links(first))
        self.assertEqual(self.billed(first), "John Smith")
        self.assertEqual(self.billed(second), "John Smith (Customer)")

    def test_its_event_links_nobody_else(self):
        """The event comes before A's retry; B has the same address."""
        other = self.contact("Beta Works")
        partner = self.contact("Alpha Works")
        order = self.lose_customer(partner)
        made = self.client().query(
            "SELECT * FROM Customer WHERE DisplayName = 'Alpha Works'"
        )[0]
        before = self.env["res.partner"].search_count([])
        self.deliver({"entity": "Customer", "id": made["Id"], "operation": "Create"})
        self.assertFalse(self.links(other))
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.run_job(self.links(order))
        self.assertEqual(self.links(partner).qbo_id, made["Id"])

    def test_taken_by_another_is_said_and_can_be_put_right(self):
        """An earlier version let B take A's Customer: A says so; nobody loops."""
        partner, other = self.contact("Alpha Works"), self.contact("Beta Works")
        order = self.lose_customer(partner)
        made = self.client().query(
            "SELECT * FROM Customer WHERE DisplayName = 'Alpha Works'"
        )[0]
        links = self.env["qbo.binding"]
        wrong = links._link(self.backend, "Customer", [(other, made)], imported=False)
        self.run_job(self.links(order))
        link = self.links(partner)
        self.assertEqual((link.state, link.error_code), ("blocked", "taken"))
        self.assertIn("Beta Works", link.error)
        self.assertIn("Alpha Works", self.links(order).error)
        wrong.unlink()
        with self.jobs():
            self.links(order).action_retry()
        self.run_job(self.links(order))
        self.assertEqual(self.billed(order), "Alpha Works")

    def test_deleted_link_is_looked_for_before_anything_is_made(self):
        order = self.new_order()
        before = self.confirm(order).qbo_id
        self.links(order).action_delete()
        self.assertFalse(self.links(order))
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.links(order).qbo_id, before)
        found = self.client().query(
            f"SELECT * FROM Invoice WHERE DocNumber = '{order.name}'"
        )
        self.assertEqual(len(found), 1)

    def test_deleted_link_of_what_is_gone_there_is_made_anew(self):
        """The company was restored to a day before: nothing of it is there."""
        order = self.new_order()
        link = self.confirm(order)
        self.delete("Invoice", link.qbo_id)
        link.action_delete()
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.links(order).state, "synced")
        self.assertTrue(self.client().read("Invoice", self.links(order).qbo_id))

    def test_only_administrators_delete_links(self):
        link = self.confirm(self.new_order())
        manager = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "link manager",
                "company_ids": [(6, 0, self.company.ids)],
                "company_id": self.company.id,
                "group_ids": [
                    (4, self.env.ref("qbo_connector.group_qbo_manager").id),
                    (4, self.env.ref("sales_team.group_sale_manager").id),
                ],
            }
        )
        with self.assertRaises(AccessError):
            link.with_user(manager).action_delete()
        with self.assertRaises(AccessError):
            link.with_user(manager).unlink()

    def test_change_within_the_second_of_our_own_write_is_read(self):
        """Times have seconds: our echo and the bookkeeper's change have the same."""
        link = self.confirm(self.new_order())
        moment = link.qbo_updated.isoformat() + "Z"
        self.change("Invoice", link.qbo_id, TxnDate="2026-01-02")
        event = {"entity": "Invoice", "id": link.qbo_id, "time": moment}
        before = self.qbo.requests()[1]
        self.deliver({**event, "operation": "Create"})
        self.assertEqual(self.qbo.requests()[1], before)
        self.deliver({**event, "operation": "Update"})
        self.assertEqual(link.state, "drifted")

    def run_job(self, link):
        """One round of a link's job, as the queue would run it."""
        self.env.flush_all()
        with suppress(RetryableJobError):
            link._job_push()
        self.env.invalidate_all()
