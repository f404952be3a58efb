"""One HTTP exchange with QBO: signed, limited in time, told to the log.

python-quickbooks' client is the base: what it builds goes through the transport
here, which adds time-outs, request ids, Decimals, typed errors and a Bearer
header of its own (the library refuses plain http hosts and would fetch tokens in
its constructor).
"""

import json
import logging
import os
import time
from decimal import Decimal
from http.cookiejar import DefaultCookiePolicy

import requests
from quickbooks import QuickBooks
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from .errors import BUG, REFUSED, UNKNOWN, QboAuthError, QboError, QboUnreachable
from .exchange import Call, told
from .faults import find_fault, parse_fault
from .redact import redact

_logger = logging.getLogger(__name__)
_pools = {}

JSON = "application/json"
QUERY = "application/text"
OCTETS = "application/octet-stream"
USER_AGENT = "odoo-qbo-connector"
CONNECT_SECONDS = 10
RENEWABLE = frozenset({"", "100", "110", "3200"})  # a new access token may help


class _Adapter(HTTPAdapter):
    """Gives up a host that doesn't take the connection long before one that is slow
    to answer (QBO itself gives up after 120 s)."""

    def send(self, request, timeout=None, **options):
        """As HTTPAdapter.send; timeout: seconds for the answer."""
        return super().send(request, timeout=(CONNECT_SECONDS, timeout), **options)


def pool_for(base_url) -> requests.Session:
    """The process's connections to a host: they stay open between jobs.

    Safe for several threads: no cookies, and each request brings its own
    authorization. A forked worker gets connections of its own.
    """
    key = os.getpid(), base_url
    if key not in _pools:
        pool = requests.Session()
        pool.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            pool.mount(scheme, _Adapter(pool_maxsize=16))
        _pools[key] = pool
    return _pools[key]


def unreachable(error) -> QboError:
    """Our error for one of requests': was it sent, or certainly not?"""
    text = f"{type(error).__name__}: {redact(error)}"
    if isinstance(error, ValueError) and not isinstance(
        error, requests.ConnectionError
    ):
        return QboError(text, kind=BUG)  # an address that is none
    unsent = isinstance(error, requests.ConnectTimeout) or isinstance(
        _reason(error), NewConnectionError
    )
    return QboUnreachable(text, outcome=REFUSED if unsent else UNKNOWN)


def _reason(error):
    return getattr(error.args[0] if error.args else None, "reason", None)


class Transport(QuickBooks):
    """python-quickbooks' client with a transport fit for a queue of jobs.

    The constructor does not use the network. access_token: text, or a function
    ``(force_refresh: bool) -> str`` that is asked before each exchange.
    """

    def __new__(cls, *args, minorversion=75, **kwargs):
        return super().__new__(cls, minorversion=minorversion)

    def __init__(
        self,
        realm_id,
        access_token,
        base_url,
        on_exchange=None,
        before_request=None,
        timeout=120,
        minorversion=75,
    ):
        self.company_id = str(realm_id)
        self.base_url = base_url.rstrip("/")
        self.on_exchange = on_exchange
        self.before_request = before_request
        self.timeout = timeout
        self._access_token = access_token
        self.session = pool_for(self.base_url)

    @property
    def api_url(self):
        """Where the library builds its addresses on."""
        return f"{self.base_url}/v3"

    def make_request(
        self, request_type, url, request_body=None, content_type=JSON, **options
    ):
        """The decoded answer, numbers as Decimals.

        Every call of the library comes through here; options as in ``_call``.
        Raises QboError, also if the answer lacks the ``wanted`` object. A refused
        token is renewed once and the same request sent again.
        """
        body = request_body or ""
        call = self._call(request_type, url, body, content_type, **options)
        token = self._token()
        try:
            return self._exchange(call, token)
        except QboAuthError as error:
            if not self._renewable(error):
                raise
            return self._exchange(call, self._token(force_refresh=True))

    def _call(
        self,
        method,
        url,
        body,
        content_type,
        params=None,
        request_id=None,
        entity="",
        operation="",
        kind="",
        is_read=None,
        wanted="",
        shown="",
        **unused,
    ):
        """What is to be sent; ``unused`` are the library's options for files.

        body: text or bytes; shown: what the log has in its place.
        """
        is_read = method == "GET" if is_read is None else is_read
        params = {**(params or {}), "minorversion": self.minorversion}
        if request_id:
            params["requestid"] = request_id
        return Call(
            method=method,
            url=url,
            params=params,
            body=_bytes(body),
            content_type=content_type,
            entity=entity or url.rpartition("/")[2],
            operation=operation or method.lower(),
            kind=kind or ("read" if is_read else "write"),
            request_id=request_id or "",
            is_read=is_read,
            wanted=wanted,
            shown=shown,
        )

    def _token(self, force_refresh=False):
        token = self._access_token
        return token(force_refresh) if callable(token) else token

    def _renewable(self, error):
        known = error.status == 401 and error.code in RENEWABLE
        return known and callable(self._access_token)

    def _exchange(self, call, token):
        if self.before_request:
            self.before_request(call.kind)
        started = time.perf_counter()
        reply = error = None
        try:
            reply = self._send(call, token)
            return read_reply(reply, call.wanted)
        except QboError as failure:
            error = failure
            error.request_id = call.request_id
            raise
        finally:
            elapsed = round((time.perf_counter() - started) * 1000)
            self._tell(call, reply, error, elapsed, token)

    def _send(self, call, token):
        headers = {"Accept": JSON, "User-Agent": USER_AGENT}
        if call.method != "GET":
            headers["Content-Type"] = call.content_type
        try:
            return self.session.request(
                call.method,
                call.url,
                params=call.params,
                data=call.body or None,
                headers=headers,
                auth=_Bearer(token),
                timeout=self.timeout,
                # A redirected POST would become a GET.
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as error:
            raise unreachable(error) from error

    def _tell(self, call, reply, error, duration_ms, token):
        """Report the exchange; a log that fails must not lose QBO's answer."""
        if not self.on_exchange:
            return
        try:
            self.on_exchange(told(call, reply, error, duration_ms, (token,)))
        except Exception:
            _logger.exception("The exchange with QuickBooks could not be logged")


def _bytes(body):
    if isinstance(body, bytes):
        return body
    return body.encode("utf-8", "backslashreplace")


class _Bearer(requests.auth.AuthBase):
    """Signs one request; given as ``auth``, so that no .netrc can overrule it."""

    def __init__(self, token):
        self.token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def read_reply(reply, wanted="") -> dict:
    """The decoded body of an answer; raises the QboError it stands for.

    wanted: the key of an object that must be in it.
    """
    if not 200 <= reply.status_code < 300:
        raise parse_fault(reply.status_code, reply.content, reply.headers)
    try:
        payload = json.loads(reply.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        payload = None
    readable = isinstance(payload, dict) and not find_fault(payload)
    if not readable or (wanted and not isinstance(payload.get(wanted), dict)):
        raise parse_fault(reply.status_code, reply.content, reply.headers)
    return payload
