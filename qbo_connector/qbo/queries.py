"""Statements of QBO's query language, which knows no parameters.

Every value is quoted, numbers too; only AND joins conditions; lists hide what
is inactive unless asked (see Intuit's "Data queries").
"""

import re
from datetime import datetime
from decimal import Decimal

from .money import number_text

PAGE_LIMIT = 1000  # entities QBO returns at most for one query
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")
_COLUMNS = re.compile(r"(\*|COUNT\(\*\)|[A-Za-z][\w.]*)(, ?[A-Za-z][\w.]*)*", re.A)
_ORDER = re.compile(
    r"[A-Za-z][\w.]*( ASC| DESC)?(, ?[A-Za-z][\w.]*( ASC| DESC)?)*", re.A
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def quote(value) -> str:
    """A value in quotes, out of which nothing can break: ``O'Neil`` -> ``'O\\'Neil'``.

    Control characters become spaces. Aware datetimes keep their offset; a naive
    one raises ValueError, as QBO would read it in the company's own zone.
    """
    if value is None:
        raise ValueError("QuickBooks can't compare with nothing")
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _CONTROL.sub(" ", _plain(value))
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _plain(value):
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time for QuickBooks needs an offset")
        return value.isoformat(timespec="seconds")
    if isinstance(value, Decimal):
        return number_text(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def compare(field, operator, value) -> str:
    """One condition: operator is ``=``, ``<``, ``>``, ``<=``, ``>=`` or ``LIKE``."""
    if operator not in ("=", "<", ">", "<=", ">=", "LIKE"):
        raise ValueError(f"QuickBooks has no operator {operator!r}")
    return f"{_checked(field, _NAME)} {operator} {quote(value)}"


def eq(field, value) -> str:
    """``field = 'value'``; QBO compares without regard to case."""
    return compare(field, "=", value)


def in_(field, values) -> str:
    """``field IN ('a', 'b')``; raises ValueError for no values (QBO: 4000)."""
    quoted = ", ".join(quote(value) for value in values)
    if not quoted:
        raise ValueError("IN needs at least one value")
    return f"{_checked(field, _NAME)} IN ({quoted})"


def active_any() -> str:
    """The condition that makes a list show its inactive rows too."""
    return "Active IN (true, false)"


def all_of(*conditions) -> str:
    """The given conditions joined with AND; empty ones are left out."""
    return " AND ".join(condition for condition in conditions if condition)


def select(entity, where=None, order=None, start=None, limit=None, columns="*") -> str:
    """A whole statement.

    where: one condition or a list of them; order: ``"Id"`` or ``"TxnDate DESC"``;
    start: 1-based; limit: up to 1000. Raises ValueError for names that are none.
    """
    conditions = where if isinstance(where, str) else all_of(*(where or ()))
    parts = [
        f"SELECT {_checked(columns, _COLUMNS)} FROM {_checked(entity, _NAME)}",
        f"WHERE {conditions}" if conditions else "",
        f"ORDERBY {_checked(order, _ORDER)}" if order else "",
        f"STARTPOSITION {int(start)}" if start else "",
        f"MAXRESULTS {min(int(limit), PAGE_LIMIT)}" if limit else "",
    ]
    return " ".join(part for part in parts if part)


def _checked(text, pattern):
    if not pattern.fullmatch(text):
        raise ValueError(f"not part of a QuickBooks query: {text!r}")
    return text
