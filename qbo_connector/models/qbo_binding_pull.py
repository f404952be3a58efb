# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the way to QuickBooks.
# pylint: disable=consider-merging-classes-inherited
import json

from odoo import api, fields, models

from ..qbo import changes, merge
from ..qbo.money import to_json
from ..qbo.payloads import payload_hash


class QboBinding(models.Model):
    """The way back: what a link knows of its object's changes in QuickBooks."""

    _inherit = "qbo.binding"

    imported = fields.Boolean(
        "From QuickBooks",
        readonly=True,
        help="It was made in QuickBooks; documents of this kind are not sent back.",
    )
    qbo_updated = fields.Datetime(
        "Changed in QuickBooks",
        readonly=True,
        help="UTC, by QuickBooks' clock; of the version that Odoo knows.",
    )

    snapshot = fields.Json(
        readonly=True,
        help="What QuickBooks had in the fields that are taken over; of a document: "
        "what it named.",
    )

    @api.model
    def _facts(self, values, model=None, entity=None):
        """What a link stores of an object that Odoo agrees with."""
        return {
            "qbo_id": values["Id"],
            "doc_number": values.get("DocNumber"),
            "state": "synced",
            "error": False,
            "fix": False,
            "error_code": False,
            "last_sync": fields.Datetime.now(),
            "qbo_total": str(values["TotalAmt"]) if "TotalAmt" in values else False,
            **self._version(values, model, entity),
        }

    def _version(self, values, model=None, entity=None):
        """Which version of the object Odoo knows, and what it said."""
        model = self.env[self.res_model] if model is None else model
        entity = entity or self.entity
        names = model._qbo_pulled.get(entity, ())
        kept = {name: values[name] for name in names if name in values}
        if entity not in changes.LISTS and (not self or self.imported):
            kept = {"named": changes.named(values)}
        return {
            "sync_token": values.get("SyncToken"),
            "qbo_updated": changes.updated(values),
            "snapshot": json.loads(to_json(kept)) if kept else False,
        }

    def _on_read(self, values):
        """Keep what bodies depend on of the object, which was read before one is
        prepared; its version stays the one that was agreed on."""

    # --------------------------------------------------- lists, both ways
    def _their_changes(self, values):
        """Names of the fields that were changed in QuickBooks since we looked."""
        known = self.snapshot or {}
        names = self.env[self.res_model]._qbo_pulled[self.entity]
        return {
            name
            for name in names
            if not (
                merge.covers(known.get(name), values.get(name))
                and merge.covers(values.get(name), known.get(name))
            )
        }

    def _my_changes(self):
        """Return what Odoo has changed since it was last agreed upon."""
        body = self._record()._qbo_prepared(self.backend_id, self.entity)
        return self._changes(body)

    def _agree_now(self, open_values=None):
        """What Odoo would send now is agreed upon, but for these fields.

        :param dict open_values: QuickBooks' values of fields that Odoo has changed;
            they are sent next
        """
        body = self._record()._qbo_prepared(self.backend_id, self.entity)
        self.write(_agreement(body, open_values or {}))
        if open_values:
            self.write({"payload_hash": False, "state": "pending"})
            self._enqueue()

    def _agree_all(self):
        """What Odoo would send now is agreed upon: of new links of one model and
        company, without a look-up for each."""
        self._remember()
        records = self.env[self[:1].res_model].browse(link.res_id for link in self)
        # Records just made by the connector, as its jobs see them.
        records = records.sudo().with_company(self[:1].company_id)
        for link, record in zip(self, records.with_context(lang="en_US"), strict=True):
            body = record._qbo_prepared(link.backend_id, link.entity)
            link.write(_agreement(body))

    # --------------------------------------------------------------- watch
    def _is_echo(self, values):
        """Whether Odoo knows this version of the object already."""
        known = changes.version({"SyncToken": self.sync_token})
        return 0 <= changes.version(values) <= known

    def _watch(self, values):
        """An object we sent was changed in QuickBooks: never overwrite it unseen.

        A new version without any change of what we sent (a payment was applied,
        say) is just stored.
        """
        if changes.is_voided(values):
            if self.state != "gone":
                self._removed(self.env._("It was voided in QuickBooks."))
            return
        record = self._record()
        record._qbo_watched(values)
        changed = self._their_part(values)
        if not changed:
            self.write(self._version(values))
            self._keep({**(self.sent or {}), **(self.said or {})}, values)
            if self.state == "drifted":  # it was changed back, or we know better now
                self._set_pending()
                self._enqueue()
        elif self.state in ("synced", "drifted"):
            self._drifted(changed)
        # Else a push is on its way: it meets the new version and merges.

    def _drifted(self, names):
        self.write(
            {
                "state": "drifted",
                "error_code": "drifted",
                "error": self.env._("Changed in QuickBooks: %s.", ", ".join(names)),
                "fix": self.env._("Compare both and choose which one counts."),
            }
        )

    def _removed(self, reason, fix=None):
        """The object is void or deleted in QuickBooks; the record decides more."""
        fix = fix or self.env._("Cancel it in Odoo too, or enter it again.")
        self.write(
            {
                "state": "gone",
                "error_code": "gone",
                "error": reason,
                "fix": fix,
            }
        )
        record = self._record().exists()
        if record:
            record._qbo_on_removed(self, reason)


def _agreement(body, open_values=()):
    """What a link keeps of `body`: what Odoo would send now is agreed upon."""
    sent = json.loads(to_json({**body, **dict(open_values)}))
    digest = payload_hash(body)
    return {"sent": sent, "said": False, "choice": False, "payload_hash": digest}
