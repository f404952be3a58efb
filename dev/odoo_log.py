"""pytest plugin for Odoo's own tests: its log must hold no warning of our addons."""

from pathlib import Path

import pytest

from .checklog import troubles


@pytest.fixture(scope="session", autouse=True)
def odoo_log_is_clean():
    """Fail after the last test if our addons warned of something.

    Loggers called ``qbo.…`` are tests of the pure layer without Odoo, which run in
    the same process and cause trouble on purpose.
    """
    from odoo.tools import config  # pytest-odoo has configured it by now

    yield
    found = troubles(Path(config["logfile"]).read_text(), "qbo")
    ours = [text for text in found if not text.startswith("qbo.")]
    assert not ours, "\n".join(ours)
