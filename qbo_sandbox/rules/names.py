"""Names: unique, in a tree, kept free when inactive."""

from ..errors import Fault, not_found

FORBIDDEN = {":": "colon", "\t": "tab", "\n": "newline"}
INACTIVE = " (deleted)"


def check_characters(name, element):
    """2040 for the characters QuickBooks keeps for itself in names."""
    for char, word in FORBIDDEN.items():
        if name and char in name:
            raise Fault(2040, f"Invalid String : {element} contains a {word}", element)


def duplicate(found):
    """6240 with the id of who has the name."""
    return Fault(
        6240,
        "The name supplied already exists. : Another customer, vendor or "
        "employee is already using this name. Please use a different name. "
        f"Id={found[1]}"
        if found[0] in ("Customer", "Vendor", "Employee")
        else f"The name supplied already exists. : Id={found[1]}",
        "",
    )


def unique(change, field, entities):
    """The name is free among the entities (also of inactive ones)."""
    name = change.doc[field]
    found = change.company.named(entities, name, change.doc.get("Id"))
    if found:
        raise duplicate(found)


def place_in_tree(change, field, depth=5):
    """FullyQualifiedName and Level from ParentRef; 6180 below ``depth`` levels."""
    doc, level, names = change.doc, 0, [change.doc[field]]
    parent = doc.get("ParentRef")
    while parent:
        above = change.company.get(change.entity.name, parent["value"])
        if above is None or above["Id"] == doc.get("Id") or level > depth:
            raise not_found("list")
        names.append(above[field])
        parent, level = above.get("ParentRef"), level + 1
    if level >= depth:
        raise Fault(6180, "You can only nest up to 5 levels", "ParentRef")
    doc["FullyQualifiedName"] = ":".join(reversed(names))
    return level


def inactivate(change, field):
    """An inactive item's name gets a suffix and is free; back when revived."""
    doc, was = change.doc, (change.old or {}).get("Active", True)
    doc.setdefault("Active", True)
    whose = change.company.knob("inactive_suffix")
    if whose == "none" or (whose == "items" and change.entity.name != "Item"):
        return
    if was and not doc["Active"]:
        doc[field] = doc[field] + INACTIVE
    elif not was and doc["Active"] and doc[field].endswith(INACTIVE):
        doc[field] = doc[field][: -len(INACTIVE)]
