# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import QboCase


@tagged("post_install", "-at_install", "qbo")
class TestSetup(QboCase):
    """The set-up assistant, the settings page and what they say is missing."""

    def setUp(self):
        super().setUp()
        self.fresh = self.env["qbo.backend"].new({"company_id": self.company.id})

    def test_a_new_connection_lacks_everything(self):
        steps = [step for step, done, _text in self.fresh._setup_checks() if not done]
        self.assertEqual(
            steps,
            ["credentials", "connect", "company", "accounts", "accounts", "accounts"],
        )

    def test_each_step_says_what_it_lacks(self):
        self.assertIn("client secret", str(self.fresh.setup_missing))
        self.fresh.setup_step = "connect"
        self.assertIn("Connect", str(self.fresh.setup_missing))
        self.fresh.setup_step = "accounts"
        self.assertIn("Income account", str(self.fresh.setup_missing))

    def test_a_custom_environment_needs_addresses(self):
        self.fresh.environment = "custom"
        self.assertIn("API URL", str(self.fresh.setup_missing))

    def test_connecting_leads_to_the_company_check(self):
        self.assertEqual(self.backend.setup_step, "company")
        self.assertIn("qbo_setup_action", self.backend._form_url())

    def test_after_the_set_up_the_callback_leads_to_the_connection(self):
        self.backend.setup_step = "done"
        self.assertIn("qbo_backend_action", self.backend._form_url())

    def test_lists_are_read_when_they_are_due(self):
        self.backend.write({"lists_refreshed": False, "income_account_id": False})
        self.backend._setup_read_lists()
        self.assertTrue(self.backend.income_account_id)

    def test_next_and_back(self):
        self.backend.action_setup_next()
        self.assertEqual(self.backend.setup_step, "accounts")
        self.backend.action_setup_back()
        self.backend.action_setup_back()
        self.assertEqual(self.backend.setup_step, "connect")

    def test_the_company_check_compares_name_country_and_currency(self):
        rows = self.backend._setup_company_rows()
        self.assertEqual([equal for *_texts, equal in rows], [False, True, True])
        self.assertIn("table-warning", str(self.backend.setup_company_check))

    def test_another_company_can_be_chosen_while_nothing_is_linked(self):
        self.backend.action_setup_other_company()
        self.assertEqual(self.backend.setup_step, "connect")
        self.assertFalse(self.backend.realm_id or self.backend.income_account_id)
        self.connect()
        self.assertTrue(self.backend.income_account_id)
        self.confirm(self.new_order())
        with self.assertRaisesRegex(UserError, "linked"):
            self.backend.action_setup_other_company()

    def test_another_currency_is_to_be_dealt_with(self):
        self.backend.qbo_currency = "CAD"
        self.assertIn("multicurrency", str(self.backend.setup_todo))

    def test_an_unmapped_sales_tax_is_named(self):
        self.backend.tax_mapping_ids.reference_id = False
        self.assertIn("California 8%", str(self.backend.setup_todo))

    def test_all_done_leaves_nothing_to_do(self):
        taxes = self.backend.tax_mapping_ids
        taxes.reference_id = self.backend._references("TaxCode")[:1]
        self.assertFalse(self.backend.setup_todo)

    def test_settings_write_the_switches_of_the_connection(self):
        settings = self.env["res.config.settings"].create({"qbo_push_sales": False})
        settings.execute()
        self.assertFalse(self.backend.push_sales)

    def test_set_up_from_the_settings(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.action_qbo_setup()["res_id"], self.backend.id)
        self.backend.active = False
        self.assertFalse(settings.action_qbo_setup()["res_id"])

    def test_all_menus_open(self):
        menus = self.env["ir.ui.menu"].search(
            [("id", "child_of", self.env.ref("qbo_connector.qbo_menu_root").id)]
        )
        for action in filter(None, (menu.action for menu in menus)):
            views = [(False, mode) for mode in action.view_mode.split(",")]
            self.env[action.res_model].get_views(views)

    def test_a_mapping_is_changed_in_the_form(self):
        code = self.backend._references("TaxCode")[-1:]
        with Form(self.backend) as form:
            with form.tax_mapping_ids.edit(0) as line:
                line.reference_id = code
        self.assertEqual(self.backend.tax_mapping_ids[0].reference_id, code)


@tagged("post_install", "-at_install", "qbo")
class TestDocuments(QboCase):
    """What people see and press on orders and products."""

    def preview(self, record):
        return self.env["qbo.preview"].browse(record.action_qbo_preview()["res_id"])

    def test_the_preview_shows_what_is_sent_later(self):
        order = self.new_order()
        self.confirm(order)
        sent = self.links(order).sent
        body = json.loads(self.preview(order).body)
        self.assertEqual(body["Line"][0]["Amount"], 59.97)
        self.assertEqual(body.keys(), sent.keys())

    def test_the_preview_writes_and_queues_nothing(self):
        order = self.new_order()
        models = ("qbo.binding", "qbo.log", "queue.job")
        before = [self.env[model].search_count([]) for model in models]
        preview = self.preview(order)
        after = [self.env[model].search_count([]) for model in models]
        self.assertEqual(before, after)
        self.assertEqual(preview.entity, "Estimate")

    def test_the_preview_names_what_goes_first(self):
        summary = str(self.preview(self.new_order()).summary)
        self.assertIn("Azure Interior (Customer)", summary)
        self.assertIn("Desk (Item)", summary)

    def test_the_preview_says_that_a_record_is_held(self):
        order = self.new_order()
        order.qbo_hold = True
        self.assertTrue(self.preview(order).problem)

    def test_the_preview_says_why_it_cannot_be_sent(self):
        self.backend.tax_mapping_ids.reference_id = False
        preview = self.preview(self.new_order())
        self.assertIn("isn't mapped", preview.problem)
        self.assertFalse(preview.body)

    def test_without_a_connection_the_order_says_what_it_waits_for(self):
        self.backend.action_disconnect()
        order = self.new_order()
        order.action_confirm()
        self.assertEqual(order.qbo_state, "pending")
        self.assertIn("as soon as QuickBooks is connected", order.qbo_message)

    def test_a_product_shows_its_most_urgent_variant(self):
        template = self.desk.product_tmpl_id
        self.assertFalse(template.qbo_state)
        self.confirm(self.new_order())
        self.assertEqual(template.qbo_state, "synced")
        self.links(self.desk).state = "blocked"
        self.env.invalidate_all()
        self.assertEqual(template.qbo_state, "blocked")
        found = template.search([("qbo_state", "=", "blocked")])
        self.assertIn(template, found)
        self.assertNotIn(template, template.search([("qbo_state", "!=", "blocked")]))

    def test_orders_are_found_by_their_state(self):
        order, draft = self.new_order(), self.new_order()
        self.confirm(order)
        mine = [("id", "in", (order | draft).ids)]
        orders = self.env["sale.order"]
        self.assertEqual(orders.search([*mine, ("qbo_state", "=", "synced")]), order)
        self.assertEqual(orders.search([*mine, ("qbo_state", "!=", "synced")]), draft)

    def test_the_smart_button_opens_quickbooks_or_the_log(self):
        order = self.new_order()
        self.assertEqual(order.action_qbo_show()["res_model"], "qbo.log")
        self.confirm(order)
        self.assertEqual(order.action_qbo_show()["type"], "ir.actions.act_url")
