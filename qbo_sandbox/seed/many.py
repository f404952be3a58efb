"""Many list entries at once: for measuring, where each by itself takes too long."""

from ..catalog import ENTITIES
from ..engine import save
from ..errors import Fault
from ..values import dec, dumps, loads

MARK = "918273645"  # a number that no other text of an entry holds
LEDGER = ("QtyOnHand", "OpenBalance", "Balance")


def many(company, entity, body, count, first=1):
    """Make copies of a list entry; ``{n}`` in its texts is each one's number.

    The first goes the way of the API, so that what QuickBooks refuses is refused;
    the others are stored as it was. Nothing is booked: an entry with a quantity or
    a balance is a ValueError. No webhooks. Returns the ids, first and last.
    """
    one = ENTITIES[entity]
    if one.kind != "list" or any(dec(body.get(name) or 0) for name in LEDGER):
        raise ValueError("only list entries that book nothing")
    with company.store.transaction():
        pattern = _pattern(company, one, loads(dumps(body).replace("{n}", MARK)))
        ids = [
            _copy(company, one, pattern.replace(MARK, str(number)))
            for number in range(first, first + count)
        ]
    return ids[0], ids[-1]


def _pattern(company, entity, body):
    """What is stored of the entry, as text; it is not kept."""
    try:
        with company.store.transaction():
            raise _Seen(dumps(save(company, entity, body)))
    except _Seen as seen:
        return seen.args[0]
    except Fault as fault:
        raise ValueError(str(fault)) from fault


class _Seen(Exception):
    """Ends a transaction that nothing is to be left of."""


def _copy(company, entity, text):
    doc = {**loads(text), "Id": company.next_id(entity.space)}
    company.keep(entity.name, doc)
    return doc["Id"]
