"""An HTTP server in a thread that answers as scripted and remembers requests."""

import gzip
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    params: dict
    headers: dict
    body: bytes
    port: int

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Reply:
    """An answer, or an accident: cut is ``before`` (no byte) or ``after``
    (half the body); delay in seconds."""

    status: int = 200
    body: object = b""
    headers: dict = field(default_factory=dict)
    delay: float = 0
    cut: str = ""
    gzip: bool = False

    def content(self):
        if isinstance(self.body, bytes):
            raw = self.body
        elif isinstance(self.body, str):
            raw = self.body.encode()
        else:
            raw = json.dumps(self.body).encode()
        return gzip.compress(raw) if self.gzip else raw


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that gave up waiting is what some tests want."""


class Loopback:
    """``server.answer(reply, …)`` scripts the next answers; the last one stays."""

    def __init__(self):
        self.replies = []
        self.seen = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def handle_any(self):
                outer._handle(self)

            do_GET = do_POST = handle_any

            def log_message(self, *args):
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        run = self._server.serve_forever
        self._thread = threading.Thread(target=run, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, *replies):
        self.replies = [r if isinstance(r, Reply) else Reply(body=r) for r in replies]
        return self

    def _handle(self, handler):
        self.seen.append(_seen(handler))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        time.sleep(reply.delay)
        if reply.cut == "before":
            _hang_up(handler)
        else:
            _send(handler, reply)


def _seen(handler):
    parts = urlsplit(handler.path)
    return Seen(
        method=handler.command,
        path=parts.path,
        params={key: values[0] for key, values in parse_qs(parts.query).items()},
        headers={key.lower(): value for key, value in handler.headers.items()},
        body=handler.rfile.read(int(handler.headers.get("Content-Length") or 0)),
        port=handler.client_address[1],
    )


def _send(handler, reply):
    content = reply.content()
    handler.send_response(reply.status)
    headers = {"Content-Type": "application/json", "intuit_tid": "tid-1"}
    headers |= {"Content-Encoding": "gzip"} if reply.gzip else {}
    for name, value in (headers | reply.headers).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    if reply.cut == "after":
        handler.wfile.write(content[: len(content) // 2])
        handler.wfile.flush()
        _hang_up(handler)
    else:
        handler.wfile.write(content)


def _hang_up(handler):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
