# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ask QuickBooks for many list entries at once: which of them are there already?"""

from ..qbo import queries
from ..qbo.client import BatchItem

# So many go one by one: QuickBooks takes 500 requests a minute, but 40 batches.
FEW = 2
VALUES = 30  # in one query


def look_up(client, wanted):
    """Return what QuickBooks has: {key: its objects}.

    :param wanted: keys `(entity, property, value)`; see `key`
    :raise QboError: it can't be had
    """
    groups = {}
    for entity, name, value in wanted:
        groups.setdefault((entity, name), {})[value] = True
    asked = [
        (entity, name, part)
        for (entity, name), values in groups.items()
        for part in _parts(list(values))
    ]
    found = {one: [] for one in wanted}
    for (entity, name, _values), objects in zip(
        asked, _ask(client, asked), strict=True
    ):
        for one in objects:
            found.setdefault(key(entity, name, _value(one, name)), []).append(one)
    return found


def key(entity, name, value):
    """What a rule asks for; QuickBooks compares without regard to case."""
    return entity, name, str(value).casefold()


def _parts(values):
    return [values[start : start + VALUES] for start in range(0, len(values), VALUES)]


def _ask(client, asked):
    statements = [
        queries.select(entity, queries.in_(name, values), limit=queries.PAGE_LIMIT)
        for entity, name, values in asked
    ]
    if len(statements) <= FEW:
        return [client.query(statement) for statement in statements]
    items = [BatchItem(str(at), query=one) for at, one in enumerate(statements)]
    answers = client.batch(items)
    for answer in answers.values():
        if isinstance(answer, Exception):
            raise answer
    return [answers[item.bid] for item in items]


def _value(one, name):
    """The value of a property as queries see it: `PrimaryEmailAddr` is a block."""
    value = one.get(name) or ""
    return value.get("Address", "") if isinstance(value, dict) else value
