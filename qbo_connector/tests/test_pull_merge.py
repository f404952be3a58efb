# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .pull_common import PullCase


class TestPullMerge(PullCase):
    """What a person merges in QuickBooks is followed, told of or not."""

    def setUp(self):
        super().setUp()
        self.backend.write({"pull_customers": True, "pull_products": True})
        self.invoice = self.confirm(self.new_order())
        self.loser = self.links(self.customer)

    def merge(self, entity, loser, winner, **knobs):
        self.qbo.admin("knobs", **knobs)
        body = {"entity": entity, "loser": loser, "winner": winner}
        self.qbo.admin("merge", realm_id=self.qbo.realm, **body)
        self.qbo.admin("knobs", **dict.fromkeys(knobs))

    def new_customer(self, **values):
        return self.save("Customer", DisplayName="The One Left", **values)["Id"]

    def merged_event(self, winner):
        """As CloudEvents tell it: what was merged away isn't said."""
        return {"entity": "Customer", "id": winner, "operation": "Merge"}

    def assert_moved(self, winner):
        link = self.links(self.customer)
        self.assertEqual((link.qbo_id, link.state), (winner, "synced"))
        self.assertTrue(self.customer.active)
        self.assertEqual(self.invoice.state, "synced", self.invoice.error)

    def assert_next_invoice_goes_to(self, winner):
        link = self.confirm(self.new_order())
        self.assertEqual(link.state, "synced", link.error)
        theirs = self.theirs("Invoice", link.qbo_id)
        self.assertEqual(theirs["CustomerRef"]["value"], winner)

    # -------------------------------------------------------- by polling
    def test_by_polling_alone(self):
        winner = self.new_customer()
        self.merge("Customer", self.loser.qbo_id, winner)
        self.poll()
        self.assert_moved(winner)
        self.assertEqual(self.customer.name, "The One Left")
        self.assert_next_invoice_goes_to(winner)

    def test_by_polling_alone_when_documents_say_nothing(self):
        winner = self.new_customer()
        self.merge("Customer", self.loser.qbo_id, winner, merge_documents="silent")
        self.poll()
        self.assert_moved(winner)

    def test_by_polling_alone_when_nothing_is_left(self):
        winner = self.new_customer()
        self.merge("Customer", self.loser.qbo_id, winner, merge_leaves="deleted")
        self.poll()
        self.assert_moved(winner)
        self.assert_next_invoice_goes_to(winner)

    def test_looking_again_makes_no_double(self):
        self.merge("Customer", self.loser.qbo_id, self.new_customer())
        self.poll()
        count = self.env["res.partner"].with_context(active_test=False).search_count
        before = count([])
        self.poll()
        self.assertEqual(count([]), before)

    def test_customers_that_are_not_taken_over_are_followed_too(self):
        self.backend.pull_customers = False
        winner = self.new_customer()
        self.merge("Customer", self.loser.qbo_id, winner)
        self.poll()
        self.assert_moved(winner)
        with self.jobs():
            self.customer.phone = "+1 555 0100"
        theirs = self.theirs("Customer", winner)
        self.assertEqual(theirs["PrimaryPhone"]["FreeFormNumber"], "+1 555 0100")

    def test_both_have_a_record(self):
        winner = self.new_customer()
        self.poll()
        self.merge("Customer", self.loser.qbo_id, winner)
        self.poll()
        self.assertEqual(self.loser.state, "gone")
        self.assertIn("The One Left", self.loser.error)
        self.assertEqual(self.invoice.state, "synced")
        self.assert_next_invoice_goes_to(winner)

    def test_merged_again(self):
        first, second = self.new_customer(), self.save("Customer", DisplayName="Last")
        self.poll()
        self.merge("Customer", self.loser.qbo_id, first)
        self.poll()
        self.merge("Customer", first, second["Id"])
        self.poll()
        self.assert_next_invoice_goes_to(second["Id"])

    def test_products_on_lines(self):
        service = self.env["product.product"].create(
            {"name": "Assembly", "type": "service", "taxes_id": False}
        )
        invoice = self.confirm(self.new_order((service, 1, 50)))
        link = self.links(service)
        winner = self.new_item("Mounting", "Service")["Id"]
        self.merge("Item", link.qbo_id, winner)
        self.poll()
        self.assertEqual((link.qbo_id, link.state), (winner, "synced"))
        self.assertEqual(invoice.state, "synced", invoice.error)

    def test_an_imported_document_tells_too(self):
        self.backend.write(
            {"pull_invoices": "sale", "pull_invoices_from": "2020-01-01"}
        )
        customer = self.save("Customer", DisplayName="Only in QuickBooks")["Id"]
        detail = {"Qty": 1, "UnitPrice": 9, "TaxCodeRef": {"value": "NON"}}
        detail["ItemRef"] = {"value": self.links(self.desk).qbo_id}
        line = {"DetailType": "SalesItemLineDetail", "Amount": 9}
        line["SalesItemLineDetail"] = detail
        self.save("Invoice", CustomerRef={"value": customer}, Line=[line])
        self.poll()
        link = self.link_of("Customer", customer)
        winner = self.new_customer()
        self.merge("Customer", customer, winner, merge_documents="silent")
        self.poll()
        self.assertEqual(link.qbo_id, winner)

    def test_a_refused_document_goes_by_itself(self):
        winner = self.new_customer()
        self.merge("Customer", self.loser.qbo_id, winner)
        link = self.confirm(self.new_order())
        self.assertEqual(link.state, "blocked")
        self.poll()
        self.assertEqual(link.state, "synced", link.error)

    # ------------------------------------------------- by webhooks alone
    def test_by_a_webhook_that_does_not_say_which(self):
        winner = self.new_customer()
        self.merge("Customer", self.loser.qbo_id, winner)
        changed = {"entity": "Invoice", "id": self.invoice.qbo_id}
        self.deliver(changed)
        self.assertEqual(self.invoice.state, "drifted")
        self.deliver(self.merged_event(winner))
        self.assert_moved(winner)

    def test_by_a_webhook_that_says_which(self):
        winner = self.new_customer()
        self.merge("Customer", self.loser.qbo_id, winner)
        event = {**self.merged_event(winner), "deletedId": self.loser.qbo_id}
        self.deliver(event, {"entity": "Invoice", "id": self.invoice.qbo_id})
        self.assert_moved(winner)
        self.assert_next_invoice_goes_to(winner)

    # ----------------------------------------------------- what is no merge
    def test_inactive_alone_is_no_merge(self):
        self.change("Customer", self.loser.qbo_id, Active=False)
        before = self.loser.qbo_id
        self.poll()
        self.assertEqual(self.loser.qbo_id, before)
        self.assertFalse(self.customer.active)

    def test_documents_that_disagree_are_no_merge(self):
        other = self.confirm(self.new_order())
        winner, another = self.new_customer(), self.save("Customer", DisplayName="B")
        self.change("Invoice", other.qbo_id, CustomerRef={"value": another["Id"]})
        self.merge("Customer", self.loser.qbo_id, winner)
        before = self.loser.qbo_id
        self.poll()
        self.assertEqual(self.loser.qbo_id, before)
