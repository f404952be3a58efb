# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .pull_common import PullCase


class TestStatus(PullCase):
    """Tax status, resale number, customer type and items' accounts, both ways."""

    def setUp(self):
        super().setUp()
        self.backend.write({"pull_customers": True, "pull_products": True})
        self.confirm(self.new_order())
        self.link = self.links(self.customer)
        self.item = self.links(self.desk)

    def customer_there(self):
        return self.theirs("Customer", self.link.qbo_id)

    def type_of(self, number):
        return self.backend._references("CustomerType")[number]

    def tag(self, name):
        return self.env["res.partner.category"].create({"name": name})

    def account(self, kind, but):
        accounts = self.backend._references("Account") - but
        return accounts.filtered(lambda row: row.kind == kind)[0]

    # ------------------------------------------------------------ customers
    def test_exemption_goes_to_quickbooks_and_ends_there(self):
        with self.jobs():
            self.customer.write({"qbo_tax_status": "9", "qbo_resale_number": "R-1"})
        there = self.customer_there()
        self.assertEqual(
            (there["Taxable"], there["TaxExemptionReasonId"], there["ResaleNum"]),
            (False, "9", "R-1"),
        )
        with self.jobs():
            self.customer.write(
                {"qbo_tax_status": "taxable", "qbo_resale_number": False}
            )
        there = self.customer_there()
        self.assertTrue(there["Taxable"])
        self.assertFalse(there.get("ResaleNum"))
        self.assertEqual(self.link.state, "synced", self.link.error)

    def test_exemption_comes_from_quickbooks_and_ends_there(self):
        reason = {"Taxable": False, "TaxExemptionReasonId": "5", "ResaleNum": "R-2"}
        self.change("Customer", self.link.qbo_id, **reason)
        self.poll()
        self.assertEqual(self.customer.qbo_tax_status, "5")
        self.assertEqual(self.customer.qbo_resale_number, "R-2")
        self.change("Customer", self.link.qbo_id, Taxable=True)
        self.poll()
        self.assertEqual(self.customer.qbo_tax_status, "taxable")

    def test_a_new_customer_brings_its_status(self):
        made = self.save("Customer", DisplayName="City Hall", Taxable=False)
        usual = self.save("Customer", DisplayName="Usual")
        self.poll()
        partner = self.link_of("Customer", made["Id"])._record()
        self.assertEqual(partner.qbo_tax_status, "0")
        self.assertFalse(self.link_of("Customer", usual["Id"])._record().qbo_tax_status)

    def test_a_tag_is_the_customer_type(self):
        kind = self.type_of(0)
        with self.jobs():
            self.customer.category_id = self.tag("Nice people") | self.tag(kind.name)
        self.assertEqual(self.customer_there()["CustomerTypeRef"]["value"], kind.qbo_id)

    def test_the_customer_type_is_a_tag(self):
        self.customer.category_id = self.tag("Nice people")
        for number in (0, 1):
            kind = self.type_of(number)
            ref = {"value": kind.qbo_id}
            self.change("Customer", self.link.qbo_id, CustomerTypeRef=ref)
            self.poll()
            self.assertEqual(
                set(self.customer.category_id.mapped("name")),
                {"Nice people", kind.name},
            )
        there = self.customer_there()
        self.assertEqual(there["CustomerTypeRef"]["value"], self.type_of(1).qbo_id)

    # ------------------------------------------------------------- products
    def test_a_product_has_its_own_accounts(self):
        income = self.account("Income", self.backend.income_account_id)
        with self.jobs():
            self.desk.product_tmpl_id.qbo_income_account_id = income
        there = self.theirs("Item", self.item.qbo_id)
        self.assertEqual(there["IncomeAccountRef"]["value"], income.qbo_id)
        asset = self.backend.asset_account_id.qbo_id
        self.assertEqual(there["AssetAccountRef"]["value"], asset)

    def test_accounts_come_from_quickbooks(self):
        income = self.account("Income", self.backend.income_account_id)
        ref = {"value": income.qbo_id}
        made = self.new_item("Rental", "Service", IncomeAccountRef=ref)
        self.change("Item", self.item.qbo_id, IncomeAccountRef=ref)
        self.poll()
        self.assertEqual(self.desk.qbo_income_account_id, income)
        self.assertFalse(self.desk.qbo_expense_account_id)
        product = self.link_of("Item", made["Id"])._record()
        self.assertEqual(product.qbo_income_account_id, income)
        usual = {"value": self.backend.income_account_id.qbo_id}
        self.change("Item", self.item.qbo_id, IncomeAccountRef=usual)
        self.poll()
        self.assertFalse(self.desk.qbo_income_account_id)

    def test_a_name_changed_on_the_product_itself_goes_too(self):
        with self.jobs():
            self.desk.product_tmpl_id.name = "Standing desk"
        there = self.theirs("Item", self.item.qbo_id)
        self.assertEqual(there["Name"], "Standing desk")
