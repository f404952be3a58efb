# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the models whose links and settings it adds to.
# pylint: disable=consider-merging-classes-inherited
from contextlib import contextmanager
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import LockError

from odoo.addons.queue_job.exception import RetryableJobError

from ..qbo import marks
from ..qbo.errors import UNKNOWN, Blocked, QboError
from .qbo_binding import CHANNEL, PRIORITY_DOCUMENT
from .qbo_followup_steps import STEPS
from .qbo_guarded import KEYS, MANAGER, plain

BUSY_SECONDS = 2
# QuickBooks gives a request up after two minutes: what it hasn't done by then, it
# won't do any more.
UNSURE = timedelta(minutes=3)


class QboFollowup(models.Model):
    """What follows a document into QuickBooks: its e-mail, its PDF.

    With a row and a job of its own, so that it never holds up the document. Exactly
    once: nobody documents that QuickBooks knows a repeated e-mail or upload by its
    request id. So each try is noted for good before it leaves, and where its outcome
    is unknown, the next one waits and looks first.
    """

    _name = "qbo.followup"
    _inherit = "qbo.guarded"
    _description = "What follows a document into QuickBooks"
    _order = "id desc"
    _qbo_keys = KEYS | {"kind"}

    binding_id = fields.Many2one(
        "qbo.binding", "Document", required=True, index=True, ondelete="cascade"
    )
    backend_id = fields.Many2one(related="binding_id.backend_id", store=True)
    company_id = fields.Many2one(related="backend_id.company_id", store=True)
    qbo_id = fields.Char(
        "QuickBooks ID", required=True, help="Of the document that it follows."
    )
    kind = fields.Selection([("email", "E-mail"), ("pdf", "PDF")], required=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("failed", "Needs attention"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    detail = fields.Char(
        "What", readonly=True, help="The address it was sent to; the file's name."
    )
    done_on = fields.Datetime("Done on", readonly=True, help="UTC.")
    error = fields.Text("Reason", readonly=True)
    fix = fields.Text("What to do", readonly=True)
    begun = fields.Datetime(
        readonly=True, help="UTC; of a try whose outcome isn't known."
    )
    attempt = fields.Integer(
        readonly=True, help="Raised by each known outcome: a new request id."
    )
    attachable_id = fields.Char("Attachable ID", readonly=True)
    fingerprint = fields.Char(
        readonly=True, help="What QuickBooks was told of the document at that time."
    )

    _document_uniq = models.UniqueIndex("(binding_id, kind, qbo_id)")

    # ---------------------------------------------------------------- queue
    @api.model
    def _plan(self, link, kinds):
        """Queue what a document is to be followed by and isn't yet.

        A PDF follows again when the document has changed in QuickBooks.

        :param link: the `qbo.binding`, in step with QuickBooks
        """
        of_link = [("binding_id", "=", link.id), ("qbo_id", "=", link.qbo_id)]
        rows = self.search([*of_link, ("kind", "in", kinds)])
        known = set(rows.mapped("kind"))
        rows |= self.create(
            [
                {"binding_id": link.id, "qbo_id": link.qbo_id, "kind": kind}
                for kind in kinds
                if kind not in known
            ]
        )
        rows.filtered(
            lambda row: (
                (row.kind, row.state) == ("pdf", "done")
                and row.fingerprint != link.payload_hash
            )
        ).state = "waiting"
        rows.filtered(lambda row: row.state == "waiting")._enqueue()

    def _enqueue(self):
        # Jobs have the connection's rights, whoever queued them.
        for row in self.with_user(SUPERUSER_ID):
            if row.backend_id._is_connected():
                row.with_delay(
                    priority=PRIORITY_DOCUMENT + 1,
                    channel=CHANNEL,
                    max_retries=0,
                    identity_key=f"qbo.followup:{row.id}",
                    description=f"QuickBooks: {row.kind}, {row.binding_id.name}",
                )._job_follow()

    def _job_follow(self):
        """Bring it into QuickBooks.

        :raise RetryableJobError: when QuickBooks or another worker is waited for
        """
        row = self.exists()
        if not row or not row.backend_id._is_connected():
            return
        try:
            with row.backend_id._as_job():
                row._follow()
        except LockError as error:
            raise RetryableJobError(
                "Another worker is at it", seconds=BUSY_SECONDS, ignore_retry=True
            ) from error
        except Blocked as blocked:
            row._fail(blocked.reason, blocked.fix)
        except QboError as error:
            if error.kind == "reconnect":
                raise
            detail = f" ({error.detail})" if error.detail else ""
            explanation = error.explanation
            row._fail(
                self.env._(explanation.cause) + detail, self.env._(explanation.fix)
            )

    # ----------------------------------------------------------------- once
    def _follow(self):
        """:raise QboError, Blocked, RetryableJobError, LockError: if not now"""
        link = self.binding_id
        if link.state == "gone" or link.qbo_id != self.qbo_id:
            self.unlink()
            return
        if link.state != "synced":
            # What isn't right is neither mailed nor attached; planned when it is.
            return
        step = STEPS[self.kind](self)
        content = step.prepare()
        tried = self._begin()
        if tried is None:
            return
        client = self.backend_id._client(link)
        answer = step.find(client) if tried else None
        answer = answer or self._send(step, client, content)
        self._done(step.outcome(content, answer), step.told(content))
        step.after(answer)

    def _begin(self):
        """Note, for good, that a try is about to leave.

        :return: whether one has left before without a known outcome; None if
            nothing is to be done any more
        :raise RetryableJobError: if that one may still be under way
        """
        now = fields.Datetime.now()
        with self._own_transaction() as row:
            row.lock_for_update(allow_referencing=True)
            before = row.begun
            if row.state != "waiting":
                return None
            if before and before > now - UNSURE:
                raise RetryableJobError(
                    "A try is under way, or got no answer",
                    seconds=int(UNSURE.total_seconds()),
                    ignore_retry=True,
                )
            row.begun = now
        return bool(before)

    def _send(self, step, client, content):
        try:
            return step.send(client, content, self._request_id())
        except QboError as error:
            if error.outcome != UNKNOWN:
                self._note(begun=False, attempt=self.attempt + 1)
            raise

    def _request_id(self):
        database = self.env["ir.config_parameter"].get_param("database.uuid")
        realm = self.backend_id.realm_id
        return marks.request_id(
            database, realm, self._name, self.id, self.kind, self.attempt
        )

    @contextmanager
    def _own_transaction(self):
        """This row on a cursor of its own, committed at the end."""
        with self.env.registry.cursor() as cr:
            # The connector's own transaction: rows that were checked before.
            yield self.with_env(self.env(cr=cr, su=True))

    def _note(self, **values):
        with self._own_transaction() as row:
            row.write(values)

    def _note_version(self, answer):
        """Know the version QuickBooks has made, if nobody is at the document."""
        with self._own_transaction() as row:
            link = row.binding_id
            try:
                link.lock_for_update(allow_referencing=True)
            except LockError:
                return  # its next push merges
            if not link._is_echo(answer):
                link.write(link._version(answer))

    # ------------------------------------------------------------- outcomes
    def _done(self, values, text):
        with self._own_transaction() as row:
            row.write(
                {
                    "state": "done",
                    "done_on": fields.Datetime.now(),
                    "error": False,
                    "fix": False,
                    "begun": False,
                    "attempt": row.attempt + 1,
                    **values,
                }
            )
            row._tell(text)
            if row.kind == "email" and row.binding_id.state == "synced":
                row.binding_id._close_notice()

    def _fail(self, reason, fix):
        """Say on the row and on the document why it isn't done."""
        with self._own_transaction() as row:
            row.write(
                {
                    "state": "failed",
                    "error": reason,
                    "fix": fix,
                    "begun": False,
                    "attempt": row.attempt + 1,
                }
            )
            row._tell(f"{row.env._('QuickBooks, %s:', row._label())} {reason} {fix}")
            if row.kind == "email":
                row._notify()

    def _label(self):
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _tell(self, text):
        record = self.binding_id._record().exists()
        if record and hasattr(record, "_message_log"):
            record._message_log(body=text)

    def _notify(self):
        """An activity for the document's person; ends when it was sent after all.

        Not for PDFs: what keeps one from being made keeps all.
        """
        link = self.binding_id
        record = link._record().exists()
        user = record and link._responsible(record)
        if user and hasattr(record, "activity_schedule"):
            record.with_context(mail_activity_quick_update=True).activity_schedule(
                "qbo_connector.activity_attention",
                user_id=user.id,
                summary=self.env._("%s was not sent by e-mail", link.display_name),
                note=plain(f"{self.error} {self.fix}"),
            )

    def action_retry(self):
        """Queue again what failed; a PDF that is there is made and uploaded anew.

        :raise AccessError: if the user is no QuickBooks manager
        """
        self._qbo_check_role("write", MANAGER)
        # Checked above; states are the connector's.
        rows = self.sudo().filtered(lambda row: (row.kind, row.state) != SENT)
        rows.write({"state": "waiting", "error": False, "fix": False})
        rows._enqueue()
        return True

    def action_open_record(self):
        """Open the Odoo record."""
        self._qbo_check_role("read")
        return self.binding_id.action_open_record()


# Not twice: QuickBooks itself offers to send it again.
SENT = ("email", "done")


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    followup_ids = fields.One2many("qbo.followup", "binding_id", "E-mail and PDF")

    @api.model
    def _resume(self, backend):
        result = super()._resume(backend)
        self.env["qbo.followup"].search(
            [("backend_id", "=", backend.id), ("state", "=", "waiting")], order="id"
        )._enqueue()
        return result

    def _message(self):
        """Where all else is well: what is wrong with its e-mail or its PDF."""
        # Said to whom the link's message is shown anyway.
        failed = self.sudo().followup_ids.filtered(lambda row: row.state == "failed")
        parts = [part for row in failed[:1] for part in (row.error, row.fix) if part]
        return super()._message() or " ".join(parts) or False
