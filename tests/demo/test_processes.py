"""What the demonstration starts, it ends: also what does not want to end, and what that has started."""

import os
import sys
import time
from pathlib import Path

import pytest

from interlock_demo import processes
from interlock_demo.network import until
from interlock_demo.processes import DemoFailed, Processes

pytestmark = pytest.mark.server

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, 1); time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have ``interlock WORD`` run ``python -c WORD``."""
    monkeypatch.setattr(processes, "_interlock", lambda: [sys.executable, "-c"])
    monkeypatch.setattr(processes, "_PATIENCE_S", 0.2)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def wait_for(log: Path) -> str:
    deadline = time.monotonic() + 10
    while not (said := log.read_text()).endswith("\n"):
        assert time.monotonic() < deadline
    return said


@pytest.mark.usefixtures("command")
def test_a_process_that_will_not_end_is_ended_with_its_children(tmp_path: Path) -> None:
    with Processes(tmp_path, {}) as running:
        running.start("stubborn", STUBBORN)
        child = int(wait_for(tmp_path / "stubborn.log"))
        assert is_running(child)

    deadline = time.monotonic() + 10
    while is_running(child):
        assert time.monotonic() < deadline


@pytest.mark.usefixtures("command")
def test_a_process_that_has_ended_is_named_with_what_it_said_last(tmp_path: Path) -> None:
    with Processes(tmp_path, {}) as running:
        running.start("gateway", "print('no room on the disk'); raise SystemExit(3)")
        wait_for(tmp_path / "gateway.log")

        with pytest.raises(DemoFailed, match="gateway has ended with exit code 3: no room on the disk"):
            until(lambda: False, "nothing", running)


@pytest.mark.usefixtures("command")
def test_a_command_that_fails_is_told_with_its_sentence(tmp_path: Path) -> None:
    with Processes(tmp_path, {}) as running, pytest.raises(DemoFailed, match="The directory is not empty"):
        running.run("raise SystemExit('The directory is not empty.')")


@pytest.mark.usefixtures("command")
def test_processes_get_what_is_said_beside_our_own_environment(tmp_path: Path) -> None:
    with Processes(tmp_path, {"INTERLOCK_CONFIG_DIR": "/elsewhere"}) as running:
        said = running.run("import os; print(os.environ['INTERLOCK_CONFIG_DIR'], os.environ['PATH'])")

    assert said.split() == ["/elsewhere", os.environ["PATH"]]
