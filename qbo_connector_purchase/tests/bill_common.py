# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import requests

from odoo import Command

from .common import PurchaseCase


class BillCase(PurchaseCase):
    """A company with a chart of accounts: it keeps vendor bills in Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.env.invalidate_all()

    def receive(self, order, *quantities, backorder=True):
        """Receive so much of each move, the rest later; return the transfer."""
        picking = order.picking_ids.filtered(lambda one: one.state != "done")
        for move, quantity in zip(picking.move_ids, quantities, strict=True):
            move.write({"quantity": quantity, "picked": True})
        with self.jobs():
            picking.with_context(
                skip_backorder=True,
                picking_ids_not_to_backorder=[] if backorder else picking.ids,
            ).button_validate()
        return picking

    def bill(self, order, ref="INV-1", **values):
        """Make and post the vendor bill of what was received."""
        order.action_create_invoice()
        move = order.invoice_ids.filtered(lambda one: one.state == "draft")
        move.write({"ref": ref, "invoice_date": "2026-11-20", **values})
        self.post(move)
        return move

    def post(self, moves):
        with self.jobs():
            moves.action_post()

    def refund(self, move, ref="CN-1"):
        """Reverse a bill and post the refund."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"date": "2026-11-21", "journal_id": move.journal_id.id})
        )
        refund = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        refund.ref = ref
        self.post(refund)
        return refund

    def pay(self, moves, amount=None, **values):
        """Register a payment of bills; return it."""
        with self.jobs():
            wizard = (
                self.env["account.payment.register"]
                .with_context(active_model="account.move", active_ids=moves.ids)
                .create({"group_payment": True, **values})
            )
            if amount:
                wizard.amount = amount
            payment = wizard._create_payments()
        return payment

    def ledger(self):
        """{account: balance} of the local QuickBooks; nothing is out of balance."""
        url = f"{self.qbo.url}/_admin/ledger?realm={self.qbo.realm}"
        found = requests.get(url, timeout=10).json()
        self.assertFalse(found["unbalanced"])
        return {name: amount for name, amount in found["balances"].items() if amount}

    def assert_synced(self, record):
        links = self.links(record)
        self.assertTrue(links, record)
        for link in links:
            self.assertEqual(link.state, "synced", link.error)

    def set_lines(self, move, **values):
        move.invoice_line_ids = [
            Command.update(line.id, values) for line in move.invoice_line_ids
        ]
