from . import test_bills, test_purchase_life, test_purchase_push
