# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which Odoo records are the objects that QuickBooks has?"""

from collections import Counter
from typing import NamedTuple


class Matches(NamedTuple):
    """All by QuickBooks id. found: record; refused: why nobody can tell; rules: by
    which rule it was found."""

    found: dict
    refused: dict
    rules: dict


class Matcher:
    """Finds records for many objects with one query for each rule.

    Records that are linked already are nobody's match, and no record is matched
    twice: what is unclear is for a person.
    """

    def __init__(self, model, backend, entity):
        self.model = model.with_context(active_test=False)
        self.backend = backend
        self.entity = entity
        self.rules = []

    def add_rule(self, name, field, key, check=None):
        """Rules are tried in the order they were added, the surest first.

        :param str name: for people
        :param str field: of the model
        :param callable key: object -> value to find, empty for none
        :param callable check: (object, record) -> whether it can be this one
        """
        self.rules.append((name, field, key, check or (lambda values, record: True)))

    def match(self, objects):
        """Say which records the objects are, as `Matches`."""
        found, refused, rules, used = {}, {}, {}, set()
        rest = list(objects)
        for rule, field, key, check in self.rules:
            wanted = _telling({one["Id"]: key(one) or "" for one in rest})
            by_value = self._candidates(field, set(wanted.values()))
            for values in rest:
                hits = by_value.get(_folded(wanted.get(values["Id"])), self.model)
                hits = hits.filtered(
                    lambda one, v=values, c=check: one.id not in used and c(v, one)
                )
                hits = self._best(hits)
                if len(hits) == 1:
                    found[values["Id"]] = hits
                    rules[values["Id"]] = rule
                    used.add(hits.id)
                elif hits:
                    refused[values["Id"]] = self._unclear(rule, hits)
            rest = [
                one
                for one in rest
                if one["Id"] not in found and one["Id"] not in refused
            ]
        return Matches(found, refused, rules)

    def _candidates(self, field, values):
        """{folded value: records} of the unlinked records."""
        if not values:
            return {}
        records = self.model.search(
            [
                (field, "in", list(values)),
                ("company_id", "in", [False, self.backend.company_id.id]),
            ]
        )
        taken = self._taken(records)
        result = {}
        for record in records:
            if record.id not in taken:
                value = _folded(record[field])
                result[value] = result.get(value, self.model) | record
        return result

    def _taken(self, records):
        links = self.model.env["qbo.binding"].search(
            [
                ("backend_id", "=", self.backend.id),
                ("entity", "=", self.entity),
                ("res_model", "=", self.model._name),
                ("res_id", "in", records.ids),
                ("qbo_id", "!=", False),
            ]
        )
        return set(links.mapped("res_id"))

    def _best(self, records):
        """Active ones before archived ones, whole companies before contacts."""
        if len(records) > 1 and "active" in records._fields:
            records = records.filtered("active") or records
        if len(records) > 1 and "parent_id" in records._fields:
            records = records.filtered(lambda one: not one.parent_id) or records
        return records

    def _unclear(self, rule, records):
        return self.model.env._(
            "Odoo has %(count)s of the same %(rule)s: %(names)s.",
            count=len(records),
            rule=rule,
            names=", ".join(records[:5].mapped("display_name")),
        )


def _telling(wanted):
    """Without the values that several objects share: they tell nothing."""
    counts = Counter(map(_folded, wanted.values()))
    return {
        qbo_id: value
        for qbo_id, value in wanted.items()
        if value and counts[_folded(value)] == 1
    }


def _folded(value):
    return str(value or "").strip().casefold()
