from . import test_blocked, test_oauth, test_push
