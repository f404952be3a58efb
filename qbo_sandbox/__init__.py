"""A local QuickBooks Online: OAuth2, the Accounting API v3 and pages to look at.

Run it with ``python -m qbo_sandbox --help``.
"""

__version__ = "1.0.0"
