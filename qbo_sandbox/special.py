"""Paths that are no plain create, read, update or delete."""

from .errors import Fault
from .http import Response
from .values import stamp


def find(rest):
    """The function for a special path, or None."""
    name = rest[0].lower() if rest else ""
    if name == "taxservice":
        return tax_service
    if name == "exchangerate":
        return exchange_rate
    if len(rest) > 2 and rest[2].lower() in ("pdf", "send"):
        return globals()[rest[2].lower()]
    return None


def tax_service(company, request, body, rest):
    """``POST taxservice/taxcode``: a tax code with its rates."""
    from .rules.taxservice import create

    return Response.json(create(company, body))


def exchange_rate(company, request, body, rest):
    """Rates have no id: read by currency and date, written by both."""
    from .rules import rates

    if request.method == "GET":
        return {"ExchangeRate": rates.read(company, request.query)}
    return {"ExchangeRate": rates.write(company, body)}


def document(company, rest):
    """(entity, object) of a path ``<entity>/<id>/...``."""
    from .catalog import BY_PATH
    from .search import read

    entity = BY_PATH.get(rest[0].lower())
    if entity is None or entity.kind != "txn":
        raise Fault(500, "Operation is not supported", "", status=400)
    return entity, read(company, entity, rest[1])


def pdf(company, request, body, rest):
    """A document as a (very plain) PDF."""
    from .pdf import render

    entity, doc = document(company, rest)
    return Response(200, render(entity.name, doc), "application/pdf")


def send(company, request, body, rest):
    """Mark a document as sent by e-mail."""
    entity, doc = document(company, rest)
    address = request.query.get("sendTo") or (doc.get("BillEmail") or {}).get("Address")
    if not address:
        raise Fault(2210, "An e-mail address is required", "BillEmail")
    doc["BillEmail"] = {"Address": address}
    doc["EmailStatus"] = "EmailSent"
    doc["DeliveryInfo"] = {
        "DeliveryType": "Email",
        "DeliveryTime": stamp(company.now()),
    }
    company.touch(entity.name, doc)
    company.app.note_event(company, entity.name, doc["Id"], "Emailed")
    return {entity.name: doc}


def extra(entity, doc, params):
    """Fields that come only when asked for with ``include``."""
    if entity.name == "Invoice" and "invoicelink" in params.get("include", "").lower():
        doc["InvoiceLink"] = "https://connect.intuit.test/t/scs-v1-" + doc["Id"]
    return doc
