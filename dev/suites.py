"""Odoo's own tests of the modules we extend, with our addons installed.

What fails is run again in a database without our addons: what fails there too is
Odoo's own, and only the rest is ours. Tours are skipped by Odoo itself, as it drives
its browser with a library (``websocket-client``) that nothing else here needs.
"""

import json
import subprocess
import sys
from pathlib import Path

from . import database, postgres
from .common import ROOT, Missing, step
from .odoo import environment, run_folder, write_config
from .odoo_source import core_addons, find_odoo

MODULES = (
    "sale",
    "sale_management",
    "purchase",
    "stock",
    "sale_stock",
    "purchase_stock",
    "stock_delivery",
)
KNOWN = (0, 1, 5)  # pytest's exit status: all passed, some failed, none was left


def run(modules: list[str]) -> bool:
    """Run the tests of Odoo's modules; tell whether none fails because of us.

    :param modules: names of modules, else all in ``MODULES``
    :raises Missing: a module has no tests here, or they can't be run
    """
    folders = [str(_tests(module)) for module in modules or MODULES]
    folder = run_folder()
    with postgres.running():
        step(f"Odoo's tests of {', '.join(modules or MODULES)}, with our addons")
        failed = _pytest(folder, database.addons_template(), folders)
        if not failed:
            return True
        step(f"{len(failed)} failed: they run again without our addons")
        theirs = _pytest(folder, database.base_template(), [*folders, "--lf"])
    ours = sorted(failed - theirs)
    step(f"Failed without our addons too: {len(failed & theirs)}")
    step(f"Failed with our addons only: {len(ours)}")
    print(*ours, sep="\n")
    return not ours


def _pytest(folder: Path, template: str, arguments: list[str]) -> set[str]:
    """Run tests in a copy of a database; return the names of those that failed.

    pytest's own memory of what failed is what ``--lf`` runs again.
    """
    with database.clone(template) as name:
        config = write_config(
            folder,
            name,
            server_wide_modules="base,rpc,web",
            channels="root:0",
            limit_memory_hard=0,
            logfile=folder / f"{name}.log",
        )
        step(f"Odoo's log is {folder / name}.log")
        options = [f"--odoo-config={config}", "--odoo-http", "--odoo-log-level=info"]
        places = [f"--rootdir={find_odoo()}", f"--override-ini=cache_dir={folder}"]
        command = [
            sys.executable,
            "-m",
            "pytest",
            *options,
            *places,
            "--disable-warnings",
        ]
        done = subprocess.run(
            [*command, "-q", "--tb=short", *arguments], cwd=ROOT, env=environment()
        ).returncode
    if done not in KNOWN:
        raise Missing(f"pytest ended with {done}: see its message above")
    return _last_failed(folder)


def _last_failed(folder: Path) -> set[str]:
    path = folder / "v" / "cache" / "lastfailed"
    return set(json.loads(path.read_text())) if path.exists() else set()


def _tests(module: str) -> Path:
    source = find_odoo()
    for addons in (source / "odoo" / "addons", *core_addons(source)):
        if (addons / module / "tests").is_dir():
            return addons / module / "tests"
    raise Missing(f"this Odoo has no tests of {module}: set ODOO_SRC to a checkout")
