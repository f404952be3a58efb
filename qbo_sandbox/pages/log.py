"""The request log and the knobs."""

from ..http import Response
from ..knobs import KNOBS
from .html import facts, page, table, text


def requests(company, request):
    """The company's requests, newest first, with reads and writes counted."""
    app = company.app
    count = app.counts.get(company.realm, {})
    found = [one for one in app.requests if one["realm"] == company.realm]
    rows = [
        [
            text(one["time"][11:23]),
            text(one["method"]),
            text(one["operation"]),
            text(one["entity"]),
            text(one["path"][:110]),
            one["status"],
            one["ms"],
            "replay" if one["replayed"] else "",
        ]
        for one in reversed(found[-200:])
    ]
    heads = ("Time", "Method", "Operation", "Entity", "Address", "Status", "ms", "")
    sums = facts(
        [
            (name.capitalize(), str(count.get(name, 0)))
            for name in ("requests", "reads", "writes", "faults")
        ]
    )
    return Response.html(
        page("Request log", sums + table(heads, rows, (6,)), company, "log")
    )


def settings(company, request):
    """The knobs."""
    if request.method == "POST":
        return turn(company, request)
    rows = [
        [
            text(name),
            control(name, one),
            text(one["default"]),
            text(one["basis"]),
            text(one["text"]),
        ]
        for name, one in company.app.knobs.show(company.realm).items()
    ]
    heads = ("Knob", "Value", "Default", "Basis", "What it does")
    return Response.html(page("Settings", table(heads, rows), company, "settings"))


def control(name, one):
    """A form to turn one knob."""
    if one["choices"]:
        options = "".join(
            f"<option{' selected' if one['value'] == choice else ''}>{text(choice)}"
            f"</option>"
            for choice in one["choices"]
        )
        field = f'<select name="value">{options}</select>'
    else:
        field = f'<input name="value" size="6" value="{text(one["value"])}">'
    return (
        f'<form method="post"><input type="hidden" name="name" value="{text(name)}">'
        f'{field} <button class="plain">Set</button></form>'
    )


def turn(company, request):
    """Set a knob of this company."""
    name, value = request.form.get("name", ""), request.form.get("value", "")
    kind = type(KNOBS[name].default) if name in KNOBS else str
    try:
        value = value == "True" if kind is bool else kind(value)
        company.app.knobs.set({name: value}, company.realm)
    except ValueError as error:
        return Response.html(page("No such setting", text(error), company), 400)
    return Response.redirect(request.target)
