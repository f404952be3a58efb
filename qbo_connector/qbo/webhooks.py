"""QBO's notifications: is it really Intuit's, and what does it tell?

Two formats: CloudEvents (a JSON array, the only one since summer 2026) and the
legacy one. Bodies are hints only: what changed is read again.
"""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from quickbooks import QuickBooks

# CloudEvents name entities in lower case; the library knows how QBO spells them.
ENTITIES = {
    name.lower(): name
    for name in (*QuickBooks._BUSINESS_OBJECTS, "Budget", "Currency", "JournalCode")
}
OPERATIONS = {
    "created": "Create",
    "updated": "Update",
    "deleted": "Delete",
    "merged": "Merge",
    "voided": "Void",
    "emailed": "Emailed",
}
_LEGACY_OPERATIONS = {name.lower(): name for name in OPERATIONS.values()}
_TYPE = re.compile(r"qbo\.([a-z]{1,40})\.([a-z]{1,20})\.v\d{1,3}")
_ID = re.compile(r"[A-Za-z0-9_:.-]{1,64}")
_REALM = re.compile(r"[0-9]{1,32}")
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:?\d\d)?", re.A
)
EVENT_LIMIT = 10_000  # Intuit sends up to 100 events in one delivery


class Event(NamedTuple):
    """One change. time: aware datetime or None; event_id tells repeats apart;
    deleted_id: the losing id of a merge, if told."""

    realm_id: str
    entity: str
    qbo_id: str
    operation: str
    time: datetime | None
    event_id: str
    deleted_id: str = ""


class Events(list):
    """The events of one delivery; ``skipped`` counts those that made no sense."""

    skipped = 0


def verify(raw_body, signature, verifier_token) -> bool:
    """True if ``intuit-signature`` fits the raw bytes; never raises.

    base64 of HMAC-SHA256 under the app's verifier token, compared in constant
    time. Without a token nothing is accepted.
    """
    try:
        if not verifier_token or not signature:
            return False
        mac = hmac.new(verifier_token.encode(), raw_body, hashlib.sha256).digest()
        return hmac.compare_digest(base64.b64encode(mac), signature.strip().encode())
    except (AttributeError, TypeError, ValueError):
        return False


def parse(raw_body) -> Events:
    """The events of a delivery in either format; never raises.

    A body that is no JSON counts as one skipped event.
    """
    events = Events()
    try:
        payload = json.loads(raw_body)
    except (ValueError, TypeError, RecursionError):
        payload = None
    entries = list(_entries(payload))
    for entry in entries[:EVENT_LIMIT]:
        event = _event(entry)
        if event:
            events.append(event)
    events.skipped = len(entries) - len(events)
    return events


def _entries(payload):
    """Raw events: CloudEvents as they are, legacy ones with their realm."""
    if isinstance(payload, list):
        yield from payload
        return
    notes = payload.get("eventNotifications") if isinstance(payload, dict) else None
    if not isinstance(notes, list):
        # One CloudEvent on its own is allowed by that standard.
        yield payload
        return
    for note in notes:
        change = note.get("dataChangeEvent") if isinstance(note, dict) else None
        entities = change.get("entities") if isinstance(change, dict) else None
        if not isinstance(entities, list):
            yield None
            continue
        for entity in entities:
            yield {"legacy": entity, "realm": note.get("realmId")}


def _event(entry):
    if not isinstance(entry, dict):
        return None
    event = _legacy_event(entry) if "legacy" in entry else _cloud_event(entry)
    if not event or not event.operation:
        return None
    valid = _REALM.fullmatch(event.realm_id) and _ID.fullmatch(event.qbo_id)
    return event if valid else None


def _cloud_event(entry):
    kind = _TYPE.fullmatch(_text(entry.get("type")).lower())
    if not kind:
        return None
    data = entry.get("data") if isinstance(entry.get("data"), dict) else {}
    realm, qbo_id = (
        _text(entry.get("intuitaccountid")),
        _text(entry.get("intuitentityid")),
    )
    return Event(
        realm_id=realm,
        entity=ENTITIES.get(kind[1], kind[1]),
        qbo_id=qbo_id,
        operation=OPERATIONS.get(kind[2], ""),
        time=_time(entry.get("time")),
        event_id=_storable(_text(entry.get("id")))
        or _fingerprint(
            realm, kind[1], qbo_id, kind[2], entry.get("time"), entry.get("id")
        ),
        deleted_id=_deleted(data) or _deleted(entry),
    )


def _legacy_event(entry):
    change = entry["legacy"]
    if not isinstance(change, dict):
        return None
    realm, name = _text(entry["realm"]), _text(change.get("name"))
    qbo_id, operation = _text(change.get("id")), _text(change.get("operation"))
    updated = change.get("lastUpdated")
    if not re.fullmatch(r"[A-Za-z]{1,40}", name):
        return None
    return Event(
        realm_id=realm,
        entity=ENTITIES.get(name.lower(), name),
        qbo_id=qbo_id,
        operation=_LEGACY_OPERATIONS.get(operation.lower(), ""),
        time=_time(updated),
        event_id=_fingerprint(realm, name, qbo_id, operation, updated),
        deleted_id=_deleted(change),
    )


def _deleted(values):
    """The losing id of a merge; Intuit spells the key in more than one way."""
    found = (
        v for k, v in values.items() if k.lower() in ("deletedid", "intuitdeletedid")
    )
    text = _text(next(found, None))
    return text if _ID.fullmatch(text) else ""


def _fingerprint(*parts):
    text = "\0".join(_text(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _text(value):
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return str(value)[:200]


def _storable(text):
    """The text, or "" if a database doesn't take it: NUL, half a character."""
    return text if text.isprintable() else ""


def _time(value):
    """An aware datetime of Intuit's times, up to nanoseconds; None if it is none."""
    found = _TIME.fullmatch(_text(value))
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(found[1])
        moment = moment.replace(microsecond=int((found[2] or "0")[:6].ljust(6, "0")))
        return moment.replace(tzinfo=timezone.utc) - _offset(found[3])
    except (ValueError, OverflowError):
        return None


def _offset(text):
    if not text or text == "Z":
        return timedelta()
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return offset if text[0] == "+" else -offset
