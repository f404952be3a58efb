"""QuickBooks Online without Odoo: transport, rules and shapes.

Nothing in this package imports odoo; it is tested without a database.
"""
