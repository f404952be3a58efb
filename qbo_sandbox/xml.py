"""Answers in XML, for callers that forgot to ask for JSON."""

from xml.sax.saxutils import escape

from .http import Response

OPEN = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<IntuitResponse xmlns="http://schema.intuit.com/finance/v3">'
)


def wants_xml(company, request):
    """True without an Accept that takes JSON (QuickBooks' default is XML)."""
    if not company.knob("xml_without_accept"):
        return False
    accept = request.headers.get("accept", "")
    return "json" not in accept and not request.path.endswith("/pdf")


def xml_response(body):
    """The answer as QuickBooks' XML, roughly: enough to see that it isn't JSON."""
    text = OPEN + "".join(element(k, v) for k, v in body.items()) + "</IntuitResponse>"
    return Response(200, text.encode(), "application/xml")


def element(name, value):
    """One value as an element (lists repeat it)."""
    if isinstance(value, list):
        return "".join(element(name, one) for one in value)
    if isinstance(value, dict):
        inner = "".join(element(key, one) for key, one in value.items())
    elif isinstance(value, bool):
        inner = str(value).lower()
    else:
        inner = escape(str(value))
    return f"<{name}>{inner}</{name}>"
