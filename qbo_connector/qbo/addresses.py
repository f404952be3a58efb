"""Which addresses secrets may be sent to."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_safe(url) -> bool:
    """True for https, and for plain http to this very machine.

    Nothing else: a token on an open line, or in an address itself, is lost.
    """
    try:
        parts = urlsplit(str(url))
        if not parts.hostname or parts.username or parts.password:
            return False
        _port = parts.port  # ValueError if it is none
    except ValueError:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and _is_loopback(parts.hostname)


def _is_loopback(host):
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
