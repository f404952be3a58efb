"""The rules by entity. Data is in catalog/, behaviour is here."""

from functools import cache

from .base import Rule


@cache
def registry():
    """{entity name: rule}; built late because rules use the engine in turn."""
    from . import accounts, books, items, parties, payments, purchases, sales, small

    found = {}
    for module in (accounts, books, items, parties, payments, purchases, sales, small):
        found.update(module.RULES)
    return found


def rule_for(name):
    """The rule of an entity."""
    return registry().get(name) or Rule()
