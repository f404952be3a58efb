from . import qbo_backend, res_partner, purchase_order
