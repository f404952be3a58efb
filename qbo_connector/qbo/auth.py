"""Intuit's OAuth 2.0: consent, tokens, and their end.

intuit-oauth does the calls, held to what a server needs: no network in a
constructor, time-outs, no redirects, typed errors.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import NamedTuple

import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError

from .addresses import is_safe
from .errors import QboUnreachable
from .faults import parse_fault
from .transport import read_reply, unreachable

ACCOUNTING = "com.intuit.quickbooks.accounting"
TIMEOUT = 30  # seconds for the answer; an administrator waits for it
DISCOVERY_SECONDS = 3600
ACCESS_SECONDS = 3600  # documented lifetimes, for answers that leave them out
REFRESH_SECONDS = 8_726_400
HARD_EXPIRY_HEADER = "x-include-refresh-token-hard-expires-in"


class Endpoints(NamedTuple):
    """Where the authorization server is; the same for production and sandbox."""

    authorization: str
    token: str
    revocation: str
    issuer: str


INTUIT = Endpoints(
    authorization="https://appcenter.intuit.com/connect/oauth2",
    token="https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
    revocation="https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
    issuer="https://oauth.platform.intuit.com/op/v1",
)
_discovered = {}


@dataclass(frozen=True)
class TokenSet:
    """A connection's keys; times are aware UTC datetimes.

    refresh_token must be stored from every answer: Intuit changes it about once
    a day and the old one dies. hard_expires_at: the end after five years at
    most, when only a new consent helps; None if not told.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_expires_at: datetime
    hard_expires_at: datetime | None = None


def discover(discovery_url=None, timeout=TIMEOUT) -> Endpoints:
    """The endpoints a discovery document names, kept for an hour.

    Without an address Intuit's own, known ones: no network. Raises QboError.
    """
    if not discovery_url:
        return INTUIT
    known, until = _discovered.get(discovery_url, (None, 0))
    if time.monotonic() >= until:
        known = _fetch(discovery_url, timeout)
        _discovered[discovery_url] = known, time.monotonic() + DISCOVERY_SECONDS
    return known


def _fetch(url, timeout):
    try:
        reply = requests.get(
            url,
            timeout=timeout,
            headers={"Accept": "application/json"},
            allow_redirects=False,
        )
    except (requests.RequestException, ValueError) as error:
        raise unreachable(error) from error
    document = read_reply(reply)
    try:
        found = Endpoints(
            document["authorization_endpoint"],
            document["token_endpoint"],
            document["revocation_endpoint"],
            document["issuer"],
        )
    except KeyError as error:
        raise QboUnreachable(f"The discovery document lacks {error}") from error
    if not all(map(is_safe, found[:3])):
        raise QboUnreachable("The discovery document names addresses without https")
    return found


def authorization_url(
    endpoints, client_id, redirect_uri, state, scopes=(ACCOUNTING,)
) -> str:
    """The consent page's address. state: unguessable, checked on the way back.

    scopes: Intuit's names; raises ValueError for one that it does not have.
    """
    client = _Client(endpoints, client_id, "", redirect_uri)
    return client.get_authorization_url([Scopes(scope) for scope in scopes], state)


def exchange_code(
    endpoints, client_id, client_secret, redirect_uri, code, timeout=TIMEOUT
) -> TokenSet:
    """Tokens for the code of a consent. Once only: a second try kills the first.

    Raises QboAuthError (``invalid_grant``: used or too old; ``invalid_client``:
    kind fix) or QboUnreachable.
    """
    client = _Client(endpoints, client_id, client_secret, redirect_uri, timeout)
    return _tokens(client, lambda: client.get_bearer_token(code))


def refresh(
    endpoints, client_id, client_secret, refresh_token, timeout=TIMEOUT
) -> TokenSet:
    """New tokens for a refresh token, which may be dead afterwards.

    Only one process at a time may do this for a company. Raises QboAuthError
    (``invalid_grant``: connect again, never retry) or QboUnreachable (again with
    the same refresh token).
    """
    client = _Client(endpoints, client_id, client_secret, "", timeout)
    return _tokens(client, lambda: client.refresh(refresh_token))


def revoke(endpoints, client_id, client_secret, token, timeout=TIMEOUT) -> None:
    """End a connection by either of its tokens. Raises QboError."""
    client = _Client(endpoints, client_id, client_secret, "", timeout)
    _call(lambda: client.revoke(token))


class _Client(AuthClient):
    """intuit-oauth's client, told the endpoints instead of fetching them."""

    def __init__(
        self, endpoints, client_id, client_secret, redirect_uri, timeout=TIMEOUT
    ):
        self._endpoints = endpoints
        self._timeout = timeout
        super().__init__(client_id, client_secret, redirect_uri, "given")

    def get(self, url, **kwargs):
        """Only the base class's constructor asks, for the discovery document."""
        document = {
            "authorization_endpoint": self._endpoints.authorization,
            "token_endpoint": self._endpoints.token,
            "revocation_endpoint": self._endpoints.revocation,
            "issuer": self._endpoints.issuer,
            "jwks_uri": "",
            "userinfo_endpoint": "",
        }
        return SimpleNamespace(status_code=200, json=lambda: document)

    def request(self, method, url, headers=None, **kwargs):
        """Every call of the base class, with a time-out, without redirects."""
        kwargs |= {"timeout": self._timeout, "allow_redirects": False}
        headers = {**(headers or {}), HARD_EXPIRY_HEADER: "true"}
        # Our header, whatever a .netrc says.
        kwargs["auth"] = _keep
        return super().request(method, url, headers=headers, **kwargs)


def _keep(request):
    return request


def _tokens(client, call):
    started = datetime.now(timezone.utc)
    _call(call)
    # The library keeps an answer's values as attributes of its client.
    return _token_set(vars(client), started)


def _call(call):
    try:
        call()
    except AuthClientError as error:
        raise parse_fault(error.status_code, error.content, error.headers) from None
    except (requests.JSONDecodeError, TypeError, LookupError) as error:
        raise QboUnreachable("The answer about the tokens is unreadable") from error
    except (requests.RequestException, ValueError) as error:
        raise unreachable(error) from error


def _token_set(answer, started):
    def after(key, default):
        told = answer.get(key)
        seconds = default if told is None else int(told)
        return None if seconds is None else started + timedelta(seconds=seconds)

    try:
        return TokenSet(
            access_token=_filled(answer["access_token"]),
            refresh_token=_filled(answer["refresh_token"]),
            access_expires_at=after("expires_in", ACCESS_SECONDS),
            refresh_expires_at=after("x_refresh_token_expires_in", REFRESH_SECONDS),
            hard_expires_at=after("x_refresh_token_hard_expires_in", None),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise QboUnreachable("The answer holds no tokens", status=200) from None


def _filled(token):
    if not isinstance(token, str) or not token:
        raise ValueError("empty token")
    return token
