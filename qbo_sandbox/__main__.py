"""Command line of the local QuickBooks."""

import argparse
import json
import signal
import sqlite3
import sys
import threading

from .app import App
from .http import Server

DESCRIPTION = """\
A local QuickBooks Online for development, demos and tests.

It answers Intuit's OAuth 2.0 endpoints and the Accounting API v3 for one or more
companies, keeps its books in one SQLite file that survives a kill -9, and shows them
as web pages. When it is ready it prints one line of JSON: url, discovery_url,
client_id, client_secret and companies. It serves until SIGTERM or SIGINT.
"""
EPILOG = """\
pages:    /                       companies, request log, knobs
          /app/invoice?txnId=145  any document, as QuickBooks' own links have it
api:      /v3/company/<realm>/... as documented by Intuit
tests:    /_admin/knobs /_admin/faults /_admin/companies /_admin/requests?realm=
          /_admin/tokens (a token pair without consent) /_admin/tokens/expire ...

example:  python -m qbo_sandbox --port 8800 --store books.sqlite --sample
"""


def arguments():
    """The parser."""
    parser = argparse.ArgumentParser(
        prog="python -m qbo_sandbox",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=int, default=0, help="port; 0 takes a free one (default)")
    add(
        "--store",
        default=":memory:",
        metavar="FILE",
        help="SQLite file of the books (default: in memory, gone at the end)",
    )
    add("--seed", type=int, help="make tokens and secrets the same in every run")
    add(
        "--sample",
        action="store_true",
        help="new store: the first company gets customers, items and documents",
    )
    add(
        "--multicurrency",
        action="store_true",
        help="new store: the first company keeps several currencies",
    )
    add(
        "--realistic",
        action="store_true",
        help="Intuit's latency and request limits (the knobs latency and limits)",
    )
    add(
        "--knob",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a knob (see /_admin/knobs); may be repeated",
    )
    add(
        "--public-url",
        default="",
        metavar="URL",
        help="address of the consent page for browsers, if it differs from --host",
    )
    return parser


def knob(text):
    """(name, value) of NAME=VALUE; the value is JSON or plain text."""
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def main(argv=None):
    """Serve until told to stop; 2 if the arguments can't be followed."""
    options = arguments().parse_args(argv)
    try:
        app = opened(options)
        server = Server((options.host, options.port), app)
    except (ValueError, OSError, sqlite3.Error) as error:
        print(f"qbo_sandbox: {error}", file=sys.stderr)
        return 2
    serve(app, server, options.host)
    return 0


def opened(options):
    """The App on its store, with a first company and the knobs that were given."""
    app = App(options.store, options.seed, options.public_url)
    if not app.companies:
        app.add_company(
            kind="us",
            name="Sandbox Company US",
            sample=options.sample,
            multicurrency=options.multicurrency,
        )
    knobs = dict(knob(text) for text in options.knob)
    if options.realistic:
        knobs.update(latency="recorded", limits="on")
    app.knobs.set(knobs)
    return app


def serve(app, server, host):
    """Print the ready line, wait for a signal, close."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    print(
        json.dumps(app.describe(f"http://{shown}:{server.server_address[1]}")),
        flush=True,
    )
    stop.wait()
    server.shutdown()
    server.server_close()
    app.close()


if __name__ == "__main__":
    sys.exit(main())
