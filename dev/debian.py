"""Debian packages unpacked into the cache folder, root or not.

apt gets a private state (sources, lists, archives), so neither the machine's
packages nor its apt settings change; the mirror is the machine's own.
"""

import contextlib
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .common import Missing, cache, output

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def codename() -> str:
    """Return this Debian's code name, such as ``bookworm``.

    :raises Missing: this is no Debian
    """
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    if system.get("ID") != "debian" or not shutil.which("apt-get"):
        raise Missing(
            "this is no Debian: set ODOO_SRC to an Odoo 19 checkout and"
            " have python3-venv and chromium installed"
        )
    return system["VERSION_CODENAME"]


class Apt:
    """A private apt state that knows the given suites and nothing else."""

    def __init__(self, *suites: str):
        self.home = cache("apt", "-".join(suites), "archives").parent
        for folder in ("lists/partial", "archives/partial"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        lines = [f"deb {signed}{_mirror()} {suite} main\n" for suite in suites]
        (self.home / "sources.list").write_text("".join(lines))
        self._run("update")

    def download(self, *packages: str) -> list[Path]:
        """Download packages (``name`` or ``name/suite``), nothing they depend on."""
        folder = self.home / "archives"
        self._run("download", *packages, cwd=folder)
        names = [package.partition("/")[0] for package in packages]
        return [max(folder.glob(f"{name}_*.deb"), key=_age) for name in names]

    def download_with_dependencies(self, *packages: str) -> list[Path]:
        """Download packages and whatever of their needs this machine lacks."""
        options = ("--no-install-recommends", "-o", "Debug::NoLocking=true")
        self._run("install", "--yes", "--download-only", *options, *packages)
        return sorted((self.home / "archives").glob("*.deb"))

    def _run(self, *arguments: str, cwd: Path | None = None) -> None:
        settings = {
            "Dir::Etc::SourceList": self.home / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::PreferencesParts": "/dev/null",
            "Dir::State::Lists": self.home / "lists",
            "Dir::Cache": self.home,
            "Dir::Cache::Archives": self.home / "archives",
            "Acquire::Languages": "none",
            "Acquire::Check-Valid-Until": "false",  # a mirror may lag behind
        }
        if os.geteuid() == 0:  # apt's own user can't write into root's cache folder
            settings["APT::Sandbox::User"] = "root"
        options = [f"-o{key}={value}" for key, value in settings.items()]
        if subprocess.run(["apt-get", "-q", *options, *arguments], cwd=cwd).returncode:
            raise Missing(
                f"apt-get {arguments[0]} failed (see above): check the network"
                " and /etc/apt, then run the same command again"
            )


@contextlib.contextmanager
def unpacked(archives: list[Path], target: Path) -> Iterator[Path]:
    """Unpack packages into one root folder; the caller may add to what is yielded.

    The target appears only when all is done, so it is whole whenever it is there.
    """
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    for archive in archives:
        output(["dpkg", "-x", archive, part])
    yield part
    part.rename(target)


def _mirror() -> str:
    """Return the address of the archive that this machine's apt is set to use."""
    suites = {codename(), "stable", "testing", "unstable", "sid"}
    wanted = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    for line in output(["apt-get", "indextargets", "--format", wanted]).splitlines():
        address, suite, component = line.split(" ")
        if suite in suites and component == "main":
            return address
    raise Missing("apt knows no Debian archive: put one into /etc/apt/sources.list")


def _age(path: Path) -> float:
    return path.stat().st_mtime
