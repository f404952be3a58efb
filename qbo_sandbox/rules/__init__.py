"""The rules by entity. Data is in catalog/, behaviour is here."""

from functools import cache
from importlib import import_module

from .base import Rule

MODULES = (
    "accounts",
    "books",
    "expenses",
    "items",
    "parties",
    "payments",
    "purchases",
    "rates",
    "sales",
    "small",
)


@cache
def registry():
    """{entity name: rule}; built late because rules use the engine in turn."""
    found = {}
    for name in MODULES:
        found.update(import_module(f".{name}", __name__).RULES)
    return found


def rule_for(name):
    """The rule of an entity."""
    return registry().get(name) or Rule()
