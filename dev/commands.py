"""The commands, by name; each takes the rest of the command line."""

import os
import signal
import subprocess
import sys

from . import database, postgres, suites, translations
from .chromium import find_chromium
from .common import ROOT, step
from .demo import demo as run_demo
from .lint import lint as run_lint
from .odoo import environment, run_folder, write_config
from .odoo_source import find_odoo

TESTS = ("tests/unit", "tests/sandbox", "ADDONS", "tests/system", "tests/browser")


def setup(_rest: list[str]) -> int:
    """Fetch everything that tests and demo need into the cache folder."""
    step(f"Odoo 19: {find_odoo()}")
    step(f"Chromium: {find_chromium()}")
    return 0


def test(rest: list[str]) -> int:
    """Run all tests; further arguments are pytest's."""
    setup([])
    parts = [addon for part in TESTS for addon in _addons(part)]
    return odoo_test([*(part for part in parts if (ROOT / part).exists()), *rest])


def odoo_test(rest: list[str]) -> int:
    """Run an addon's tests; --keep: the last database (only code has changed)."""
    keep = "--keep" in rest
    rest = [argument for argument in rest if argument != "--keep"]
    template = database.last_addons_template if keep else database.addons_template
    with postgres.running(), database.clone(template()) as name:
        folder = run_folder()
        config = write_config(
            folder,
            name,
            server_wide_modules="base,rpc,web",
            channels="root:0",  # no job runner among tests that look at jobs
            limit_memory_hard=0,  # the browser is a child of this process
            logfile=folder / "odoo.log",
        )
        step(f"Tests; Odoo's log is {folder / 'odoo.log'}")
        options = ["--odoo-http", "--odoo-log-level=info", "-p", "dev.odoo_log"]
        arguments = [f"--odoo-config={config}", *options, *rest]
        return _pytest(arguments, environment())


def pytest(rest: list[str]) -> int:
    """Run tests outside the addons, such as tests/unit, without loading Odoo."""
    rest = rest or ["tests/unit", "tests/sandbox"]
    return _pytest(["-p", "no:odoo", *rest], dict(os.environ))


def demo(rest: list[str]) -> int:
    """Run the main job and stay up for a look; --no-serve ends after it."""
    step(f"Odoo 19: {find_odoo()}")
    return 0 if run_demo(serve="--no-serve" not in rest) else 1


def lint(_rest: list[str]) -> int:
    """Check style, Odoo's rules and XML."""
    return 0 if run_lint() else 1


def bench(rest: list[str]) -> int:
    """Measure the connector's speed; --help tells more."""
    return _module("benchmarks.bench", rest)


def chaos(rest: list[str]) -> int:
    """Break everything while orders are sent; --help tells more."""
    return _module("benchmarks.chaos", rest)


def walk(rest: list[str]) -> int:
    """Walk at random through Odoo and QuickBooks, and judge; --help tells more."""
    return _module("benchmarks.walk", rest)


def odoo_suites(rest: list[str]) -> int:
    """Run Odoo's own tests of what we extend, with our addons; name modules or none."""
    return 0 if suites.run(rest) else 1


def pot(_rest: list[str]) -> int:
    """Write the addons' translation templates anew."""
    return 0 if translations.export() else 1


def _module(name: str, arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", name, *arguments], cwd=ROOT).returncode


def _pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Run pytest; Ctrl-C is left to it, as it has servers to end."""
    signal.signal(signal.SIGINT, lambda *_: None)
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables).returncode


def _addons(part: str) -> list[str]:
    return database.addons() if part == "ADDONS" else [part]


COMMANDS = {
    "setup": setup,
    "test": test,
    "odoo-test": odoo_test,
    "odoo-suites": odoo_suites,
    "pytest": pytest,
    "demo": demo,
    "lint": lint,
    "bench": bench,
    "chaos": chaos,
    "walk": walk,
    "pot": pot,
}
