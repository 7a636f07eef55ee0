"""The processes of a demonstration: each in a group of its own, and none left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from interlock.errors import InterlockError

_PATIENCE_S = 5.0
"""So long a process may take to end by itself."""


class DemoFailed(InterlockError):
    """The demonstration cannot go on; the sentence says why."""


class Processes:
    """Everything that was started. Leaving the ``with`` block ends it all, whatever the reason for leaving."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        """Start nothing yet.

        Args:
            logs: Folder for what the processes say, one file each.
            environment: What each of them gets beside our own environment.
        """
        self._logs = logs
        self._environment = {**os.environ, **environment}
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._words: dict[str, tuple[str, ...]] = {}

    def start(self, name: str, *words: str) -> None:
        """Start ``interlock WORDS`` in the background.

        A group of its own, so that Ctrl-C reaches us alone, and we end the others in order; and so that what it starts
        itself ends with it.
        """
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*_interlock(), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )
        self._running.append((name, process))
        self._words[name] = words

    def crash(self, name: str) -> None:
        """Kill a process as a power cut would, without a chance to tidy up, and start it again as it was started."""
        place, process = next((at, run) for at, (known, run) in enumerate(self._running) if known == name)
        _signal(process, signal.SIGKILL)
        process.wait()
        del self._running[place]
        self.start(name, *self._words[name])

    def run(self, *words: str) -> str:
        """Run ``interlock WORDS`` to its end and return what it printed.

        Raises:
            DemoFailed: It ended with an error.
        """
        done = subprocess.run(
            [*_interlock(), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=self._environment,
            check=False,
            text=True,
            timeout=30,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise DemoFailed(f"interlock {' '.join(words[:2])} failed: {said}")
        return done.stdout

    def kill(self, name: str) -> None:
        """Kill a process where it stands, as a power cut would, and forget it."""
        (process,) = [process for known, process in self._running if known == name]
        _signal(process, signal.SIGKILL)
        process.wait()
        self._running = [(known, other) for known, other in self._running if known != name]

    def check(self) -> None:
        """See that all still run.

        Raises:
            DemoFailed: One has ended, and what it said last.
        """
        for name, process in self._running:
            if process.poll() is not None:
                said = (self._logs / f"{name}.log").read_text(errors="replace").strip().splitlines()[-5:]
                raise DemoFailed(f"{name} has ended with exit code {process.returncode}: {' '.join(said)}")

    def errors(self) -> list[str]:
        """Return what the processes have logged as errors: gone with the folder, so told before."""
        found = []
        for file in sorted(self._logs.glob("*.log")):
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            found += [f"{file.stem}: {line}" for line in lines if '"level": "error"' in line]
        return found

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all: the last started first, kindly, and by force whoever is too slow."""
        for _, process in reversed(self._running):
            _signal(process, signal.SIGTERM)
        for _, process in reversed(self._running):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE_S)
            _signal(process, signal.SIGKILL)
            process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _interlock() -> list[str]:
    """Return the command of this very installation, not of whatever comes first on the path."""
    return [sys.executable, "-c", "from interlock.cli import main; main()"]
