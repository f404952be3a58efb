# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "QuickBooks Online Connector: Purchase",
    "summary": "Confirmed purchase orders become QuickBooks purchase orders",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "website": "https://github.com/qbo-odoo/qbo-connector",
    "author": "QuickBooks Online Connector contributors",
    "license": "LGPL-3",
    "depends": ["qbo_connector", "purchase_stock"],
    "data": [
        "security/qbo_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "views/qbo_vendor_bill_views.xml",
        "views/purchase_order_views.xml",
        "views/account_views.xml",
        "views/res_partner_views.xml",
        "views/qbo_backend_views.xml",
        "views/qbo_import_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "auto_install": True,
}
