# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress

from odoo import Command

from odoo.addons.queue_job.exception import RetryableJobError

from .pull_common import PullCase

# What QuickBooks moves by itself whenever something is written.
ITS_OWN = {"SyncToken", "MetaData"}


class KeptCase(PullCase):
    """Odoo's version, QuickBooks' version, and what becomes of them."""

    def lines(self, link):
        """The lines a bookkeeper sees, as they can be sent back."""
        theirs = self.theirs(link.entity, link.qbo_id)
        return [line for line in theirs["Line"] if line.get("Id")]

    def edit_line(self, link, amount, **detail):
        """Change the first line in QuickBooks; its words and day as well."""
        first, *others = self.lines(link)
        kind = first["DetailType"]
        edited = {**first, "Amount": amount, kind: {**first[kind], **detail}}
        self.change(link.entity, link.qbo_id, Line=[edited, *others])

    def compare(self, link):
        return self.env["qbo.compare"].browse(link.action_compare()["res_id"])

    def rows(self, compare):
        return {row.field_name: (row.mine, row.theirs) for row in compare.line_ids}

    def keep(self, link, whose):
        with self.jobs():
            getattr(self.compare(link), f"action_keep_{whose}")()
        self.assertEqual(link.state, "synced", link.error)

    def assert_untouched(self, before, after, *but):
        """Every field is as it was, but those named."""
        names = {*before, *after} - ITS_OWN - {*but}
        self.assertEqual(
            {name: before.get(name) for name in names},
            {name: after.get(name) for name in names},
        )

    def assert_total(self, link, total):
        theirs = self.theirs(link.entity, link.qbo_id)
        self.assertEqual(float(theirs["TotalAmt"]), total)
        return theirs


class TestCompare(KeptCase):
    """What Compare shows is what happens; nothing else."""

    def both_changed(self):
        """3 desks: the bookkeeper makes them 5 and writes more, Odoo makes them 4."""
        order = self.new_order()
        link = self.confirm(order)
        self.edit_line(link, 99.95, Qty=5, ServiceDate="2026-11-11")
        self.change(
            "Invoice",
            link.qbo_id,
            TrackingNum="1Z 999",
            CustomerMemo={"value": "As agreed by phone"},
            PrintStatus="PrintComplete",
            ShipDate="2026-11-20",
        )
        with self.jobs():
            order.order_line.write({"product_uom_qty": 4, "price_unit": 19.99})
        self.assertEqual(link.state, "drifted", link.error)
        return order, link

    def test_keep_odoo_touches_what_is_shown_and_nothing_else(self):
        order, link = self.both_changed()
        before = self.theirs("Invoice", link.qbo_id)
        shown = self.rows(self.compare(link))
        amounts = {"Line 1 Qty", "Line 1 Amount", "TxnTaxDetail", "TotalAmt"}
        self.assertEqual(set(shown), amounts)
        self.assertEqual(shown["Line 1 Qty"], ("4", "5"))
        self.assertEqual(shown["TotalAmt"], ("86.36", "107.95"))
        self.keep(link, "odoo")
        after = self.assert_total(link, order.amount_total)
        changed = ("Line", "TxnTaxDetail", "TotalAmt", "Balance")
        self.assert_untouched(before, after, *changed)
        ours, theirs = after["Line"][0], before["Line"][0]
        self.assert_untouched(theirs, ours, "Amount", "SalesItemLineDetail")
        kind = "SalesItemLineDetail"
        self.assert_untouched(theirs[kind], ours[kind], "Qty")
        self.assertFalse(self.compare(link).line_ids)

    def test_keep_odoo_empties_what_it_shows_as_empty(self):
        order = self.new_order(note="Thank you")
        link = self.confirm(order)
        self.change("Invoice", link.qbo_id, CustomerMemo={"value": "Come again"})
        with self.jobs():
            order.note = False
        self.assertEqual(link.state, "drifted", link.error)
        before = self.theirs("Invoice", link.qbo_id)
        shown = self.rows(self.compare(link))
        self.assertEqual(set(shown), {"CustomerMemo"})
        self.assertFalse(shown["CustomerMemo"][0])
        self.keep(link, "odoo")
        after = self.theirs("Invoice", link.qbo_id)
        self.assertFalse(after.get("CustomerMemo"))
        self.assert_untouched(before, after, "CustomerMemo")

    def test_a_line_of_the_bookkeeper_is_shown_before_it_goes(self):
        order = self.new_order()
        link = self.confirm(order)
        [line] = self.lines(link)
        added = {**line, "Id": None, "LineNum": None, "Description": "Express"}
        self.change("Invoice", link.qbo_id, Line=[line, added])
        self.poll()
        self.assertEqual(link.state, "drifted")
        mine, theirs = self.rows(self.compare(link))["Line 2"]
        self.assertFalse(mine)
        self.assertIn("Express", theirs)
        self.keep(link, "odoo")
        self.assertEqual(len(self.lines(link)), 1)
        self.assert_total(link, order.amount_total)

    def test_a_customer_over_all_fields(self):
        self.customer.phone = "+1 555 0100"
        self.confirm(self.new_order())
        link = self.links(self.customer)
        self.change(
            "Customer",
            link.qbo_id,
            PrimaryPhone={"FreeFormNumber": "+1 555 0199"},
            AlternatePhone={"FreeFormNumber": "+1 555 0177"},
            Notes="Pays late",
            PreferredDeliveryMethod="Email",
        )
        with self.jobs():
            self.customer.phone = "+1 555 0111"
        self.assertEqual(link.state, "drifted", link.error)
        before = self.theirs("Customer", link.qbo_id)
        self.assertEqual(set(self.rows(self.compare(link))), {"PrimaryPhone"})
        self.keep(link, "odoo")
        after = self.theirs("Customer", link.qbo_id)
        self.assert_untouched(before, after, "PrimaryPhone")
        self.assertEqual(after["PrimaryPhone"]["FreeFormNumber"], "+1 555 0111")

    # ------------------------------------------------------ keep QuickBooks
    def test_a_version_that_was_kept_blocks_nothing_later(self):
        order, link = self.both_changed()
        self.keep(link, "quickbooks")
        self.assertIn("kept QuickBooks' version of: Line", link.warning)
        with self.jobs():
            order.client_order_ref = "PO-9"
        self.assertEqual(link.state, "synced", link.error)
        self.assertIn("kept QuickBooks' version of: Line", link.warning)
        invoice = self.assert_total(link, 107.95)
        self.assertEqual(invoice["CustomField"][0]["StringValue"], "PO-9")
        self.poll()
        self.assertEqual(link.state, "synced", link.error)
        with self.jobs():
            order.order_line.product_uom_qty = 6
        self.assertEqual(link.state, "synced", link.error)
        self.assert_total(link, order.amount_total)
        self.assertFalse(link.warning)

    def test_pushing_it_by_hand_sends_odoos_version(self):
        order, link = self.both_changed()
        self.keep(link, "quickbooks")
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(link.state, "synced", link.error)
        self.assert_total(link, order.amount_total)
        self.assertFalse(link.warning)

    def test_a_further_change_of_a_kept_field_in_quickbooks_is_drift(self):
        _order, link = self.both_changed()
        self.keep(link, "quickbooks")
        self.edit_line(link, 119.94, Qty=6)
        self.poll()
        self.assertEqual(link.state, "drifted")


