"""Who changed what: Odoo's and QBO's versions of one object, field by field.

Everything is compared as QBO means it: numbers by value, references by their
id, nothing QBO fills in or rewrites by itself.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from .money import D

# QBO computes these; what is sent in them is overwritten without a word.
READ_ONLY = frozenset(
    "Id SyncToken sparse domain MetaData LineNum FullyQualifiedName Level Balance "
    "BalanceWithJobs HomeBalance HomeTotalAmt TaxExemptionRef IsProject status "
    "InvoiceLink DeliveryInfo RecurDataRef RemainingCredit UnappliedAmt LineEx "
    "Lat Long".split()
)
# On transactions QBO rewrites addresses: names into the lines, city into Line3-5.
ADDRESSES = frozenset("BillAddr ShipAddr ShipFromAddr VendorAddr".split())
COMPUTED_LINES = frozenset({"SubTotalLineDetail"})
# Of a line that Odoo doesn't manage, and that no amount depends on.
FOREIGN_ON_LINE = frozenset(
    "ClassRef ServiceDate CustomerRef BillableStatus MarkupInfo".split()
)
# By which keys the entries of a list are the same thing; other lists go by place.
IDENTITY = {"CustomField": ("DefinitionId",), "LinkedTxn": ("TxnId", "TxnType")}
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


def three_way(base, mine, theirs) -> Merge:
    """Merge two versions of one object over what was last agreed.

    base: what we sent last; mine: what we would send now; theirs: what QBO has.
    A text that base has and mine has not was emptied in Odoo: it is sent as "".
    ``Line`` counts as one field, as QBO only takes all lines or none.
    """
    result = Merge()
    theirs = _comparable(theirs)
    mine = _with_emptied_fields(base, mine)
    for name in _fields(base, mine):
        old, ours, other = base.get(name), mine.get(name), theirs.get(name)
        wanted = _full(old, ours)
        if covers(wanted, old):
            if not covers(old, other):
                result.theirs_only[name] = other
        elif covers(old, other):
            _send(result, name, old, ours, other)
        elif not covers(wanted, other):
            result.conflicts.append(Conflict(name, old, ours, other))
    return result


def delta(base, mine) -> dict:
    """What a sparse update must say to turn base into mine, emptied fields too."""
    return three_way(base, mine, base).changes


def dropped(sent, answer) -> list:
    """The fields that QBO dropped or changed although it answered 200.

    Such as ``["CurrencyRef", "Line 2 ClassRef"]``; empty if all was kept.
    """
    answer = _comparable(answer)
    found = []
    for name in _fields({}, sent):
        if not covers(sent[name], answer.get(name)):
            found += _places(name, sent[name], answer.get(name))
    return found


def covers(wanted, actual) -> bool:
    """True if ``actual`` holds everything ``wanted`` says; it may hold more.

    Empty, missing and null are the same. Lists match entry by entry, links and
    custom fields by their ids.
    """
    if _empty(wanted):
        return _empty(actual)
    if isinstance(wanted, dict):
        return isinstance(actual, dict) and _dict_covers(wanted, actual)
    if isinstance(wanted, (list, tuple)):
        return isinstance(actual, (list, tuple)) and _list_covers(wanted, actual)
    return _plain_equal(wanted, actual)


def _fields(base, mine):
    names = dict.fromkeys([*base, *mine])
    transaction = "Line" in names
    return [
        name
        for name in names
        if name not in READ_ONLY and not (transaction and name in ADDRESSES)
    ]


def _comparable(values):
    """The object without the lines and the empty custom fields QBO adds by itself."""
    if isinstance(values.get("CustomField"), (list, tuple)):
        filled = [one for one in values["CustomField"] if _has_value(one)]
        values = {**values, "CustomField": filled}
    if not isinstance(values.get("Line"), (list, tuple)):
        return values
    lines = [
        line for line in values["Line"] if line.get("DetailType") not in COMPUTED_LINES
    ]
    return {**values, "Line": lines}


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


def _has_value(field):
    """Forms name each custom field that is on, with a value or without."""
    return not isinstance(field, dict) or any(key.endswith("Value") for key in field)


def _full(old, new):
    """``new`` for comparing: what ``old`` has beyond it stands there as None."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = dict.fromkeys([*new, *old])
        return {name: _full(old.get(name), new.get(name)) for name in names}
    lists = isinstance(old, (list, tuple)) and isinstance(new, (list, tuple))
    if lists and len(old) == len(new):
        return [_full(before, now) for before, now in zip(old, new, strict=True)]
    return new


