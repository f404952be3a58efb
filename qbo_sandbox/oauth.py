"""OAuth 2.0 as Intuit has it: consent, code, rotating refresh tokens, revocation."""

import base64
import hashlib
import json
import random
import secrets
import string
from urllib.parse import urlencode

from .discovery import SCOPES
from .errors import forbidden, unauthenticated
from .http import Response

REFRESH_LIFE = 8726400  # 101 days, as in Intuit's sample answer
HARD_LIFE = 157680000  # five years
ALPHABET = string.ascii_letters + string.digits


class OAuth:
    """Grants and tokens in the store."""

    def __init__(self, app, seed=None):
        self.app, self.store = app, app.store
        self.random = self._randomness(seed)
        self.client_id = self._fixed("client_id", "ABsandbox", 40)
        self.client_secret = self._fixed("client_secret", "sandbox", 36)

    def _randomness(self, seed):
        """Seeded by the seed and the tokens there are: none comes twice in a store."""
        if seed is None:
            return secrets.SystemRandom()
        count = self.store.one("SELECT COUNT(*) FROM tokens")[0]
        return random.Random(f"{seed}-{count}")

    def _fixed(self, key, prefix, length):
        value = self.store.meta(key)
        if value is None:
            value = prefix + self.text(length)
            self.store.set_meta(key, value)
        return value

    def text(self, length):
        """Random letters and digits."""
        return "".join(self.random.choices(ALPHABET, k=length))

    # -- consent -----------------------------------------------------------
    def check(self, form):
        """What is wrong with an authorization request: (message, redirectable)."""
        if form.get("client_id") != self.client_id:
            return "The client id is not known.", False
        if not form.get("redirect_uri"):
            return "The redirect_uri is missing.", False
        if form.get("response_type") != "code":
            return "invalid_request", True
        asked = set(form.get("scope", "").replace("+", " ").split())
        return ("", True) if asked and asked <= SCOPES else ("invalid_scope", True)

    def connect(self, form):
        """Address to send the browser to after Connect: code, state, realmId."""
        now, realm = self.app.now(), form["realm_id"]
        if self.app.knobs.get("reconsent_kills", realm):
            self.revoke_realm(realm)
        grant = self._grant(realm, form.get("scope", ""), now)
        code = "AB" + self.text(48)
        life = self.app.knobs.get("code_lifetime")
        self._token(code, "code", grant, now, now + life, form["redirect_uri"])
        return back(form, code=code, realmId=realm)

    def _grant(self, realm, scope, now):
        cursor = self.store.run(
            "INSERT INTO grants (client, realm, scope, revoked, created)"
            " VALUES (?,?,?,0,?)",
            self.client_id,
            realm,
            scope,
            now,
        )
        return cursor.lastrowid

    def _token(self, token, kind, grant, now, expires, extra=""):
        self.store.run(
            "INSERT INTO tokens VALUES (?,?,?,?,?,0,?)",
            token,
            kind,
            grant,
            now,
            expires,
            extra,
        )

    # -- token endpoint ------------------------------------------------------
    def token(self, request):
        """The token endpoint."""
        form = request.form
        if not self.client_ok(request, form):
            return refuse("invalid_client", status=401)
        kind = form.get("grant_type")
        trouble = self.app.trouble.token_endpoint(kind)
        if trouble:
            return refuse(trouble)
        if kind == "authorization_code":
            return self.exchange(form, request)
        if kind == "refresh_token":
            return self.refresh(form, request)
        return refuse("unsupported_grant_type")

    def client_ok(self, request, form):
        """Basic (or body) credentials are the registered ones."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        pair = f"{form.get('client_id')}:{form.get('client_secret')}"
        if scheme.lower() == "basic":
            try:
                pair = base64.b64decode(text).decode()
            except ValueError:
                return False
        return secrets.compare_digest(pair, f"{self.client_id}:{self.client_secret}")

    def exchange(self, form, request):
        """Code to tokens; a second exchange ends what the first one gave."""
        row = self._find(form.get("code"), "code")
        if row is None:
            return refuse("invalid_grant", "Invalid authorization code")
        if row["dead"]:
            if self.app.knobs.get("code_reuse_kills"):
                self.revoke_grant(row["grant_id"])
            return refuse("invalid_grant", "Authorization code already used")
        self.store.run("UPDATE tokens SET dead=1 WHERE token=?", form["code"])
        if row["expires"] < self.app.now() or row["extra"] != form.get("redirect_uri"):
            return refuse(
                "invalid_grant", "Authorization code expired or wrong redirect"
            )
        return self.issue(row["grant_id"], request)

    def refresh(self, form, request):
        """Refresh token to a new pair, rotating it by the knob."""
        row = self._find(form.get("refresh_token"), "refresh")
        now = self.app.now()
        if row is None or row["dead"] or row["expires"] < now or self._revoked(row):
            return refuse("invalid_grant", "Incorrect or invalid refresh token")
        if not self._rotates(row, now):
            return self.issue(row["grant_id"], request, row)
        grace = float(self.app.knobs.get("refresh_grace"))
        self.store.run(
            "UPDATE tokens SET dead=?, expires=min(expires, ?) WHERE token=?",
            int(not grace),
            now + grace,
            row["token"],
        )
        return self.issue(row["grant_id"], request)

    def _rotates(self, row, now):
        how = self.app.knobs.get("refresh_rotation")
        if how == "window":
            return now - row["issued"] >= self.app.knobs.get("refresh_window")
        return how == "always"

    def issue(self, grant, request=None, refresh=None):
        """The token endpoint's answer with a new access token."""
        now = self.app.now()
        life = int(self.app.knobs.get("access_lifetime"))
        access = "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0.." + self.text(120)
        self._token(access, "access", grant, now, now + life)
        if refresh is None:
            token, expires = "AB11" + self.text(46), now + REFRESH_LIFE
            self._token(token, "refresh", grant, now, expires)
        else:
            token, expires = refresh["token"], refresh["expires"]
        body = {
            "token_type": "bearer",
            "access_token": access,
            "expires_in": life,
            "refresh_token": token,
            "x_refresh_token_expires_in": int(expires - now),
        }
        if wants_hard(request):
            row = self.store.one("SELECT created FROM grants WHERE id=?", grant)
            body["x_refresh_token_hard_expires_in"] = int(row[0] + HARD_LIFE - now)
        return Response.json(body, headers={"Cache-Control": "no-store"})

    def _find(self, token, kind):
        row = self.store.one(
            "SELECT token, kind, grant_id, issued, expires, dead, extra FROM tokens"
            " WHERE token=? AND kind=?",
            token or "",
            kind,
        )
        names = ("token", "kind", "grant_id", "issued", "expires", "dead", "extra")
        return dict(zip(names, row, strict=True)) if row else None

    def _revoked(self, row):
        found = self.store.one("SELECT revoked FROM grants WHERE id=?", row["grant_id"])
        return not found or bool(found[0])

    # -- revocation ------------------------------------------------------------
    def revoke(self, request):
        """The revocation endpoint: either token ends the connection."""
        if not self.client_ok(request, request.form):
            return refuse("invalid_client", status=401)
        try:
            token = json.loads(request.body or b"{}").get("token", "")
        except ValueError:
            token = request.form.get("token", "")
        row = self._find(token, "refresh") or self._find(token, "access")
        if row is None:
            return refuse("invalid_request", "Invalid token")
        self.revoke_grant(row["grant_id"])
        return Response(200, b"")

    def revoke_grant(self, grant):
        """End one connection."""
        self.store.run("UPDATE grants SET revoked=1 WHERE id=?", grant)

    def revoke_realm(self, realm):
        """End every connection of a company (Disconnect in QuickBooks)."""
        self.store.run("UPDATE grants SET revoked=1 WHERE realm=?", realm)

    def expire(self, kind, realm=None):
        """Let access or refresh tokens expire now (tests)."""
        self.store.run(
            "UPDATE tokens SET expires=0 WHERE kind=? AND (? IS NULL OR grant_id IN"
            " (SELECT id FROM grants WHERE realm=?))",
            kind,
            realm,
            realm,
        )

    # -- api ---------------------------------------------------------------------
    def authorize(self, request, realm):
        """The bearer token is alive and for this realm; else Fault 3200 or 3100."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        row = self._find(token, "access") if scheme.lower() == "bearer" else None
        if row is None or row["expires"] < self.app.now():
            raise unauthenticated("Token expired" if row else "Token invalid")
        found = self.store.one(
            "SELECT realm, revoked, scope FROM grants WHERE id=?", row["grant_id"]
        )
        if found[1]:
            raise unauthenticated("Token revoked")
        if found[0] != realm or "com.intuit.quickbooks.accounting" not in found[2]:
            raise forbidden()

    def userinfo(self, request):
        """Who consented."""
        sub = hashlib.sha256(self.client_id.encode()).hexdigest()[:32]
        return Response.json(
            {
                "sub": sub,
                "email": "owner@sandbox.test",
                "emailVerified": True,
                "givenName": "Sandbox",
                "familyName": "Owner",
            }
        )


def wants_hard(request):
    """True if the caller asks for the hard expiry."""
    name = "x-include-refresh-token-hard-expires-in"
    return bool(request) and request.headers.get(name, "").lower() == "true"


def back(form, **params):
    """The redirect_uri with parameters and the state."""
    params["state"] = form.get("state", "")
    joint = "&" if "?" in form["redirect_uri"] else "?"
    return form["redirect_uri"] + joint + urlencode(params)


def refuse(error, text=None, status=400):
    """The token endpoint's error body."""
    body = {"error_description": text, "error": error} if text else {"error": error}
    return Response.json(body, status)
