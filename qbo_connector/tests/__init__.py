from . import test_access, test_blocked, test_oauth, test_push
