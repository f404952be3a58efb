"""Set-up, databases, servers and the demo: ``python -m dev --help``."""
