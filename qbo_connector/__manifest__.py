# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "QuickBooks Online Connector",
    "summary": "Confirmed sale orders become QuickBooks invoices: exact, once",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "website": "https://github.com/qbo-odoo/qbo-connector",
    "author": "QuickBooks Online Connector contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["sale_management", "stock_delivery", "queue_job"],
    "external_dependencies": {
        "python": ["cryptography", "intuit-oauth", "python-quickbooks", "requests"],
    },
    "data": [
        "security/qbo_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "data/queue_job.xml",
        "data/ir_cron.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
