"""Odoo's log, read for trouble."""

import re

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+"  # when, process, database
    r" (?P<logger>[\w.]+): (?P<text>.*)"
)
BAD = {"WARNING", "ERROR", "CRITICAL"}
# What a sound run may log too, and why that is no trouble of ours.
ALLOWED = (
    r"Running as user 'root' is a security risk",  # a container, or this machine
)


def troubles(log: str, only_from: str = "") -> list[str]:
    """Return the lines of a log that warn of something.

    :param only_from: a text that the line's logger or message must hold
    """
    matches = map(LINE.match, log.splitlines())
    return [
        match.group()
        for match in matches
        if match
        and match["level"] in BAD
        and only_from in f"{match['logger']} {match['text']}"
        and not any(re.search(allowed, match["text"]) for allowed in ALLOWED)
    ]