def _send(result, name, old, ours, theirs):
    if ours is None or (isinstance(old, dict) and not _is_ref(name, old)):
        ours = _with_emptied(name, old, ours)
    if name == "Line" and ours and isinstance(theirs, (list, tuple)):
        ours = _with_foreign_lines(ours, theirs)
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


def _with_foreign_lines(ours, theirs):
    """Lines replace all lines: what only QBO put on one must ride along."""
    known = {line.get("Id"): line for line in theirs if line.get("Id")}
    return [_with_foreign(line, known.get(line.get("Id"))) for line in ours]


def _with_foreign(line, theirs):
    kind = line.get("DetailType")
    if not theirs or theirs.get("DetailType") != kind or kind not in line:
        return line
    extra = {
        key: value
        for key, value in (theirs.get(kind) or {}).items()
        if key in FOREIGN_ON_LINE and key not in line[kind]
    }
    return {**line, kind: line[kind] | extra}


def _empty(value):
    if isinstance(value, dict):
        return all(_empty(inner) for inner in value.values())
    return value is None or value == "" or value == [] or value == ()


def _dict_covers(wanted, actual):
    if "value" in wanted:
        return covers(wanted["value"], actual.get("value"))
    return all(
        covers(value, actual.get(key))
        for key, value in wanted.items()
        if key not in READ_ONLY
    )


def _list_covers(wanted, actual):
    keys = _identity(wanted)
    if keys:
        by_id = {
            _key(entry, keys): entry for entry in actual if isinstance(entry, dict)
        }
        return all(covers(one, by_id.get(_key(one, keys))) for one in wanted)
    return len(wanted) == len(actual) and all(map(covers, wanted, actual))


def _identity(entries):
    for keys in IDENTITY.values():
        if all(isinstance(one, dict) and keys[0] in one for one in entries):
            return keys
    return None


def _key(entry, keys):
    return tuple(str(entry.get(key)) for key in keys)


def _plain_equal(wanted, actual):
    wanted, actual = _plain(wanted), _plain(actual)
    if isinstance(wanted, Decimal) or isinstance(actual, Decimal):
        return _number(wanted) == _number(actual) is not None
    return wanted == actual


def _plain(value):
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    # QBO evens out white space at the ends and in line breaks.
    return " ".join(value.split()) if isinstance(value, str) else value


def _number(value):
    try:
        return D(value)
    except ValueError:
        return None


def _places(name, sent, actual):
    """Where a field differs: lines say which of them and what on it."""
    if name != "Line" or not isinstance(actual, (list, tuple)):
        return [name]
    if len(sent) != len(actual):
        return [f"{name} (sent {len(sent)}, kept {len(actual)})"]
    pairs = enumerate(zip(sent, actual, strict=True), 1)
    return [
        f"{name} {number} {key}"
        for number, (line, kept) in pairs
        for key in _line_differences(line, kept)
    ]


def _line_differences(line, kept):
    detail = line.get("DetailType")
    for key, value in line.items():
        if key in READ_ONLY or covers(value, kept.get(key)):
            continue
        if key != detail or not isinstance(kept.get(key), dict):
            yield key
        else:
            yield from (k for k, v in value.items() if not covers(v, kept[key].get(k)))
