"""Intuit's consent page: choose a company, connect or cancel."""

from ..http import Response
from ..oauth import back
from .html import hidden_fields, page, text

FIELDS = ("client_id", "redirect_uri", "response_type", "scope", "state")


def consent(app, request):
    """Show the page, or act on its form (``action`` connect or cancel)."""
    form = {**request.query, **(request.form if request.method == "POST" else {})}
    wrong, redirectable = app.oauth.check(form)
    if wrong and redirectable:
        return Response.redirect(back(form, error=wrong))
    if wrong:
        body = f'<p class="bad">{text(wrong)}</p>'
        return Response.html(page("Sorry, we can't connect", body), 400)
    if request.method == "POST":
        return decide(app, form)
    return Response.html(page("Connect to QuickBooks", ask(app, form)))


def ask(app, form):
    """The form: companies and the two buttons."""
    rows = "".join(
        f'<p><label><input type="radio" name="realm_id" value="{text(one["realm_id"])}"'
        f"{' checked' if not position else ''}> {text(one['name'])} "
        f'<span class="grey">{text(one["realm_id"])}</span></label></p>'
        for position, one in enumerate(app.list_companies())
    )
    kept = hidden_fields({name: form.get(name, "") for name in FIELDS})
    return (
        f"<p>An app asks to read and write the books of one of your companies.</p>"
        f'<form method="post" action="/connect/oauth2">{kept}{rows}'
        f'<p><button name="action" value="connect">Connect</button> '
        f'<button class="plain" name="action" value="cancel">Cancel</button></p>'
        f"</form>"
    )


def decide(app, form):
    """Redirect back with a code, or with access_denied."""
    if form.get("action") == "cancel":
        return Response.redirect(back(form, error="access_denied"))
    form.setdefault("realm_id", next(iter(app.companies)))
    if form["realm_id"] not in app.companies:
        return Response.html(page("Unknown company", ""), 400)
    with app.store.transaction():
        return Response.redirect(app.oauth.connect(form))
