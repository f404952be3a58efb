# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..qbo import marks, queries
from ..qbo.errors import Blocked
from ..qbo.money import D
from .qbo_added import add_up
from .qbo_binding import PRIORITY_DOCUMENT, STATES
from .qbo_guarded import MANAGER
from .qbo_refusals import ELSEWHERE

# What needs a person comes first where a record is several entities at once.
URGENCY = ["blocked", "drifted", "pending", "held", "gone", "synced"]


class QboMixin(models.AbstractModel):
    """On every model that is synced. A new kind of document says four things:

    * `_qbo_entities`: which QuickBooks entities a record can be;
    * `_qbo_dependencies`: which records must be in QuickBooks before it;
    * `_qbo_prepare_<entity>`: what is sent;
    * `_qbo_match`: how to find one that is there already (for list entries;
      documents are found by their number and our mark).
    """

    _name = "qbo.mixin"
    _description = "Synced with QuickBooks"

    # These are added up over all classes of a model (`qbo_added`).
    # Entities of this model, the most important first.
    _qbo_entities = ()
    # Fields whose change is worth a look whether QuickBooks must be told.
    _qbo_tracked = ()
    # Fields that QuickBooks is known to drop: that is no change, and is not told.
    _qbo_may_drop = ()
    # Entity -> fields of the body that go with each update: QuickBooks wants them, or
    # computes them anew.
    _qbo_riders = {}
    # Page of QuickBooks' web application: entity -> (page, name of the id).
    _qbo_pages = {}

    # As a field, so that a transaction reads them once.
    qbo_link_ids = fields.One2many(
        "qbo.binding",
        "res_id",
        "QuickBooks links",
        domain=lambda self: [("res_model", "=", self._name)],
        groups=fields.NO_ACCESS,
    )
    qbo_id = fields.Char(
        "QuickBooks ID",
        compute="_compute_qbo",
        compute_sudo=True,
        search="_search_id",
        groups="base.group_user",
    )
    qbo_state = fields.Selection(
        STATES,
        "QuickBooks",
        compute="_compute_qbo",
        compute_sudo=True,
        search="_search_qbo_state",
        help="Where this record stands on its way to QuickBooks.",
        groups="base.group_user",
    )
    qbo_url = fields.Char(
        "Link into QuickBooks",
        compute="_compute_qbo",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_message = fields.Text(
        "QuickBooks message",
        compute="_compute_qbo",
        compute_sudo=True,
        help="Why it isn't in QuickBooks, and what to do.",
        groups="base.group_user",
    )

    def _post_model_setup__(self):
        result = super()._post_model_setup__()
        add_up(type(self))
        return result

    # ------------------------------------------------------------- display
    def _qbo_bindings(self):
        """Return the links of these records in their companies' backends."""
        # Links of records that the caller has; shown by what may be read.
        links = self._origin.sudo().qbo_link_ids
        companies = self.env.company
        if "company_id" in self._fields:
            if all(record.company_id for record in self):
                return links
            companies |= self.company_id
        return links.filtered(lambda link: link.company_id in companies)

    def _qbo_link(self, backend, entity):
        """Return the link of this record as one entity, or an empty recordset."""
        return self._qbo_bindings().filtered(
            lambda link: link.backend_id == backend and link.entity == entity
        )

    @api.depends_context("company")
    def _compute_qbo(self):
        by_record = self._qbo_bindings().grouped("res_id") if self.ids else {}
        for record in self:
            links = by_record.get(record._origin.id, self.env["qbo.binding"])
            links = record._qbo_shown(links)
            links = links.sorted(lambda link: URGENCY.index(link.state))
            first = links.filtered("qbo_id").sorted(record._qbo_rank)[:1]
            record.qbo_id = first.qbo_id
            record.qbo_state = links[:1].state
            record.qbo_url = first.qbo_url
            record.qbo_message = record._qbo_message_of(links[:1])

    def _qbo_shown(self, links):
        """Of the record's links return those that say where it stands now."""
        return links

    def _qbo_message_of(self, link):
        """What is said of the link that needs a person most, or False."""
        return link._message()

    def _qbo_tell(self, text):
        """Say something in the record's chatter, if it has one."""
        if hasattr(self, "_message_log"):
            self._message_log(body=text)

    def _qbo_person(self):
        """Return the user who looks after the record, or none."""
        return self["user_id"] if "user_id" in self._fields else self.env["res.users"]

    def _qbo_rank(self, link):
        entities = self._qbo_entities
        return entities.index(link.entity) if link.entity in entities else 99

    def _search_id(self, operator, value):
        return self._qbo_search_links("qbo_id", operator, value)

    def _search_qbo_state(self, operator, value):
        """As it is shown: by the most urgent of several links."""
        if operator not in ("in", "not in"):
            return NotImplemented
        domain = Domain.OR(
            self._qbo_having([state]) & ~self._qbo_having(URGENCY[:place])
            for place, state in enumerate(URGENCY)
            if state in value
        )
        if False in value:
            domain |= ~self._qbo_having(URGENCY)
        return ~domain if operator == "not in" else domain

    def _qbo_having(self, states):
        """Return a domain of the records that have a link in one of these states."""
        if not states:
            return Domain.FALSE
        wanted = Domain("state", "in", states) & Domain("error_code", "!=", ELSEWHERE)
        return self._qbo_linked(wanted)

    def _qbo_search_links(self, name, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        values = set(value)
        domain = self._qbo_linked(Domain(name, "in", values - {False}))
        if False in values:
            domain |= ~self._qbo_linked(Domain(name, "!=", False))
        return ~domain if operator == "not in" else domain

    def _qbo_linked(self, domain):
        mine = Domain("res_model", "=", self._name) & Domain(
            "company_id", "in", self.env.companies.ids
        )
        # Finds records only: Odoo's own rules sort out the rest.
        query = self.env["qbo.binding"].sudo()._search(mine & domain)
        return Domain("id", "in", query.subselect("res_id"))

    @api.model
    def _qbo_page(self, entity):
        return self._qbo_pages.get(entity, (entity.lower(), "txnId"))

    # -------------------------------------------------------------- outbox
    def _qbo_backend(self):
        """Return the backend of the record's company, or an empty recordset."""
        self.ensure_one()
        company = self["company_id"] if "company_id" in self._fields else None
        return self.env["qbo.backend"]._for_company(company or self.env.company)

    def _qbo_enqueue(self, entity, priority=PRIORITY_DOCUMENT):
        """Write the outbox row of each record and queue its push.

        In the transaction of the caller: if that rolls back, so does this. Nothing
        goes over the network here.

        :return: the `qbo.binding` rows
        """
        # The outbox row of a record that the caller changes or may write.
        bindings = self.env["qbo.binding"].sudo()
        for record in self:
            backend = record._qbo_backend()
            if backend:
                known = record._qbo_link(backend, entity)  # often in the cache
                bindings |= known or bindings._insert(backend, record, entity)
        bindings._enqueue(priority)
        return bindings

    def _qbo_touch(self):
        """Queue the records that have a link: the push sees whether it differs."""
        links = self._qbo_bindings()
        links.filtered(lambda link: link.state not in ("drifted", "gone"))._enqueue()

    def write(self, vals):
        result = super().write(vals)
        if not self._qbo_tracked_keys().isdisjoint(vals):
            self._qbo_touch()
        return result

    def _qbo_tracked_keys(self):
        return set(self._qbo_tracked)

    # --------------------------------------------------------------- hooks
    def _qbo_check_due(self, backend, entity):
        """Refuse a push that must not happen now.

        :raise Held: with the reason, if the record is not to be sent
        :raise Blocked: if a person must correct something first
        """

    def _qbo_undo(self, entity):
        """Return "void" or "delete" if the record was cancelled, else None."""
        return None

    def _qbo_total(self, entity):
        """Return the total QuickBooks must come to (Decimal, in the document's
        currency), or None for what has no total."""
        return None

    def _qbo_dependencies(self, backend, entity):
        """Return what must be in QuickBooks first: [(records, entity), …]."""
        return []

    def _qbo_to_read(self, backend, entity):
        """Return links whose objects are read anew before the body is prepared; each
        keeps what the body needs (`_on_read`).

        While a body is prepared nothing is asked of QuickBooks.
        """
        return self.env["qbo.binding"]

    def _qbo_prepare(self, backend, entity):
        """Return the body to send: `_qbo_prepare_<entity>(backend)`.

        A line may carry a `_key` that names the Odoo line; it isn't sent, and
        keeps the line's id over updates.

        :raise Blocked: if something is missing or can't be mapped
        """
        self.ensure_one()
        return getattr(self, f"_qbo_prepare_{entity.lower()}")(backend)

    def _qbo_body(self, backend, entity):
        """What is sent: prepared, and where QuickBooks refused a value when the
        record was made there (a name that is taken), with what it took instead.

        :raise Blocked: as `_qbo_prepare`
        """
        body = self._qbo_prepare(backend, entity)
        link = self.env["qbo.binding"]._of(backend, self, entity)
        return link._with_instead(body)

    def _qbo_match(self, backend, entity):
        """Return rules that find the record in QuickBooks, the surest first.

        :return: [(name of the rule, QuickBooks' property, value it must have), …]
        """
        return []

    def _qbo_may_be(self, backend, entity, found):
        """Whether an object that a rule has found can be this record."""
        return True

    def _qbo_lookup(self, entity, body):
        """Return conditions under which QuickBooks lists this document, if it has
        it; None for list entries, which `_qbo_match` finds."""
        number = body.get("DocNumber")
        return [queries.eq("DocNumber", number)] if number else None

    def _qbo_look_first(self, entity):
        """Whether QuickBooks may have this document although our link is new."""
        return False

    def _qbo_is_same(self, entity, body, found):
        """Whether what the look-up found is this document: it bears our mark."""
        mine = marks.find_mark(body.get("PrivateNote"))
        return bool(mine) and marks.find_mark(found.get("PrivateNote")) == mine

    def _qbo_on_fault(self, backend, entity, fault, body):
        """Return changes to `body` to try once more after `fault`, or None."""
        return None

    def _qbo_check_theirs(self, backend, entity, body, theirs):
        """Refuse a change of an object that was touched in QuickBooks meanwhile.

        :param dict body: what it would become; empty if it would be undone
        :param dict theirs: the object as QuickBooks has it
        :raise Blocked: if a person must act first
        """

    def _qbo_check_answer(self, backend, entity, body, answer):
        """Compare what QuickBooks made of `body` with what Odoo has.

        :return: None if both agree; a text to remember if the settings want the
            difference; a `Blocked` that says what a person must look at
        """
        return self._qbo_compare_totals(entity, answer)

    def _qbo_compare_totals(self, entity, answer):
        """A `Blocked` if QuickBooks' total isn't Odoo's, else None."""
        ours = self._qbo_total(entity)  # pylint: disable=assignment-from-none
        if ours is None or ours == D(answer["TotalAmt"]):
            return None
        return Blocked(
            "",
            self.env._(
                "The total is %(theirs)s in QuickBooks and %(ours)s in Odoo.",
                theirs=answer["TotalAmt"],
                ours=ours,
            ),
            self.env._(
                "Compare taxes and lines of both documents; correct the document "
                "or its tax mapping, then retry."
            ),
            "total",
        )

    def _qbo_correction(self, backend, entity, body, answer):
        """Return what to send so that `answer` comes to Odoo's total, or None.

        It is tried once, before a difference is left to a person.
        """
        return None

    def _qbo_after_push(self, binding, answer, created):
        """Called when `answer` was stored; `created`: QuickBooks made it now."""

    def _qbo_ref(self, backend, entity):
        """Return the QuickBooks id of this record.

        :raise KeyError: if it has none; name it in `_qbo_dependencies`
        """
        link = self.env["qbo.binding"]._of(backend, self, entity)
        if not link.qbo_id and self.env.context.get("qbo_preview"):
            return self.env._("(new)")
        if not link.qbo_id:
            raise KeyError(f"{self.display_name} is no {entity} in QuickBooks yet")
        return link.merged_id or link.qbo_id

    def _qbo_is_linked(self, backend, entity):
        """Whether QuickBooks has this record, as far as Odoo knows."""
        return bool(self.env["qbo.binding"]._of(backend, self, entity).qbo_id)

    # ------------------------------------------------------------- buttons
    def action_qbo_push(self):
        """Push now: ahead of everything else that waits.

        :raise AccessError: if the user may not change the records
        :raise UserError: if their company has no QuickBooks connection
        """
        self._qbo_check_role("write")
        for record in self:
            if not record._qbo_backend():
                raise UserError(
                    self.env._(
                        "QuickBooks isn't set up for this company. An administrator "
                        "does it in Settings → QuickBooks."
                    )
                )
            for entity in record._qbo_due_entities():
                record._qbo_enqueue(entity).action_retry()
        return True

    def _qbo_due_entities(self):
        """The entities a person means with "Push now"."""
        linked = self._qbo_bindings().mapped("entity")
        return linked or list(self._qbo_entities[:1])

    def action_qbo_preview(self):
        """Show what would be sent, without sending it."""
        self._qbo_check_role("read")
        self.ensure_one()
        return self.env["qbo.preview"]._open(self)

    def action_qbo_open_logs(self):
        """Show the sync log of these records."""
        self._qbo_check_role("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qbo_connector.qbo_log_action"
        )
        action["domain"] = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
        ]
        action["context"] = {}
        return action

    def action_qbo_open(self):
        """Open the record in QuickBooks."""
        self._qbo_check_role("read")
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.qbo_url, "target": "new"}

    def action_qbo_show(self):
        """Open the record in QuickBooks; while it isn't there, its sync log."""
        self._qbo_check_role("read")
        self.ensure_one()
        return self.action_qbo_open() if self.qbo_url else self.action_qbo_open_logs()

    def action_qbo_compare(self):
        """Show Odoo's and QuickBooks' version side by side, where both changed."""
        self._qbo_check_role("read", MANAGER)
        self.ensure_one()
        links = self._qbo_shown(self._qbo_bindings())
        links = links.filtered(lambda link: link.state == "drifted")
        return links[:1].sudo(False).action_compare()
