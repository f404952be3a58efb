# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's files and from that of the amounts.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models

LATER, NOW = "later", "now"
SEND, NOT_SET = "NeedToSend", "NotSet"
# What a customer is sent. Quotations are sent from Odoo: that is what makes them
# Estimates.
EMAILED = ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")
ATTACHED = (*EMAILED, "Estimate")


class QboBackend(models.Model):
    """Whether sales documents are mailed by QuickBooks, and get Odoo's PDF."""

    _inherit = "qbo.backend"

    email_mode = fields.Selection(
        [
            (LATER, "Marked to be sent, in QuickBooks"),
            (NOW, "QuickBooks sends them at once"),
        ],
        "E-mails to customers",
        help="Of the documents of this day and later: those in QuickBooks' list “Send "
        "later” are sent there by a person. Empty: QuickBooks sends nothing.",
    )
    email_since = fields.Datetime(readonly=True, copy=False, help="UTC.")
    push_pdf = fields.Boolean(
        "Attach the PDF",
        help="The PDF of the order or the invoice is attached to the document in "
        "QuickBooks, and again when the document changes.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        backends = super().create(vals_list)
        backends.filtered("email_mode")._mail_from_now()
        return backends

    def write(self, vals):
        mode = vals.get("email_mode")
        starting = self.filtered(lambda one: mode and one.email_mode != mode)
        result = super().write(vals)
        starting._mail_from_now()
        if "email_mode" in vals and vals["email_mode"] != NOW:
            self._forget_waiting("email")
        if "push_pdf" in vals and not vals["push_pdf"]:
            self._forget_waiting("pdf")
        return result

    def _mail_from_now(self):
        # Nobody wants to mail what lies in the past, when it is changed or loaded.
        if self:
            # Whoever may choose the mode starts the clock.
            self.sudo().email_since = self.env.cr.now()

    def _forget_waiting(self, kind):
        # What waits for a document that the person changes.
        self.env["qbo.followup"].sudo().search(
            [
                ("backend_id", "in", self.ids),
                ("kind", "=", kind),
                ("state", "=", "waiting"),
            ]
        ).unlink()

    def _setup_checks(self):
        made = self.env["ir.actions.report"].get_wkhtmltopdf_state() not in (
            "install",
            "broken",
        )
        return [
            *super()._setup_checks(),
            (
                "sync",
                made or not self.push_pdf,
                self.env._(
                    "Install wkhtmltopdf on the server, or Odoo can make no PDF to "
                    "attach."
                ),
            ),
        ]


class QboSaleDocument(models.AbstractModel):
    """What follows a sales document into QuickBooks."""

    _inherit = "qbo.sale.document"

    # --------------------------------------------------------------- hooks
    def _qbo_email_to(self):
        """Return where the customer gets documents: one address or several."""
        partner = self._qbo_bill_partner()
        return partner.email or partner.commercial_partner_id.email

    def _qbo_pdf_report(self):
        """Return (report, record) of the PDF to attach."""
        return "sale.action_report_saleorder", self._qbo_sale_orders()[:1]

    # --------------------------------------------------------------- e-mail
    def _qbo_is_mailed(self, backend, entity):
        """Whether the customer gets this document by e-mail from QuickBooks."""
        since = backend.email_since
        if entity not in EMAILED or not backend.email_mode or not since:
            return False
        queued = self._qbo_link(backend, entity).create_date or since
        return queued >= since and self._qbo_date() >= self._qbo_local_date(since)

    def _qbo_email_status(self, backend, entity):
        """What QuickBooks is told: once marked, a document stays so."""
        marked = "EmailStatus" in (self._qbo_link(backend, entity).sent or {})
        later = backend.email_mode == LATER and self._qbo_is_mailed(backend, entity)
        return SEND if marked or later else ""

    def _qbo_not_drift(self, binding, values):
        """A person has sent it from QuickBooks: that is no change to ask about."""
        values = super()._qbo_not_drift(binding, values)
        ours = (binding.sent or {}).get("EmailStatus")
        return {**values, "EmailStatus": ours} if ours else values

    def _qbo_check_answer(self, backend, entity, body, answer):
        """Say that there is no address to send it to."""
        found = super()._qbo_check_answer(backend, entity, body, answer)
        if found or body.get("EmailStatus") != NOT_SET:
            return found
        return self.env._(
            "It isn't marked to be sent by e-mail: %s has no usable address. Enter "
            "one, then push it again.",
            self._qbo_bill_partner().display_name,
        )

    # ---------------------------------------------------------------- after
    def _qbo_after_push(self, binding, answer, created):
        result = super()._qbo_after_push(binding, answer, created)
        kinds = self._qbo_followups(binding)
        if kinds and binding.state == "synced":
            self.env["qbo.followup"]._plan(binding, kinds)
        return result

    def _qbo_followups(self, binding):
        """Return what follows: "email", "pdf"."""
        backend, entity = binding.backend_id, binding.entity
        kinds = []
        if backend.push_pdf and entity in ATTACHED:
            kinds.append("pdf")
        if backend.email_mode == NOW and self._qbo_is_mailed(backend, entity):
            kinds.append("email")
        return kinds
