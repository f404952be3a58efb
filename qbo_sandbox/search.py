"""A parsed query against the store: QuickBooks' rules turned into SQL."""

from .catalog import ENTITIES
from .errors import Fault, not_found
from .query import parse
from .rules.rates import prepare_query
from .values import ZERO, dec, loads, parse_moment

COLUMNS = {
    "Id": "id",
    "DocNumber": "docnumber",
    "CustomerRef": "party",
    "VendorRef": "party",
    "Sku": "sku",
    "PrimaryEmailAddr": "email",
    "TxnDate": "txndate",
    "Active": "active",
}
INNER = {"object": {"Email": ".Address", "Phone": ".FreeFormNumber"}}
ORDERS = {"name": "name, num", "num": "num", "-num": "num DESC"}
ATTACHED = {
    "attachableref.entityref.type": "$.AttachableRef[0].EntityRef.type",
    "attachableref.entityref.value": "$.AttachableRef[0].EntityRef.value",
}
BALANCE = (
    "COALESCE((SELECT t.cents FROM totals t WHERE t.realm=objects.realm AND"
    " t.kind='account' AND t.key=objects.id), 0) / 100.0"
)


def query(company, statement):
    """The ``QueryResponse`` object of a statement.

    Raises Fault 4000 (grammar) or 4001 (names, values).
    """
    select = parse(statement)
    entity = next(
        (
            one
            for name, one in ENTITIES.items()
            if name.lower() == select.entity.lower()
        ),
        None,
    )
    if entity is None:
        raise invalid(f"Entity {select.entity} not found")
    if entity.name == "ExchangeRate":
        prepare_query(company, select)
    return Search(company, entity, select).answer()


def invalid(text):
    """4001."""
    return Fault(4001, f"QueryValidationError: {text}")


