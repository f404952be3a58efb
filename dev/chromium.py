"""A Chromium for the browser tests: the machine's, else Debian's in the cache."""

import os
import shutil
from pathlib import Path

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

STARTER = """#!/bin/sh
root=$(dirname "$(readlink -f "$0")")
for folder in "$root"/usr/lib/*-linux-gnu "$root"/usr/lib/*-linux-gnu/*/; do
  LD_LIBRARY_PATH="$folder:$LD_LIBRARY_PATH"
done
export LD_LIBRARY_PATH
export FONTCONFIG_FILE="$root/fonts.conf"
exec "$root/usr/lib/chromium/chromium" "$@"
"""

FONTS = """<?xml version="1.0"?>
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def find_chromium() -> Path:
    """Return an executable Chromium, fetched from Debian if there is none.

    :raises Missing: there is none and this is no Debian
    """
    named = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return Path(named) if named else _debian()


def _debian() -> Path:
    root = cache(f"chromium-{codename()}")
    if not root.exists():
        with locked("chromium"):
            if not root.exists():
                _fetch(root)
    return root / "chromium"


def _fetch(root: Path) -> None:
    step("Fetching Chromium from Debian for the browser tests (about 90 MB)")
    apt = Apt(codename())
    archives = apt.download_with_dependencies("chromium", "fonts-liberation")
    step("Unpacking Chromium")
    with unpacked(archives, root) as part:
        (part / "fonts.conf").write_text(FONTS)
        (part / "chromium").write_text(STARTER)
        (part / "chromium").chmod(0o755)
    shutil.rmtree(apt.home / "archives")
