"""The request log and the knobs."""

from ..http import Response
from .html import facts, page, table, text


def requests(company, request):
    """The company's requests, newest first, with reads and writes counted."""
    app = company.app
    count = app.counts.get(company.realm, {})
    found = [one for one in app.requests if one["realm"] == company.realm]
    rows = [[text(one["time"][11:23]), text(one["method"]), text(one["operation"]),
             text(one["entity"]), text(one["path"][:110]), one["status"], one["ms"],
             "replay" if one["replayed"] else ""] for one in reversed(found[-200:])]
    heads = ("Time", "Method", "Operation", "Entity", "Address", "Status", "ms", "")
    sums = facts([(name.capitalize(), str(count.get(name, 0)))
                  for name in ("requests", "reads", "writes", "faults")])
    return Response.html(page("Request log", sums + table(heads, rows, (6,)), company,
                              "log"))


def settings(company, request):
    """The knobs."""
    rows = [[text(name), text(one["value"]), text(one["default"]), text(one["basis"]),
             text(one["text"])]
            for name, one in company.app.knobs.show(company.realm).items()]
    heads = ("Knob", "Value", "Default", "Basis", "What it does")
    return Response.html(page("Settings", table(heads, rows), company, "settings"))
