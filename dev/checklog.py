"""Odoo's log, read for trouble."""

import re

from .common import ROOT, cache

ENTRY = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+"  # when, process, database
    r" (?P<text>[\w.]+: .*?)(?=^\d{4}-\d\d-\d\d [\d:,]+ \d+ [A-Z]|\Z)",
    re.MULTILINE | re.DOTALL,
)
BAD = {"WARNING", "ERROR", "CRITICAL"}
# What a sound run may log too, and why that is no trouble of ours.
ALLOWED = (
    r"Running as user 'root' is a security risk",  # a container, or this machine
    r"could not serialize access due to",  # a lost race, which Odoo repeats
)


def troubles(log: str, only_from: str = "") -> list[str]:
    """Return the warnings and errors in a log, each with its traceback's last line.

    :param only_from: a text that the entry must hold
    """
    return [
        _shortened(entry["text"])
        for entry in ENTRY.finditer(log)
        if entry["level"] in BAD
        and only_from in _without_places(entry["text"])
        and not any(re.search(allowed, entry["text"]) for allowed in ALLOWED)
    ]


def _without_places(text: str) -> str:
    """Leave out where Odoo and this checkout lie: such paths may hold any word."""
    return text.replace(str(cache()), "").replace(f"{ROOT}/", "")


def _shortened(text: str) -> str:
    lines = text.strip().splitlines()
    return "\n".join(dict.fromkeys([lines[0], lines[-1]]))
