from . import test_purchase_life, test_purchase_push
