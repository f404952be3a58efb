"""Answers kept for their requestid, so that a repetition does nothing twice."""

import hashlib

from .errors import Fault
from .http import Response


def replay(company, row, body):
    """The answer kept for a requestid."""
    status, kept = row
    mark, _, text = bytes(kept).partition(b"\n")
    if company.knob("requestid_new_body") == "refuse" and mark != digest(body):
        raise Fault(600, "Duplicate Request ID with another body", "requestid")
    return Response(status, text)


def keep(company, key, response, body):
    """Keep an answer for its requestid."""
    company.store.run(
        "INSERT INTO replays VALUES (?,?,?,?,?)",
        company.realm,
        key,
        response.status,
        digest(body) + b"\n" + response.body,
        company.now(),
    )


def digest(body):
    """Short mark of a request body."""
    return hashlib.sha256(body).hexdigest().encode()
