"""A request body against the catalog: unknown, wrong, too long, pointing nowhere."""

from decimal import Decimal, InvalidOperation

from .catalog import OBJECTS
from .errors import Fault, not_found
from .values import is_date

SPECIAL_ITEMS = ("SHIPPING_ITEM_ID", "GRATUITY_ITEM_ID")


class Cleaner:
    """Checks one body for one company; ``known`` are ids the old object points at."""

    def __init__(self, company, known=()):
        self.company, self.known = company, set(known)
        self.charset = company.knob("us_charset") if company.kind == "us" else "keep"

    def clean(self, fields, body, path=""):
        """Cleaned copy of ``body``; None values stay (a sparse update clears them)."""
        if not isinstance(body, dict):
            raise unsupported(path or "body")
        done = {}
        for name, value in body.items():
            field = fields.get(name)
            if field is None:
                raise unsupported(name)
            if not field.readonly:
                done[name] = self.field(field, value)
        return done

    def field(self, field, value):
        """One value by its field's type; '' counts as null."""
        if value is None or value == "":
            return None
        if not field.many:
            return getattr(self, "as_" + field.kind)(field, value)
        if not isinstance(value, list):
            raise unsupported(field.name)
        one = getattr(self, "as_" + field.kind)
        return [one(field, item) for item in value]

    def as_s(self, field, value):
        """Text: length, characters. Numbers are taken as their text."""
        if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
            raise unsupported(field.name)
        text = self.characters(field, str(value))
        if field.limit and len(text) > field.limit:
            raise too_long(field.name, field.limit, len(text))
        return text

    def characters(self, field, text):
        """Refuse control characters and, in US companies, text beyond Latin-1."""
        if any(ord(char) < 32 and char not in "\n\r\t" for char in text):
            raise Fault(2040, "Invalid String : control character", field.name)
        if self.charset == "keep" or not max(text, default="\0") > "\xff":
            return text
        if self.charset == "question":
            return text.encode("latin-1", "replace").decode("latin-1")
        raise Fault(
            2040, "Invalid String. The string contains invalid characters", field.name
        )

    def as_d(self, field, value):
        """Decimal from a number or numeric text."""
        if isinstance(value, bool):
            raise unsupported(field.name)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise Fault(2100, f"Invalid Decimal : {value}", field.name) from None
        if not number.is_finite() or abs(number) > Decimal("99999999999.9999999"):
            raise Fault(2100, f"Invalid Decimal : {value}", field.name)
        return number

    def as_i(self, field, value):
        """Whole number."""
        try:
            return int(str(value))
        except ValueError:
            raise Fault(2080, f"Invalid Number : {value}", field.name) from None

    def as_b(self, field, value):
        """true or false, also as text."""
        text = str(value).lower()
        if text not in ("true", "false"):
            raise Fault(2230, f"Invalid Boolean : {value}", field.name)
        return text == "true"

    def as_date(self, field, value):
        """ISO date."""
        text = str(value)
        if not is_date(text):
            raise Fault(2060, f"Invalid Date : {value}", field.name)
        return text

    def as_dt(self, field, value):
        """Date and time: only read-only fields have one, so it is kept as it is."""
        return str(value)

    def as_enum(self, field, value):
        """One of the allowed words."""
        if value not in field.choices:
            raise Fault(2170, f"Invalid Enumeration : {value}", field.name)
        return value

    def as_any(self, field, value):
        """A block this server keeps without looking inside."""
        return value

    def as_object(self, field, value):
        """Nested object by its own fields; nulls inside are dropped."""
        done = self.clean(OBJECTS[field.arg], value, field.name)
        missing = [
            f.name
            for f in OBJECTS[field.arg].values()
            if f.required and done.get(f.name) is None
        ]
        if missing:
            raise Fault(2020, f"Required parameter {missing[0]} is missing", missing[0])
        return {name: item for name, item in done.items() if item is not None}

    def as_ref(self, field, value):
        """Reference: exists, is active, gets its name from the target."""
        if not isinstance(value, dict):
            raise unsupported(field.name)
        done = self.clean(OBJECTS["Ref"], value, field.name)
        oid = done.get("value")
        if oid is None:
            return None
        if not field.arg or oid in SPECIAL_ITEMS:
            return {name: item for name, item in done.items() if item is not None}
        return self.target(field, oid)

    def target(self, field, oid):
        """The reference as QuickBooks returns it: id and the target's own name."""
        row = self.company.label(field.arg, oid)
        if row is None:
            raise Fault(
                2500,
                f"Invalid Reference Id : {field.arg}s element id {oid} not found",
                field.name,
            )
        if not row[1] and oid not in self.known:
            raise not_found("list")
        return {"value": oid, "name": row[0]}


def unsupported(name):
    """2010 for a property QuickBooks doesn't know."""
    return Fault(
        2010,
        f"Property Name:{name} : failed to parse json object; a property "
        "specified is unsupported or invalid",
        name,
    )


def too_long(name, limit, length):
    """2050 with QuickBooks' Min/Max text."""
    return Fault(
        2050,
        "String length specified does not match the supported length. "
        f"Min:0 Max:{limit} supplied length:{length}",
        name,
    )


def references(node):
    """Every id the object points at (inactive ones stay allowed in an update)."""
    if isinstance(node, dict):
        if isinstance(node.get("value"), str):
            yield node["value"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)
