# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models


def _mappings(entity):
    return fields.One2many(
        "qbo.mapping", "backend_id", domain=[("entity", "=", entity)], copy=False
    )


class QboBackend(models.Model):
    """Classes and locations: what in Odoo stands for which, and what is sent.

    QuickBooks' API calls a location Department. It goes on the document; a class on
    the document or on each line, as the company has it.
    """

    _inherit = "qbo.backend"

    class_on_lines = fields.Boolean(
        readonly=True, copy=False, help="Each line of a form has a class."
    )
    class_on_documents = fields.Boolean(
        readonly=True, copy=False, help="The document as a whole has a class."
    )
    location_on_documents = fields.Boolean(
        readonly=True, copy=False, help="Documents have a location."
    )
    class_mapping_ids = _mappings("Class")
    location_mapping_ids = _mappings("Department")

    def _line_class(self, records):
        """The class of a line, "" if the company has none there; see `_entry_of`."""
        return self._entry_of("Class", records) if self.class_on_lines else ""

    def _document_class(self, records):
        """The class of a document, "" if the company has none there."""
        return self._entry_of("Class", records) if self.class_on_documents else ""

    def _location(self, records):
        """The location of a document, "" if the company keeps none."""
        on = self.location_on_documents
        return self._entry_of("Department", records) if on else ""

    def _entry_of(self, entity, records):
        """The id of the entry of a QuickBooks list that stands for these records.

        :param list records: of any model, the most telling first. What is mapped
            counts before what only has the name of an entry
        :return: "" if nothing stands for them
        """
        records = [record for record in records if record]
        rows = self.env["qbo.mapping"]._rows_of(self, records, entity)
        mapped = [rows.get((record._name, record.id)) for record in records]
        unknown = [one for one in records if (one._name, one.id) not in rows]
        entry = next(filter(None, mapped), None)
        return entry.qbo_id if entry else self._entry_named(entity, unknown)

    def _entry_named(self, entity, records):
        """The entry with the name of one of the records, which nobody has mapped."""
        entries = records and self._references(entity)
        if not entries:  # most often: no name has to be read
            return ""
        by_name = {row.name.casefold(): row.qbo_id for row in entries}
        found = (by_name.get((record.name or "").casefold()) for record in records)
        return next(filter(None, found), "")

    def _suggest_mappings(self):
        """Rows for what may have a class or a location, equal names filled in."""
        result = super()._suggest_mappings()
        # Suggested from the company's own records.
        mapping = self.env["qbo.mapping"].sudo()
        classes = self.class_on_lines or self.class_on_documents
        for entity, on in (
            ("Class", classes),
            ("Department", self.location_on_documents),
        ):
            if on and self._references(entity):
                for records in self._trackable(entity):
                    mapping._suggest(self, records, entity)
        return result

    def _trackable(self, entity):
        """Yield the records that an entry of the list may stand for."""
        yield self._own_records("crm.team", [])
        yield self._own_records("stock.warehouse", [])
        if "website" in self.env:
            yield self._own_records("website", [])
        people = [("share", "=", False), ("company_ids", "in", self.company_id.id)]
        # Names of the company's own people, for a list.
        yield self.env["res.users"].sudo().search(people)
        if entity == "Class":
            yield self._own_records("account.analytic.account", [])
