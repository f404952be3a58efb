"""What changed in QBO: how to read it, and what an object says about itself."""

from datetime import datetime, timezone

from . import queries

# What queries hide when it is inactive, and what can't be deleted.
LISTS = frozenset(
    "Account Class CompanyCurrency Customer Department Employee Item PaymentMethod "
    "TaxCode TaxRate Term Vendor".split()
)
# CDC doesn't know them.
NO_CDC = frozenset(
    "JournalCode TaxAgency TaxCode TaxRate CompanyInfo Preferences ExchangeRate "
    "TaxService".split()
)
CDC_DAYS = 30  # how far back CDC goes
IDS_IN_QUERY = 100  # nobody documents how long an IN list may be


def is_deleted(values) -> bool:
    """True for CDC's stub of a deleted object: ``{"Id", "status": "Deleted"}``."""
    return values.get("status") == "Deleted"


def deleted(qbo_id) -> dict:
    """The stub CDC would send."""
    return {"Id": str(qbo_id), "status": "Deleted"}


def is_voided(values) -> bool:
    """True for a voided transaction: total 0, and "Voided" before the note.

    QBO has no field that says it.
    """
    note = values.get("PrivateNote") or ""
    return "TotalAmt" in values and not values["TotalAmt"] and note.startswith("Voided")


def name_of(values) -> str | None:
    """The name that QBO lets an entry of a list have alone; None for documents."""
    return values.get("DisplayName") or values.get("Name") or None


def parents(objects) -> set:
    """Ids of what the objects of a list stand below."""
    refs = (values.get("ParentRef") or {} for values in objects)
    return {ref["value"] for ref in refs if ref.get("value")}


def is_inactive(values) -> bool:
    """True for an entry of a list that was made inactive."""
    return values.get("Active") is False


def refs(value, field) -> set:
    """The ids that ``field`` (``"CustomerRef"``) names, at any depth."""
    if isinstance(value, list):
        return {one for inner in value for one in refs(inner, field)}
    if not isinstance(value, dict):
        return set()
    found = {one for inner in value.values() for one in refs(inner, field)}
    mine = value.get(field)
    named_here = mine.get("value") if isinstance(mine, dict) else None
    return found | ({named_here} if named_here else set())


def named(values) -> list:
    """What a document names of the lists: ``[{"CustomerRef": {"value": "58"}}, …]``."""
    found = []
    for entity in sorted(LISTS):
        ids = refs(values, f"{entity}Ref")
        found += [{f"{entity}Ref": {"value": one}} for one in sorted(ids)]
    return found


def repointed(value, field, old, new):
    """The same object, but where ``field`` named ``old`` it names ``new``."""
    if isinstance(value, list):
        return [repointed(one, field, old, new) for one in value]
    if not isinstance(value, dict):
        return value
    result = {name: repointed(one, field, old, new) for name, one in value.items()}
    if old in refs({field: value.get(field)}, field):
        result[field] = {"value": new}
    return result


def version(values) -> int:
    """The SyncToken as a number; -1 without one."""
    try:
        return int(values.get("SyncToken") or -1)
    except (TypeError, ValueError):
        return -1


def updated(values) -> datetime | None:
    """When the object was changed last: naive UTC, or None."""
    return _utc((values.get("MetaData") or {}).get("LastUpdatedTime"))


def created(values) -> datetime | None:
    """When the object was made: naive UTC, or None."""
    return _utc((values.get("MetaData") or {}).get("CreateTime"))


def moment(text) -> datetime | None:
    """QBO's clock in an answer (``time``): naive UTC, or None."""
    return _utc(text)


def _utc(text):
    try:
        found = datetime.fromisoformat(str(text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    if found.tzinfo is None:
        return None
    return found.astimezone(timezone.utc).replace(tzinfo=None)


def select_ids(entity, ids) -> str:
    """The statement that reads these objects, inactive ones too."""
    where = whole(entity, [queries.in_("Id", ids)])
    return queries.select(entity, where, limit=queries.PAGE_LIMIT)


def select_page(entity, start, since=None, where=()) -> str:
    """The statement that reads a page of 1000, of what changed since if given.

    since: an aware datetime.
    """
    conditions = whole(entity, where)
    if since:
        conditions.append(queries.compare("MetaData.LastUpdatedTime", ">=", since))
    return queries.select(entity, conditions, "Id", start, queries.PAGE_LIMIT)


def whole(entity, where=()) -> list:
    """Conditions of a query that leaves out nothing for being inactive."""
    return [*where, *_any(entity)]


def _any(entity):
    return [queries.active_any()] if entity in LISTS else []


def slices(values, size=IDS_IN_QUERY):
    """Lists of up to ``size`` of the values."""
    values = list(values)
    return [values[at : at + size] for at in range(0, len(values), size)]
