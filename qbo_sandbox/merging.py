"""Merging two entries of a list, as a person does in QuickBooks (the API can't)."""

from .catalog import ENTITIES
from .rules import ledger_hooks
from .rules.names import INACTIVE
from .values import stamp

TITLES = {"Customer": "DisplayName", "Vendor": "DisplayName", "Item": "Name"}


def merge(company, entity, loser_id, winner_id):
    """One entry goes on as another one: documents, balances, and what is left.

    Raises ValueError for what QuickBooks' own page doesn't offer.
    """
    loser, winner = company.get(entity, loser_id), company.get(entity, winner_id)
    if not loser or not winner or loser_id == winner_id or entity not in TITLES:
        raise ValueError("merge two different customers, vendors or items")
    if "Inventory" in (loser.get("Type"), winner.get("Type")):
        raise ValueError("items that are counted can't be merged")
    point_documents(company, entity, loser_id, winner)
    move_balance(company, entity, loser_id, winner_id)
    leave(company, entity, loser_id)
    company.app.webhooks.note(company, entity, winner_id, "Merge", deletedId=loser_id)


def point_documents(company, entity, loser_id, winner):
    """All transactions name the one that is left; a knob says whether that shows."""
    name = winner[TITLES[entity]]
    touched = company.knob("merge_documents") == "touched"
    for kind, rule in ENTITIES.items():
        for doc in company.every(kind) if rule.kind == "txn" else ():
            refs = [ref for ref in named(doc, entity) if ref["value"] == loser_id]
            for ref in refs:
                ref.update(value=winner["Id"], name=name)
            if refs:
                (company.touch if touched else company.keep)(kind, doc)


def named(value, entity):
    """Every reference to an entry of this kind within a document."""
    if isinstance(value, list):
        for one in value:
            yield from named(one, entity)
    elif isinstance(value, dict):
        for key, inner in value.items():
            mine = key == "EntityRef" and inner.get("type") == entity
            if mine or key == f"{entity}Ref":
                yield inner
            else:
                yield from named(inner, entity)


def move_balance(company, entity, loser_id, winner_id):
    """What is owed is owed by, or to, the one that is left."""
    at = (company.realm, entity)
    company.store.run(
        "UPDATE postings SET party=? WHERE realm=? AND party_kind=? AND party=?",
        winner_id,
        *at,
        loser_id,
    )
    row = company.store.one(
        "SELECT cents FROM totals WHERE realm=? AND kind=? AND key=?", *at, loser_id
    )
    if row:
        company.store.run(
            "INSERT INTO totals VALUES (?,?,?,?) ON CONFLICT (realm, kind, key)"
            " DO UPDATE SET cents=cents+excluded.cents",
            *at,
            winner_id,
            row[0],
        )
        company.store.run(
            "DELETE FROM totals WHERE realm=? AND kind=? AND key=?", *at, loser_id
        )
        ledger_hooks.refresh_party(company, entity, winner_id)
        ledger_hooks.refresh_party(company, entity, loser_id)


def leave(company, entity, loser_id):
    """What is left of the other one: inactive under a name that is free, or gone."""
    doc = company.get(entity, loser_id)
    doc["SyncToken"] = str(int(doc["SyncToken"]) + 1)
    doc["MetaData"]["LastUpdatedTime"] = stamp(company.now())
    if company.knob("merge_leaves") == "deleted":
        stub = {"Id": loser_id, "MetaData": doc["MetaData"]}
        company.put(entity, stub, None, deleted=True)
        return
    doc["Active"] = False
    doc[TITLES[entity]] += INACTIVE
    company.put(entity, doc, None)
