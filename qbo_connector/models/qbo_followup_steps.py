# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How an e-mail and a PDF follow a document into QuickBooks: one step each."""

import psycopg2

from ..qbo import marks, payloads, queries, text
from ..qbo.errors import Blocked, QboFault

NOT_FOUND = "610"


class Step:
    """One step of a `qbo.followup`; knows no business object but by its hooks."""

    def __init__(self, row):
        self.row = row
        self.env = row.env
        self.link = row.binding_id
        self.record = self.link._record()

    def prepare(self):
        """Return what is to be sent; nothing has left yet.

        :raise Blocked: if a person must act first
        """
        raise NotImplementedError

    def find(self, client):
        """Return what an earlier try has done, or None."""
        raise NotImplementedError

    def send(self, client, content, request_id):
        """Do it; return QuickBooks' answer."""
        raise NotImplementedError

    def outcome(self, content, answer):
        """Return what the row stores of it."""
        raise NotImplementedError

    def told(self, content):
        """Return the line for the document's chatter."""
        raise NotImplementedError

    def after(self, answer):
        """What follows the stored outcome."""


class Email(Step):
    """QuickBooks mails the document to the customer."""

    def prepare(self):
        address = text.email(self.record._qbo_email_to())
        if not address:
            raise Blocked(
                "email",
                self.env._("The customer has no usable e-mail address."),
                self.env._(
                    "Enter one, then press “Retry” in QuickBooks → History → E-mails "
                    "and PDFs."
                ),
                "email",
            )
        return address

    def find(self, client):
        """QuickBooks marks what it has sent; it can't have been anybody else."""
        theirs = client.read(self.link.entity, self.row.qbo_id)
        return theirs if theirs.get("EmailStatus") == "EmailSent" else None

    def send(self, client, address, request_id):
        return client.send(self.link.entity, self.row.qbo_id, address, request_id)

    def outcome(self, address, answer):
        return {"detail": address}

    def told(self, address):
        return self.env._("QuickBooks has sent it to %s.", address)

    def after(self, answer):
        self.row._note_version(answer)


class Pdf(Step):
    """The document's PDF as an attachment of the transaction."""

    def prepare(self):
        """Render it, or take Odoo's stored one where the report says so."""
        report, record = self.record._qbo_pdf_report()
        reports = self.env["ir.actions.report"].with_context(
            # Else tests would get HTML.
            force_report_rendering=True
        )
        try:
            with self.env.cr.savepoint():
                content, _kind = reports._render_qweb_pdf(report, record.ids)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            # Whatever a report stumbles over, the document is fine.
            raise Blocked(
                "",
                self.env._("Odoo can't make the PDF: %s", error),
                self.env._(
                    "The document itself is in QuickBooks. Have an administrator look "
                    "at it, then press “Retry” in QuickBooks → History → E-mails and "
                    "PDFs."
                ),
                "pdf",
            ) from error
        return content

    @property
    def name(self):
        return text.file_name(f"{self.link.doc_number or self.link.name}.pdf")

    @property
    def mark(self):
        uuid = self.env["ir.config_parameter"].get_param("database.uuid")
        return marks.mark(uuid, self.record._name, self.record.id)

    def find(self, client):
        """Our file among those that hang on the transaction, but not the old one."""
        kind, oid = self.link.entity, self.row.qbo_id
        where = [
            queries.eq("AttachableRef.EntityRef.Type", kind.lower()),
            queries.eq("AttachableRef.EntityRef.value", oid),
        ]
        found = client.query(queries.select("Attachable", where))
        mine = marks.find_mark(self.mark)
        for one in found:
            same = marks.find_mark(one.get("Note")) == mine
            if same and one["Id"] != self.row.attachable_id:
                return one
        return None

    def send(self, client, data, request_id):
        self._remove_old(client, request_id)
        about = payloads.attachable(
            file_name=self.name,
            entity=self.link.entity,
            txn_id=self.row.qbo_id,
            note=self.mark,
        )
        return client.upload(about, data, request_id)

    def _remove_old(self, client, request_id):
        """The PDF of what the document was before."""
        old = self.row.attachable_id
        if not old:
            return
        try:
            theirs = client.read("Attachable", old)
            token = theirs["SyncToken"]
            client.delete("Attachable", old, token, f"{request_id}-old")
        except QboFault as fault:
            if fault.code != NOT_FOUND:
                raise

    def outcome(self, data, answer):
        return {
            "detail": self.name,
            "attachable_id": answer["Id"],
            "fingerprint": self.link.payload_hash,
        }

    def told(self, data):
        return self.env._("Attached in QuickBooks: %s", self.name)


STEPS = {"email": Email, "pdf": Pdf}
