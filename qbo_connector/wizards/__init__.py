from . import qbo_setup
