"""The server's parts put together: store, companies, OAuth, API, pages."""

import sys
import threading
import time
import traceback
import uuid
from collections import deque

from . import admin, api, attachments, pages
from .catalog import ENTITIES
from .company import Company
from .discovery import document
from .errors import Fault
from .http import Response
from .knobs import Knobs
from .limits import Limits
from .oauth import OAuth
from .seed import found_company
from .store import Store
from .trouble import Troubles
from .webhooks import Webhooks

KEPT_REQUESTS = 5000


class App:
    """One server: ``app(request)`` answers an HTTP request."""

    entities = ENTITIES

    def __init__(self, path, seed=None, public_url=""):
        self.store = Store(path)
        self.knobs = Knobs(self.store)
        self.public_url = public_url.rstrip("/")
        self.oauth = OAuth(self, seed)
        self.trouble = Troubles()
        self.limits = Limits(self.knobs)
        self.companies = {}
        self.requests = deque(maxlen=KEPT_REQUESTS)
        self.counts = {}
        self.counting = threading.Lock()
        self.webhooks = Webhooks(self)
        self.base = self.public_url
        for realm, name, kind in self.store.rows(
            "SELECT realm, name, kind FROM companies ORDER BY seq"
        ):
            self.companies[realm] = Company(self, realm, name, kind)

    def now(self):
        """Seconds since 1970 by the server's clock."""
        return time.time() + float(self.knobs.get("clock_offset"))

    def add_company(self, **options):
        """Found a company (kind, name, realm_id, sample, multicurrency, ast ...)."""
        known = dict(self.companies)
        try:
            with self.store.transaction():
                return found_company(self, **options)
        except BaseException:
            self.companies = known
            raise

    def list_companies(self):
        """[{realm_id, name, kind}] in the order they were founded."""
        return [
            {"realm_id": one.realm, "name": one.name, "kind": one.kind}
            for one in self.companies.values()
        ]

    def describe(self, url):
        """The line printed when the server is ready."""
        return {
            "url": url,
            "discovery_url": f"{url}/.well-known/openid_sandbox_configuration",
            "client_id": self.oauth.client_id,
            "client_secret": self.oauth.client_secret,
            "companies": self.list_companies(),
        }

    def close(self):
        """Stop delivering and close the store."""
        self.webhooks.stop.set()
        with self.store.lock:
            self.store.close()

    def note_event(self, company, entity, oid, operation):
        """An object changed: the webhooks may have to tell."""
        if self.webhooks.subscriptions:
            self.webhooks.note(company, entity, oid, operation)

    # -- requests ------------------------------------------------------------
    def __call__(self, request):
        """Answer a request; None breaks the connection."""
        tid = f"1-{uuid.uuid4()}"
        try:
            response = self.route(request, tid)
        except Exception as error:  # a bug here must look like Intuit's own
            response = crashed(self, error)
        if response is not None:
            response.headers.setdefault("intuit_tid", tid)
        return response

    def route(self, request, tid):
        """Send the request to the part that answers it."""
        path = request.path
        self.base = self.public_url or request.base
        if path.startswith("/v3/"):
            return api.handle(self, request, tid)
        if path.startswith("/_admin/"):
            return admin.handle(self, request)
        if path.startswith("/files/"):
            return attachments.serve(self, path)
        if path.startswith(OAUTH_PATHS):
            return self.oauth_route(request, path.rstrip("/"))
        with self.store.lock:
            return pages.handle(self, request)

    def oauth_route(self, request, path):
        """Discovery, token, revocation, user info; consent is a page."""
        if path.startswith("/.well-known"):
            return Response.json(document(request.base, self.public_url))
        if path == "/connect/oauth2":
            return pages.consent(self, request)
        routes = {
            "/oauth2/v1/tokens/bearer": self.oauth.token,
            "/v2/oauth2/tokens/revoke": self.oauth.revoke,
            "/v1/openid_connect/userinfo": self.oauth.userinfo,
        }
        if path == "/op/v1/jwks":
            return Response.json({"keys": []})
        if path not in routes:
            return Response.json({"error": "not_found"}, 404)
        with self.store.transaction():
            return routes[path](request)

    def log(self, entry):
        """Note a request to a company and count it as read or write."""
        with self.counting:
            self.requests.append(entry)
            count = self.counts.setdefault(
                entry["realm"], {"reads": 0, "writes": 0, "requests": 0, "faults": 0}
            )
            count["requests"] += 1
            count["reads"] += entry["reads"]
            count["writes"] += entry["writes"]
            count["faults"] += entry["status"] >= 400


OAUTH_PATHS = (
    "/.well-known",
    "/connect/",
    "/oauth2/",
    "/v2/oauth2",
    "/op/",
    "/v1/openid_connect",
)


def crashed(app, error):
    """500 code 10000 for an error of this server itself; the cause goes to stderr."""
    traceback.print_exception(error, file=sys.stderr)
    detail = f"System Failure Error: {type(error).__name__}"
    return api.refused(app, Fault(10000, detail, status=500))
