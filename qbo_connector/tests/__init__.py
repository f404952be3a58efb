from . import (
    test_access,
    test_amounts,
    test_blocked,
    test_engine,
    test_exactly_once,
    test_oauth,
    test_pull,
    test_pull_partner,
    test_webhook,
    test_push,
    test_random_orders,
    test_ui,
)
