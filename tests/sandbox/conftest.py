"""A local QuickBooks on a thread of the test process, fresh for every module."""

import threading

import pytest

from qbo_sandbox.app import App
from qbo_sandbox.http import Server
from tests.sandbox.kit import Api, found


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The server's inside."""
    path = tmp_path_factory.mktemp("books") / "books.sqlite"
    app = App(str(path), seed=1)
    app.add_company(kind="us", name="Sandbox Company US")
    return app


@pytest.fixture(scope="module")
def url(app):
    """Address of a running server."""
    server = Server(("127.0.0.1", 0), app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    app.webhooks.unsubscribe()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def us(app, url):
    """The US company."""
    return Api(url, next(iter(app.companies)))


@pytest.fixture(scope="module")
def canada(url):
    """A Canadian company."""
    return found(url, kind="ca")


@pytest.fixture(scope="module")
def uk(url):
    """A British company."""
    return found(url, kind="uk")


@pytest.fixture(scope="module")
def euros(url):
    """A US company with several currencies."""
    return found(url, kind="us", multicurrency=True)


@pytest.fixture(autouse=True)
def calm(request):
    """No knob and no trouble stays behind a test."""
    yield
    if "app" in request.fixturenames:
        app = request.getfixturevalue("app")
        app.trouble.clear()
        app.knobs.values.clear()
