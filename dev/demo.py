"""``make demo``: all servers, the story, and then a look around."""

import signal

from . import database, postgres
from .checklog import troubles
from .common import step
from .odoo import OdooServer
from .sandbox import Sandbox
from .story import Story


def demo(serve: bool) -> bool:
    """Run the demo; return whether all of it was right.

    :param serve: stay up until Ctrl-C
    """
    with postgres.running(), database.clone(database.addons_template()) as name:
        _postpone_odoos_own_actions(name)
        step("Starting Odoo and the local QuickBooks")
        with Sandbox() as quickbooks, OdooServer(name, max_cron_threads=1) as odoo:
            story = Story(odoo.client(), quickbooks.info)
            problems = story.tell() + troubles(odoo.log_text(), "qbo")
            for problem in problems:
                print(f"    PROBLEM     {problem}")
            if serve:
                _stay(odoo, quickbooks)
    print("demo: FAILED" if problems else "demo: OK")
    return not problems


def _postpone_odoos_own_actions(name: str) -> None:
    """Leave the scheduled actions to ours: in a new database all are due at once."""
    with postgres.cursor(name) as cr:
        cr.execute(
            "UPDATE ir_cron SET nextcall = nextcall + interval '1 day'"
            " WHERE cron_name NOT LIKE 'QuickBooks%'"
        )


def _stay(odoo: OdooServer, quickbooks: Sandbox) -> None:
    step("Have a look around; Ctrl-C ends it")
    print(f"    Odoo             {odoo.url}/odoo  log in as admin, password admin")
    print(f"    local QuickBooks {quickbooks.url}")
    print(f"    logs             {odoo.log}\n                     {quickbooks.log}")
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("\nstopping", flush=True)