class Search:
    """One query on its way to SQL."""

    def __init__(self, company, entity, select):
        self.company, self.entity, self.select = company, entity, select
        self.args = [company.realm, entity.name]

    def answer(self):
        """Count or page."""
        where = "realm=? AND entity=? AND deleted=0" + self.where()
        if self.select.count:
            row = self.company.store.one(
                f"SELECT COUNT(*) FROM objects WHERE {where}", *self.args
            )
            return {"totalCount": row[0] + len(self.pseudo())}
        limit = self.limit()
        sql = (
            f"SELECT doc FROM objects WHERE {where} ORDER BY {self.order()}"
            f" LIMIT {limit} OFFSET {self.select.start - 1}"
        )
        rows = self.company.store.rows(sql, *self.args)
        found = self.pseudo() + [self.render(row[0]) for row in rows]
        if not found:
            return {}
        return {
            self.entity.name: found,
            "startPosition": self.select.start,
            "maxResults": len(found),
        }

    def render(self, text):
        """The stored object as answers show it."""
        return self.company.render(self.entity.name, loads(text))

    def pseudo(self):
        """US companies list TAX, NON and one more on top of any TaxCode page."""
        if self.entity.name != "TaxCode" or self.company.kind != "us":
            return []
        if self.select.where or self.select.start > 1:
            return []
        from .seed.taxes import PSEUDO_CODES

        return [dict(code) for code in PSEUDO_CODES]

    def limit(self):
        """Page size: 100 unless said, never over 1000."""
        limit = 100 if self.select.limit is None else self.select.limit
        if limit > 1000 and self.company.knob("oversized_page") == "refuse":
            raise invalid("MAXRESULTS is over the limit of 1000")
        return max(0, min(limit, 1000))

    def order(self):
        """ORDER BY clause."""
        parts = []
        for name, down in self.select.order:
            sql, kind = self.expression(self.property(name))
            sql = "num" if sql == "id" else sql
            parts.append(f"{number(sql) if kind == 'd' else sql} {'DESC' * down}")
        return ", ".join([*parts, ORDERS[self.entity.order]])

    def where(self):
        """All conditions, and 'active only' where nothing says otherwise."""
        parts = [self.condition(*one) for one in self.select.where]
        asked = {name.lower() for name, _, _ in self.select.where}
        if "Active" in self.entity.fields and "active" not in asked:
            parts.append("active=1")
        return "".join(f" AND {part}" for part in parts)

    def condition(self, name, operator, value):
        """One condition with its arguments noted."""
        path = self.property(name)
        sql, kind = self.expression(path)
        if path == "id" and operator not in ("=", "in"):
            raise invalid(f"Operator {operator} is not supported for property Id")
        if operator == "in":
            self.args += [self.value(kind, one, name) for one in value]
            return f"{wrap(sql, kind)} IN ({','.join('?' * len(value))})"
        if operator == "like":
            self.args.append(value.replace("_", "\\_"))
            return f"{sql} LIKE ? ESCAPE '\\'"
        if value == " ":
            return f"({sql} IS {'NOT ' * (operator == '!=')}NULL)"
        self.args.append(self.value(kind, value, name))
        return f"{wrap(sql, kind)} {operator} ?{collation(kind)}"

    def property(self, name):
        """The property's own spelling; 4001 unless it exists and can be filtered."""
        low = name.lower()
        if low in ("metadata.lastupdatedtime", "metadata.createtime", "id"):
            return low
        if self.entity.name == "Attachable" and low in ATTACHED:
            return low
        field = next(
            (f for f in self.entity.fields.values() if f.name.lower() == low), None
        )
        if field is None:
            raise invalid(f"Property {name} not found for Entity {self.entity.name}")
        if not field.filterable:
            raise invalid(f"property '{field.name}' is not queryable")
        return field.name

    def expression(self, path):
        """(SQL, type) of a property."""
        fixed = {
            "metadata.lastupdatedtime": ("updated", "time"),
            "metadata.createtime": ("created", "time"),
            "id": ("id", "s"),
        }
        if path in fixed:
            return fixed[path]
        if path in ATTACHED:
            return f"json_extract(doc,'{ATTACHED[path]}')", "s"
        field = self.entity.fields[path]
        if path == "CurrentBalance":
            return BALANCE, "d"
        if path == self.entity.title:
            return "name", "s"
        if path in COLUMNS:
            return COLUMNS[path], field.kind
        tail = (
            ".value"
            if field.kind == "ref"
            else INNER.get(field.kind, {}).get(field.arg, "")
        )
        return f"json_extract(doc,'$.{path}{tail}')", field.kind

    def value(self, kind, text, name):
        """The SQL argument for a value of that type (4001 if it isn't one)."""
        try:
            if kind == "b":
                return {"true": 1, "false": 0}[str(text).lower()]
            if kind in ("d", "i"):
                return float(dec(text) if str(text).strip() else ZERO)
            if kind == "time":
                return int(parse_moment(text))
        except (KeyError, ValueError, ArithmeticError):
            raise invalid(f"Invalid value {text} for property {name}") from None
        if str(text).lower() == "current_date":
            return self.company.today()
        return str(text)


def wrap(sql, kind):
    """Numbers compare as numbers, text without case."""
    return number(sql) if kind in ("d", "i") else sql


def number(sql):
    """The expression as a number."""
    return f"CAST({sql} AS REAL)"


def collation(kind):
    """Text compares without case."""
    return " COLLATE NOCASE" if kind in ("s", "enum") else ""


def read(company, entity, oid):
    """One object by id; 610 if there is none, 500 if the entity can't be read."""
    if not entity.can("r"):
        raise Fault(
            500, f"Operation Read is not supported for {entity.name}", "", status=400
        )
    if entity.kind == "single":
        oid = "1"
    if not oid.isdigit() and entity.name != "TaxCode":
        raise Fault(2030, f"Invalid ID : {oid}", "Id")
    doc = company.get(entity.name, oid)
    if doc is None:
        raise not_found("transaction" if entity.kind == "txn" else "list")
    return company.render(entity.name, doc)
