"""A small QuickBooks-shaped HTTP server and hypothesis' settings."""

import pytest
from hypothesis import settings
from loopback import Loopback

settings.register_profile("unit", deadline=None, database=None, max_examples=150)
settings.load_profile("unit")


@pytest.fixture
def server():
    """A real HTTP server on a free port that answers what a test tells it."""
    with Loopback() as loopback:
        yield loopback
