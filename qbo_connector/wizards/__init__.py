from . import (
    qbo_bulk_push,
    qbo_compare,
    qbo_preview,
    qbo_setup,
    res_config_settings,
)
