from . import test_access, test_amounts, test_blocked, test_engine, test_exactly_once, test_oauth, test_push, test_random_orders, test_ui
