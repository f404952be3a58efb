# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

SALESMAN = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install", "qbo")
class TestAccess(TransactionCase):
    """Who sees which links and logs, and who may retry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Access Company"})
        cls.seller = cls._user("qbo_seller", SALESMAN)
        cls.other = cls._user("qbo_other_seller", SALESMAN)
        cls.manager = cls._user("qbo_manager", "qbo_connector.group_qbo_manager")
        cls.backend = cls.env["qbo.backend"].create(
            {"name": "Books", "company_id": cls.company.id, "client_id": "id"}
        )
        cls.order = cls._order(cls.seller)
        cls.foreign = cls._order(cls.other)
        cls.link = cls._link(cls.order)
        cls.foreign_link = cls._link(cls.foreign)
        cls.log = cls._log(cls.link)
        cls.foreign_log = cls._log(cls.foreign_link)

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def _order(cls, user):
        partner = cls.env["res.partner"].create({"name": f"Customer of {user.login}"})
        return cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": user.id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _link(cls, order):
        return cls.env["qbo.binding"]._get_or_create(cls.backend, order, "Invoice")

    @classmethod
    def _log(cls, link):
        return cls.env["qbo.log"].create(
            {
                "backend_id": cls.backend.id,
                "binding_id": link.id,
                "res_model": link.res_model,
                "res_id": link.res_id,
                "summary": "create Invoice",
                "request": '{"DocNumber": "1"}',
            }
        )

    def test_a_seller_sees_links_and_logs_of_own_orders_only(self):
        env = self.env(user=self.seller)
        links = self.link | self.foreign_link
        self.assertEqual(
            env["qbo.binding"].search([("id", "in", links.ids)]).ids, self.link.ids
        )
        logs = self.log | self.foreign_log
        self.assertEqual(
            env["qbo.log"].search([("id", "in", logs.ids)]).ids, self.log.ids
        )

    def test_a_foreign_link_or_log_cannot_be_read_by_id(self):
        self.link.with_user(self.seller).check_access("read")
        self.log.with_user(self.seller).check_access("read")
        with self.assertRaises(AccessError):
            self.foreign_link.with_user(self.seller).check_access("read")
        with self.assertRaises(AccessError):
            self.foreign_log.with_user(self.seller).check_access("read")

    def test_a_manager_sees_all_links_of_the_company(self):
        found = (
            self.env(user=self.manager)["qbo.binding"]
            .search([("backend_id", "=", self.backend.id)])
            .ids
        )
        self.assertLessEqual({self.link.id, self.foreign_link.id}, set(found))

    def test_a_manager_of_another_company_sees_nothing(self):
        stranger = new_test_user(
            self.env, "qbo_stranger", groups="qbo_connector.group_qbo_manager"
        )
        links = self.env(user=stranger)["qbo.binding"]
        self.assertFalse(links.search([("backend_id", "=", self.backend.id)]))

    def test_logs_without_a_record_are_for_managers(self):
        log = self.env["qbo.log"].create(
            {"backend_id": self.backend.id, "summary": "batch"}
        )
        self.assertFalse(log.with_user(self.seller).search([("id", "=", log.id)]))
        self.assertTrue(log.with_user(self.manager).search([("id", "=", log.id)]))

    @mute_logger("odoo.orm.models", "odoo.models")
    def test_request_and_response_are_for_managers(self):
        for name in ("request", "response", "request_pretty", "response_pretty"):
            with self.assertRaises(AccessError):
                self.log.with_user(self.seller).read([name])
        shown = self.log.with_user(self.manager).read(["request_pretty"])
        self.assertEqual(shown[0]["request_pretty"], '{\n  "DocNumber": "1"\n}')

    def test_credentials_are_for_administrators(self):
        for name in ("client_id", "client_secret", "webhook_verifier_token"):
            with self.assertRaises(AccessError):
                self.backend.with_user(self.manager).read([name])

    def test_the_state_is_seen_on_the_order(self):
        self.link.write({"state": "blocked", "error": "No lines.", "fix": "Add one."})
        order = self.order.with_user(self.seller)
        self.assertEqual(order.qbo_state, "blocked")
        self.assertEqual(order.qbo_message, "No lines. Add one.")

    def test_retry_on_links_is_for_managers(self):
        with self.assertRaises(AccessError):
            self.link.with_user(self.seller).action_retry()
        self.link.write({"state": "blocked"})
        self.link.with_user(self.manager).action_retry()
        self.assertEqual(self.link.state, "pending")

    def test_a_seller_pushes_own_orders_only(self):
        self.link.write({"state": "blocked"})
        self.order.with_user(self.seller).action_qbo_push()
        self.assertEqual(self.link.state, "pending")
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.seller).action_qbo_push()

    def test_a_preview_needs_the_right_to_read(self):
        self.order.with_user(self.seller).action_qbo_preview()
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.seller).action_qbo_preview()

    def test_push_without_a_connection_says_so(self):
        company = self.env["res.company"].create({"name": "No books"})
        order = self.env["sale.order"].create(
            {"partner_id": self.order.partner_id.id, "company_id": company.id}
        )
        with self.assertRaisesRegex(UserError, "isn't set up"):
            order.action_qbo_push()
