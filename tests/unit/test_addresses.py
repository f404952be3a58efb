"""Where secrets may go."""

import pytest

from qbo import auth
from qbo.addresses import is_safe
from qbo.errors import QboError


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://quickbooks.api.intuit.com", True),
        ("http://localhost:8800", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:80/x", True),
        ("http://quickbooks.api.intuit.com", False),
        ("http://10.0.0.1", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1@evil.example", False),
        ("https://user:word@x.example", False),
        ("https://", False),
        ("https://x:port", False),
        ("ftp://localhost", False),
        ("", False),
        (None, False),
    ],
)
def test_https_or_this_machine(url, safe):
    assert is_safe(url) is safe


def test_a_discovery_document_leads_nowhere_else(server):
    document = {
        "authorization_endpoint": "https://x.example/a",
        "token_endpoint": "http://x.example/t",
        "revocation_endpoint": "https://x.example/r",
        "issuer": "i",
    }
    server.answer(document)
    with pytest.raises(QboError):
        auth.discover(f"{server.url}/plain")
