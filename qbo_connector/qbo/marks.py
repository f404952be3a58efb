"""How a document of ours is known again in QBO, and how a request is.

QBO can't search PrivateNote, but it returns it: found by number, a document is
ours only if its note carries our mark.
"""

import hashlib
import re
import uuid
from typing import NamedTuple

MARK_LIMIT = 60
NOTE_LIMIT = 4000  # characters QBO takes in PrivateNote
_SPACE = uuid.UUID("6f8d4cf1-52d5-5f0b-9a36-0c4c7c1f2f57")
_MARK = re.compile(r"\[Odoo ([a-z0-9_.]+) ([0-9]{1,18}) · ([0-9a-f]{8})\]")


class Mark(NamedTuple):
    """Who made a document: Odoo model, id, and the database's short name."""

    model: str
    res_id: int
    database: str


def database_short(database_uuid) -> str:
    """Eight hex digits that stand for one Odoo database."""
    return hashlib.sha256(str(database_uuid).encode()).hexdigest()[:8]


def mark(database_uuid, model, res_id) -> str:
    """The text that says which Odoo record a QBO document is, up to 60 chars.

    Such as ``[Odoo sale.order 42 · 3f9a01bc]``; raises ValueError for a model
    name that would not fit.
    """
    text = f"[Odoo {model} {int(res_id)} · {database_short(database_uuid)}]"
    if len(text) > MARK_LIMIT or not _MARK.fullmatch(text):
        raise ValueError(f"no mark can be made for {model!r}")
    return text


def find_mark(private_note):
    """The last mark in a note, or None. A void prepends to the note: it stays."""
    found = _MARK.findall(private_note or "")
    if not found:
        return None
    model, res_id, database = found[-1]
    return Mark(model, int(res_id), database)


def note_with_mark(note, mark, limit=NOTE_LIMIT) -> str:
    """The note with the mark as its last line; the note is cut, never the mark.

    Older marks in the note are taken out first (a duplicated order's, say).
    """
    body = _MARK.sub("", note or "").strip()
    room = limit - len(mark) - 1
    body = body[: max(room, 0)].rstrip()
    return f"{body}\n{mark}" if body else mark


def request_id(*parts) -> str:
    """A request id of 36 characters, always the same for the same parts.

    QBO answers a repeated id with the first answer instead of doing it again;
    it takes 50 characters, in batches 36.
    """
    # Lengths keep ("a", "bc") and ("ab", "c") apart.
    name = "".join(f"{len(text)}:{text}" for text in map(str, parts))
    return str(uuid.uuid5(_SPACE, name))
