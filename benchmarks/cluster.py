"""Two Odoo servers on one database behind a load balancer, and a killer.

The job runner of one server at a time leads; it sends the jobs to the balancer, so
that both servers' workers do them, as a company with two machines has it.
"""

import contextlib
import os
import selectors
import signal
import socket
import threading
from itertools import count
from pathlib import Path

from dev.odoo import OdooServer


class Balancer:
    """Passes TCP connections on to servers in turn, past those that are down."""

    def __init__(self):
        self.targets: list[int] = []
        self._turn = count()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> "Balancer":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_exception) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            server = self._connect()
            if server:
                with server:
                    _relay(client, server)

    def _connect(self) -> socket.socket | None:
        for _target in self.targets:
            port = self.targets[next(self._turn) % len(self.targets)]
            with contextlib.suppress(OSError):
                return socket.create_connection(("127.0.0.1", port), timeout=5)
        return None


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on both ways until one side ends."""
    one.settimeout(None)
    other.settimeout(None)
    peers = {one: other, other: one}
    with selectors.DefaultSelector() as selector:
        for side in peers:
            selector.register(side, selectors.EVENT_READ)
        while True:
            for key, _events in selector.select():
                data = key.fileobj.recv(65536)
                if not data:
                    return
                peers[key.fileobj].sendall(data)


class Cluster:
    """Servers with workers and job runners on one database."""

    def __init__(self, database: str, nodes: int = 2, workers: int = 3, jobs: int = 4):
        self.balancer = Balancer()
        channels = f"root:{jobs},root.qbo:{jobs}"
        runner = {"host": "127.0.0.1", "port": self.balancer.port}
        self.nodes = [
            # A killed runner's successor logs that it starts, and jobs found dead.
            OdooServer(database, workers=workers, channels=channels, runner=runner)
            for _number in range(nodes)
        ]

    def __enter__(self) -> "Cluster":
        self.balancer.__enter__()
        for node in self.nodes:
            node.start()
            self.balancer.targets.append(node.settings["http_port"])
        return self

    def __exit__(self, *exception) -> None:
        for node in self.nodes:
            node.stop()
        self.balancer.__exit__(*exception)

    def workers(self) -> list[int]:
        """Return the process ids of all servers' workers, the job runners included."""
        return [pid for node in self.nodes for pid in children(node._process.pid)]

    def kill_one(self, random) -> int:
        """Kill a worker as a crash would; return its process id, 0 if there is none."""
        found = self.workers()
        victim = random.choice(found) if found else 0
        if victim:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        return victim


def children(parent: int) -> list[int]:
    """Return the process ids of a process's children."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(pid) for pid in found.split()]
