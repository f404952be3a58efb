from . import account_payment_register, res_config_settings
