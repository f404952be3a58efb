"""A small threaded HTTP/1.1 server with keep-alive."""

import json
import socket
import socketserver
import struct
from dataclasses import dataclass, field
from functools import cached_property
from http.client import responses
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass
class Request:
    """What came in; header names are lower case."""

    method: str
    target: str
    headers: dict
    body: bytes

    @cached_property
    def parts(self):
        """The target, split."""
        return urlsplit(self.target)

    @cached_property
    def path(self):
        """Decoded path."""
        return unquote(self.parts.path)

    @cached_property
    def query(self):
        """Query parameters (last one wins)."""
        return dict(parse_qsl(self.parts.query, keep_blank_values=True))

    @cached_property
    def form(self):
        """Fields of a form body, else the query parameters."""
        kind = self.headers.get("content-type", "")
        if self.body and "json" not in kind:
            return dict(
                parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
            )
        return self.query

    @property
    def base(self):
        """``http://host:port`` as the caller sees this server."""
        scheme = self.headers.get("x-forwarded-proto", "http")
        return f"{scheme}://{self.headers.get('host', 'localhost')}"


@dataclass
class Response:
    """What goes out. ``cut`` breaks the connection after that many body bytes."""

    status: int = 200
    body: bytes = b""
    type: str = "application/json;charset=UTF-8"
    headers: dict = field(default_factory=dict)
    cut: int | None = None

    @classmethod
    def json(cls, value, status=200, headers=None):
        """A JSON answer."""
        return cls(status, json.dumps(value).encode(), headers=headers or {})

    @classmethod
    def html(cls, text, status=200):
        """A page."""
        return cls(status, text.encode(), "text/html; charset=utf-8")

    @classmethod
    def redirect(cls, url):
        """See other."""
        return cls(302, b"", headers={"Location": url})

    def head(self, close):
        """Status line and headers."""
        lines = [
            f"HTTP/1.1 {self.status} {responses.get(self.status, 'Unknown')}",
            f"Content-Length: {len(self.body)}",
        ]
        if self.body:
            lines.append(f"Content-Type: {self.type}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines.append(f"Connection: {'close' if close else 'keep-alive'}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


class Handler(socketserver.StreamRequestHandler):
    """One connection: requests one after another."""

    disable_nagle_algorithm = True
    timeout = 120

    def handle(self):
        try:
            while self.serve_one():
                pass
        except (OSError, ValueError):
            return

    def serve_one(self):
        """Serve a request; False ends the connection."""
        request = self.read()
        if request is None:
            return False
        response = self.server.application(request)
        if response is None:
            return self.reset()
        close = request.headers.get("connection", "").lower() == "close"
        data = response.head(close) + (
            b"" if request.method == "HEAD" else response.body
        )
        if response.cut is not None:
            self.connection.sendall(
                data[: len(data) - len(response.body) + response.cut]
            )
            return self.reset()
        self.connection.sendall(data)
        return not close

    def reset(self):
        """Break the connection without a farewell."""
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.connection.close()
        return False

    def read(self):
        """The next request, or None at the end of the connection."""
        line = self.rfile.readline(65537)
        if not line.strip():
            return None
        method, target, _ = line.decode("latin-1").split(None, 2)
        headers = {}
        while True:
            line = self.rfile.readline(65537).decode("latin-1").strip()
            if not line:
                break
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Request(method, target, headers, self.read_body(headers))

    def read_body(self, headers):
        """The body by its length or in chunks."""
        if headers.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in headers.get("transfer-encoding", ""):
            return b"".join(self.chunks())
        return self.rfile.read(int(headers.get("content-length") or 0))

    def chunks(self):
        """Parts of a chunked body."""
        while True:
            size = int(self.rfile.readline().split(b";")[0], 16)
            part = self.rfile.read(size)
            self.rfile.readline()
            if not size:
                return
            yield part


class Server(socketserver.ThreadingTCPServer):
    """Listens; ``application`` turns a Request into a Response (None: break off)."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address, application):
        self.application = application
        super().__init__(address, Handler)

    def handle_error(self, request, client_address):
        """A client that went away is no news."""
