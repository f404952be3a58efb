"""What tests outside the addons share: the package ``qbo``, servers, a browser."""

import importlib.util
import sys

import pytest

from dev import chromium, database, postgres
from dev.checklog import troubles
from dev.common import ROOT
from dev.odoo import OdooServer
from dev.sandbox import Sandbox


def _load_qbo() -> None:
    """Make the addon's pure layer importable as ``qbo``, without Odoo."""
    init = ROOT / "qbo_connector" / "qbo" / "__init__.py"
    spec = importlib.util.spec_from_file_location("qbo", init)
    module = importlib.util.module_from_spec(spec)
    sys.modules["qbo"] = module
    spec.loader.exec_module(module)


_load_qbo()


@pytest.fixture(scope="session")
def addons_template():
    """Name a database template with both addons and Odoo's demo data."""
    with postgres.running():
        yield database.addons_template()


@pytest.fixture(scope="session")
def odoo_db(addons_template):
    """Name a database which the tests of this run share."""
    with database.clone(addons_template) as name:
        yield name


@pytest.fixture(scope="session")
def odoo_server(odoo_db):
    """Run Odoo with its job runner; its log must hold no warning of our addons."""
    with OdooServer(odoo_db) as server:
        yield server
        assert not troubles(server.log_text(), "qbo")


@pytest.fixture(scope="session")
def sandbox():
    """Run a local QuickBooks."""
    with Sandbox() as server:
        yield server


@pytest.fixture(scope="session")
def browser():
    """Have a headless browser, driven by Playwright."""
    with chromium.browser() as started:
        yield started
