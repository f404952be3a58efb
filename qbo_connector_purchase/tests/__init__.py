from . import (
    test_beside_sales,
    test_bill_payments,
    test_bills,
    test_payloads,
    test_purchase_kept,
    test_purchase_life,
    test_purchase_pull,
    test_purchase_push,
    test_purchase_world,
    test_random_purchases,
)
