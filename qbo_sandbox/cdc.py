"""Change data capture: what changed since, deleted objects as stubs at the end."""

from .catalog import BY_PATH
from .errors import Fault
from .values import loads, parse_moment

MOST = 1000
DAYS = 30


def run(company, params):
    """``CDCResponse`` of the entities; at most 1000 objects over all of them."""
    since = moment(company, params.get("changedSince", ""))
    blocks, room = [], MOST
    for entity in entities(params.get("entities", "")):
        found = changed(company, entity, since, room)
        room -= len(found)
        if found:
            blocks.append(
                {
                    entity.name: found,
                    "startPosition": 1,
                    "maxResults": len(found),
                    "totalCount": len(found),
                }
            )
        elif company.knob("cdc_empty") == "each":
            blocks.append({})
    return {"CDCResponse": [{"QueryResponse": blocks or [{}]}]}


def moment(company, text):
    """Seconds since 1970; at most thirty days back."""
    try:
        since = parse_moment(text)
    except ValueError:
        raise Fault(
            2070, f"Invalid date : {text}", "changedSince", message="Invalid Date"
        ) from None
    if since < company.now() - DAYS * 86400:
        raise Fault(
            2070,
            "changedSince can be at most 30 days ago",
            "changedSince",
            message="Invalid Date",
        )
    return since


def entities(text):
    """The entities named; 2020 without any, 500 for one that has no CDC."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise Fault(2020, "Required parameter entities is missing", "entities")
    found = []
    for name in names:
        entity = BY_PATH.get(name.lower())
        if entity is None or entity.uncdc:
            raise Fault(500, f"{name} is not supported by CDC", "entities", status=400)
        found.append(entity)
    return found


def changed(company, entity, since, room):
    """Objects by time of change, deleted ones last."""
    rows = company.store.rows(
        "SELECT doc, deleted FROM objects WHERE realm=? AND entity=? AND updated>=?"
        " ORDER BY deleted, updated, num LIMIT ?",
        company.realm,
        entity.name,
        int(since),
        room,
    )
    return [
        stub(loads(doc)) if deleted else company.render(entity.name, loads(doc))
        for doc, deleted in rows
    ]


def stub(doc):
    """What is left of a deleted object."""
    meta = {"LastUpdatedTime": doc["MetaData"]["LastUpdatedTime"]}
    return {"domain": "QBO", "status": "Deleted", "Id": doc["Id"], "MetaData": meta}
