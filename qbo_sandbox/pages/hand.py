"""A bookkeeper's hand: edit, void and delete as a person would in QuickBooks."""

from ..catalog import ENTITIES
from ..engine import delete, save, void
from ..errors import Fault
from ..http import Response
from .html import button, hidden_fields, link, page, text

EDITABLE = ("TxnDate", "DueDate", "DocNumber", "PrivateNote")


def act(company, request, entity, doc):
    """Do what a button or the form says; back to the page, or the reason why not."""
    form = request.form
    try:
        with company.store.transaction():
            perform(company, ENTITIES[entity], doc, form)
    except Fault as fault:
        company.cache.clear()
        body = f'<p class="bad">{text(fault.code)} {text(fault.detail)}</p>'
        return Response.html(page("QuickBooks refuses", body, company), 400)
    if form.get("action") == "delete":
        return Response.redirect(link(company, "invoices"))
    return Response.redirect(request.target)


def perform(company, entity, doc, form):
    """Edit, void or delete."""
    body = {"Id": doc["Id"], "SyncToken": doc["SyncToken"]}
    action = form.get("action")
    if action == "delete":
        delete(company, entity, body)
    elif action == "void":
        void(company, entity, body)
    else:
        body |= {name: doc[name] for name in entity.always if name in doc}
        save(company, entity, edited(doc, form, body))


def edited(doc, form, body):
    """The sparse update of a submitted form."""
    body["sparse"] = True
    for name in EDITABLE:
        if name in form and form[name] != str(doc.get(name, "")):
            body[name] = form[name] or None
    lines = [line for line in doc.get("Line", []) if "Id" in line]
    if any(change_line(line, form) for line in lines):
        body["Line"] = lines
    return body


def change_line(line, form):
    """Take a line's quantity and price from the form; True if it changed."""
    detail = line.get(line.get("DetailType")) or {}
    changed = False
    for name in ("Qty", "UnitPrice"):
        key = f"{name}_{line['Id']}"
        if key in form and form[key] != str(detail.get(name, "")):
            detail[name], changed = form[key], True
    text_key = f"Description_{line['Id']}"
    if text_key in form and form[text_key] != str(line.get("Description", "")):
        line["Description"], changed = form[text_key], True
    if changed:
        line.pop("Amount", None)
    return changed


def controls(entity, doc):
    """The form with the editable fields and the buttons."""
    inputs = "".join(
        f'<p><label>{name}<br><input name="{name}" value="{text(doc.get(name, ""))}">'
        f"</label></p>"
        for name in EDITABLE
        if name in ENTITIES[entity].fields
    )
    inputs += "".join(line_inputs(line) for line in doc.get("Line", []) if "Id" in line)
    form = (
        f'<details><summary>Edit</summary><form method="post">'
        f"{hidden_fields({'action': 'edit'})}{inputs}<button>Save</button></form>"
        f"</details>"
    )
    buttons = ""
    if ENTITIES[entity].can("v"):
        buttons += button("Void", "plain", action="void") + " "
    return form + "<p>" + buttons + button("Delete", "danger", action="delete") + "</p>"


def line_inputs(line):
    """Inputs for a line's text, quantity and price."""
    detail = line.get(line.get("DetailType")) or {}
    if "ItemRef" not in detail:
        return ""
    cells = [
        ("Description", line.get("Description", "")),
        ("Qty", detail.get("Qty", "")),
        ("UnitPrice", detail.get("UnitPrice", "")),
    ]
    return (
        "<p>"
        + " ".join(
            f'<input name="{name}_{line["Id"]}" value="{text(value)}" '
            f'aria-label="{name} of line {line["Id"]}">'
            for name, value in cells
        )
        + "</p>"
    )
