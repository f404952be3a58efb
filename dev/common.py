"""What all of the tooling shares: the cache folder, locks, messages, processes."""

import contextlib
import fcntl
import hashlib
import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Missing(Exception):
    """Something the user must provide; the text is one line and names the remedy."""


def cache(*parts: str) -> Path:
    """Return a path in the cache folder; its parent folder exists afterwards.

    :raises Missing: the folder can't be made
    """
    base = os.environ.get("QBO_CACHE") or Path.home() / ".cache" / "qbo_connector"
    path = Path(base).expanduser().absolute().joinpath(*parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Missing(f"{error}: set QBO_CACHE to a folder you may write") from error
    return path


def step(text: str) -> None:
    """Say what is being done now, so that nobody waits before a silent screen."""
    print(f"==> {text}", flush=True)


def digest(*parts: str | bytes | Path) -> str:
    """Return 12 hex digits which change with any of the texts or files given."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        total.update(data.encode() if isinstance(data, str) else data)
        total.update(b"\0")
    return total.hexdigest()[:12]


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock of the cache folder; a killed holder's lock frees itself."""
    with cache("locks", name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step(f"Waiting for another run to finish its step ({name})")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def output(command: Sequence[str | Path], **options) -> str:
    """Return the standard output of a command.

    :raises Missing: the command isn't there or fails (its last line says why)
    """
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, **options
        )
    except FileNotFoundError as error:
        raise Missing(f"`{command[0]}` is missing: install it with apt-get") from error
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or error.stdout or "").strip().splitlines() or ["?"]
        raise Missing(f"`{command[0]}` failed: {lines[-1]}") from error
    return done.stdout


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
