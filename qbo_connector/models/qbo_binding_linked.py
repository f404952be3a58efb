# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the way to QuickBooks.
# pylint: disable=consider-merging-classes-inherited
from contextlib import contextmanager

from odoo import api, models

from .qbo_insert import insert_rows
from .qbo_once import once, remembered

# What is read next of new links, of their forty fields.
READ_NEXT = (
    *("backend_id", "company_id", "res_model", "res_id", "entity", "state"),
    *("qbo_id", "merged_id", "instead", "imported"),
)


class QboBinding(models.Model):
    """The way back: which record stands for which object of QuickBooks."""

    _inherit = "qbo.binding"

    @api.model
    def _of_objects(self, backend, entity, objects):
        """Return {QuickBooks id: link} of the objects that are linked."""
        found = self.search(
            [
                ("backend_id", "=", backend.id),
                ("entity", "=", entity),
                ("qbo_id", "in", [values["Id"] for values in objects]),
            ]
        )
        return {link.qbo_id: link for link in found}

    @api.model
    def _linked(self, backend, entity, qbo_id, model):
        """Return the record of `model` that an id of QuickBooks is linked to."""
        return once(
            self.env,
            ("linked", backend.id, entity, qbo_id, model),
            lambda: self._find_linked(backend, entity, qbo_id, model),
        )

    @api.model
    def _find_linked(self, backend, entity, qbo_id, model):
        link = self.search(
            [
                ("backend_id", "=", backend.id),
                ("entity", "=", entity),
                ("qbo_id", "=", qbo_id),
                ("res_model", "=", model),
            ]
        )
        return self.env[model].browse(link.res_id).exists()

    @api.model
    @contextmanager
    def _parents_known(self, backend, entity, objects):
        """Within, `_linked` knows the parents of all objects without a look-up."""
        refs = (values.get("ParentRef") or {} for values in objects)
        ids = {ref["value"] for ref in refs if ref.get("value")}
        found = self._of_objects(backend, entity, [{"Id": one} for one in ids])
        links = self.browse(link.id for link in found.values())
        links._remember()
        with remembered(self.env) as known:
            for link, record in links._with_records():
                key = ("linked", backend.id, entity, link.qbo_id, link.res_model)
                known[key] = record
            yield

    def _with_records(self):
        """Yield each link and its record, if that still exists."""
        for model, links in self.grouped("res_model").items():
            there = self.env[model].browse(links.mapped("res_id")).exists()
            records = {record.id: record for record in there}
            for link in links:
                if link.res_id in records:
                    yield link, records[link.res_id]

    @api.model
    def _link(self, backend, entity, pairs, imported=True):
        """Link records with objects of QuickBooks; many at once.

        The unique indexes let each record and each object have one link only: a
        race ends in an error and begins again.

        :param list pairs: [(record, object), …] of one model
        :return: the links, in the same order
        """
        links = self.browse()
        known = self._known(backend, entity, [record for record, _values in pairs])
        new = []
        for record, values in pairs:
            facts = {**self._facts(values, record, entity), "imported": imported}
            link = known.get(record.id)
            if link:
                link.write(facts)
                links |= link
            else:
                new.append(
                    {
                        "backend_id": backend.id,
                        "company_id": backend.company_id.id,  # else written once more
                        "res_model": record._name,
                        "res_id": record.id,
                        "entity": entity,
                        **facts,
                    }
                )
        return links | self._insert_linked(new)

    def _insert_linked(self, rows):
        links = insert_rows(self, rows)
        links.fetch(READ_NEXT)
        for model, own in links.grouped("res_model").items():
            records = self.env[model].browse(own.mapped("res_id"))
            records.invalidate_recordset(["qbo_link_ids"], flush=False)
        return links

    @api.model
    def _known(self, backend, entity, records):
        found = self.search(
            [
                ("backend_id", "=", backend.id),
                ("entity", "=", entity),
                ("res_model", "=", records[0]._name if records else False),
                ("res_id", "in", [record.id for record in records]),
            ]
        )
        return {link.res_id: link for link in found}
