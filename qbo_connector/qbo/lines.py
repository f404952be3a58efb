"""Lines of a form: what only QBO put on them, and where two versions differ."""

from itertools import zip_longest

from .same import READ_ONLY, covers, empty

# Of a line what no amount depends on: what Odoo doesn't say of it stays.
FOREIGN = frozenset(
    "Description ClassRef ServiceDate CustomerRef BillableStatus MarkupInfo".split()
)


def extras(lines, theirs, before=()) -> dict:
    """What only QBO put on lines: ``{line id: {key: value}}``.

    lines: what Odoo says; theirs: as QBO has them; before: what Odoo said earlier, as
    what it has taken off a line is none of QBO's.
    """
    own = {}
    for line in (*before, *lines):
        if line.get("Id"):
            own.setdefault(line["Id"], set()).update(flat(line))
    found = {}
    for line in theirs or ():
        mine = own.get(line.get("Id"))
        extra = {
            key: value
            for key, value in flat(line).items()
            if mine and key in FOREIGN - mine and not empty(value)
        }
        if extra:
            found[line["Id"]] = extra
    return found


def with_extras(lines, extra) -> list:
    """Lines replace all lines: what only QBO put on one rides along."""
    return [_with_extra(line, (extra or {}).get(line.get("Id"))) for line in lines]


def _with_extra(line, extra):
    kind = line.get("DetailType")
    if not extra or not isinstance(line.get(kind), dict):
        return line
    inner = {key: value for key, value in extra.items() if key != "Description"}
    head = {key: value for key, value in extra.items() if key == "Description"}
    return {**head, **line, kind: {**inner, **line[kind]}}


def flat(line) -> dict:
    """A line's keys and those of its detail."""
    detail = line.get(line.get("DetailType"))
    return {**line, **(detail if isinstance(detail, dict) else {})}


def places(name, sent, actual) -> list:
    """Where a field differs: of lines which of them, and what on it."""
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


def rows(name, mine, theirs):
    """Yield ``(place, mine, theirs)`` of what differs in a field."""
    if name != "Line":
        yield name, mine, theirs
        return
    for number, (line, other) in enumerate(_pairs(mine or (), theirs or ()), 1):
        if line is None or other is None:
            yield f"{name} {number}", line, other
            continue
        ours, kept = flat(line), flat(other)
        for key in _line_differences(line, other):
            yield f"{name} {number} {key}", ours.get(key), kept.get(key)


def _pairs(ours, theirs):
    """Lines that stand for each other: by their ids, or else by place."""
    left = {line.get("Id"): line for line in theirs}
    if not any(line.get("Id") in left for line in ours):
        return list(zip_longest(ours, theirs))
    pairs = [(line, left.pop(line.get("Id"), None)) for line in ours]
    return pairs + [(None, line) for line in left.values()]


def _line_differences(line, kept):
    detail = line.get("DetailType")
    for key, value in line.items():
        if key in READ_ONLY or covers(value, kept.get(key)):
            continue
        if key != detail or not isinstance(kept.get(key), dict):
            yield key
        else:
            yield from (k for k, v in value.items() if not covers(v, kept[key].get(k)))
