# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
import tempfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import file_open

from ..models.qbo_cipher import _key_in_file
from .common import QboCase


class TestOauth(QboCase):
    """Connecting, testing and disconnecting over the real handshake."""

    def test_connected_with_the_realm_and_encrypted_tokens(self):
        self.assertEqual(self.backend.state, "connected")
        self.assertEqual(self.backend.realm_id, self.qbo.realm)
        token = self.backend._token()
        self.assertNotIn(token._decrypted("access_token"), token.access_token)
        self.assertEqual(self.backend.action_test()["params"]["type"], "success")

    def test_state_is_good_once(self):
        answer = self.qbo.consent(self.backend.action_connect()["url"])
        self.backend._from_oauth_state(answer["state"])
        with self.assertRaises(UserError):
            self.backend._from_oauth_state(answer["state"])

    def test_forged_state_is_refused(self):
        answer = self.qbo.consent(self.backend.action_connect()["url"])
        for state in ("", "nonsense", answer["state"][:-2] + "xx"):
            with self.assertRaises(UserError):
                self.backend._from_oauth_state(state)

    def test_another_company_is_refused(self):
        self.backend.realm_id = "123"
        answer = self.qbo.consent(self.backend.action_connect()["url"])
        with self.assertRaisesRegex(UserError, "123"):
            self.backend._finish_connect(answer["code"], answer["realmId"])

    def test_wrong_secret_is_said_plainly(self):
        self.backend.client_secret = "wrong"
        answer = self.qbo.consent(self.backend.action_connect()["url"])
        with self.assertRaisesRegex(UserError, "secret"):
            self.backend._finish_connect(answer["code"], answer["realmId"])

    def test_connecting_is_for_administrators(self):
        manager = new_test_user(
            self.env,
            "qbo-manager",
            "qbo_connector.group_qbo_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        backend = self.backend.with_user(manager)
        for action in (backend.action_connect, backend.action_disconnect):
            with self.assertRaises(AccessError):
                action()
        self.assertEqual(self.backend.state, "connected")

    def test_another_key_is_said_and_the_form_still_opens(self):
        with patch.dict(os.environ, {"QBO_ENCRYPTION_KEY": "another key"}):
            self.backend.invalidate_recordset()
            self.assertFalse(self.backend.client_secret)
            with self.assertRaisesRegex(UserError, "key"):
                self.backend.action_test()

    def test_the_key_may_stand_in_the_configuration_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write("[qbo_connector]\nencryption_key = first, %second\n")
            file.flush()
            self.assertEqual(_key_in_file([file.name]), "first, %second")

    def test_disconnect_revokes(self):
        self.backend.action_disconnect()
        self.assertEqual(self.backend.state, "draft")
        self.assertFalse(self.backend._token())

    def test_expired_token_is_refreshed_once(self):
        token = self.backend._token()
        before = token.access_token
        token.access_expires_at = "2020-01-01"
        self.env.flush_all()
        self.backend.action_test()
        token.invalidate_recordset()
        self.assertNotEqual(token.access_token, before)

    def test_dead_refresh_token_asks_for_a_reconnect_and_keeps_the_queue(self):
        self.qbo.admin("tokens/revoke", realm=self.qbo.realm)
        order = self.new_order()
        link = self.confirm(order)
        self.assertEqual(self.backend.state, "reconnect")
        self.assertEqual(link.state, "pending")
        self.assertTrue(self.backend.activity_ids)

    def test_a_neutralized_copy_of_the_database_knows_no_secret(self):
        order = self.new_order()
        order.action_confirm()
        self.env.flush_all()
        with file_open("qbo_connector/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertEqual(self.backend.state, "draft")
        self.assertFalse(self.backend._token())
        self.assertFalse(self.backend.client_secret)
        waiting = [("model_name", "=like", "qbo.%"), ("state", "=", "pending")]
        self.assertFalse(self.env["queue.job"].search(waiting))
