"""The commands, by name; each takes the rest of the command line."""

from .chromium import find_chromium
from .common import step
from .odoo_source import find_odoo


def setup(_rest: list[str]) -> int:
    """Fetch everything that tests and demo need into the cache folder."""
    step(f"Odoo 19: {find_odoo()}")
    step(f"Chromium: {find_chromium()}")
    return 0


COMMANDS = {"setup": setup}
