from . import (
    qbo_backend,
    qbo_binding,
    qbo_cost,
    account_tax,
    product_product,
    res_partner,
    qbo_partner_currency,
    purchase_order_line,
    purchase_order,
)
