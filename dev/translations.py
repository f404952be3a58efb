"""The addons' translation templates, made anew from their sources."""

import subprocess
import sys

from . import database, postgres
from .common import ROOT, step
from .odoo import environment, run_folder, write_config

EXPORT = (sys.executable, "-m", "odoo", "i18n", "export")


def export() -> bool:
    """Write ``i18n/<addon>.pot`` of each addon; return whether all went well."""
    done = True
    with postgres.running(), database.clone(database.addons_template()) as name:
        config = write_config(run_folder(), name, server_wide_modules="base,rpc,web")
        for addon in database.addons():
            target = ROOT / addon / "i18n" / f"{addon}.pot"
            target.parent.mkdir(exist_ok=True)
            command = [*EXPORT, "-c", str(config), "-o", str(target), addon]
            run = subprocess.run(command, env=environment(), cwd=ROOT)
            _without_dates(target)
            step(f"{target.relative_to(ROOT)}")
            done &= run.returncode == 0
    return done


def _without_dates(target) -> None:
    """Leave out when it was made, or each run would be a change."""
    lines = target.read_text().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date')
    target.write_text("".join(line for line in lines if not line.startswith(dated)))
