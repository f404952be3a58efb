"""The quality checks."""

import subprocess
import sys
from xml.etree import ElementTree

from .common import ROOT, step
from .database import addons


def lint() -> bool:
    """Run all checks, showing what they find; return whether all are content."""
    checks = {
        "ruff check": lambda: _run("ruff", "check", "."),
        "ruff format": lambda: _run("ruff", "format", "--check", "."),
        "pylint-odoo": lambda: _run(
            "pylint", "--rcfile=.pylintrc-mandatory", *addons()
        ),
        "well-formed XML": _xml_is_well_formed,
    }
    results = []
    for name, check in checks.items():
        step(name)
        results.append(check())
    return all(results)


def _run(tool: str, *arguments: str) -> bool:
    command = [sys.executable, "-m", tool, *arguments]
    return subprocess.run(command, cwd=ROOT).returncode == 0


def _xml_is_well_formed() -> bool:
    content = True
    for addon in addons():
        for path in (ROOT / addon).rglob("*.xml"):
            try:
                ElementTree.parse(path)
            except ElementTree.ParseError as error:
                print(f"{path.relative_to(ROOT)}: {error}")
                content = False
    return content
