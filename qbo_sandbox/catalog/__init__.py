"""All entities by name. To add one: describe it here, give it a rule in rules/."""

from .blocks import DETAILS, OBJECTS
from .fields import Entity, Field
from .lists import LISTS
from .transactions import TRANSACTIONS

ENTITIES = {one.name: one for one in LISTS + TRANSACTIONS}
BY_PATH = {name.lower(): one for name, one in ENTITIES.items()}

__all__ = ["BY_PATH", "DETAILS", "ENTITIES", "OBJECTS", "Entity", "Field"]
