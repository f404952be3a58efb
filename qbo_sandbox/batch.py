"""The batch endpoint: up to thirty operations, one after another, each on its own."""

from .catalog import ENTITIES
from .engine import delete, save, void
from .errors import Fault, business
from .search import query

OPERATIONS = {"create": save, "update": save, "delete": delete}
KEYS = ("bId", "operation", "Query", "optionsData", "CDCQuery")


def run(company, body):
    """The ``BatchItemResponse`` list; 1040 if there are too many items."""
    items = body.get("BatchItemRequest") if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise Fault(2010, "Property Name:BatchItemRequest", "BatchItemRequest")
    limit = company.knob("batch_limit")
    if len(items) > limit:
        raise Fault(1040, f"Batch size exceeds allowed limit of {limit}", "")
    return [one(company, item) for item in items]


def one(company, item):
    """One item's answer; a fault stays its own."""
    answer = {"bId": item.get("bId", "")}
    fault = company.app.trouble.batch_item(company, item)
    try:
        if fault:
            raise fault
        with company.store.transaction():
            answer.update(perform(company, item))
    except Fault as refused:
        company.cache.clear()
        answer["Fault"] = refused.body()
    return answer


def perform(company, item):
    """Do what the item says."""
    if "Query" in item:
        return {"QueryResponse": query(company, item["Query"])}
    name, body = entity_of(item)
    operation = str(item.get("operation", "")).lower()
    params = {"include": str(item.get("optionsData", ""))}
    if operation not in OPERATIONS:
        raise Fault(500, f"Operation {operation} is not supported", "")
    if operation == "update" and "void" in params["include"].lower():
        return {name: void(company, ENTITIES[name], body, params)}
    if operation == "create" and body.get("Id"):
        raise business("A new object has no Id.")
    done = OPERATIONS[operation](company, ENTITIES[name], body, params)
    return {name: company.render(name, done) if "status" not in done else done}


def entity_of(item):
    """(name, body) of the item's object; 2000 if it names none."""
    for key, value in item.items():
        if key in ENTITIES and isinstance(value, dict):
            return key, value
    strange = [key for key in item if key not in KEYS]
    raise Fault(2010, f"Property Name:{strange[0] if strange else 'operation'}", "")
