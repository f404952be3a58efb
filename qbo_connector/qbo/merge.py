"""Who changed what: Odoo's and QBO's versions of one object, field by field.

Everything is compared as QBO means it: numbers by value, references by their
id, nothing QBO fills in or rewrites by itself.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .lines import extras, places, rows, with_extras
from .same import comparable, covers, fields, full, in_order, part

__all__ = [
    "Compared",
    "Conflict",
    "Merge",
    "compared",
    "covers",
    "delta",
    "dropped",
    "extras",
    "kept",
    "three_way",
    "with_extras",
]

_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")


class Conflict(NamedTuple):
    """A field that both sides changed, each in its own way."""

    field: str
    base: object
    mine: object
    theirs: object


@dataclass
class Merge:
    """changes: what to send; theirs_only: what stays as QBO has it (field -> value
    there); conflicts: what a person must decide; stuck: names of fields that
    Odoo emptied but QBO has no way to empty (references, numbers, dates)."""

    changes: dict = field(default_factory=dict)
    theirs_only: dict = field(default_factory=dict)
    conflicts: list = field(default_factory=list)
    stuck: list = field(default_factory=list)


def three_way(base, mine, theirs, said=None) -> Merge:
    """Merge two versions of one object over what was last agreed.

    base: what QBO had of it then; said: ``{field: what Odoo said}`` where that was
    something else; mine: what we would send now; theirs: what QBO has.
    A text that Odoo had and mine has not was emptied in Odoo: it is sent as "".
    ``Line`` counts as one field, as QBO only takes all lines or none.
    """
    result = Merge()
    base, mine = comparable(base), comparable(mine)
    before = comparable({**base, **(said or {})})
    theirs = in_order(comparable(theirs), base)
    mine = _with_emptied_fields(before, mine)
    for name in fields(before, mine):
        old, ours, other = before.get(name), mine.get(name), theirs.get(name)
        wanted = full(old, ours)
        if covers(wanted, old):
            if not (covers(base.get(name), other) or covers(wanted, other)):
                result.theirs_only[name] = other
        elif covers(base.get(name), other):
            _send(result, name, old, ours, other)
        elif not covers(wanted, other):
            result.conflicts.append(Conflict(name, old, ours, other))
    return result


def delta(base, mine, said=None) -> dict:
    """What a sparse update must say to turn base into mine, emptied fields too."""
    return three_way(base, mine, base, said).changes


def kept(sent, answer) -> tuple:
    """What QBO has of what was sent, and ``{field: what was sent}`` where it differs.

    What it drops, rounds, computes or orders otherwise is no change later: the base
    of the next merge is what it has.
    """
    sent, answer = comparable(sent), in_order(comparable(answer), sent)
    said = {
        name: sent[name]
        for name in fields({}, sent)
        if not covers(sent[name], answer.get(name))
    }
    has = {name: part(said[name], answer.get(name)) for name in said}
    return _said({**sent, **has}), said


class Compared(NamedTuple):
    """What keeping Odoo's version would change in QBO's.

    changes: ``{field: what is sent}``; rows: ``(place, mine, theirs)`` of each of them,
    such as ``("Line 2 Qty", 3, 5)``; base: of the merge after it, whichever is kept.
    """

    changes: dict
    rows: list
    base: dict


def compared(base, mine, theirs, said=None) -> Compared:
    """Compare two versions; what Odoo has no say in is left out.

    What Odoo had and has emptied since counts, if QBO can empty it.
    """
    mine = comparable(mine)
    before = in_order(comparable({**base, **(said or {})}), mine)
    theirs = in_order(comparable(theirs), mine)
    mine = _with_emptied_fields(before, mine)
    result, shown = Merge(), []
    agreed = dict(mine)
    for name in fields(before, mine):
        old, ours, other = before.get(name), mine.get(name), theirs.get(name)
        wanted = full(old, ours)
        if covers(wanted, other):
            continue
        _send(result, name, old, ours, other)
        if name in result.changes:
            shown += rows(name, wanted, other)
            agreed[name] = part(wanted, other)
    return Compared(result.changes, shown, _said(agreed))


def dropped(sent, answer) -> list:
    """The fields that QBO dropped or changed although it answered 200.

    Such as ``["CurrencyRef", "Line 2 ClassRef"]``; empty if all was kept.
    """
    sent, answer = comparable(sent), in_order(comparable(answer), sent)
    found = []
    for name in fields({}, sent):
        if not covers(sent[name], answer.get(name)):
            found += places(name, sent[name], answer.get(name))
    return found


def _said(values):
    return {name: value for name, value in values.items() if value is not None}


def _with_emptied_fields(base, mine):
    """``mine`` plus the custom fields that it no longer has, with empty texts."""
    kept = list(mine.get("CustomField") or ())
    known = {one.get("DefinitionId") for one in kept}
    emptied = [
        {**one, "StringValue": ""}
        for one in base.get("CustomField") or ()
        if one.get("DefinitionId") not in known
    ]
    return {**mine, "CustomField": kept + emptied} if emptied else mine


def _send(result, name, old, ours, theirs):
    if ours is None or (isinstance(old, dict) and not _is_ref(name, old)):
        ours = _with_emptied(name, old, ours)
    if name == "Line" and ours and isinstance(theirs, (list, tuple)):
        before = old if isinstance(old, (list, tuple)) else ()
        ours = with_extras(ours, extras(ours, theirs, before))
    if ours is None:
        result.stuck.append(name)
    else:
        result.changes[name] = ours


def _with_emptied(name, old, new):
    """``new`` plus the texts of ``old`` that it no longer has, as ``""``.

    None if there is nothing QBO could take: only texts can be emptied.
    """
    if isinstance(old, str):
        return None if _DATE.fullmatch(old) else ""
    if not isinstance(old, dict) or _is_ref(name, old):
        return None
    new = new if isinstance(new, dict) else {}
    gone = {key: "" for key in old if key not in new and isinstance(old[key], str)}
    return new | gone


def _is_ref(name, value):
    return "value" in value and name != "CustomerMemo"
