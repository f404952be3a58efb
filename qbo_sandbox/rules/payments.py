"""Payments."""

RULES = {}


def release_target(change):
    """Nothing yet."""
