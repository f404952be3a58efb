# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user

from .common import QboCase


class TestNotices(QboCase):
    """Who can fix it is told at once and daily, until it is fixed."""

    def setUp(self):
        super().setUp()
        self.seller = new_test_user(
            self.env,
            "seller",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=self.company.ids,
            email="seller@example.com",
        )
        self.account = self.backend.income_account_id
        self.backend.income_account_id = False

    def blocked_order(self):
        order = self.new_order(user_id=self.seller.id)
        order.order_line = [
            Command.clear(),
            Command.create({"display_type": "line_note", "name": "Words"}),
        ]
        link = self.confirm(order)
        self.assertEqual(link.state, "blocked")
        return order, link

    def test_salesperson_gets_an_activity_that_closes_by_itself(self):
        self.backend.income_account_id = self.account
        order, link = self.blocked_order()
        self.assertEqual(order.activity_ids.user_id, self.seller)
        self.assertIn("line", order.activity_ids.note)
        with self.jobs():
            order.order_line = [
                Command.create({"product_id": self.desk.id, "product_uom_qty": 1})
            ]
        self.assertEqual(link.state, "synced", link.error)
        self.assertFalse(order.activity_ids)

    def test_person_chosen_for_the_kind_comes_first(self):
        boss = self.env.ref("base.user_admin")
        self.backend.responsible_ids = [
            Command.create({"entity": "Invoice", "user_id": boss.id})
        ]
        order, _link = self.blocked_order()
        self.assertEqual(order.activity_ids.user_id, boss)

    def test_what_the_order_waits_for_has_the_activity_of_its_own_kind(self):
        self.backend.responsible_id = self.seller
        order = self.new_order(user_id=self.seller.id)
        self.confirm(order)
        self.assertFalse(order.activity_ids)
        self.assertEqual(self.desk.activity_ids.user_id, self.seller)

    def test_digest_mail_lists_reason_and_fix(self):
        _order, link = self.blocked_order()
        self.env["qbo.binding"]._cron_digest()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("seller@example.com", mail.email_to)
        self.assertIn(link.fix, mail.body_html)


class TestDrift(QboCase):
    """Both sides changed the same field: a person chooses."""

    def drift(self):
        order = self.new_order(client_order_ref="Odoo 1")
        link = self.confirm(order)
        invoice = self.client().read("Invoice", link.qbo_id)
        changed = {
            "Id": invoice["Id"],
            "SyncToken": invoice["SyncToken"],
            "DueDate": "2030-01-01",
        }
        self.client().update("Invoice", changed, f"theirs-{link.id}")
        with self.jobs():
            order.payment_term_id = self.env.ref("account.account_payment_term_15days")
        self.assertEqual(link.state, "drifted", link.error)
        self.assertIn("DueDate", link.error)
        return order, link

    def compare(self, link):
        action = link.action_compare()
        compare = self.env["qbo.compare"].browse(action["res_id"])
        row = compare.line_ids.filtered(lambda row: row.field_name == "DueDate")
        self.assertEqual(row.theirs, "2030-01-01")
        return compare

    def test_keep_odoo_overwrites(self):
        order, link = self.drift()
        with self.jobs():
            self.compare(link).action_keep_odoo()
        self.assertEqual(link.state, "synced", link.error)
        invoice = self.client().read("Invoice", link.qbo_id)
        self.assertNotEqual(invoice["DueDate"], "2030-01-01")
        self.assertTrue(invoice.get("SalesTermRef"))
        self.assertEqual(float(invoice["TotalAmt"]), order.amount_total)

    def test_keep_quickbooks_leaves_it_until_odoo_changes_again(self):
        order, link = self.drift()
        before = self.qbo.requests()
        with self.jobs():
            self.compare(link).action_keep_quickbooks()
            order._qbo_touch()
        self.assertEqual(link.state, "synced")
        self.assertEqual(self.qbo.requests()[0], before[0])
        invoice = self.client().read("Invoice", link.qbo_id)
        self.assertEqual(invoice["DueDate"], "2030-01-01")

    def test_what_only_quickbooks_changed_stays(self):
        order = self.new_order()
        link = self.confirm(order)
        invoice = self.client().read("Invoice", link.qbo_id)
        changed = {
            "Id": invoice["Id"],
            "SyncToken": invoice["SyncToken"],
            "CustomerMemo": {"value": "Written by the bookkeeper"},
        }
        self.client().update("Invoice", changed, f"theirs-{link.id}")
        with self.jobs():
            order.client_order_ref = "PO-9"
        self.assertEqual(link.state, "synced", link.error)
        invoice = self.client().read("Invoice", link.qbo_id)
        self.assertEqual(invoice["CustomerMemo"]["value"], "Written by the bookkeeper")
        self.assertEqual(invoice["CustomField"][0]["StringValue"], "PO-9")


class TestTokenEnd(QboCase):
    """The end of a connection is announced 30 and 7 days ahead."""

    def announce(self, days):
        token = self.backend._token()
        token.refresh_expires_at = fields.Datetime.now() + timedelta(days=days, hours=1)
        before = len(self.backend.activity_ids)
        token._announce_end()
        return len(self.backend.activity_ids) - before

    def test_announced_twice_and_not_again(self):
        told = [bool(self.announce(days)) for days in (60, 29, 20, 7, 3)]
        self.assertEqual(told, [False, True, False, True, False])


class TestBug(QboCase):
    """A bug stops at once and says so; it never leaves a silent order."""

    def test_said_on_the_order_and_left_to_the_queue(self):
        order = self.new_order()
        with self.queued():
            order.action_confirm()
        link = self.links(order)
        self.env.flush_all()
        stumble = patch.object(
            type(order), "_qbo_prepare", side_effect=ZeroDivisionError
        )
        with stumble, suppress(ZeroDivisionError):
            link._job_push()
        self.env.invalidate_all()
        self.assertEqual((link.state, link.error_code), ("blocked", "bug"))
        self.assertIn("ZeroDivisionError", order.qbo_message)
