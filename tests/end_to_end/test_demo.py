"""The demonstration, run as its users run it: what it counts, what it tells, and that it leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

COMMAND = [sys.executable, "-c", "from interlock.cli import main; main()", "demo"]
GOLDEN = Path(__file__).parent / "golden" / "demo.txt"
OPERATOR = "parties/demo-operator/banks/"


@pytest.fixture(scope="module")
def result() -> dict[str, object]:
    """What ``interlock demo --json`` prints."""
    done = subprocess.run([*COMMAND, "--json"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Kept:
    """A network that ``interlock demo --keep`` has left up: what it told, and the commands that it named."""

    told: str
    named: list[list[str]]
    environment: dict[str, str]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    environment = {**os.environ, "INTERLOCK_CONFIG_DIR": str(folder)}
    told = folder / "told.txt"
    with told.open("wb") as stdout:
        demo = subprocess.Popen([*COMMAND, "--keep"], stdout=stdout, stderr=subprocess.PIPE, text=True, env=environment)
    assert demo.stderr is not None
    named = []
    try:
        for line in demo.stderr:
            named += [line.split()[1:]] if line.startswith("  interlock ") else []
            if line.endswith("interlock event list --profile demo-operator\n"):
                break
        yield Kept(told.read_text(encoding="utf-8"), named, environment)
    finally:
        demo.send_signal(signal.SIGTERM)
        _, last_words = demo.communicate(timeout=30)
    assert (demo.returncode, last_words) == (130, "Interrupted.\n")


def test_every_parcel_is_where_it_should_be(result: dict[str, object]) -> None:
    states = [(each["bank"].removeprefix(OPERATOR), each["state"]) for each in result["reservations"]]

    assert sorted(states) == [
        ("galatsi", "COLLECTED"),
        ("galatsi", "COLLECTED"),
        ("galatsi", "COLLECTED"),
        ("galatsi", "CONFIRMED"),
        ("galatsi", "DEPOSITED"),
        ("lykovrysi", "COLLECTED"),
        ("lykovrysi", "COLLECTED"),
        ("metamorfosi", "COLLECTED"),
        ("metamorfosi", "COLLECTED"),
        ("metamorfosi", "DEPOSITED"),
    ]


def test_the_bank_that_was_cut_off_worked_on(result: dict[str, object]) -> None:
    assert (result["offline_deposits"], result["offline_collections"]) == (3, 2)
    assert result["discrepancies"] == 1


def test_every_receipt_verifies(result: dict[str, object]) -> None:
    # Nine deposits and seven collections.
    assert result["receipts"] == {"issued": 16, "verified": 16, "chain_ok": True}


def test_what_must_not_work_is_refused_for_its_own_reason(result: dict[str, object]) -> None:
    assert result["refused"] == {
        "used": "USED",
        "forged": "BAD_SIGNATURE",
        "other_bank": "WRONG_BANK",
        "expired": "EXPIRED",
        "wrong_pin": "WRONG_PIN",
    }


def test_the_auditor_finds_nothing(result: dict[str, object]) -> None:
    assert (result["double_bookings"], result["lost_events"]) == (0, 0)
    assert result["events"] > 0


def test_it_takes_less_than_a_minute(result: dict[str, object]) -> None:
    assert result["seconds"] < 60


def test_the_timeline_reads_as_it_should(kept: Kept) -> None:
    assert masked(kept.told) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_interrupting_it_leaves_nothing_running(how: signal.Signals, tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    demo = subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, start_new_session=True
    )
    assert demo.stdout is not None
    for line in demo.stdout:
        if "Promises" in line:
            break
    assert started_in(tmp_path)

    demo.send_signal(how)
    demo.stdout.close()

    assert demo.wait(timeout=30) == 130
    assert started_in(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_up_answers_the_commands_that_it_names(kept: Kept) -> None:
    assert len(kept.named) == 4
    for words in kept.named:
        done = subprocess.run(
            [*COMMAND[:-1], *words], capture_output=True, text=True, timeout=30, check=False, env=kept.environment
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "demo-operator" in done.stdout or "demo-carrier" in done.stdout


def masked(told: str) -> str:
    """Put ``#`` for times and for what depends on them: a clock that is set by a second is a fact with a number."""
    told = re.sub(r"(?m)^.*the clock was set.*\n", "", told)
    for pattern, instead in (
        (r"(?m)^ *\d+\.\ds", "   #.#s"),
        (r"\d+\.\d s", "#.# s"),
        (r"receipt \d+ signed", "receipt # signed"),
        (r"\d+ events", "# events"),
    ):
        told = re.sub(pattern, instead, told)
    return told


def started_in(folder: Path) -> list[int]:
    """List the processes whose command line names ``folder``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue  # it ended while we looked
            if os.fsencode(folder) in words:
                found.append(int(entry.name))
    return found
