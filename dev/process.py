"""A server of ours as a child process: started, waited for, ended."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path


class StartError(Exception):
    """A server didn't come up; the text ends with the end of its log."""


class Process:
    """A child process in a process group of its own, which writes to a log file.

    Ctrl-C on the terminal is for us alone: we end our children in good order. When
    we are killed, the kernel ends them.
    """

    def __init__(self, command: Sequence[str | Path], log: Path, **options):
        self.log = log
        self.command = ["setpriv", "--pdeathsig=TERM", *command]
        with log.open("ab") as file:
            options = {"stdout": file, "stderr": file, **options}
            self._child = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **options,
            )
        self.pid = self._child.pid
        self.stdout = self._child.stdout

    @property
    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._child.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float = 120) -> None:
        """Wait until ``ready()`` is true.

        :raises StartError: the process ended first, or time is up
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive or time.monotonic() > deadline:
                self.kill()
                end = "".join(self.log.open(errors="replace").readlines()[-15:])
                raise StartError(f"{self.command} isn't up; its log ends:\n{end}")
            time.sleep(0.1)

    def stop(self, seconds: float = 20) -> None:
        """Ask the process to end; kill it when it takes too long."""
        if self.alive:
            self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """End the process and its children at once, as a crash would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._child.wait()
