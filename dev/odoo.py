"""Odoo: its configuration file, one-off runs and servers."""

import base64
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

from .common import ROOT, cache, digest, free_port
from .odoo_source import core_addons, find_odoo
from .process import Process
from .rpc import Client

STARTER = ROOT / "dev" / "bin" / "odoo-bin"
KEEP_RUNS = 3 * 24 * 3600  # seconds for which a run's logs are kept


def data_dir() -> Path:
    """Return Odoo's data folder, which all databases of one server share."""
    server = digest(os.environ.get("PGHOST", ""), os.environ.get("PGPORT", ""))
    return cache("odoo-data", server)


def run_folder() -> Path:
    """Return a new folder for one run's configuration and logs."""
    runs = cache("runs", "-").parent
    for old in runs.iterdir():
        if old.stat().st_mtime < time.time() - KEEP_RUNS:
            shutil.rmtree(old, ignore_errors=True)
    stamp = time.strftime("%Y%m%d-%H%M%S-")
    return Path(tempfile.mkdtemp(prefix=stamp, dir=runs))


def environment() -> dict[str, str]:
    """Return the variables Odoo runs with; PG* ones name the database server."""
    key = base64.urlsafe_b64encode(os.urandom(32)).decode()
    os.environ.setdefault("QBO_ENCRYPTION_KEY", key)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ODOO_") and name != "PGDATABASE"
    }
    return {**kept, "PYTHONPATH": str(find_odoo())}


def command(config: Path, *arguments: str) -> list[str]:
    """Return the command line of an Odoo that reads this configuration file."""
    return [sys.executable, str(STARTER), "server", "-c", str(config), *arguments]


def write_config(folder: Path, database: str, **settings: Any) -> Path:
    """Write an ``odoo.conf`` for one database; settings beat the defaults here.

    ``channels`` are the job runner's; without ``queue_job`` among the server-wide
    modules no job runner is started. ``runner`` holds further settings of it, such
    as ``port``: where it sends the jobs to (a load balancer, say).
    """
    runner = {
        "channels": settings.pop("channels", "root:4,root.qbo:4"),
        **settings.pop("runner", {}),
    }
    options = {
        "db_name": database,
        "dbfilter": f"^{database}$",
        "list_db": False,
        "data_dir": data_dir(),
        "addons_path": ",".join(map(str, [*core_addons(find_odoo()), ROOT])),
        "server_wide_modules": "base,rpc,web,queue_job",
        "http_interface": "127.0.0.1",
        "workers": 0,
        "max_cron_threads": 0,
        "log_level": "info",
        **settings,
    }
    lines = ["[options]", *(f"{key} = {value}" for key, value in options.items())]
    lines += ["", "[queue_job]"]
    lines += [*(f"{key} = {value}" for key, value in runner.items()), ""]
    path = folder / "odoo.conf"
    path.write_text("\n".join(lines))
    return path


class OdooServer:
    """A running Odoo with its job runner, on a free port of 127.0.0.1.

    ``workers`` is 0 for one threaded process, which is what a small test needs.
    Further settings are those of :func:`write_config`.
    """

    def __init__(self, database: str, **settings: Any):
        self.database = database
        self.settings = settings
        self.folder = run_folder()
        self.log = self.folder / "odoo.log"
        self.url = ""
        self._clients: dict[str, Client] = {}
        self._process: Process | None = None

    def __enter__(self) -> "OdooServer":
        return self.start()

    def __exit__(self, *_exception) -> None:
        self.stop()

    def start(self) -> "OdooServer":
        """Start the server (again: at the same address); wait until it answers.

        :raises dev.process.StartError: it doesn't come up
        """
        if not self.url:
            port = free_port()
            self.url = f"http://127.0.0.1:{port}"
            self.settings |= {"http_port": port, "gevent_port": free_port()}
        config = write_config(self.folder, self.database, **self.settings)
        self._process = Process(command(config), self.log, env=environment(), cwd=ROOT)
        self._process.wait_until(self._answers)
        return self

    def stop(self) -> None:
        """Stop the server in good order."""
        self._process.stop()

    def kill(self) -> None:
        """End the server and its workers at once, as a power cut would."""
        self._process.kill()

    def log_text(self) -> str:
        """Return all that the server has logged."""
        return self.log.read_text(errors="replace")

    def client(self, login: str = "admin", password: str | None = None) -> Client:
        """Return a logged-in user (demo users' passwords are their logins)."""
        if login not in self._clients:
            parts = (self.url, self.database, login, password or login)
            self._clients[login] = Client(*parts)
        return self._clients[login]

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a model's method as the administrator.

        :raises dev.rpc.OdooError: Odoo answered with an exception
        """
        return self.client().call(model, method, *args, **kwargs)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/web/login", timeout=60).ok
        except requests.ConnectionError:
            return False
