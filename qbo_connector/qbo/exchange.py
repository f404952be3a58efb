"""What one HTTP exchange with QBO was, in a form the sync log can keep."""

from dataclasses import dataclass

from .errors import QboError
from .redact import for_log, redact


@dataclass(frozen=True)
class Call:
    """What is to be sent."""

    method: str
    url: str
    params: dict
    body: bytes
    content_type: str
    entity: str
    operation: str
    kind: str
    request_id: str
    is_read: bool
    wanted: str
    shown: str = ""  # in place of the body, in the log


@dataclass(frozen=True)
class Exchange:
    """What went over the wire, ready for the log: no secret is in it.

    request and response are cut to 20,000 characters; status is None when no
    answer came.
    """

    method: str
    url: str
    entity: str
    operation: str
    request: str
    response: str
    status: int | None
    duration_ms: int
    intuit_tid: str
    request_id: str
    error: QboError | None
    is_read: bool


def told(call, reply, error, duration_ms, secrets) -> Exchange:
    """The Exchange of a call; reply is requests' answer, None if none came.

    secrets: values that must not show, wherever they stand.
    """
    answered = reply is not None
    prepared = reply.request.url if answered else f"{call.url}?{_query(call.params)}"
    tid = reply.headers.get("intuit_tid", "") if answered else ""
    body = call.shown or call.body.decode("utf-8", "replace")
    return Exchange(
        method=call.method,
        url=redact(prepared, secrets),
        entity=call.entity,
        operation=call.operation,
        request=for_log(body, secrets),
        response=for_log(_text(reply.content), secrets) if answered else "",
        status=reply.status_code if answered else None,
        duration_ms=duration_ms,
        intuit_tid=tid,
        request_id=call.request_id,
        error=error,
        is_read=call.is_read,
    )


def _query(params):
    return "&".join(f"{key}={value}" for key, value in params.items())


def _text(content):
    return (content or b"").decode("utf-8", "replace")
