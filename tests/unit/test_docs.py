"""The pages say what is so: links lead somewhere, names and commands exist."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True)
    names = found.stdout.split() or [str(path) for path in ROOT.rglob("*.md")]
    return sorted(ROOT / name for name in names)


PAGES = pages()


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = BLOCK.sub("", page.read_text())
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles
    }


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(page.read_text()) if kind == language]


def test_there_are_pages():
    assert {"README.md", "CONTRIBUTING.md", "docs/architecture.md"} <= set(
        map(named, PAGES)
    )


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_and_pictures_exist(page):
    text = BLOCK.sub("", page.read_text())
    links = [link for link in LINK.findall(text) if not re.match(r"https?:", link)]
    for link in links:
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_make_targets_exist(page):
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(
        r"`make ([a-z]+)|^ *make ([a-z]+)", page.read_text(), re.M
    ):
        name = "".join(target)
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), f"make {name}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_of_the_tooling_exist(page):
    known = (ROOT / "dev" / "commands.py").read_text()
    for command in re.findall(r"(?:dev/run|python -m dev) ([a-z-]+)", page.read_text()):
        assert f'"{command}":' in known, command


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_python_examples_are_python(page):
    for body in blocks(page, "python"):
        ast.parse(body)


def test_tests_named_in_the_readme_exist():
    names = set(re.findall(r"`(test_\w+)`", README.read_text()))
    folders = [*ROOT.glob("qbo_connector*"), ROOT / "tests"]
    sources = [path for folder in folders for path in folder.rglob("test_*.py")]
    text = "\n".join(path.read_text() for path in sources)
    missing = [name for name in sorted(names) if f"def {name}(" not in text]
    assert len(names) > 20
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_named_exist(page):
    """Names in backquotes that look like files of this repository."""
    places = [ROOT, page.parent, *ROOT.glob("qbo_connector*")]
    starts = ("qbo_connector/", "dev/", "tests/", "docs/", "models/", "qbo/", "data/")
    for code in CODE.findall(BLOCK.sub("", page.read_text())):
        if code.startswith(starts) and re.fullmatch(r"[\w./*-]+", code):
            assert any(list(place.glob(code)) for place in places), code


def shown_texts() -> str:
    """All that the addons may show to people, in one text."""
    files = [path for addon in ROOT.glob("qbo_connector*") for path in addon.rglob("*")]
    trees = [ast.parse(one.read_text()) for one in files if one.suffix == ".py"]
    found = [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    found += [one.read_text() for one in files if one.suffix == ".xml"]
    return " ".join(" ".join(found).split())


def test_messages_explained_are_those_shown():
    page = (ROOT / "docs" / "administrators.md").read_text()
    texts = shown_texts()
    quoted = re.findall(r"“([^”]+)”", page.partition("## Trouble")[2])
    parts = [part.strip(" :.") for message in quoted for part in message.split("…")]
    assert len(quoted) > 20
    assert not [part for part in parts if part not in texts]


def test_hooks_named_exist():
    page = (ROOT / "docs" / "architecture.md").read_text()
    models = ROOT / "qbo_connector" / "models"
    text = "".join(path.read_text() for path in models.glob("qbo_*.py"))
    hooks = re.findall(r"^\| `(_qbo_\w+)", page, re.MULTILINE)
    assert len(hooks) > 10
    for hook in hooks:
        name = hook.rstrip("_").removesuffix("_")
        assert f"def {name}(" in text or f"{name} =" in text or f"{name}_" in text, hook
