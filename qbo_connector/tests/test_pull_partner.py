# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .pull_common import PullCase


class TestPullPartner(PullCase):
    """Customers made, changed, merged and removed in QuickBooks arrive in Odoo."""

    def setUp(self):
        super().setUp()
        self.backend.pull_customers = True

    def new_customer(self, name="Bookkeeper's Best", **values):
        return self.save("Customer", DisplayName=name, **values)

    def partner_of(self, customer):
        link = self.link_of("Customer", customer["Id"])
        return self.env["res.partner"].browse(link.res_id)

    def test_new_customer_with_all_it_has(self):
        customer = self.new_customer(
            CompanyName="Bookkeeper's Best",
            PrimaryEmailAddr={"Address": "ap@best.example"},
            PrimaryPhone={"FreeFormNumber": "+1 555 0100"},
            WebAddr={"URI": "https://best.example"},
            BillAddr={
                "Line1": "1 Main St",
                "Line2": "Floor 2",
                "City": "Austin",
                "CountrySubDivisionCode": "TX",
                "PostalCode": "78701",
                "Country": "USA",
            },
            ShipAddr={"Line1": "2 Dock Rd", "City": "Austin", "PostalCode": "78702"},
            Notes="Pays late",
        )
        self.poll()
        partner = self.partner_of(customer)
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "Bookkeeper's Best",
                    "is_company": True,
                    "email": "ap@best.example",
                    "phone": "+1 555 0100",
                    "website": "https://best.example",
                    "street": "1 Main St",
                    "street2": "Floor 2",
                    "city": "Austin",
                    "zip": "78701",
                    "country_id": self.env.ref("base.us").id,
                    "state_id": self.env.ref("base.state_us_44").id,
                }
            ],
        )
        self.assertIn("Pays late", partner.comment)
        self.assertEqual(partner.child_ids.type, "delivery")
        self.assertEqual(partner.child_ids.street, "2 Dock Rd")
        self.assertEqual(partner.qbo_state, "synced")

    def test_nothing_goes_back_for_what_just_came(self):
        self.new_customer()
        before = self.qbo.requests()[0]
        self.poll()
        self.assertEqual(self.qbo.requests()[0], before)

    def test_without_the_setting_nothing_comes(self):
        self.backend.pull_customers = False
        customer = self.new_customer()
        self.poll()
        self.assertFalse(self.link_of("Customer", customer["Id"]))

    def test_changes_follow_and_only_they(self):
        customer = self.new_customer(PrimaryPhone={"FreeFormNumber": "+1 555 0100"})
        self.poll()
        partner = self.partner_of(customer)
        with self.jobs():
            partner.website = "https://ours.example"
        self.change("Customer", customer["Id"], PrimaryPhone={"FreeFormNumber": "2"})
        self.poll()
        self.assertEqual(partner.phone, "2")
        self.assertEqual(partner.website, "https://ours.example")
        self.assertEqual(
            self.theirs("Customer", customer["Id"])["WebAddr"]["URI"],
            "https://ours.example",
        )

    def test_customer_pushed_by_us_changes_too(self):
        self.confirm(self.new_order())
        link = self.links(self.customer)
        self.change("Customer", link.qbo_id, WebAddr={"URI": "https://azure.example"})
        self.poll()
        self.assertEqual(self.customer.website, "https://azure.example")
        self.assertEqual(self.customer.name, "Azure Interior")

    def test_both_changed_goes_by_the_rule_and_is_said(self):
        for rule, phone in (("odoo", "111"), ("quickbooks", "222")):
            self.backend.customer_rule = rule
            customer = self.new_customer(f"Rule {rule}")
            self.poll()
            partner = self.partner_of(customer)
            self.change(
                "Customer", customer["Id"], PrimaryPhone={"FreeFormNumber": "222"}
            )
            partner.phone = "111"  # its push is still waiting
            self.poll()
            theirs = self.theirs("Customer", customer["Id"])
            self.assertEqual(partner.phone, phone)
            self.assertEqual(theirs["PrimaryPhone"]["FreeFormNumber"], phone)
            said = " ".join(partner.message_ids.mapped("body"))
            self.assertIn("111", said)
            self.assertIn("222", said)

    def test_own_customer_is_an_echo(self):
        self.confirm(self.new_order())
        before = len(self.env["res.partner"].search([]))
        self.poll()
        self.assertEqual(len(self.env["res.partner"].search([])), before)
        self.assertEqual(self.links(self.customer).state, "synced")

    def test_known_contact_is_linked_by_its_email(self):
        known = self.env["res.partner"].create(
            {"name": "B. Best", "email": "AP@best.example"}
        )
        customer = self.new_customer(PrimaryEmailAddr={"Address": "ap@best.example"})
        self.poll()
        self.assertEqual(self.partner_of(customer), known)
        self.assertEqual(known.name, "B. Best")
        self.assertEqual(
            self.theirs("Customer", customer["Id"])["DisplayName"], "B. Best"
        )

    def test_unclear_contact_is_for_a_person(self):
        twins = self.env["res.partner"].create(
            [{"name": "Twin Ltd"}, {"name": "Twin Ltd"}]
        )
        customer = self.new_customer("Twin Ltd")
        self.poll()
        self.assertFalse(self.link_of("Customer", customer["Id"]))
        change = self.env["qbo.change"].search([("qbo_id", "=", customer["Id"])])
        self.assertEqual((change.state, change.name), ("failed", "Twin Ltd"))
        self.assertIn("Twin Ltd", change.reason)
        twins[1].active = False
        with self.jobs():
            change.action_retry()
        self.assertEqual(self.partner_of(customer), twins[0])
        self.assertEqual(change.state, "done")

    def test_sub_customer_is_a_contact_of_its_parent(self):
        parent = self.new_customer("Parent")
        child = self.new_customer("Site A", Job=True, ParentRef={"value": parent["Id"]})
        self.poll()
        self.assertEqual(self.partner_of(child).parent_id, self.partner_of(parent))

    def test_inactive_customer_is_archived_and_comes_back(self):
        customer = self.new_customer()
        self.poll()
        partner = self.partner_of(customer)
        self.change("Customer", customer["Id"], Active=False)
        self.poll()
        self.assertFalse(partner.active)
        self.assertEqual(partner.name, "Bookkeeper's Best")
        self.change("Customer", customer["Id"], Active=True, DisplayName="Back")
        self.poll()
        self.assertTrue(partner.active)

    def test_merged_customer_is_pointed_to_the_one_left(self):
        loser = self.new_customer("Loser")
        self.poll()
        partner = self.partner_of(loser)
        winner = self.new_customer("Winner")
        self.change("Customer", loser["Id"], Active=False)
        self.deliver(
            {
                "entity": "Customer",
                "id": winner["Id"],
                "operation": "Merge",
                "deletedId": loser["Id"],
            }
        )
        self.assertEqual(self.partner_of(winner), partner)
        self.assertFalse(self.link_of("Customer", loser["Id"]))

    def test_two_linked_customers_merged(self):
        one, two = self.new_customer("One"), self.new_customer("Two")
        self.poll()
        partner = self.partner_of(two)
        self.change("Customer", two["Id"], Active=False)
        self.deliver(
            {
                "entity": "Customer",
                "id": one["Id"],
                "operation": "Merge",
                "deletedId": two["Id"],
            }
        )
        link = self.links(partner)
        self.assertEqual(link.state, "gone")
        self.assertIn("One", link.error)
