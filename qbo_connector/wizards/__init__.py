from . import qbo_preview, qbo_setup, res_config_settings
