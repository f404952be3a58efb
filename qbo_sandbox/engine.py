"""Create, update, delete and void: the same steps for every entity."""

from dataclasses import dataclass, field

from .catalog import Entity
from .company import Company
from .errors import Fault, not_found, required
from .rules import rule_for
from .validation import Cleaner, references
from .values import stamp


@dataclass
class Change:
    """One write on its way: what was sent, what stood there, what will stand."""

    company: Company
    entity: Entity
    sent: dict
    old: dict | None = None
    doc: dict = field(default_factory=dict)
    params: dict = field(default_factory=dict)
    operation: str = "Update"
    parts: list = field(default_factory=list)  # what a payment is applied to
    sources: list = field(default_factory=list)  # what a deposit consists of

    def changed(self, name):
        """True if the field's value differs from the stored one."""
        return self.doc.get(name) != (self.old or {}).get(name)

    @property
    def rule(self):
        """The entity's rule."""
        return rule_for(self.entity.name)

    @property
    def includes(self):
        """The words of the ``include`` parameter, in lower case."""
        return self.params.get("include", "").lower().split(",")


def save(company, entity, body, params=None):
    """Create, or update if the body has an Id. Returns the stored object.

    Raises Fault for everything QuickBooks would refuse.
    """
    if not isinstance(body, dict):
        raise Fault(2010, "Request body is not an object", "")
    change = Change(company, entity, {}, params=params or {})
    if body.get("Id") not in (None, "", 0, "0") or entity.kind == "single":
        _load(change, body)
    allowed(entity, "u" if change.old else "c")
    cleaner = Cleaner(company, references(change.old))
    change.sent = cleaner.clean(entity.fields, body)
    _require_always(change)
    _merge(change, body)
    return store(change)


def store(change):
    """Last steps of every write: rule, ids and times, effects."""
    _require(change)
    change.rule.prepare(change)
    _finish(change)
    change.company.put(change.entity.name, change.doc, change.operation)
    change.rule.effects(change)
    return change.company.get(change.entity.name, change.doc["Id"])


def allowed(entity, letter):
    """Refuse an operation the entity doesn't have (fault 500)."""
    words = {"c": "Create", "u": "Update", "d": "Delete", "v": "Void"}
    if not entity.can(letter):
        detail = f"Operation {words[letter]} is not supported for {entity.name}"
        raise Fault(500, detail, "", status=400)


def load(company, entity, body):
    """The stored object of ``body``'s Id after the SyncToken check."""
    oid = str(body.get("Id", "1" if entity.kind == "single" else ""))
    old = company.get(entity.name, oid)
    if old is None:
        kind = "transaction" if entity.kind == "txn" else "list"
        raise not_found(kind)
    token = body.get("SyncToken")
    if token in (None, ""):
        raise required("SyncToken")
    if str(token) != old["SyncToken"]:
        raise stale()
    return old


def stale():
    """5010 with QuickBooks' text."""
    return Fault(
        5010,
        "Stale Object Error : You and root were working on this at the "
        "same time. root finished before you did, so your work was not saved.",
        "",
    )


def _load(change, body):
    change.old = load(change.company, change.entity, body)
    sparse = bool(body.get("sparse")) and str(body["sparse"]).lower() == "true"
    if change.entity.extra.get("sparse_only") and not sparse:
        raise Fault(500, "Only sparse update is supported", "", status=400)


def _merge(change, body):
    """Sparse keeps what wasn't sent; a full update nulls it."""
    sparse = change.sent.pop("sparse", False)
    if change.entity.extra.get("full_only"):
        sparse = False
    base = change.old or {}
    if not sparse:
        fields = change.entity.fields
        base = {
            name: value
            for name, value in base.items()
            if name in ("Id", "SyncToken", "MetaData")
            or name not in fields
            or fields[name].readonly
            or fields[name].create_only
        }
    locked = {
        name
        for name in change.sent
        if change.old and change.entity.fields[name].create_only
    }
    merged = {**base, **{n: v for n, v in change.sent.items() if n not in locked}}
    change.doc = {name: value for name, value in merged.items() if value is not None}


def _require(change):
    for one in change.entity.fields.values():
        if one.required and change.doc.get(one.name) in (None, []):
            raise required(one.name)


def _require_always(change):
    """Some fields are wanted with each update, although they are kept (2020)."""
    for name in change.entity.always if change.old else ():
        if change.sent.get(name) is None:
            raise required(name)


def _finish(change):
    """Id, SyncToken and times as QuickBooks sets them."""
    company, doc, now = change.company, change.doc, stamp(change.company.now())
    if change.old is None:
        change.operation = "Create"
        doc["Id"] = company.next_id(change.entity.space)
        doc["SyncToken"] = "0"
        doc["MetaData"] = {"CreateTime": now, "LastUpdatedTime": now}
    else:
        doc["Id"] = change.old["Id"]
        doc["SyncToken"] = str(
            int(change.old["SyncToken"]) + change.rule.token_step(change)
        )
        doc["MetaData"] = {**change.old["MetaData"], "LastUpdatedTime": now}
    doc.update(domain="QBO", sparse=False)


def delete(company, entity, body, params=None):
    """Delete for good; returns the stub ``{"status": "Deleted", ...}``."""
    allowed(entity, "d")
    old = load(company, entity, body)
    change = Change(company, entity, {}, old, dict(old), params or {}, "Delete")
    change.rule.removing(change)
    now = stamp(company.now())
    stub = {"Id": old["Id"], "MetaData": {**old["MetaData"], "LastUpdatedTime": now}}
    company.put(entity.name, stub, "Delete", deleted=True)
    return {"domain": "QBO", "status": "Deleted", "Id": old["Id"]}


def void(company, entity, body, params=None):
    """Zero a document and keep it; returns the stored object."""
    allowed(entity, "v")
    old = load(company, entity, body)
    change = Change(company, entity, {}, old, _copy(old), params or {}, "Void")
    change.rule.voiding(change)
    _finish(change)
    company.put(entity.name, change.doc, "Void")
    return company.get(entity.name, change.doc["Id"])


def _copy(doc):
    from .values import dumps, loads

    return loads(dumps(doc))
