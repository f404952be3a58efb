# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the way to QuickBooks.
# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models

from ..qbo import changes
from .qbo_merges import naming

# What is inactive or gone on a document.
MISSING = ("610", "2500", "6250")


class QboBinding(models.Model):
    """Two entries of a list became one in QuickBooks: links follow."""

    _inherit = "qbo.binding"

    merged_id = fields.Char(
        "Merged into",
        readonly=True,
        help="The QuickBooks ID that goes on for this one after a merge there.",
    )

    @api.model
    def _merged(self, backend, entity, merged_id, qbo_id):
        """Two objects became one in QuickBooks: links and documents follow.

        Where both have a record in Odoo, the documents of both go to the one that
        is left, and a person is asked to do without the other record.
        """
        objects = [{"Id": merged_id}, {"Id": qbo_id}]
        links = self._of_objects(backend, entity, objects)
        loser, winner = links.get(merged_id), links.get(qbo_id)
        if not loser or loser == winner or loser.merged_id == qbo_id:
            return
        self._follow_merge(backend, entity, merged_id, qbo_id)
        if winner:
            loser._give_way(winner)
        else:
            loser._move_to(qbo_id)
        self._release_missing(backend)

    def _move_to(self, qbo_id):
        """Nobody stands for the object that is left: this record does."""
        self.write({"qbo_id": qbo_id, "sync_token": False, "qbo_updated": False})
        self._record()._qbo_on_merged(self, qbo_id)

    def _give_way(self, winner):
        """Another record stands for the object that is left."""
        self.merged_id = winner.qbo_id
        self._removed(
            self.env._("It was merged with %s in QuickBooks.", winner.name),
            self.env._("Its documents go there now. Use %s instead.", winner.name),
        )
        self._record()._qbo_on_merged(self, winner.qbo_id)

    @api.model
    def _follow_merge(self, backend, entity, merged_id, qbo_id):
        """What we know of documents says what they name now, so that it is no
        change; what had been taken for one is looked at again."""
        self.search(
            [
                ("backend_id", "=", backend.id),
                ("entity", "=", entity),
                ("merged_id", "=", merged_id),
            ]
        ).merged_id = qbo_id
        field = f"{entity}Ref"
        for link in self._naming(backend, entity, [merged_id]):
            for name in ("sent", "said", "snapshot"):
                if link[name]:
                    new = changes.repointed(link[name], field, merged_id, qbo_id)
                    link[name] = new
            if link.state == "drifted":
                backend._put_off([(link.entity, link.qbo_id)])

    @api.model
    def _naming(self, backend, entity, qbo_ids):
        """Links of what names one of these entries, the latest first."""
        self.flush_model()
        rows = self.env.execute_query(naming(backend, f"{entity}Ref", qbo_ids))
        return self.browse(link_id for (link_id,) in rows)

    def _named(self, field):
        """The ids that the document named when we saw it last."""
        return changes.refs([self.sent, self.snapshot], field)

    @api.model
    def _release_missing(self, backend):
        """Try again what QuickBooks refused because something on it was inactive."""
        refused = self.search(
            [
                ("backend_id", "=", backend.id),
                ("state", "=", "blocked"),
                ("error_code", "in", MISSING),
            ]
        )
        refused._set_pending()
        refused._enqueue()
