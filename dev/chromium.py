"""A Chromium for the browser tests: the machine's, else Debian's in the cache."""

import contextlib
import ctypes
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from .common import cache, locked, step
from .debian import Apt, codename, unpacked

# Needed as root and without a graphics card or a network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PACKAGES = ("chromium", "fonts-liberation", "libatomic1")
STARTER = r"""#!/bin/sh
root=$(dirname "$(readlink -f "$0")")
for folder in "$root"/lib/*-linux-gnu "$root"/usr/lib/*-linux-gnu \
  "$root"/usr/lib/*-linux-gnu/*/; do
  LD_LIBRARY_PATH="$folder:$LD_LIBRARY_PATH"
done
export LD_LIBRARY_PATH FONTCONFIG_FILE="$root/fonts.conf"
exec "$root/usr/lib/chromium/chromium" "$@"
"""
FONTS = """<?xml version="1.0"?>
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>serif</family>
    <prefer><family>Liberation Serif</family></prefer></alias>
  <alias><family>sans-serif</family>
    <prefer><family>Liberation Sans</family></prefer></alias>
</fontconfig>
"""


def find_chromium() -> Path:
    """Return an executable Chromium, fetched from Debian if there is none.

    :raises Missing: there is none and this is no Debian
    """
    named = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return Path(named) if named and _has_libatomic() else _debian() / "chromium"


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Have a headless browser, driven by Playwright."""
    executable = find_chromium()
    with _libraries(executable), sync_playwright() as playwright:
        options = {"executable_path": executable, "args": [*FLAGS]}
        with playwright.chromium.launch(**options) as started:
            yield started


@contextlib.contextmanager
def _libraries(executable: Path) -> Iterator[None]:
    """Let Playwright's own program find the library fetched for it."""
    before = dict(os.environ)
    folders = executable.parent.glob("usr/lib/*-linux-gnu")
    if not _has_libatomic():
        os.environ["LD_LIBRARY_PATH"] = ":".join(map(str, folders))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _has_libatomic() -> bool:
    """Tell whether Playwright's own program can run here."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def _debian() -> Path:
    root = cache(f"chromium-{codename()}")
    if not root.exists():
        with locked("chromium"):
            if not root.exists():
                _fetch(root)
    return root


def _fetch(root: Path) -> None:
    step("Fetching Chromium from Debian for the browser tests (100 to 200 MB)")
    apt = Apt(codename())
    archives = apt.download_with_dependencies(*PACKAGES)
    step("Unpacking Chromium")
    with unpacked(archives, root) as part:
        (part / "fonts.conf").write_text(FONTS)
        (part / "chromium").write_text(STARTER)
        (part / "chromium").chmod(0o755)
    shutil.rmtree(apt.home)
