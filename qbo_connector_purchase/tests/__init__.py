from . import test_purchase_push
