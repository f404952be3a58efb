# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .pull_common import PullCase
from .sale_common import SaleCase


class SubCustomerCase(SaleCase, PullCase):
    """A company with a dock and an office, in Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contacts = cls.env["res.partner"]
        below = {"parent_id": cls.customer.id}
        cls.dock = contacts.create(
            {"name": "Dock", "type": "delivery", "street": "2 Dock Rd", **below}
        )
        cls.office = contacts.create(
            {"name": "Accounts: Payable", "type": "invoice", **below}
        )

    def sale(self, *lines, **values):
        return self.order(
            *(lines or [self.line(self.work)]),
            partner_invoice_id=self.office.id,
            partner_shipping_id=self.dock.id,
            **values,
        )

    def in_qbo(self, link, entity="Invoice"):
        self.assertEqual(link.state, "synced", f"{link.error} {link.fix}")
        return self.client().read(entity, link.qbo_id)

    def customer_of(self, document):
        """The Customer an Invoice (or the like) of QuickBooks is for."""
        return self.client().read("Customer", document["CustomerRef"]["value"])

    def sold_to(self, order):
        """Confirm an order; return the Customer its Invoice is for."""
        return self.customer_of(self.in_qbo(self.confirm(order)))


class TestSubCustomers(SubCustomerCase):
    """Contacts and addresses of a company as sub-customers of its Customer."""

    def test_one_customer_for_the_company_unless_it_is_wanted(self):
        customer = self.sold_to(self.sale())
        self.assertEqual(customer["DisplayName"], "Azure Interior")
        self.assertFalse(self.links(self.dock | self.office))

    def test_delivery_address_is_a_sub_customer(self):
        self.backend.sub_customers = "delivery"
        customer = self.sold_to(self.sale())
        self.assertEqual(customer["FullyQualifiedName"], "Azure Interior:Dock")
        self.assertTrue(customer["Job"] and customer["BillWithParent"])
        self.assertEqual(customer["BillAddr"]["Line1"], "2 Dock Rd")
        again = self.sold_to(self.sale())
        self.assertEqual(again["Id"], customer["Id"])

    def test_invoice_address_is_a_sub_customer_that_gets_the_bill(self):
        self.backend.sub_customers = "invoice"
        customer = self.sold_to(self.sale())
        self.assertEqual(
            customer["FullyQualifiedName"], "Azure Interior:Accounts - Payable"
        )
        self.assertIs(customer["BillWithParent"], False)

    def test_address_of_somebody_else_is_none_of_the_company(self):
        self.backend.sub_customers = "delivery"
        order = self.sale()
        order.partner_shipping_id = self.env["res.partner"].create({"name": "Else"})
        self.assertEqual(self.sold_to(order)["DisplayName"], "Azure Interior")

    # ------------------------------------------------------------- names
    def test_taken_name_gets_the_company_behind_it_and_keeps_it(self):
        self.backend.sub_customers = "delivery"
        self.save("Vendor", DisplayName="Dock")
        customer = self.sold_to(self.sale())
        self.assertEqual(customer["DisplayName"], "Dock (Azure Interior)")
        with self.jobs():
            self.dock.phone = "+1 555 0100"
        self.assertEqual(self.links(self.dock).state, "synced")
        changed = self.theirs("Customer", customer["Id"])
        self.assertEqual(changed["DisplayName"], "Dock (Azure Interior)")
        self.assertEqual(changed["PrimaryPhone"]["FreeFormNumber"], "+1 555 0100")

    def test_two_addresses_of_one_name_stay_two(self):
        self.backend.sub_customers = "delivery"
        twin = self.dock.copy({"parent_id": self.customer.id, "name": "Dock"})
        self.sold_to(self.sale())
        order = self.sale()
        order.partner_shipping_id = twin
        customer = self.sold_to(order)
        self.assertEqual(customer["DisplayName"], "Dock (Azure Interior)")

    def test_address_without_a_name_goes_by_its_street(self):
        self.backend.sub_customers = "delivery"
        self.dock.write({"name": False, "city": "Austin"})
        customer = self.sold_to(self.sale())
        self.assertEqual(customer["DisplayName"], "2 Dock Rd, Austin")

    def test_company_of_a_taken_name_stays_what_it_was_made(self):
        self.save("Vendor", DisplayName="Azure Interior")
        customer = self.sold_to(self.sale())
        self.assertEqual(customer["DisplayName"], "Azure Interior (Customer)")
        with self.jobs():
            self.customer.phone = "+1 555 0100"
        self.assertEqual(self.links(self.customer).state, "synced")

    # ---------------------------------------------------------- matching
    def test_sub_customer_of_the_bookkeeper_is_found(self):
        self.backend.sub_customers = "delivery"
        parent = self.save("Customer", DisplayName="Azure Interior")
        child = self.save(
            "Customer", DisplayName="Dock", Job=True, ParentRef={"value": parent["Id"]}
        )
        self.assertEqual(self.sold_to(self.sale())["Id"], child["Id"])

    def test_stranger_of_the_same_name_is_not_taken(self):
        self.backend.sub_customers = "delivery"
        stranger = self.save("Customer", DisplayName="Dock")
        customer = self.sold_to(self.sale())
        self.assertNotEqual(customer["Id"], stranger["Id"])
        self.assertEqual(
            customer["FullyQualifiedName"], "Azure Interior:Dock (Azure Interior)"
        )

    def test_company_is_not_taken_for_a_sub_customer_with_its_email(self):
        other = self.save("Customer", DisplayName="Holding")
        self.save(
            "Customer",
            DisplayName="Site",
            Job=True,
            ParentRef={"value": other["Id"]},
            PrimaryEmailAddr={"Address": "azure@example.com"},
        )
        customer = self.sold_to(self.sale())
        self.assertEqual(customer["FullyQualifiedName"], "Azure Interior")

    # ------------------------------------------------- the setting changes
    def test_sale_stays_where_it_is_when_the_setting_changes(self):
        order = self.sale()
        first = self.sold_to(order)
        self.backend.sub_customers = "delivery"
        with self.jobs():
            order.order_line.product_uom_qty = 5
        invoice = self.in_qbo(self.links(order))
        self.assertEqual(invoice["CustomerRef"]["value"], first["Id"])
        self.assert_total(order, invoice)
        self.assertEqual(self.sold_to(self.sale())["DisplayName"], "Dock")

    def test_new_document_of_a_sale_goes_by_the_setting_of_today(self):
        order = self.sale()
        self.confirm(order)
        with self.jobs():
            order._action_cancel()
        self.backend.sub_customers = "delivery"
        order.action_draft()
        self.assertEqual(self.sold_to(order)["DisplayName"], "Dock")

    def test_other_address_on_the_order_is_another_sub_customer(self):
        self.backend.sub_customers = "delivery"
        order = self.sale()
        self.sold_to(order)
        with self.jobs():
            order.partner_shipping_id = self.customer
        invoice = self.in_qbo(self.links(order))
        self.assertEqual(self.customer_of(invoice)["DisplayName"], "Azure Interior")

    def test_estimate_and_invoice_are_for_the_same_customer(self):
        self.backend.push_quotations = True
        order = self.sale()
        with self.jobs():
            order.action_quotation_sent()
        self.backend.sub_customers = "delivery"
        links = self.confirm(order)
        invoice = self.in_qbo(links.filtered(lambda one: one.entity == "Invoice"))
        self.assertEqual(self.customer_of(invoice)["DisplayName"], "Azure Interior")
        self.assertEqual(invoice["LinkedTxn"][0]["TxnType"], "Estimate")

    # ------------------------------------------------------- the way back
    def test_sub_customer_we_made_comes_back_as_what_it_is(self):
        self.backend.sub_customers = "delivery"
        self.backend.pull_customers = True
        customer = self.sold_to(self.sale())
        self.poll()
        before = self.env["res.partner"].search_count([])
        self.change("Customer", customer["Id"], WebAddr={"URI": "https://dock.example"})
        self.poll()
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertRecordValues(
            self.dock,
            [
                {
                    "name": "Dock",
                    "type": "delivery",
                    "parent_id": self.customer.id,
                    "website": "https://dock.example",
                }
            ],
        )

    def test_sub_customer_of_quickbooks_is_sold_to(self):
        self.backend.pull_customers = True
        self.backend.sub_customers = "delivery"
        parent = self.save("Customer", DisplayName="Parent")
        child = self.save(
            "Customer",
            DisplayName="Site A",
            Job=True,
            ParentRef={"value": parent["Id"]},
        )
        self.poll()
        site = self.link_of("Customer", child["Id"])._record()
        order = self.order(
            self.line(self.work),
            partner_id=site.parent_id.id,
            partner_shipping_id=site.id,
        )
        self.assertEqual(self.sold_to(order)["Id"], child["Id"])
        with self.jobs():
            site.phone = "+1 555 0100"
        self.assertEqual(
            self.theirs("Customer", child["Id"])["ParentRef"]["value"], parent["Id"]
        )

    def test_parent_that_is_not_known_yet_is_read_too(self):
        parent = self.save("Customer", DisplayName="Parent")
        child = self.save(
            "Customer",
            DisplayName="Site A",
            Job=True,
            ParentRef={"value": parent["Id"]},
        )
        values = self.theirs("Customer", child["Id"])
        self.env["res.partner"].sudo()._qbo_take_over(
            self.backend, "Customer", [values]
        )
        site = self.link_of("Customer", child["Id"])._record()
        self.assertEqual(site.parent_id.name, "Parent")

    def test_contact_with_a_customer_of_its_own_keeps_it(self):
        self.backend.pull_customers = True
        self.save("Customer", DisplayName="Dock")
        self.poll()
        self.backend.sub_customers = "delivery"
        customer = self.sold_to(self.sale())
        self.assertEqual(customer["FullyQualifiedName"], "Dock")
        self.assertEqual(self.links(self.dock).qbo_id, customer["Id"])

    def test_contact_moved_to_another_company_moves_in_quickbooks(self):
        self.backend.sub_customers = "delivery"
        customer = self.sold_to(self.sale())
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        with self.jobs():
            self.dock.parent_id = other
        moved = self.theirs("Customer", customer["Id"])
        self.assertEqual(moved["FullyQualifiedName"], "Other:Dock")


class TestSubCustomerPayments(SubCustomerCase):
    """A payment is the sub-customer's if all it pays is; else the company's."""

    chart = True

    def setUp(self):
        super().setUp()
        self.backend.push_payments = True
        self.backend.sub_customers = "delivery"

    def sold(self, **values):
        order = self.sale()
        order.write(values)
        link = self.confirm(order)
        self.in_qbo(link)
        order.order_line.qty_delivered = 1
        move = order._create_invoices()
        move.action_post()
        return move, link

    def pay(self, moves):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        with self.jobs():
            payment = wizard.create({"group_payment": True})._create_payments()
        return self.in_qbo(self.links(payment), "Payment")

    def test_payment_of_one_sub_customer(self):
        move, link = self.sold()
        payment = self.pay(move)
        self.assertEqual(self.customer_of(payment)["DisplayName"], "Dock")
        self.assertEqual(self.in_qbo(link)["Balance"], 0)

    def test_payment_for_several_is_the_companys(self):
        self.office.type = "delivery"
        one, first = self.sold()
        two, second = self.sold(partner_shipping_id=self.office.id)
        payment = self.pay(one | two)
        self.assertEqual(self.customer_of(payment)["DisplayName"], "Azure Interior")
        for link in first | second:
            self.assertEqual(self.in_qbo(link)["Balance"], 0)

    def test_credit_note_is_for_the_customer_of_its_invoice(self):
        move, _link = self.sold()
        self.backend.sub_customers = "none"
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id})
        )
        with self.jobs():
            action = wizard.reverse_moves()
            refund = self.env["account.move"].browse(action["res_id"])
            refund.action_post()
        for link in self.links(refund):
            document = self.in_qbo(link, link.entity)
            self.assertEqual(self.customer_of(document)["DisplayName"], "Dock")
        self.assertIn("CreditMemo", self.links(refund).mapped("entity"))


class TestSubCustomerCurrency(SubCustomerCase):
    """A sub-customer in a foreign currency is below the company's Customer in it."""

    qbo_company = {"multicurrency": True}

    def test_tree_in_each_currency(self):
        self.backend.sub_customers = "delivery"
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 0.9, "company_id": self.company.id}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": self.company.id}
        )
        order = self.sale(pricelist_id=pricelist.id)
        customer = self.sold_to(order)
        self.assertEqual(
            customer["FullyQualifiedName"], "Azure Interior (EUR):Dock (EUR)"
        )
        self.assertEqual(customer["CurrencyRef"]["value"], "EUR")
        self.assertFalse(self.links(self.dock | self.customer))
        home = self.sold_to(self.sale())
        self.assertEqual(home["FullyQualifiedName"], "Azure Interior:Dock")
        site = self.env["qbo.partner.currency"].search(
            [("partner_id", "=", self.dock.id)]
        )
        self.assertEqual(site.qbo_state, "synced")

    def test_sub_customer_made_in_quickbooks_below_a_foreign_one(self):
        self.backend.pull_customers = True
        row = self.env["qbo.partner.currency"]._of(
            self.customer, self.env.ref("base.EUR")
        )
        with self.jobs():
            row._qbo_enqueue("Customer")
        parent = self.links(row).qbo_id
        child = self.save(
            "Customer",
            DisplayName="Quai",
            Job=True,
            ParentRef={"value": parent},
            CurrencyRef={"value": "EUR"},
        )
        self.poll()
        site = self.link_of("Customer", child["Id"])._record()
        self.assertEqual(site.parent_id, self.customer)
