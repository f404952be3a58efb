"""Databases: templates built once, and copies of them for each run.

A template is built under another name and renamed when it is whole. Its name
ends in a digest of what was installed, so a change makes a new one.
"""

import ast
import contextlib
import importlib.metadata
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from psycopg2 import sql

from .checklog import troubles
from .common import ROOT, Missing, digest, locked, step
from .odoo import command, data_dir, environment, run_folder, write_config
from .odoo_source import find_odoo, odoo_version
from .postgres import cursor

BASE_MODULES = (
    "sale_management",
    "sale_stock",
    "stock_delivery",
    "purchase_stock",
    "queue_job",
)
KEEP_TEMPLATES = 16  # of each kind, beside the one in use: checkouts side by side
NOT_INSTALLED = {"tests", "i18n", "readme", "__pycache__", "description"}


def addons() -> list[str]:
    """Return the names of this repository's installable addons."""
    return sorted(
        manifest.parent.name
        for manifest in ROOT.glob("*/__manifest__.py")
        if ast.literal_eval(manifest.read_text()).get("installable", True)
    )


def sources_digest() -> str:
    """Return what changes with the addons' sources, tests not counted."""
    names = [
        path.relative_to(ROOT)
        for addon in addons()
        for path in sorted((ROOT / addon).rglob("*"))
        if path.is_file()
    ]
    counted = [name for name in names if not NOT_INSTALLED & set(name.parts)]
    return digest(*(part for name in counted for part in (str(name), ROOT / name)))


def base_template() -> str:
    """Return the template with Odoo's own modules and demo data, built if need be."""
    queue = importlib.metadata.version("odoo-addon-queue-job")
    key = digest(odoo_version(find_odoo()), queue, *BASE_MODULES)
    return _template(f"qbo_base_{key}", None, BASE_MODULES)


def addons_template() -> str:
    """Return the template with our addons freshly installed, built if need be.

    :raises Missing: Odoo's log of the installation has a warning
    """
    name = f"qbo_addons_{digest(base_template(), sources_digest())}"
    return _template(name, base_template(), addons())


def last_addons_template() -> str:
    """Return the newest template with our addons, whatever has changed since."""
    with cursor() as cr:
        cr.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'qbo_addons_%'"
            " AND datname NOT LIKE '%_building' ORDER BY oid DESC LIMIT 1"
        )
        found = cr.fetchone()
    return found[0] if found else addons_template()


@contextlib.contextmanager
def clone(template: str, name: str = "") -> Iterator[str]:
    """Copy a template for one run; yield the copy's name and drop it afterwards."""
    _drop_orphans()
    name = name or f"qbo_run_{os.getpid()}_{os.urandom(3).hex()}"
    copy(template, name)
    try:
        yield name
    finally:
        drop(name)


def exists(name: str) -> bool:
    """Tell whether there is such a database."""
    with cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cr.fetchone())


def copy(template: str, name: str) -> None:
    """Copy a database and its files."""
    with cursor() as cr:
        statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        cr.execute(_sql(statement, name, template))
    # files of Odoo's store are never written again, only added and removed
    if _files(template).exists():
        shutil.copytree(_files(template), _files(name), copy_function=os.link)


def drop(name: str) -> None:
    """Drop a database, whoever is connected to it, and its files."""
    with cursor() as cr:
        cr.execute(_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
    shutil.rmtree(_files(name), ignore_errors=True)


def rename(name: str, new_name: str) -> None:
    """Rename a database, its files first: it is whole once it has the new name."""
    shutil.rmtree(_files(new_name), ignore_errors=True)
    if _files(name).exists():
        _files(name).rename(_files(new_name))
    with cursor() as cr:
        cr.execute(_sql("ALTER DATABASE {} RENAME TO {}", name, new_name))


def install(database: str, modules, update: bool = False) -> str:
    """Install (or update) modules with Odoo; return its log, showing progress.

    :raises Missing: Odoo failed
    """
    folder = run_folder()
    config = write_config(folder, database, server_wide_modules="base,rpc,web")
    arguments = ["-u" if update else "-i", ",".join(modules), "--stop-after-init"]
    process = subprocess.Popen(
        command(config, *arguments, "--no-http", "--with-demo"),
        env=environment(),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    log = "".join(_shown(process.stdout))
    (folder / "odoo.log").write_text(log)
    if process.wait():
        raise Missing(f"Odoo can't install {modules}:\n{log[-3000:]}")
    return log


def _template(name: str, source: str | None, modules) -> str:
    """Build a template on top of another one, whose warnings are not ours."""
    if exists(name):
        return name
    with locked(name):
        if not exists(name):
            step(f"Database template: installing {', '.join(modules)}")
            building = f"{name}_building"
            drop(building)
            if source:
                copy(source, building)
            found = troubles(install(building, modules))
            if source and found:
                raise Missing("Odoo's log has warnings:\n" + "\n".join(found))
            rename(building, name)
            _drop_old_templates(keep=name)
    return name


def _shown(lines: Iterator[str]) -> Iterator[str]:
    """Pass a log on; show the number of each tenth module that is loaded."""
    for line in lines:
        loading = re.search(r"Loading module (\w+) \((\d+)/(\d+)\)", line)
        if loading and int(loading[2]) % 10 == 0:
            print(f"    {loading[2]}/{loading[3]} modules", flush=True)
        yield line


def _drop_orphans() -> None:
    """Drop the copies that killed runs of this machine have left behind."""
    with cursor() as cr:
        cr.execute("SELECT datname FROM pg_database WHERE datname LIKE 'qbo_run_%'")
        names = [name for (name,) in cr.fetchall()]
    for name in names:
        if not Path(f"/proc/{name.split('_')[2]}").exists():
            drop(name)


def _drop_old_templates(keep: str) -> None:
    """Drop all but the last few of a kind (a database's oid grows with time)."""
    kind = keep.rpartition("_")[0]
    with cursor() as cr:
        cr.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s"
            " AND datname != %s ORDER BY oid DESC OFFSET %s",
            [f"{kind}_%", keep, KEEP_TEMPLATES],
        )
        for (name,) in cr.fetchall():
            drop(name)


def _files(database: str) -> Path:
    return data_dir() / "filestore" / database


def _sql(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))
