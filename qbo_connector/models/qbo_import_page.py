# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..qbo.queries import PAGE_LIMIT


class QboImportPage(models.Model):
    """A page of QuickBooks that an import reads, or has read."""

    _name = "qbo.import.page"
    _inherit = "qbo.guarded"
    _description = "Page of the first import from QuickBooks"
    _log_access = False
    _order = "id"

    import_id = fields.Many2one("qbo.import", required=True, ondelete="cascade")
    entity = fields.Char(required=True, help="QuickBooks' name: Customer, Item …")
    start = fields.Integer(required=True, help="STARTPOSITION of its query, from 1.")
    last = fields.Boolean(help="If it is full, there are more by now.")
    done = fields.Boolean(default=False, help="It was read.")
    known_count = fields.Integer(help="Its objects that are linked already.")

    _place_uniq = models.UniqueIndex("(import_id, entity, start)")

    def _plan(self, run, entity, count):
        """Make the pages of `count` objects.

        QuickBooks may have more in the meantime: the last one has room left.
        """
        starts = range(1, count + 2, PAGE_LIMIT)
        return self.create(
            [
                {
                    "import_id": run.id,
                    "entity": entity,
                    "start": start,
                    "last": start == starts[-1],
                }
                for start in starts
            ]
        )

    def _claim(self, run):
        """Lock and return a page that no other job reads; none: none is left."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM qbo_import_page WHERE import_id = %s AND NOT done "
                "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
                run.id,
            )
        )
        return self.browse(oid for (oid,) in rows)

    def _read_in(self, turn):
        """Read it and make the import's lines of it."""
        run = self.import_id
        objects = run._query_page(self, turn)
        self.write({"done": True, "known_count": run._note(self.entity, objects)})
        if self.last and len(objects) == PAGE_LIMIT:
            self.last = False
            start = self.start + PAGE_LIMIT
            more = {"entity": self.entity, "start": start, "last": True}
            self.create({"import_id": run.id, **more})
            run.page_count += 1
