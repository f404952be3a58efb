"""The local QuickBooks as a child process."""

import json
import subprocess
import sys
from pathlib import Path

import requests

from .common import ROOT
from .odoo import run_folder
from .process import Process


class Sandbox:
    """A running local QuickBooks; ``info`` is what it printed when it was ready.

    Restarted with the same store, it answers at the same address with the same
    books.
    """

    def __init__(self, *arguments: str, store: Path | None = None):
        folder = run_folder()
        self.arguments = arguments
        self.store = store or folder / "quickbooks.sqlite"
        self.log = folder / "quickbooks.log"
        self.info: dict = {}
        self.session = requests.Session()
        self._process: Process | None = None

    def __enter__(self) -> "Sandbox":
        return self.start()

    def __exit__(self, *_exception) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address of the server, such as ``http://127.0.0.1:4711``."""
        return self.info["url"]

    def start(self) -> "Sandbox":
        """Start the server; wait until it says that it is ready."""
        port = self.url.rpartition(":")[2] if self.info else "0"
        place = ("--port", port, "--store", str(self.store))
        command = [sys.executable, "-m", "qbo_sandbox", *place, *self.arguments]
        options = {"stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
        self._process = Process(command, self.log, **options)
        lines = (line for line in self._process.stdout if line.startswith("{"))
        self.info = json.loads(next(lines, "{}")) or self.info
        self._process.wait_until(lambda: bool(self.info), seconds=0)
        return self

    def stop(self) -> None:
        """Stop the server in good order."""
        self._process.stop()

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        self._process.kill()
