# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_open, mute_logger

from ..controllers.webhook import WEBHOOK
from .pull_common import PullCase

MANAGER = "qbo_connector.group_qbo_manager"
SALESMAN = "sales_team.group_sale_salesman"


class RightsCase(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.person("rights_manager", MANAGER)
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.stranger = new_test_user(
            cls.env,
            "rights_stranger",
            MANAGER,
            company_id=cls.elsewhere.id,
            company_ids=[Command.set(cls.elsewhere.ids)],
        )
        cls.seller = cls.person("rights_seller", SALESMAN)
        cls.inside = cls.person("rights_inside", "base.group_user")
        cls.admin = cls.person(
            "rights_admin", "qbo_connector.group_qbo_admin,base.group_allow_export"
        )
        cls.portal = cls.person("rights_portal", "base.group_portal")
        cls.enterClassContext(mute_logger("odoo.models", "odoo.orm.models"))

    @classmethod
    def person(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def refused(self, act, *args):
        with self.assertRaises(AccessError):
            act(*args)


class TestConnection(RightsCase):
    """Where credentials go is the administrator's; nobody reads them."""

    def test_a_manager_changes_no_address_and_no_identity(self):
        backend = self.backend.with_user(self.manager)
        other = self.env["res.company"].create({"name": "Other"})
        for name, value in {
            "environment": "production",
            "api_url": "https://evil.example",
            "discovery_url": "https://evil.example",
            "client_id": "x",
            "client_secret": "x",
            "webhook_verifier_token": "x",
            "company_id": other.id,
            "active": False,
            "realm_id": "1",
            "state": "connected",
        }.items():
            self.refused(backend.write, {name: value})
        backend.invoice_when = "delivery"
        self.assertEqual(self.backend.invoice_when, "delivery")

    def test_what_the_connector_keeps_is_not_even_the_administrators(self):
        backend = self.backend.with_user(self.admin)
        for name, value in (("realm_id", "1"), ("state", "draft")):
            self.refused(backend.write, {name: value})
        backend.write({"client_secret": "new"})
        self.assertEqual(self.backend._client_secret(), "new")

    def test_secrets_are_written_and_never_read(self):
        self.backend.with_user(self.admin).write(
            {"client_secret": "s3cret", "webhook_verifier_token": "verify"}
        )
        for backend in (self.backend, self.backend.with_user(self.admin)):
            names = ["client_secret", "webhook_verifier_token"]
            self.assertEqual(
                [backend.read(names)[0][name] for name in names], [False, False]
            )
            self.assertEqual(backend.export_data(names)["datas"], [["", ""]])
            self.assertTrue(backend.client_secret_set)
            self.assertTrue(backend.webhook_verifier_set)

    def test_addresses_are_https_or_this_machine(self):
        for url in (
            *("http://10.0.0.1", "http://evil.example", "ftp://x.example"),
            *("https://u:p@x.example", "file:///etc/passwd", "//x"),
        ):
            for name in ("api_url", "discovery_url"):
                with self.assertRaises(ValidationError, msg=url):
                    self.backend[name] = url

    def test_tokens_go_only_where_they_came_from(self):
        backend = self.backend.with_user(self.admin)
        backend.api_url = "https://127.0.0.1:9"
        with self.assertRaises(UserError), patch("requests.Session.request") as send:
            backend.action_test()
        send.assert_not_called()
        backend.action_disconnect()
        self.assertEqual(self.backend.state, "draft")

    def test_the_callback_believes_no_other_company(self):
        """The realm comes from the browser: the token doesn't open another one."""
        self.backend.action_disconnect()
        self.backend.realm_id = False
        answer = self.qbo.consent(self.backend.action_connect()["url"])
        mine = self.qbo.realm
        self.qbo.new_company()
        other, self.qbo.realm = self.qbo.realm, mine
        with self.assertRaisesRegex(UserError, other):
            self.backend._finish_connect(answer["code"], other)
        self.assertFalse(self.backend.realm_id or self.backend._token())
        self.assertEqual(self.backend.state, "draft")

    def test_app_and_environment_are_the_same_as_at_the_start(self):
        for name, value in (("client_id", "x"), ("environment", "sandbox")):
            answer = self.qbo.consent(self.backend.action_connect()["url"])
            before = self.backend[name]
            self.backend[name] = value
            with self.assertRaises(UserError):
                self.backend._from_oauth_state(answer["state"])
            self.backend[name] = before

    def test_who_deletes_a_connection_gives_its_tokens_back(self):
        fresh = self.backend
        refresh = fresh._token()._decrypted("refresh_token")
        self.env["qbo.binding"].search([("backend_id", "=", fresh.id)]).unlink()
        with patch.object(type(fresh), "_revoke_token", autospec=True) as revoked:
            fresh.unlink()
        self.assertEqual(revoked.call_args[0][1], refresh)

    def test_an_entry_of_another_connection_is_refused(self):
        company = self.env["res.company"].create({"name": "Second"})
        second = self.env["qbo.backend"].create({"company_id": company.id})
        entry = self.env["qbo.reference"].create(
            {
                "backend_id": second.id,
                "entity": "Account",
                "qbo_id": "1",
                "name": "Theirs",
            }
        )
        with self.assertRaises(ValidationError):
            self.backend.income_account_id = entry
        with self.assertRaises(ValidationError):
            self.backend.tax_mapping_ids[:1].reference_id = entry

    def test_a_neutralized_copy_has_no_address_either(self):
        self.backend.action_connect()
        with file_open("qbo_connector/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        for name in ("client_id", "api_url", "discovery_url"):
            self.assertFalse(self.backend[name], name)
        self.assertFalse(self.env["qbo.oauth.nonce"].search([]))


class TestRows(RightsCase):
    """Rows that steer what runs with sudo are the connector's."""

    def sales_field(self):
        found = self.backend._references("CustomField")
        return found.filtered(
            lambda one: one.kind == "Sales" and one.name != "PO Number"
        )[:1]

    def row(self):
        partner = self.env["res.partner"].create({"name": "Row"})
        return self.env["qbo.binding"]._get_or_create(self.backend, partner, "Customer")

    def test_a_path_leads_to_no_secret(self):
        reference = self.sales_field()
        values = {
            "backend_id": self.backend.id,
            "reference_id": reference.id,
            "res_model": "sale.order",
        }
        rows = self.env["qbo.custom.field"]
        for path in (
            "company_id.qbo_backend_ids.client_secret",
            "partner_id.sale_order_ids.name",
            "user_id.partner_id.email",
            "order_line.name",
            "partner_id.qbo_message",
            "user_id.totp_secret",
            "partner_id.signup_token",
            "user_id.password",
            "company_id.parent_path",
            "access_token",
        ):
            for user in (self.manager, self.seller, self.env.user):
                with self.assertRaises(UserError, msg=path):
                    rows.with_user(user).create({**values, "path": path})
        row = rows.create({**values, "path": "origin"})
        # Written past all checks: it isn't shown all the same.
        self.env.cr.execute(
            "UPDATE qbo_custom_field SET path = 'company_id.partner_id.email'"
        )
        row.invalidate_recordset()
        link = self.confirm(self.new_order())
        self.assertEqual((link.state, link.error_code), ("blocked", "custom_field"))

    def test_a_path_is_checked_as_who_writes_it(self):
        reference = self.sales_field()
        row = self.env["qbo.custom.field"].create(
            {
                "backend_id": self.backend.id,
                "reference_id": reference.id,
                "res_model": "sale.order",
                "path": "origin",
            }
        )
        row.path = "journal_id"
        row.path = "origin"
        with self.assertRaises(ValidationError):
            row.with_user(self.manager).path = "journal_id"

    def test_keys_and_states_are_nobodys_to_write(self):
        link = self.row().with_user(self.manager)
        for name, value in (
            *(("res_id", 3), ("res_model", "res.users"), ("backend_id", 1)),
            *(("entity", "Invoice"), ("qbo_id", "7"), ("state", "synced")),
            *(("sent", {}), ("company_id", 1)),
        ):
            self.refused(link.write, {name: value})
        mapping = self.backend.tax_mapping_ids[:1].with_user(self.manager)
        for name in ("backend_id", "res_model", "res_id", "entity"):
            self.refused(mapping.write, {name: mapping[name]})

    def test_a_default_of_the_context_is_no_way_round(self):
        run = (
            self.env["qbo.import"]
            .with_user(self.manager)
            .with_context(default_state="review", default_round=7)
            .create({"backend_id": self.backend.id})
        )
        self.assertEqual((run.state, run.round), ("draft", 0))

    def test_mappings_are_of_known_models_that_the_person_may_see(self):
        rows = self.env["qbo.mapping"].with_user(self.manager)
        values = {"backend_id": self.backend.id, "entity": "Class"}
        for model, oid in (("res.partner", 1), ("ir.mail_server", 1), ("nothing", 1)):
            self.refused(rows.create, {**values, "res_model": model, "res_id": oid})
        team = self.env["crm.team"].create(
            {"name": "T", "company_id": self.elsewhere.id}
        )
        self.refused(
            rows.create, {**values, "res_model": "crm.team", "res_id": team.id}
        )

    def test_import_lines_are_the_readers(self):
        run = (
            self.env["qbo.import"]
            .with_user(self.manager)
            .create({"backend_id": self.backend.id})
        )
        lines = self.env["qbo.import.line"].with_user(self.manager)
        admin = self.env.ref("base.partner_admin")
        self.refused(
            lines.create,
            {
                "import_id": run.id,
                "entity": "Customer",
                "qbo_id": "1",
                "action": "link",
                "res_model": "res.partner",
                "res_id": admin.id,
                "data": {"Id": "1", "PrimaryEmailAddr": {"Address": "evil@x.example"}},
            },
        )
        line = self.env["qbo.import.line"].create(
            {
                "import_id": run.id,
                "entity": "Customer",
                "qbo_id": "1",
                "res_model": "res.partner",
                "data": {"Id": "1"},
            }
        )
        for name, value in (("data", {}), ("res_model", "res.users"), ("qbo_id", "2")):
            self.refused(line.with_user(self.manager).write, {name: value})
        self.refused(line.with_user(self.manager).write, {"res_id": admin.id})
        self.refused(run.write, {"backend_id": self.backend.id})
        line.with_user(self.manager).action = "skip"

    def test_a_person_reads_and_takes_over(self):
        self.save("Customer", DisplayName="Gamma Ltd")
        run = (
            self.env["qbo.import"]
            .with_user(self.manager)
            .create({"backend_id": self.backend.id, "want_products": False})
        )
        with self.jobs():
            run.action_read()
        self.assertEqual(run.state, "review")
        with self.jobs():
            run.action_run()
        self.assertEqual(run.state, "done")
        self.assertTrue(self.env["res.partner"].search([("name", "=", "Gamma Ltd")]))

    def test_who_logs_in_keeps_the_address_a_password_goes_to(self):
        self.backend.pull_customers = True
        partner = self.seller.partner_id
        partner.email = "seller@example.com"
        theirs = self.save(
            "Customer",
            DisplayName=partner.name,
            PrimaryEmailAddr={"Address": "evil@example.com"},
        )
        partner._qbo_adopt(self.backend, "Customer", theirs)
        partner._qbo_write_changed({"email": "evil@example.com", "city": "Wichita"})
        self.assertEqual(
            (partner.email, partner.city), ("seller@example.com", "Wichita")
        )

    def test_other_companies_rows_are_not_there(self):
        rows = {
            "qbo.responsible": {
                "backend_id": self.backend.id,
                "entity": "Invoice",
                "user_id": self.manager.id,
            },
            "qbo.stock.adjustment.line": {
                "adjustment_id": self.env["qbo.stock.adjustment"]
                .create({"backend_id": self.backend.id})
                .id,
                "product_id": self.desk.id,
            },
            "qbo.partner.currency": {
                "partner_id": self.env["res.partner"]
                .create({"name": "Here", "company_id": self.company.id})
                .id,
                "currency_id": self.env.ref("base.EUR").id,
            },
        }
        for model, values in rows.items():
            row = self.env[model].create(values)
            theirs = row.with_user(self.stranger).with_context(
                allowed_company_ids=self.elsewhere.ids
            )
            self.assertFalse(theirs.search([("id", "=", row.id)]))
            self.refused(theirs.read, [])

    def test_each_model_has_a_rule_of_companies_or_makers(self):
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        known = set(rules.mapped("model_id.model"))
        access = self.env["ir.model.access"].search([("perm_read", "=", True)])
        for model in set(access.mapped("model_id.model")):
            if model.startswith("qbo."):
                self.assertIn(model, known)

    def test_comparing_needs_the_link_and_the_role(self):
        link = self.row()
        for user in (self.stranger, self.seller, self.inside, self.portal):
            # A stranger's own companies, as a request of his would have them.
            mine = link.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            self.refused(mine.action_compare)
        wizard = self.env["qbo.compare"].create({"binding_id": link.id, "mine": {}})
        self.refused(wizard.with_user(self.manager).read, ["mine"])
        rows = self.env["qbo.compare"].with_user(self.manager)
        self.refused(rows.create, {"binding_id": link.id, "theirs": {}})
        rows = self.env["qbo.preview"].with_user(self.seller)
        self.refused(rows.create, {"summary": "<script>"})

    def test_buttons_are_for_those_who_have_them(self):
        for user in (self.portal, self.inside, self.seller, self.stranger):
            backend = self.backend.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            for name in (
                *("action_test", "action_poll_changes", "action_refresh_lists"),
                *("action_pull_inventory", "action_disconnect", "action_connect"),
            ):
                with self.queued() as trap:
                    self.refused(getattr(backend, name))
                    trap.assert_jobs_count(0)

    def test_sellers_see_no_figures_of_the_company(self):
        for model in (
            *("qbo.import", "qbo.import.line", "qbo.change"),
            *("qbo.stock.line", "qbo.stock.adjustment"),
        ):
            self.refused(self.env[model].with_user(self.seller).search, [])

    def test_a_difference_is_read_only_and_stock_is_for_stock_people(self):
        line = self.env["qbo.stock.line"].create(
            {
                "backend_id": self.backend.id,
                "product_id": self.desk.id,
                "qbo_quantity": 5,
                "state": "differs",
            }
        )
        for name in ("qbo_quantity", "odoo_quantity", "ahead", "state", "difference"):
            self.refused(line.with_user(self.manager).write, {name: line[name]})
        self.refused(line.with_user(self.manager).action_take_over)

    def test_a_name_is_no_link_in_an_activity(self):
        seller = self.seller
        order = self.new_order(user_id=seller.id)
        link = self.env["qbo.binding"]._get_or_create(self.backend, order, "Invoice")
        link.write({"state": "blocked", "error": '<a href="https://x.example">Pay</a>'})
        note = str(order.activity_ids.note)
        self.assertNotIn("<a", note)
        self.assertIn("&lt;a href", note)

    def test_fields_of_ours_are_for_internal_users(self):
        for model in self.env.registry.values():
            if model._name.startswith("qbo.") or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if (field._module or "").startswith("qbo_connector"):
                    self.assertTrue(field.groups, str(field))


@tagged("post_install", "-at_install", "qbo")
class TestDoors(HttpCase, RightsCase):
    """What is open to the network."""

    def test_an_event_with_an_id_that_no_database_takes(self):
        bodies = (
            self.delivery({"entity": "Item", "id": "5"}),
            self.cloud_event("nul\\u0000"),
            self.cloud_event("half\\ud800"),
        )
        for body in bodies:
            headers = {"intuit-signature": self.sign(body)}
            reply = self.url_open(WEBHOOK, data=body, headers=headers, method="POST")
            self.assertEqual(reply.status_code, 200)
        self.env.invalidate_all()
        found = self.env["qbo.change"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(len(found), 3)

    def cloud_event(self, text):
        return (
            f'[{{"specversion": "1.0", "id": "{text}", "type": "qbo.item.updated.v1",'
            '"time": "2026-09-10T21:31:25Z", "intuitentityid": "5",'
            f'"intuitaccountid": "{self.qbo.realm}", "data": {{}}}}]'
        ).encode()

    def test_the_callback_tells_nobody_of_the_code(self):
        for path in ("?code=c0de&state=x&realmId=1", ""):
            reply = self.url_open(f"/qbo/oauth/callback{path}", allow_redirects=False)
            self.assertEqual(reply.status_code, 400)
            self.assertEqual(reply.headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(reply.headers["Cache-Control"], "no-store")
            self.assertNotIn("c0de", reply.text)

    def test_looking_changes_nothing(self):
        self.authenticate("rights_inside", "rights_inside")
        before = self.qbo.requests()
        reply = self.url_open(f"/qbo/oauth/connected/{self.backend.id}")
        self.assertEqual((reply.status_code, self.qbo.requests()), (404, before))
