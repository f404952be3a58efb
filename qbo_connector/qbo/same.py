"""When two versions of one object of QBO say the same.

Numbers are compared by value, references by their id, lines and taxes in whatever
order; nothing counts that QBO fills in or rewrites by itself.
"""

from decimal import Decimal

from .money import D

# QBO computes these; what is sent in them is overwritten without a word.
READ_ONLY = frozenset(
    "Id SyncToken sparse domain MetaData LineNum FullyQualifiedName Level Balance "
    "BalanceWithJobs HomeBalance HomeTotalAmt TaxExemptionRef IsProject status "
    "InvoiceLink DeliveryInfo RecurDataRef RemainingCredit UnappliedAmt LineEx "
    "Lat Long".split()
)
# On transactions QBO rewrites addresses: names into the lines, city into Line3-5.
ADDRESSES = frozenset("BillAddr ShipAddr ShipFromAddr VendorAddr".split())
COMPUTED_LINES = frozenset({"SubTotalLineDetail"})
# By which keys the entries of a list are the same thing; other lists go by place.
IDENTITY = {"CustomField": ("DefinitionId",), "LinkedTxn": ("TxnId", "TxnType")}


def covers(wanted, actual) -> bool:
    """True if ``actual`` holds everything ``wanted`` says; it may hold more.

    Empty, missing and null are the same. Lists match entry by entry, links and
    custom fields by their ids.
    """
    if empty(wanted):
        return empty(actual)
    if isinstance(wanted, dict):
        return isinstance(actual, dict) and _dict_covers(wanted, actual)
    if isinstance(wanted, (list, tuple)):
        return isinstance(actual, (list, tuple)) and _list_covers(wanted, actual)
    return _plain_equal(wanted, actual)


def fields(base, mine) -> list:
    """Names of the fields of either that count."""
    names = dict.fromkeys([*base, *mine])
    transaction = "Line" in names
    return [
        name
        for name in names
        if name not in READ_ONLY and not (transaction and name in ADDRESSES)
    ]


def comparable(values):
    """The object without the lines and the empty custom fields QBO adds by itself."""
    if isinstance(values.get("CustomField"), (list, tuple)):
        filled = [one for one in values["CustomField"] if _has_value(one)]
        values = {**values, "CustomField": filled}
    if "TxnTaxDetail" in values:
        values = {**values, "TxnTaxDetail": _by_rate(values["TxnTaxDetail"])}
    if not isinstance(values.get("Line"), (list, tuple)):
        return values
    lines = [
        line for line in values["Line"] if line.get("DetailType") not in COMPUTED_LINES
    ]
    return {**values, "Line": lines}


def _has_value(field):
    """Forms name each custom field that is on, with a value or without."""
    return not isinstance(field, dict) or any(key.endswith("Value") for key in field)


def full(old, new):
    """``new`` for comparing: what ``old`` has beyond it stands there as None."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = dict.fromkeys([*new, *old])
        return {name: full(old.get(name), new.get(name)) for name in names}
    lists = isinstance(old, (list, tuple)) and isinstance(new, (list, tuple))
    if lists and len(old) == len(new):
        return [full(before, now) for before, now in zip(old, new, strict=True)]
    return new


def in_order(theirs, like) -> dict:
    """The object with its lines as ``like`` has them, if they are the same ones."""
    lines = _sorted_like(like.get("Line"), theirs.get("Line"))
    return {**theirs, "Line": lines} if lines else theirs


def _sorted_like(ours, theirs):
    if not (isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple))):
        return None
    places = {line.get("Id"): place for place, line in enumerate(ours)}
    ids = [line.get("Id") for line in theirs]
    if None in ids or len(places) != len(ids) or set(ids) != set(places):
        return None
    return sorted(theirs, key=lambda line: places[line["Id"]])


def _by_rate(detail):
    """QBO gives the taxes of a form in the order of their rates, or in another."""
    lines = detail.get("TaxLine") if isinstance(detail, dict) else None
    if not isinstance(lines, (list, tuple)):
        return detail
    return {**detail, "TaxLine": sorted(lines, key=_rate)}


def _rate(line):
    detail = line.get("TaxLineDetail") or {}
    return str((detail.get("TaxRateRef") or {}).get("value"))


def part(wanted, actual):
    """Of what QBO has in a field, the part that Odoo has a say in."""
    if empty(actual):
        return None
    if isinstance(wanted, dict) and isinstance(actual, dict):
        names = ["value"] if "value" in wanted else wanted
        return {
            name: part(wanted[name], actual[name]) for name in names if name in actual
        }
    if isinstance(wanted, (list, tuple)) and isinstance(actual, (list, tuple)):
        return _part_of_list(wanted, actual)
    return actual


def _part_of_list(wanted, actual):
    keys = _identity(wanted)
    if keys:
        ours = {_key(one, keys) for one in wanted}
        return [one for one in actual if _key(one, keys) in ours]
    like = {}
    for line in wanted:
        whole = like.setdefault(_kind(line), {})
        for key, value in line.items() if isinstance(line, dict) else ():
            both = isinstance(value, dict) and isinstance(whole.get(key), dict)
            whole[key] = {**whole[key], **value} if both else value
    return [_part_of_line(like.get(_kind(line)), line) for line in actual]


def _part_of_line(like, line):
    return {**part(like, line), "Id": line["Id"]} if like and line.get("Id") else line


def _kind(line):
    return line.get("DetailType") if isinstance(line, dict) else None


def empty(value):
    if isinstance(value, dict):
        return all(empty(inner) for inner in value.values())
    return value is None or value == "" or value == [] or value == ()


def _dict_covers(wanted, actual):
    if "value" in wanted:
        return covers(wanted["value"], actual.get("value"))
    return all(
        covers(value, actual.get(key))
        for key, value in wanted.items()
        if key not in READ_ONLY
    )


def _list_covers(wanted, actual):
    keys = _identity(wanted)
    if keys:
        by_id = {
            _key(entry, keys): entry for entry in actual if isinstance(entry, dict)
        }
        return all(covers(one, by_id.get(_key(one, keys))) for one in wanted)
    return len(wanted) == len(actual) and all(map(covers, wanted, actual))


def _identity(entries):
    for keys in IDENTITY.values():
        if all(isinstance(one, dict) and keys[0] in one for one in entries):
            return keys
    return None


def _key(entry, keys):
    return tuple(str(entry.get(key)) for key in keys)


def _plain_equal(wanted, actual):
    wanted, actual = _plain(wanted), _plain(actual)
    if isinstance(wanted, Decimal) or isinstance(actual, Decimal):
        return _number(wanted) == _number(actual) is not None
    return wanted == actual


def _plain(value):
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    # QBO evens out white space at the ends and in line breaks.
    return " ".join(value.split()) if isinstance(value, str) else value


def _number(value):
    try:
        return D(value)
    except ValueError:
        return None
