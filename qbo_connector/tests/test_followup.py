# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
from contextlib import suppress
from datetime import timedelta

import requests

from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools.pdf import PdfReader, PdfWriter

from odoo.addons.queue_job.exception import RetryableJobError

from .sale_common import SaleCase


def pdf(pages):
    """A PDF of so many empty pages."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(100, 100)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


class FollowupCase(SaleCase):
    """What follows a document: exactly once, and never in its way."""

    def row(self, order, kind):
        self.env.invalidate_all()
        return self.links(order).followup_ids.filtered(lambda row: row.kind == kind)

    def followup_job(self, order, kind):
        """Confirm an order; its document is in QuickBooks, what follows is queued."""
        link = self.confirm(order)
        self.assertEqual(link.state, "synced", link.error)
        return self.row(order, kind)

    def follow(self):
        """Run the jobs of what follows documents."""
        with self.jobs():
            self.env["qbo.binding"]._resume(self.backend)

    def mailed(self, order):
        self.invoice(order)
        self.follow()
        return self.row(order, "email")

    def run_job(self, row):
        """Run its job as the queue does; QuickBooks may not answer."""
        with suppress(RetryableJobError):
            row._job_follow()
        self.env.invalidate_all()

    def lose_answer(self, row, operation):
        """QuickBooks does it, but its answer never arrives."""
        self.qbo.admin("faults", kind="cut_after", match={"operation": operation})
        begun = fields.Datetime.now() - timedelta(minutes=10)
        self.run_job(row)
        # A test's cursors are nested, so the job's failure took this along.
        row.begun = begun
        self.env.flush_all()
        self.qbo.admin("requestids/forget", realm=self.qbo.realm)

    def calls(self, operation):
        return self.env["qbo.log"].search_count(
            [("backend_id", "=", self.backend.id), ("operation", "=", operation)]
        )


class TestEmail(FollowupCase):
    """QuickBooks mails the documents, or has them on its list to be sent."""

    def in_qbo(self, order):
        return self.client().read("Invoice", self.links(order).qbo_id)

    def test_nothing_is_mailed_by_default(self):
        answer = self.invoice(self.order(self.line()))
        self.assertEqual(answer["EmailStatus"], "NotSet")

    def test_marked_to_be_sent_and_sent_by_a_person_is_no_drift(self):
        self.backend.email_mode = "later"
        order = self.order(self.line())
        answer = self.invoice(order)
        self.assertEqual(answer["EmailStatus"], "NeedToSend")
        self.assertEqual(answer["BillEmail"], {"Address": "azure@example.com"})
        link = self.links(order)
        theirs = self.client().send("Invoice", link.qbo_id, "a@b.test", "by-hand")
        theirs["BillEmail"] = answer["BillEmail"]
        link._watch(theirs)
        self.assertEqual(link.state, "synced", link.error)
        self.backend.email_mode = False
        with self.jobs():
            order.client_order_ref = "PO-8"
        self.assertEqual(self.links(order).state, "synced", link.error)
        self.assertEqual(self.in_qbo(order)["EmailStatus"], "EmailSent")

    def test_without_an_address_it_is_said_and_marked_once_there_is_one(self):
        self.backend.email_mode = "later"
        self.customer.email = False
        order = self.order(self.line())
        link = self.confirm(order)
        self.assertEqual(link.state, "synced")
        self.assertIn("no usable address", link.warning)
        self.customer.email = "azure@example.com"
        with self.jobs():
            order.action_qbo_push()
        self.assertEqual(self.in_qbo(order)["EmailStatus"], "NeedToSend")
        self.assertFalse(self.links(order).warning)

    def test_sent_at_once_and_once_only(self):
        self.backend.email_mode = "now"
        order = self.order(self.line())
        row = self.mailed(order)
        self.assertEqual((row.state, row.detail), ("done", "azure@example.com"))
        self.assertEqual(self.in_qbo(order)["EmailStatus"], "EmailSent")
        self.assertIn("azure@example.com", order.message_ids[0].body)
        reads = self.calls("read")
        with self.jobs():
            order.client_order_ref = "PO-8"
        with self.jobs():
            row.action_retry()
        self.follow()
        self.assertEqual(self.calls("send"), 1)
        self.assertEqual(self.calls("read"), reads, "no merge: the version is known")

    def test_mail_whose_answer_was_lost_is_not_sent_twice(self):
        self.backend.email_mode = "now"
        row = self.followup_job(self.order(self.line()), "email")
        self.lose_answer(row, "send")
        self.assertEqual(row.state, "waiting")
        self.run_job(row)
        self.assertEqual((row.state, self.calls("send")), ("done", 1))

    def test_mail_that_never_reached_quickbooks_is_sent_again(self):
        self.backend.email_mode = "now"
        row = self.followup_job(self.order(self.line()), "email")
        self.qbo.admin("faults", kind="cut_before", match={"operation": "send"})
        self.run_job(row)
        row.begun = fields.Datetime.now() - timedelta(minutes=10)
        self.env.flush_all()
        self.run_job(row)
        self.assertEqual((row.state, self.calls("send")), ("done", 2))

    def test_a_try_that_may_be_under_way_is_waited_for(self):
        self.backend.email_mode = "now"
        row = self.followup_job(self.order(self.line()), "email")
        row.begun = fields.Datetime.now()
        self.env.flush_all()
        with self.assertRaises(RetryableJobError):
            row._job_follow()
        self.assertEqual(self.calls("send"), 0)

    def test_no_address_is_for_a_person_and_the_invoice_is_fine(self):
        self.backend.email_mode = "now"
        self.customer.email = "nowhere"
        order = self.order(self.line(), user_id=self.env.ref("base.user_admin").id)
        row = self.mailed(order)
        self.assertEqual((row.state, order.qbo_state), ("failed", "synced"))
        self.assertIn("no usable e-mail", order.qbo_message)
        self.assertTrue(order.activity_ids)
        self.customer.email = "azure@example.com"
        with self.jobs():
            row.action_retry()
        self.assertEqual(self.row(order, "email").state, "done")
        self.assertFalse(order.activity_ids)

    def test_refused_mail_is_for_a_person_and_goes_under_a_new_request_id(self):
        self.backend.email_mode = "now"
        order = self.order(self.line())
        self.qbo.admin("faults", kind="fault", code=2210, match={"operation": "send"})
        row = self.mailed(order)
        self.assertEqual(row.state, "failed")
        with self.jobs():
            row.action_retry()
        self.assertEqual(self.row(order, "email").state, "done")
        ids = self.env["qbo.log"].search([("operation", "=", "send")])
        self.assertEqual(len(set(ids.mapped("request_id"))), 2)

    def test_documents_of_before_are_not_mailed(self):
        early = self.order(self.line())
        self.invoice(early)
        self.backend.email_mode = "now"
        self.env.cr.execute(
            "UPDATE qbo_binding SET create_date = create_date - interval '1 hour'"
        )
        self.env.invalidate_all()
        with self.jobs():
            early.client_order_ref = "PO-8"
        old = self.order(self.line())
        old.action_confirm()
        old.date_order -= timedelta(days=3)
        with self.jobs():
            old.action_qbo_push()
        self.assertEqual(self.links(old).state, "synced")
        self.assertFalse(self.row(early, "email") | self.row(old, "email"))

    def test_what_was_marked_before_is_not_mailed_by_another_setting(self):
        self.backend.email_mode = "later"
        order = self.order(self.line())
        self.invoice(order)
        self.env.cr.execute(
            "UPDATE qbo_binding SET create_date = create_date - interval '1 hour'"
        )
        self.env.cr.execute(
            "UPDATE qbo_backend SET email_since = email_since - interval '2 hours'"
        )
        self.env.invalidate_all()
        self.backend.email_mode = "now"
        with self.jobs():
            order.client_order_ref = "PO-8"
        self.assertFalse(self.row(order, "email"))

    def test_what_is_wrong_in_quickbooks_is_not_mailed(self):
        self.backend.email_mode = "now"
        row = self.followup_job(self.order(self.line()), "email")
        row.binding_id.state = "blocked"
        self.env.flush_all()
        self.run_job(row)
        self.assertEqual((row.state, self.calls("send")), ("waiting", 0))

    def test_switched_off_again_nothing_that_waits_is_sent(self):
        self.backend.email_mode = "now"
        row = self.followup_job(self.order(self.line()), "email")
        self.backend.email_mode = False
        self.assertFalse(row.exists())

    def test_who_reads_the_order_sees_its_mail(self):
        self.backend.email_mode = "now"
        order = self.order(self.line())
        self.invoice(order)
        seller, other = (
            new_test_user(
                self.env,
                login,
                group,
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            for login, group in (
                ("seller", "sales_team.group_sale_salesman_all_leads"),
                ("other", "qbo_connector.group_qbo_user"),
            )
        )
        rows = self.env["qbo.followup"]
        self.assertEqual(len(rows.with_user(seller).search([])), 1)
        self.assertFalse(rows.with_user(other).search([]))


class TestPdf(FollowupCase):
    """The order's PDF hangs on the document."""

    def setUp(self):
        super().setUp()
        self.backend.push_pdf = True
        report = self.env.ref("sale.action_report_saleorder")
        # What Odoo has printed and kept is taken: it needs no wkhtmltopdf.
        report.write({"attachment": "'order.pdf'", "attachment_use": True})

    def print(self, order, pages=1):
        stored = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        stored.unlink()
        self.env["ir.attachment"].create(
            {
                "name": "order.pdf",
                "raw": pdf(pages),
                "mimetype": "application/pdf",
                "res_model": "sale.order",
                "res_id": order.id,
            }
        )
        return order

    def attached(self, order):
        """[(file name, pages), …] of what hangs on the Invoice."""
        found = self.client().query("select * from Attachable")
        for one in found:
            [link] = one["AttachableRef"]
            self.assertEqual(
                link["EntityRef"],
                {"type": "Invoice", "value": self.links(order).qbo_id},
            )
        files = [
            requests.get(one["TempDownloadUri"], timeout=10).content for one in found
        ]
        pages = [len(PdfReader(io.BytesIO(file)).pages) for file in files]
        return list(zip([one["FileName"] for one in found], pages, strict=True))

    def test_pdf_is_attached_once(self):
        order = self.print(self.order(self.line()))
        self.invoice(order)
        self.follow()
        self.assertEqual(self.attached(order), [(f"{order.name}.pdf", 1)])
        with self.jobs():
            order.action_qbo_push()
        self.follow()
        self.assertEqual(self.calls("upload"), 1)
        log = self.env["qbo.log"].search([("operation", "=", "upload")])
        self.assertRegex(log.request, r"bytes\)$")
        self.assertLess(len(log.request), 400)

    def test_changed_order_gets_a_new_pdf_in_place_of_the_old(self):
        order = self.print(self.order(self.line()))
        self.invoice(order)
        self.follow()
        self.print(order, pages=2)
        with self.jobs():
            order.client_order_ref = "PO-8"
        self.follow()
        self.assertEqual(self.attached(order), [(f"{order.name}.pdf", 2)])

    def test_pdf_that_was_removed_in_quickbooks_comes_again_when_asked_for(self):
        order = self.print(self.order(self.line()))
        self.invoice(order)
        self.follow()
        row = self.row(order, "pdf")
        self.client().delete("Attachable", row.attachable_id, "0", "by-hand")
        with self.jobs():
            row.action_retry()
        self.assertEqual(self.attached(order), [(f"{order.name}.pdf", 1)])

    def test_upload_whose_answer_was_lost_is_not_repeated(self):
        order = self.print(self.order(self.line()))
        row = self.followup_job(order, "pdf")
        self.lose_answer(row, "upload")
        self.run_job(row)
        self.assertEqual((row.state, self.calls("upload")), ("done", 1))
        self.assertEqual(len(self.attached(order)), 1)

    def test_no_pdf_holds_up_no_invoice(self):
        # It fails with wkhtmltopdf, and without it.
        self.env.ref("sale.action_report_saleorder").report_name = "sale.nothing"
        order = self.order(self.line())
        self.invoice(order)
        self.follow()
        row = self.row(order, "pdf")
        self.assertEqual((row.state, order.qbo_state), ("failed", "synced"))
        self.assertIn("Odoo can't make the PDF", order.qbo_message)
        self.print(order)
        with self.jobs():
            row.action_retry()
        self.assertEqual(self.row(order, "pdf").state, "done")

    def test_the_connection_says_that_a_program_is_missing(self):
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        self.backend.invalidate_recordset()
        said = "wkhtmltopdf" in (self.backend.setup_todo or "")
        self.assertEqual(said, state in ("install", "broken"))

    def test_voided_invoice_gets_no_pdf_any_more(self):
        order = self.print(self.order(self.line()))
        row = self.followup_job(order, "pdf")
        with self.jobs():
            order._action_cancel()
        self.run_job(row)
        self.assertFalse(row.exists())
        self.assertFalse(self.attached(order))
