"""The agent dies at every single write, and at every pulse (EVD-21): nothing is lost, doubled, burnt or renumbered."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from crash import PowerCut, Script, Theatre

from interlock_edge.access.refusal import Reason, Refused

SCRIPTS = [
    Script(by_pin=False, sensors=True, jams=0),
    Script(by_pin=True, sensors=True, jams=0),
    Script(by_pin=True, sensors=False, jams=0),
    Script(by_pin=False, sensors=True, jams=2),
    Script(by_pin=True, sensors=True, jams=3),
    Script(by_pin=False, sensors=False, jams=3),
]


class CutAt:
    """Cuts the power at the n-th point; counts them all."""

    def __init__(self, at: int | None) -> None:
        self.at, self.points = at, 0

    def __call__(self, _: str) -> None:
        self.points += 1
        if self.points == self.at:
            raise PowerCut


def hold(theatre: Theatre) -> None:
    """Hold what must be true when everybody has gone home."""
    scene = theatre.start()
    scene.world.ms += 2 * 86_400_000  # every grace is over
    theatre.die()
    facts = [json.loads(body) for body in theatre.custody()]
    assert theatre.custody()[: len(theatre.told)] == theatre.told
    moved = Counter(fact["use"]["right"]["act"] for fact in facts if fact["kind"] == "HandOver")
    assert moved == {"d": 1, "c": 1}, "each parcel moves in once and out once"
    assert not any(door.items for door in scene.doors.doors.values()), "no parcel stays behind"
    scene = theatre.start()
    try:
        for shown in (theatre.deposit, "" if theatre.script.by_pin else theatre.collect):
            said = theatre.judge(scene, shown)
            assert isinstance(said, Refused), "no right is used twice"
            assert said.reason in {Reason.USED, Reason.EXPIRED, Reason.WRONG_PIN}
    finally:
        theatre.die()


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
async def test_the_power_goes_at_every_point(
    script: Script, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calm = CutAt(None)
    theatre = Theatre(tmp_path / "calm", script, calm)
    await theatre.play()
    theatre.die()
    hold(theatre)
    for point in range(1, calm.points + 1):
        theatre = Theatre(tmp_path / f"cut{point}", script, CutAt(point))
        try:
            await theatre.play()
        except AssertionError as error:
            error.add_note(f"{script}: the power went at point {point} of {calm.points}")
            raise
        finally:
            theatre.die()
        hold(theatre)
    with capsys.disabled():
        print(f"\n{script}: died at each of {calm.points} points", end=" ")


def _die_for_good(folder: Path, script: Script, point: int) -> None:
    """Run in a process of its own; never returns."""
    theatre: Theatre

    class Kill(CutAt):
        def __call__(self, name: str) -> None:
            self.points += 1
            if self.points == self.at:
                theatre.freeze(folder / "doors")
                os.kill(os.getpid(), signal.SIGKILL)
            del name

    theatre = Theatre(folder / "journal", script, Kill(point))
    asyncio.run(theatre.play())
    (folder / "survived").touch()


@pytest.mark.parametrize("point", [3, 9, 14, 20, 31, 44, 58])
async def test_a_killed_process_leaves_a_journal_to_go_on_with(point: int, tmp_path: Path) -> None:
    script = Script(by_pin=True, sensors=True, jams=2)
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from pathlib import Path\n"
        "import test_crash_points as t\n"
        f"t._die_for_good(Path({str(tmp_path)!r}), t.Script({script.by_pin}, {script.sensors}, {script.jams}), {point})"
    )
    died = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await asyncio.wait_for(died.wait(), timeout=60) == -signal.SIGKILL
    theatre = Theatre(tmp_path / "journal", script)
    theatre.thaw(tmp_path / "doors")
    theatre.told = theatre.custody()
    await theatre.play()
    theatre.die()
    hold(theatre)