class TestNoDrift(KeptCase):
    """What QuickBooks does itself, or nobody in Odoo says, is no change."""

    def two_lines(self):
        order = self.new_order((self.desk, 3, 19.99), (self.desk, 1, 5))
        return order, self.confirm(order)

    def test_lines_in_another_order(self):
        order, link = self.two_lines()
        lines = [{**line, "LineNum": None} for line in self.lines(link)]
        self.change("Invoice", link.qbo_id, Line=lines[::-1])
        self.poll()
        self.assertEqual(link.state, "synced", link.error)
        self.assertFalse(self.compare(link).line_ids)
        with self.jobs():
            order.order_line[1].product_uom_qty = 4
        self.assertEqual(link.state, "synced", link.error)
        invoice = self.assert_total(link, order.amount_total)
        self.assertEqual(len([one for one in invoice["Line"] if one.get("Id")]), 2)

    def test_a_class_on_a_line_stays_over_any_number_of_changes(self):
        order, link = self.two_lines()
        east = self.save("Class", Name="East")["Id"]
        self.edit_line(link, 59.97, ClassRef={"value": east})
        self.poll()
        self.assertEqual(link.state, "synced", link.error)
        for quantity in (4, 5):
            with self.jobs():
                order.order_line[1].product_uom_qty = quantity
            self.assertEqual(link.state, "synced", link.error)
            first = self.lines(link)[0]["SalesItemLineDetail"]
            self.assertEqual(first["ClassRef"]["value"], east)
            self.assert_total(link, order.amount_total)

    def test_each_side_changed_something_else(self):
        order = self.new_order()
        link = self.confirm(order)
        self.change("Invoice", link.qbo_id, DueDate="2030-01-01")
        with self.jobs():
            order.note = "By the back door"
        self.assertEqual(link.state, "synced", link.error)
        self.assertIn("left as it is: DueDate", link.warning)
        self.poll()
        with self.jobs():
            order.client_order_ref = "PO-9"
        self.poll()
        self.assertEqual(link.state, "synced", link.error)
        invoice = self.theirs("Invoice", link.qbo_id)
        self.assertEqual(invoice["DueDate"], "2030-01-01")
        self.assertEqual(invoice["CustomerMemo"]["value"], "By the back door")

    def test_an_estimate_that_was_invoiced(self):
        self.backend.push_quotations = True
        order = self.new_order()
        with self.jobs():
            order.action_quotation_sent()
        estimate = self.links(order)
        self.assertEqual(estimate.entity, "Estimate")
        self.confirm(order)
        self.poll()
        theirs = self.theirs("Estimate", estimate.qbo_id)
        self.assertEqual(theirs["TxnStatus"], "Closed")
        self.assertEqual(estimate.state, "synced", estimate.error)

    def test_an_estimate_that_the_bookkeeper_rejected_is_drift(self):
        self.backend.push_quotations = True
        order = self.new_order()
        with self.jobs():
            order.action_quotation_sent()
        estimate = self.links(order)
        self.change("Estimate", estimate.qbo_id, TxnStatus="Rejected")
        self.poll()
        self.assertEqual(estimate.state, "drifted")
        self.assertIn("TxnStatus", estimate.error)

    def test_what_was_changed_back_is_in_step_again(self):
        link = self.confirm(self.new_order())
        due = self.theirs("Invoice", link.qbo_id)["DueDate"]
        self.change("Invoice", link.qbo_id, DueDate="2030-01-01")
        self.poll()
        self.assertEqual(link.state, "drifted")
        self.change("Invoice", link.qbo_id, DueDate=due)
        self.poll()
        self.assertEqual(link.state, "synced")

    def test_links_of_earlier_versions(self):
        """They know only what was sent."""
        order, link = self.two_lines()
        link.write({"said": False, "extras": False, "choice": False})
        self.change("Invoice", link.qbo_id, TrackingNum="1Z 999")
        self.poll()
        self.assertEqual(link.state, "synced", link.error)
        with self.jobs():
            order.order_line[0].product_uom_qty = 7
        self.assertEqual(link.state, "synced", link.error)
        self.assertEqual(
            self.assert_total(link, order.amount_total)["TrackingNum"], "1Z 999"
        )


