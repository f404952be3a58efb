"""JSON doors for tests and for the curious: knobs, faults, companies, tokens, logs."""

import json

from .http import Response
from .knobs import KNOBS
from .ledger import Ledger
from .merging import merge
from .seed.many import many
from .trouble import KINDS


def handle(app, request):
    """Answer ``/_admin/...``; a wrong value is a 400 that says why."""
    name = request.path.removeprefix("/_admin/").strip("/").replace("/", "_")
    door = DOORS.get((request.method, name))
    if door is None:
        known = sorted(f"{m} /_admin/{n.replace('_', '/')}" for m, n in DOORS)
        return Response.json({"error": "unknown", "known": known}, 404)
    try:
        body = json.loads(request.body or b"{}")
        with app.store.lock:
            return Response.json(door(app, request, body))
    except (ValueError, KeyError, TypeError) as error:
        return Response.json({"error": str(error)}, 400)


def realm_of(app, request, body):
    """Realm named in the query or the body, or None."""
    return request.query.get("realm") or body.get("realm") or body.get("realm_id")


def knobs(app, request, body):
    """All knobs with value, default, choices and basis."""
    return app.knobs.show(request.query.get("realm"))


def set_knobs(app, request, body):
    """Set knobs: ``{"name": value}``; with ?realm= for one company only."""
    app.knobs.set(body, request.query.get("realm"))
    return {name: app.knobs.get(name, request.query.get("realm")) for name in body}


def faults(app, request, body):
    """What is queued, and the kinds there are."""
    return {"queue": [one.show() for one in app.trouble.queue], "kinds": KINDS}


def add_fault(app, request, body):
    """Queue a fault (or a list of them)."""
    for order in body if isinstance(body, list) else [body]:
        app.trouble.add(order)
    return {"queue": [one.show() for one in app.trouble.queue]}


def clear_faults(app, request, body):
    """Forget all queued faults."""
    app.trouble.clear()
    return {"queue": []}


def companies(app, request, body):
    """The companies."""
    return {"companies": app.list_companies()}


def add_company(app, request, body):
    """Found a company: kind us, ca or uk; name, realm_id, sample, multicurrency ..."""
    company = app.add_company(**body)
    return {"realm_id": company.realm, "name": company.name, "kind": company.kind}


def requests(app, request, body):
    """The request log of a company (newest last) with its counts."""
    realm = request.query.get("realm") or next(iter(app.companies), "")
    found = [one for one in app.requests if one["realm"] == realm]
    limit = int(request.query.get("limit", 200))
    return {
        "realm": realm,
        "counts": app.counts.get(realm, {}),
        "requests": found[-limit:] if limit else [],
    }


def clear_requests(app, request, body):
    """Empty the log and the counts."""
    realm = realm_of(app, request, body)
    kept = [one for one in app.requests if realm and one["realm"] != realm]
    app.requests.clear()
    app.requests.extend(kept)
    for name in [realm] if realm else list(app.counts):
        app.counts.pop(name, None)
    return {"counts": app.counts}


def mint(app, request, body):
    """A token pair for a company without the consent page."""
    realm = realm_of(app, request, body) or next(iter(app.companies))
    scope = body.get("scope", "com.intuit.quickbooks.accounting")
    grant = app.oauth._grant(realm, scope, app.now())
    pair = json.loads(app.oauth.issue(grant).body)
    return {**pair, "realm_id": realm}


def expire(app, request, body):
    """Let all access (or ``kind: refresh``) tokens expire now."""
    app.oauth.expire(body.get("kind", "access"), realm_of(app, request, body))
    return {"expired": body.get("kind", "access")}


def revoke(app, request, body):
    """Disconnect the app from a company, as its owner would in QuickBooks."""
    realm = realm_of(app, request, body)
    for one in [realm] if realm else list(app.companies):
        app.oauth.revoke_realm(one)
    return {"revoked": realm or "all"}


def forget_request_ids(app, request, body):
    """Forget which request ids were answered, as if much time had passed."""
    realm = realm_of(app, request, body)
    with app.store.transaction():
        app.store.run("DELETE FROM replays WHERE realm=?", realm)
    return {"forgotten": realm}


def preferences(app, request, body):
    """Change Preferences (also what the API may not): ``{group: {name: value}}``."""
    company = app.companies[realm_of(app, request, body)]
    with app.store.transaction():
        prefs = company.get("Preferences", "1")
        for group, values in body.get("preferences", {}).items():
            prefs.setdefault(group, {}).update(values)
        company.touch("Preferences", prefs)
    return prefs_json(prefs)


def prefs_json(prefs):
    """Preferences as plain JSON values."""
    from .values import dumps

    return json.loads(dumps(prefs))


def merge_two(app, request, body):
    """Merge an entry of a list into another: ``{entity, loser, winner}``."""
    company = app.companies[realm_of(app, request, body)]
    with app.store.transaction():
        merge(company, body["entity"], str(body["loser"]), str(body["winner"]))
    return {"left": body["winner"]}


def ledger(app, request, body):
    """Balances by account name, and transactions that don't balance (none)."""
    company = app.companies[realm_of(app, request, body)]
    book = Ledger(company)
    names = company.accounts()
    return {
        "unbalanced": book.unbalanced(),
        "balances": {
            names[oid]["Name"]: float(amount)
            for oid, amount in book.balances().items()
            if oid in names
        },
    }


def add_many(app, request, body):
    """Copies of a list entry: ``{"entity", "body", "count", "first"}``, see many.py."""
    company = app.companies[realm_of(app, request, body)]
    made = (body["entity"], body["body"], body["count"], body.get("first", 1))
    first, last = many(company, *made)
    return {"first_id": first, "last_id": last}


def webhooks(app, request, body):
    """Subscriptions and the attempts made."""
    return {
        "subscriptions": [one["url"] for one in app.webhooks.subscriptions],
        "deliveries": list(app.webhooks.log),
    }


def subscribe(app, request, body):
    """Send webhooks to ``url``, signed with ``verifier_token`` (``realms``: some)."""
    app.webhooks.subscribe(body["url"], body["verifier_token"], body.get("realms"))
    return webhooks(app, request, body)


def unsubscribe(app, request, body):
    """End all subscriptions."""
    app.webhooks.unsubscribe()
    return webhooks(app, request, body)


def health(app, request, body):
    """Alive."""
    return {"status": "ok", "companies": len(app.companies), "knobs": len(KNOBS)}


DOORS = {
    ("POST", "requestids_forget"): forget_request_ids,
    ("GET", "health"): health,
    ("GET", "knobs"): knobs,
    ("POST", "knobs"): set_knobs,
    ("GET", "faults"): faults,
    ("POST", "faults"): add_fault,
    ("DELETE", "faults"): clear_faults,
    ("POST", "faults_clear"): clear_faults,
    ("GET", "companies"): companies,
    ("POST", "companies"): add_company,
    ("GET", "requests"): requests,
    ("DELETE", "requests"): clear_requests,
    ("POST", "requests_clear"): clear_requests,
    ("POST", "tokens"): mint,
    ("POST", "tokens_expire"): expire,
    ("POST", "tokens_revoke"): revoke,
    ("GET", "webhooks"): webhooks,
    ("POST", "webhooks"): subscribe,
    ("DELETE", "webhooks"): unsubscribe,
    ("POST", "preferences"): preferences,
    ("POST", "merge"): merge_two,
    ("GET", "ledger"): ledger,
    ("POST", "many"): add_many,
}
