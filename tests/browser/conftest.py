"""An Odoo of its own, a local QuickBooks and people who sit before a browser."""

import contextlib

import pytest

from dev import database
from dev.checklog import troubles
from dev.odoo import OdooServer

from .office import Desk


@pytest.fixture(scope="package")
def server(addons_template):
    """Run an Odoo that no other tests have set up."""
    with database.clone(addons_template) as name, OdooServer(name) as server:
        yield server
        assert not troubles(server.log_text(), "qbo")


@pytest.fixture(scope="package")
def sign_in(browser, server, tmp_path_factory):
    """Return a function that gives a user's browser page, logged in.

    When the block fails, a picture of the page is left in pytest's folder.
    """

    @contextlib.contextmanager
    def sign_in(login):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        desk = Desk(context.new_page(), server.url)
        try:
            desk.sign_in(login)
            yield desk
        except BaseException:
            picture = tmp_path_factory.getbasetemp() / f"{login}.png"
            desk.page.screenshot(path=picture)
            print(f"The page as it was: {picture}")
            raise
        finally:
            context.close()

    return sign_in


@pytest.fixture(scope="package")
def connected(server, sandbox, sign_in):
    """Have an administrator go through the assistant; return what he saw."""
    with sign_in("admin") as admin:
        return admin.set_up(sandbox.info)
