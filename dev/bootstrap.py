"""The virtual environment, made with nothing but Python's standard library."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .common import ROOT, Missing, cache, digest, locked, output, step
from .debian import Apt, codename

PINNED = ROOT / "dev" / "requirements.txt"
ADDONS = ROOT / "requirements-odoo-addons.txt"
ROOM = 5_000_000_000  # bytes; all of it takes about 4 GB


def venv() -> Path:
    """Return the virtual environment's folder, which names all that is in it."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return cache(f"venv-{python}-{digest(PINNED, ADDONS)}")


def ensure_venv() -> Path:
    """Make the virtual environment unless it is whole; return its Python."""
    stamp = venv() / "complete"
    python = venv() / "bin" / "python"
    if not stamp.exists():
        with locked("venv"):
            if not stamp.exists():
                _build(python)
                stamp.touch()
    return python


def enter_venv(arguments: list[str]) -> None:
    """Go on as the virtual environment's Python, in this very process."""
    python = ensure_venv()
    if Path(sys.prefix).resolve() != venv().resolve():
        os.chdir(ROOT)
        os.execv(python, [str(python), "-m", "dev", *arguments])


def _build(python: Path) -> None:
    if shutil.disk_usage(venv().parent).free < ROOM:
        raise Missing(
            f"less than 5 GB are free in {cache()}: make room or set QBO_CACHE"
        )
    step("Making the virtual environment")
    output([sys.executable, "-m", "venv", "--without-pip", venv()])
    _install_pip(python)
    step("Installing pinned packages from PyPI")
    _pip(python, "-r", str(PINNED))
    _pip(python, "--no-deps", "-r", str(ADDONS))


def _install_pip(python: Path) -> None:
    """Install pip offline, from Python's own copy or Debian's package of it.

    Debian's Python lacks its own copy unless python3-venv is installed.
    """
    if importlib.util.find_spec("ensurepip"):
        output([python, "-m", "ensurepip", "--upgrade"])
        return
    package = Apt(codename()).download("python3-pip-whl")[0]
    unpacked = cache("pip-wheel")
    output(["dpkg", "-x", package, unpacked])
    wheel = next(unpacked.glob("usr/share/python-wheels/pip-*.whl"))
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    command = [python, "-m", "pip", "install", "--no-index", "--quiet", wheel]
    output(command, env=environment)


def _pip(python: Path, *arguments: str) -> None:
    command = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    if subprocess.run([*command, *arguments]).returncode:
        raise Missing(
            "pip failed (see above): check the network and pip's settings,"
            " then run the same command again"
        )
