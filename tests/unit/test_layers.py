"""Dependencies point down only: surface -> business models -> engine -> pure layer."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "qbo_connector"
PURCHASE_ADDON = ROOT / "qbo_connector_purchase"
ENGINE = (
    *("qbo_mixin", "qbo_binding", "qbo_binding_job", "qbo_backend"),
    *("qbo_backend_oauth", "qbo_backend_bulk", "qbo_token", "qbo_log", "qbo_notice"),
    *("qbo_push", "qbo_push_find", "qbo_push_look", "qbo_push_update"),
    *("qbo_push_store", "qbo_push_read", "qbo_bulk", "qbo_added"),
    *("qbo_governor", "qbo_attempt", "qbo_refusals", "qbo_pull", "qbo_cursor"),
    *("qbo_schedule", "qbo_merges", "qbo_binding_merge"),
    *("qbo_import_job", "qbo_import_page", "qbo_import_line", "qbo_insert"),
)
BUSINESS = ("sale.order", "account.move", "res.partner", "product.", "stock.")
PURCHASE = ("purchase.order", "PurchaseOrder")


def sources(folder: Path, skip: str = "tests") -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if skip not in path.relative_to(folder).parts
    ]


def imports(path: Path) -> set[str]:
    """Return the modules a file imports, relative ones with their dots."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def texts(path: Path) -> list[str]:
    """Return a file's strings and names, without docstrings and comments."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [] if id(node) in docstrings else [node.value]
        elif isinstance(node, ast.Name | ast.Attribute):
            found.append(node.id if isinstance(node, ast.Name) else node.attr)
    return found


def named(path: Path, words: tuple[str, ...]) -> list[str]:
    return [text for text in texts(path) if any(word in text for word in words)]


@pytest.mark.parametrize("path", sources(ADDON / "qbo"), ids=lambda path: path.name)
def test_the_pure_layer_imports_no_odoo(path):
    for module in imports(path):
        assert module.split(".")[0] != "odoo"
        depth = len(path.relative_to(ADDON / "qbo").parts)
        dots = len(module) - len(module.lstrip("."))
        assert dots <= depth, f"{module} leaves the layer"


@pytest.mark.parametrize("path", sources(ADDON), ids=lambda path: path.name)
def test_the_base_addon_knows_no_purchase_order(path):
    assert not named(path, PURCHASE)


@pytest.mark.parametrize("name", ENGINE)
def test_the_engine_names_no_business_object(name):
    assert not named(ADDON / "models" / f"{name}.py", BUSINESS)


def test_a_shared_constant_means_one_thing():
    """A tuple that one file takes from another has no namesake with other values."""
    values, shared = {}, set()
    for path in sources(ADDON / "models") + sources(PURCHASE_ADDON / "models"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom):
                shared |= {alias.name for alias in node.names if alias.name.isupper()}
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if isinstance(node.value, ast.Tuple | ast.Call):
                    found = values.setdefault(node.targets[0].id, set())
                    found.add(ast.unparse(node.value))
    assert not {name: values[name] for name in shared if len(values.get(name, ())) > 1}


@pytest.mark.parametrize(
    "path", sources(ADDON) + sources(PURCHASE_ADDON), ids=lambda path: path.name
)
def test_nobody_calls_past_its_own_chain(path):
    """A method of another class is called by `super()`, not taken out of a class."""
    assert not re.search(r'registry\["[\w.]+"\]\._', path.read_text())