class TestSaidAgain(KeptCase):
    """What a person wants sent is sent, whatever was said before."""

    def test_push_on_a_drifted_document_overwrites_and_hides_nothing(self):
        order = self.new_order()
        link = self.confirm(order)
        self.change("Invoice", link.qbo_id, DueDate="2030-01-01")
        self.poll()
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(link.state, "drifted")
        self.assertEqual(self.theirs("Invoice", link.qbo_id)["DueDate"], "2030-01-01")

    def test_answer_of_an_earlier_try_is_cured_by_retry(self):
        """The first try was booked with 3; nothing is left to tell that."""
        self.confirm(self.new_order())
        order = self.new_order()
        self.qbo.admin("faults", kind="cut_after", match={"entity": "Invoice"})
        with self.queued():
            order.action_confirm()
        link = self.links(order)
        self.env.flush_all()
        with suppress(RetryableJobError):
            link._job_push()
        self.env["qbo.attempt"]._end(link)
        with self.jobs():
            order.order_line = [
                Command.update(order.order_line.id, {"product_uom_qty": 7})
            ]
        self.assertEqual((link.state, link.error_code), ("blocked", "total"))
        with self.jobs():
            link.action_retry()
        self.assertEqual(link.state, "synced", link.error)
        self.assert_total(link, order.amount_total)

    def test_a_custom_field_that_was_off_is_sent_when_it_is_on(self):
        """Dropped: said on the link; not sent again by itself, but by hand."""
        order = self.new_order(client_order_ref="PO-9")
        field = self.backend.po_number_field_id
        field.qbo_id, known = "9", field.qbo_id
        link = self.confirm(order)
        self.assertIn("CustomField", link.warning)
        writes = self.qbo.requests()[0]
        with self.jobs():
            order._qbo_touch()
        self.poll()
        self.assertEqual((self.qbo.requests()[0], link.state), (writes, "synced"))
        field.qbo_id = known
        with self.jobs():
            order.action_qbo_push()
        self.assertFalse(link.warning)
        shown = self.theirs("Invoice", link.qbo_id)["CustomField"][0]
        self.assertEqual(shown["StringValue"], "PO-9")
