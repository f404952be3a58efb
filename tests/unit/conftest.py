"""Loads ``qbo_connector/qbo`` as the package ``qbo``, without Odoo."""

import importlib.util
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "qbo_connector" / "qbo"


def _load(name, folder):
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


if "qbo" not in sys.modules:
    _load("qbo", FOLDER)
