"""Where Odoo 19 comes from: the user's own (ODOO_SRC), else Debian's package."""

import os
import re
import shutil
from pathlib import Path

from .common import Missing, cache, digest, locked, step
from .debian import Apt, unpacked

# Odoo's package links to these by relative links, so they share its root folder.
# Font Awesome must be 4.7: the web client's icons are not in later versions.
PACKAGES = (
    "odoo-19/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-inconsolata/sid",
    "fonts-ocr-b/sid",
    "libjs-jquery/sid",
    "libjs-underscore/sid",
    "libjs-jquery-form/sid",
    "fonts-font-awesome/bookworm",
)
INSIDE_PACKAGE = "usr/lib/python3/dist-packages"


def find_odoo() -> Path:
    """Return the folder that holds the package ``odoo``, fetched if need be.

    :raises Missing: ODOO_SRC names something else than Odoo 19
    """
    named = os.environ.get("ODOO_SRC")
    return _named(Path(named).expanduser().absolute()) if named else _debian()


def odoo_version(source: Path) -> str:
    """Return what changes when another Odoo is used (release file's digest)."""
    return digest(str(source), source / "odoo" / "release.py")


def core_addons(source: Path) -> list[Path]:
    """Return the addon folders of a checkout; an installed Odoo has none apart."""
    return [path for path in [source / "addons"] if path.is_dir()]


def _named(source: Path) -> Path:
    for folder in (source, source / INSIDE_PACKAGE):
        release = folder / "odoo" / "release.py"
        if release.exists() and re.search(
            r"^version_info = \(19, 0,", release.read_text(), re.MULTILINE
        ):
            return folder
    raise Missing(f"ODOO_SRC={source} holds no Odoo 19: unset it or correct it")


def _debian() -> Path:
    root = cache(f"odoo-{digest(*PACKAGES)}")
    if not root.exists():
        with locked("odoo"):
            if not root.exists():
                step("Fetching Odoo 19 from Debian (about 130 MB)")
                apt = Apt("sid", "bookworm")
                archives = apt.download(*PACKAGES)
                step("Unpacking Odoo 19 (1.2 GB)")
                with unpacked(archives, root):
                    pass
                shutil.rmtree(apt.home)
    return root / INSIDE_PACKAGE
