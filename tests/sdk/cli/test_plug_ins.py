"""Packages beside this one bring nouns and shortcuts; a broken one breaks nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sdk.cli.conftest import Interlock
from tests.sdk.fake.gateway import FakeGateway

NOUN = '''
"""Delivering by air."""
from typing import Annotated

import typer

from interlock.cli.endings import Ending, Failed
from interlock.cli.grammar import Noun, shortcut
from interlock.cli.session import Session
from interlock.cli.views import View, lines

app = Noun("drone", "Deliver by air.")


@app.verb("list", example="")
def list_drones(session: Session) -> View:
    """List the drones of your party."""
    return lines({"drones": [], "party": session.profile.party}, f"{session.profile.party} has no drones yet.")


@app.verb("check", example="7", calls=False)
def check(session: Session, number: Annotated[int, typer.Argument(help="Which.")]) -> None:
    """Say whether a drone can fly."""
    session.note("It is windy.")
    if number == 13:
        raise Failed("Drone 13 cannot fly.")
    session.ending = Ending.PARTLY


@shortcut("fly", example="7", calls=False)
def fly(session: Session, number: Annotated[int, typer.Argument(help="Which.")]) -> View:
    """Fly."""
    return lines({"flying": number}, f"Drone {number} flies.")
'''

Bring = Callable[..., None]


@pytest.fixture
def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Install a package with these commands and this module, for one test."""

    def bring(module: str, text: str, **commands: str) -> None:
        site = tmp_path / f"site-{module}"
        described = site / f"{module}-1.0.dist-info"
        described.mkdir(parents=True)
        (site / f"{module}.py").write_text(text)
        (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        points = "".join(f"{name} = {module}:{what}\n" for name, what in commands.items())
        (described / "entry_points.txt").write_text(f"[interlock.commands]\n{points}")
        monkeypatch.syspath_prepend(str(site))

    return bring


@pytest.fixture
def drones(bring: Bring) -> None:
    bring("drones_for_interlock", NOUN, drone="app", fly="fly")


@pytest.mark.usefixtures("drones")
def test_a_noun_of_another_package_has_what_all_commands_have(interlock: Interlock, logged_in: FakeGateway) -> None:
    assert logged_in.address
    assert interlock("drone", "list").out == "parties/acme has no drones yet.\n"
    assert interlock("drone", "list", "--json").json == {"drones": [], "party": "parties/acme"}
    assert interlock("drone", "list", "--profile", "operator", "--json").json["party"] == "parties/city"
    assert "Deliver by air." in interlock("--help").out


@pytest.mark.usefixtures("drones")
def test_a_shortcut_of_another_package_is_one_command(interlock: Interlock) -> None:
    assert interlock("fly", "7").out == "Drone 7 flies.\n"
    assert interlock("fly", "seven").code == 2
    assert "Example: interlock fly 7" in interlock("fly", "--help").out


@pytest.mark.usefixtures("drones")
def test_its_errors_end_as_ours_do(interlock: Interlock) -> None:
    failed = interlock("drone", "check", "13")
    assert (failed.code, failed.out, failed.err) == (1, "", "It is windy.\nDrone 13 cannot fly.\n")
    assert interlock("drone", "check", "7").code == 5


def test_a_package_that_cannot_be_loaded_is_named_and_breaks_nothing(
    bring: Bring, interlock: Interlock, logged_in: FakeGateway
) -> None:
    bring("broken_for_interlock", "import a_module_that_nobody_has\n", wreck="app")
    assert interlock("party", "show", "acme").code == 0
    assert logged_in.methods() == ["GetParty"]
    ended = interlock("wreck", "list", "--fast")
    assert ended.code == 2
    assert ended.err.startswith("The command wreck of broken_for_interlock cannot be loaded: ModuleNotFoundError")
    assert "Traceback" not in ended.err
    assert "Cannot be loaded: ModuleNotFoundError" in interlock("--help").out


def test_no_package_takes_the_place_of_a_command_of_ours(bring: Bring, interlock: Interlock) -> None:
    bring("thief_for_interlock", NOUN, receipt="app")
    assert "What banks have signed" in interlock("receipt", "--help").out
