# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the push itself.
# pylint: disable=consider-merging-classes-inherited
from collections import defaultdict
from functools import partial

from odoo import api, fields, models

from .qbo_guarded import plain

ACTIVITY = "qbo_connector.activity_attention"
ATTENTION = ("blocked", "drifted")
DIGEST_ROWS = 50
DIGEST = "qbo_connector.cron_digest"


class QboResponsible(models.Model):
    """Who is told when a kind of document can't go through."""

    _name = "qbo.responsible"
    _inherit = "qbo.guarded"
    _description = "Responsible for QuickBooks documents"
    _qbo_keys = frozenset(["backend_id"])

    backend_id = fields.Many2one("qbo.backend", required=True, ondelete="cascade")
    entity = fields.Char(
        required=True, help="QuickBooks' name of the kind: Invoice, Customer …"
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")

    _entity_uniq = models.UniqueIndex(
        "(backend_id, entity)", "There is one responsible person for each kind."
    )


class QboBackend(models.Model):
    _inherit = "qbo.backend"

    responsible_id = fields.Many2one(
        "res.users",
        help="Gets an activity when something can't go through, unless the kind of "
        "document or the document itself has somebody responsible.",
    )
    responsible_ids = fields.One2many(
        "qbo.responsible", "backend_id", "Responsible by kind", copy=False
    )

    def _scheduled(self):
        # Mails what waits, each to who looks after it; asked for by a manager.
        digest = partial(self.env["qbo.binding"].sudo()._digest, self)
        return {**super()._scheduled(), DIGEST: (digest, True)}


class QboBinding(models.Model):
    """Telling people: an activity at once, a mail a day, both end by themselves."""

    _inherit = "qbo.binding"

    def write(self, vals):
        before = {link.id: link.state for link in self} if "state" in vals else {}
        result = super().write(vals)
        if vals.get("state") in ATTENTION:
            self.filtered(lambda link: before[link.id] not in ATTENTION)._notify()
        elif "state" in vals:
            self.filtered(lambda link: before[link.id] in ATTENTION)._close_notice()
        return result

    def _notify(self):
        """Give who is responsible an activity on the document.

        Not for a document that waits for another record: that one has its own.
        """
        for link in self.filtered(lambda link: not link.blocked_by_id):
            record = link._record()
            user = link._responsible(record)
            if user and hasattr(record, "activity_schedule"):
                record.with_context(mail_activity_quick_update=True).activity_schedule(
                    ACTIVITY,
                    user_id=user.id,
                    summary=self.env._("%s is not in QuickBooks", link.display_name)
                    if link.state == "blocked"
                    else self.env._("%s differs in QuickBooks", link.display_name),
                    note=plain(link._message()),
                )

    def _close_notice(self):
        for link in self:
            record = link._record().exists()
            if record and hasattr(record, "activity_unlink"):
                record.activity_unlink([ACTIVITY])

    def _responsible(self, record):
        """By kind of document, else the document's own person, else the backend's."""
        backend = self.backend_id
        chosen = backend.responsible_ids.filtered(
            lambda row: row.entity == self.entity
        ).user_id
        own = record._qbo_person()
        return (
            chosen
            or own.filtered(lambda user: user.active and not user.share)
            or backend.responsible_id
        )

    @api.model
    def _cron_digest(self):
        """Once a day: a mail to each responsible person with what waits for them."""
        for backend in self.env["qbo.backend"].search([("state", "!=", "draft")]):
            self._digest(backend)

    @api.model
    def _digest(self, backend):
        with backend._noted(DIGEST) as said:
            waiting = self._waiting_by_user(backend)
            for user, links in waiting.items():
                self._send_digest(backend, user, links)
            said.append(self.env._("%s mails", len(waiting)))

    def _waiting_by_user(self, backend):
        waiting = self.search(
            [("backend_id", "=", backend.id), ("state", "in", ATTENTION)], order="id"
        )
        by_user = defaultdict(self.browse)
        for link in waiting:
            user = link._responsible(link._record().exists())
            if user.email:
                by_user[user] |= link
        return by_user

    def _send_digest(self, backend, user, links):
        body = (
            self.env["ir.qweb"]
            .with_context(lang=user.lang)
            ._render(
                "qbo_connector.digest_mail",
                {
                    "backend": backend,
                    "user": user,
                    "links": links[:DIGEST_ROWS],
                    "more": max(len(links) - DIGEST_ROWS, 0),
                    "url": f"{backend.get_base_url()}/odoo/action-qbo_connector."
                    "qbo_binding_attention_action",
                },
            )
        )
        # A mail to a user about what that user looks after.
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._(
                    "QuickBooks: %s documents need attention", len(links)
                ),
                "body_html": body,
                "email_to": user.email_formatted,
                "auto_delete": True,
            }
        )
