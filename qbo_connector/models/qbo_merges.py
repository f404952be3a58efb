# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Entries of lists that were merged in QuickBooks, where it doesn't say so."""

from collections import defaultdict

from odoo.tools import SQL

from ..qbo import changes

WITNESSES = 5  # documents that are asked for each entry


class Merges:
    """Finds what became of entries that are inactive or gone.

    Only a webhook says that two entries were merged, and not every one says which.
    Polling sees no more than an entry that was made inactive, or is gone. But a
    merge takes its documents along: those we know of name another entry now.
    """

    def __init__(self, pull):
        self.pull = pull
        self.backend = pull.backend
        self.links = pull.env["qbo.binding"]

    def find(self, entity, objects, links):
        """Return {id that was merged away: id that is left}; costs reads only if
        an entry of ours was removed that has documents.

        :raise QboError: if QuickBooks doesn't answer
        """
        if entity not in changes.LISTS:
            return {}
        removed = [one["Id"] for one in objects if self._is_news(one, links)]
        if not removed:
            return {}
        witnesses = self._witnesses(entity, removed)
        now = self._read({link for found in witnesses.values() for link in found})
        found = {
            qbo_id: self._left(f"{entity}Ref", qbo_id, witnesses[qbo_id], now)
            for qbo_id in witnesses
        }
        return {qbo_id: left for qbo_id, left in found.items() if left}

    def _is_news(self, values, links):
        link = links.get(values["Id"])
        if not link or link.state == "gone":
            return False
        if changes.is_deleted(values):
            return True
        known = (link.snapshot or {}).get("Active") is False or link._is_echo(values)
        return changes.is_inactive(values) and not known

    def _witnesses(self, entity, qbo_ids):
        """{id: the latest documents we know that named it}."""
        found = defaultdict(list)
        for link in self.links._naming(self.backend, entity, qbo_ids):
            for qbo_id in link._named(f"{entity}Ref") & set(qbo_ids):
                if len(found[qbo_id]) < WITNESSES:
                    found[qbo_id].append(link)
        return found

    def _read(self, witnesses):
        """{(entity, id): the document as it is now}."""
        by_entity = defaultdict(set)
        for link in witnesses:
            by_entity[link.entity].add(link.qbo_id)
        client = self.backend._client()
        return {
            (entity, one["Id"]): one
            for entity, ids in by_entity.items()
            for one in self.pull.fetch(client, entity, sorted(ids))
        }

    def _left(self, field, qbo_id, witnesses, now):
        """The one id that all documents name instead, or None."""
        instead = set()
        for link in witnesses:
            values = now[link.entity, link.qbo_id]
            if changes.is_deleted(values):
                continue
            names = changes.refs(values, field)
            if qbo_id in names:
                return None
            # Where several are new, or it is on the document anyway, who can tell?
            new = names - link._named(field)
            instead |= new if len(new) == 1 else set()
        return instead.pop() if len(instead) == 1 else None


def naming(backend, field, qbo_ids):
    """The statement that finds links whose documents name one of these ids."""
    return SQL(
        "SELECT DISTINCT link.id FROM qbo_binding link, LATERAL jsonb_path_query("
        "jsonb_build_array(link.sent, link.snapshot), %s::jsonpath) named(value) "
        "WHERE link.backend_id = %s AND link.qbo_id IS NOT NULL "
        "AND link.state != 'gone' AND named.value #>> '{}' IN %s "
        "ORDER BY link.id DESC",
        f"$.**.{field}.value",
        backend.id,
        tuple(qbo_ids),
    )
