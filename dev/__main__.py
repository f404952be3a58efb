"""``python -m dev COMMAND``: the commands behind the Makefile."""

import argparse
import signal
import sys

from .bootstrap import enter_venv
from .common import Missing


def main(arguments: list[str]) -> int:
    """Run one command; a missing prerequisite is one line and exit status 1."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cleaning up on the way
    try:
        enter_venv(arguments)
        from .commands import COMMANDS  # needs the virtual environment

        parser = argparse.ArgumentParser(prog="python -m dev")
        commands = parser.add_subparsers(dest="command", required=True)
        for name, function in COMMANDS.items():
            commands.add_parser(name, help=function.__doc__, add_help=False)
        chosen, rest = parser.parse_known_args(arguments)
        return COMMANDS[chosen.command](rest)
    except Missing as error:
        print(f"error: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
