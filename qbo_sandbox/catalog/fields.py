"""The little language in which entities and their fields are described.

A description is words ``Name:type`` with flags at the end:

    type   s100 text of at most 100 characters · s text · d decimal · i whole
           number · b true/false · date · dt date and time · ref>Account reference ·
           ref reference to anything · @Name nested object · e:A|B one of · any
    []     a list of these
    flags  ! mandatory on create · = read only (a sent value is overwritten) ·
           ? may be used in a WHERE · + only on create
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Field:
    """One property of an entity or of a nested object."""

    name: str
    kind: str
    arg: str = ""
    many: bool = False
    required: bool = False
    readonly: bool = False
    filterable: bool = False
    create_only: bool = False

    @property
    def limit(self):
        """Longest text allowed, or None."""
        return int(self.arg) if self.kind == "s" and self.arg else None

    @property
    def choices(self):
        """Allowed values of an enumeration."""
        return self.arg.split("|")


FLAGS = {"!": "required", "=": "readonly", "?": "filterable", "+": "create_only"}


def parse_field(word):
    """Field from one word of a description."""
    name, _, spec = word.partition(":")
    flags = {}
    while spec[-1] in FLAGS:
        flags[FLAGS[spec[-1]]] = True
        spec = spec[:-1]
    if spec.endswith("[]"):
        flags["many"] = True
        spec = spec[:-2]
    return Field(name.replace("~", " "), *_kind(spec), **flags)


def _kind(spec):
    if spec.startswith("@"):
        return "object", spec[1:]
    if spec.startswith("ref"):
        return "ref", spec[4:]
    if spec.startswith("e:"):
        return "enum", spec[2:].replace("~", " ")
    if spec[0] == "s" and spec[1:].isdigit():
        return "s", spec[1:]
    return spec, ""


def parse(text):
    """{name: Field} of a whole description."""
    fields = [parse_field(word) for word in text.split()]
    return {one.name: one for one in fields}


COMMON = parse(
    "Id:s? SyncToken:s MetaData:@MetaData= domain:s= sparse:b "
    "CustomField:@CustomField[] AttachableRef:@AttachableRef[]"
)


@dataclass(frozen=True)
class Entity:
    """What is known of one kind of object: data only, its rules are elsewhere."""

    name: str
    fields: dict
    kind: str = "list"  # list, txn or single
    space: str = ""  # objects of one space share one row of ids
    operations: str = "cruqd"  # create read update query delete(void: v)
    title: str = "Name"
    order: str = "name"
    key: str = ""  # JSON key when it isn't the name
    uncdc: bool = False
    always: tuple = ()  # what even a sparse update must say
    extra: dict = field(default_factory=dict)

    def can(self, letter):
        """True if the operation (its letter) exists for this entity."""
        return letter in self.operations


def entity(name, text, **more):
    """Entity from its description."""
    more.setdefault("space", name)
    return Entity(name=name, fields={**COMMON, **parse(text)}, **more)
