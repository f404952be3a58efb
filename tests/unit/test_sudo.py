"""Each `sudo()` is looked at: it says why it is safe, and none comes unseen."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ("qbo_connector", "qbo_connector_purchase")
# Raised privileges; `sudo(False)` takes them away.
SUDO = re.compile(r"\.sudo\(\)|\bsu=True|with_user\(SUPERUSER_ID\)|user=SUPERUSER_ID")
TABLE = re.compile(r"^\| `([\w/]+\.py)` \| (\d+) \|", re.M)


def sudos(path):
    """Yield (line number, whether a comment there or above says why)."""
    lines = path.read_text().split("\n")
    for number, line in enumerate(lines):
        code = line.split("#")[0]
        if SUDO.search(code):
            above = [one for one in lines[max(number - 1, 0) : number]]
            yield number + 1, any("# " in one for one in (line, *above))


def files():
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*.py")):
            if "tests" not in path.parts:
                yield path


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_each_says_why_it_is_safe(path):
    silent = [number for number, said in sudos(path) if not said]
    assert not silent, f"{path.relative_to(ROOT)}: lines {silent}"


def test_a_new_one_is_looked_at():
    """Whoever adds one asks himself what a person can make it do, and counts it."""
    found = {
        str(path.relative_to(ROOT)): count
        for path in files()
        if (count := len(list(sudos(path))))
    }
    known = (ROOT / "docs" / "security.md").read_text()
    assert found == {name: int(count) for name, count in TABLE.findall(known)}
