# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from odoo.addons.qbo_connector.tests.test_kept import KeptCase

from .test_purchase_pull import PurchasePullCase
from .test_purchase_world import CanadaCase

ORDER = "PurchaseOrder"
KIND = "ItemBasedExpenseLineDetail"


class TestOrderKept(KeptCase, PurchasePullCase):
    """What QuickBooks keeps of a purchase order, and what a bookkeeper does on it."""

    def test_a_planned_day_that_quickbooks_drops_stands_in_nobodys_way(self):
        """Billed in two parts, changed after each of them, and closed."""
        order = self.pushed(date_planned="2026-12-10 12:00:00")
        link = self.links(order)
        self.assertNotIn("DueDate", self.in_qbo(order))
        self.copy_to_bill(order, 0.5, DocNumber="INV-1")
        self.poll()
        self.assertEqual(link.state, "synced", link.error)
        with self.jobs():
            order.write({"partner_ref": "Q-1", "date_planned": "2026-12-11 12:00:00"})
        self.assertEqual(link.state, "synced", link.error)
        self.assertIn("2026-12-11", self.in_qbo(order)["Memo"])
        self.copy_to_bill(order, 0.5, DocNumber="INV-2")
        self.poll()
        self.assertEqual(self.in_qbo(order)["POStatus"], "Closed")
        self.assertEqual((link.state, order.qbo_billing), ("synced", "billed"))
        with self.jobs():
            order.note = "Thank you"
        self.assertEqual(link.state, "synced", link.error)
        self.assertIn("Thank you", self.in_qbo(order)["Memo"])
        self.assertFalse(link.warning)

    def test_odoos_own_bills_follow_one_another(self):
        order = self.pushed(date_planned="2026-12-10 12:00:00")
        for quantity, ref in ((4, "INV-1"), (6, "INV-2")):
            self.receive(order, quantity)
            self.assert_synced(self.bill(order, ref))
            self.poll()
            self.assert_synced(order)
        self.assertEqual(self.in_qbo(order)["POStatus"], "Closed")

    def test_a_day_that_quickbooks_keeps_is_compared(self):
        self.qbo.admin("knobs", po_due_date="keep")
        self.addCleanup(self.qbo.admin, "knobs", po_due_date=None)
        order = self.pushed(date_planned="2026-12-10 12:00:00")
        self.assertEqual(self.in_qbo(order)["DueDate"], "2026-12-10")
        self.change(ORDER, order.qbo_id, DueDate="2026-12-24")
        self.poll()
        self.assertEqual(order.qbo_state, "drifted")

    def test_keep_odoo_over_all_fields(self):
        order = self.pushed()
        link = self.links(order)
        customer = {"value": self.save("Customer", DisplayName="Reno Ltd")["Id"]}
        self.edit_line(link, 60, Qty=8, CustomerRef=customer)
        self.change(
            ORDER,
            link.qbo_id,
            ShipMethodRef={"value": "UPS"},
            EmailStatus="EmailSent",
            PrivateNote="Call before delivery",
            SalesTermRef={"value": self.backend._references("Term")[:1].qbo_id},
        )
        with self.jobs():
            order.order_line.product_qty = 12
        self.assertEqual(link.state, "drifted", link.error)
        before = self.in_qbo(order)
        shown = set(self.rows(self.compare(link)))
        amounts = {"Line 1 Qty", "Line 1 Amount", "TotalAmt"}
        self.assertEqual(shown, {*amounts, "PrivateNote"})
        self.keep(link, "odoo")
        after = self.assert_total(link, 90)
        self.assert_untouched(before, after, "Line", "PrivateNote", "TotalAmt")
        theirs, ours = before["Line"][0], after["Line"][0]
        self.assert_untouched(theirs, ours, "Amount", KIND)
        self.assert_untouched(theirs[KIND], ours[KIND], "Qty")

    def test_a_version_that_was_kept_blocks_nothing_later(self):
        order = self.pushed()
        link = self.links(order)
        self.edit_line(link, 60, Qty=8)
        self.poll()
        self.keep(link, "quickbooks")
        with self.jobs():
            order.partner_ref = "Q-1"
        self.assertEqual(link.state, "synced", link.error)
        self.assertIn("kept QuickBooks' version of: Line", link.warning)
        self.assert_total(link, 60)


class TestCanada(CanadaCase):
    """The bill's tax is Odoo's, whatever QuickBooks rounds by."""

    def test_tax_is_corrected_on_the_answer(self):
        """13 % of 0.35 is 0.05 on each of four lines, 0.18 of all of them."""
        self.qbo.admin("knobs", tax_rounding="line")
        self.addCleanup(self.qbo.admin, "knobs", tax_rounding=None)
        taxes = {"tax_ids": [Command.set(self.hst.ids)]}
        lines = [(self.board, 1, 0.35, taxes) for _line in range(4)]
        order = self.new_purchase(*lines)
        self.send(order.button_confirm, order)
        self.assertEqual(order.amount_tax, 0.18)
        self.assertEqual(f"{self.in_qbo(order)['TotalAmt']:.2f}", "1.58")
        self.receive(order, 1, 1, 1, 1)
        order.action_create_invoice()
        move = order.invoice_ids
        move.write({"ref": "INV-1", "invoice_date": "2026-11-20"})
        self.send(move.action_post, move)
        self.assertEqual(f"{self.in_qbo(move, 'Bill')['TotalAmt']:.2f}", "1.58")

    def send(self, action, record):
        """Do it, and have both pushes: the document, and its correction."""
        with self.jobs():
            action()
        with self.jobs():
            self.env["qbo.binding"]._cron_push_pending()
        self.assert_synced(record)
