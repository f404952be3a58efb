# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import date

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from odoo.addons.qbo_connector.qbo.money import to_json
from odoo.addons.qbo_connector.qbo.payloads import Address

from .. import payloads

GOLDEN = "qbo_connector_purchase/tests/golden/purchase_order.json"


@tagged("post_install", "-at_install", "qbo")
class TestPayloads(BaseCase):
    """What is sent, to the letter."""

    def test_a_full_order_to_a_vendor(self):
        lines = [
            payloads.item_cost_line(
                item_id="5",
                qty=10,
                unit_price="7.50",
                amount="75.00",
                description="Widget A",
                customer_id="58",
            ),
            payloads.account_cost_line(
                account_id="54", amount=12, description="Freight"
            ),
        ]
        body = payloads.purchase_order(
            vendor_id="41",
            ap_account_id="33",
            doc_number="P00012",
            txn_date=date(2026, 11, 20),
            due_date=date(2026, 12, 1),
            status="Open",
            memo="Deliver to dock 2",
            private_note="[Odoo po 12 · 3f9a01bc]",
            vendor_email="sales@parts.test",
            ship_address=Address(("2 Dock Rd",), "Austin", "TX", "78702"),
            lines=lines,
        )
        with file_open(GOLDEN) as file:
            self.assertEqual(json.loads(to_json(body)), json.load(file))
