"""How commands end when they do not do what was asked: one sentence on stderr, one code, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from interlock import errors
from interlock.cli.endings import FLAWS, Ending, ending, sentence, told
from interlock.cli.root import run
from interlock.flaws import Flaw, Flawed
from interlock.profile import NotLoggedIn
from tests.sdk.cli.conftest import Interlock
from tests.sdk.fake.gateway import FakeGateway
from tests.sdk.fake.world import Refusal

DOCUMENT = Path(__file__).parents[3] / "docs/cli.md"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NoCapacity("Full."), Ending.REFUSED),
        (errors.Internal("Broken."), Ending.REFUSED),
        (errors.CallTokenInvalid("Who?"), Ending.NOT_BELIEVED),
        (NotLoggedIn("Nobody."), Ending.NOT_BELIEVED),
        (errors.Unreachable("Nobody there."), Ending.UNREACHABLE),
        (errors.ShuttingDown("Soon."), Ending.UNREACHABLE),
        (errors.CommandExpired("Late."), Ending.UNREACHABLE),
        (errors.Unsendable("No address."), Ending.USAGE),
        (Flawed(Flaw.SIGNATURE), Ending.REFUSED),
        (ValueError("Bad."), Ending.USAGE),
        (FileNotFoundError(2, "No such file or directory", "x.csv"), Ending.USAGE),
        (KeyboardInterrupt(), Ending.INTERRUPTED),
        (ZeroDivisionError("division by zero"), Ending.FAULT),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, BaseException) else each.name,
)
def test_an_error_has_one_code_and_one_sentence(error: BaseException, code: Ending) -> None:
    assert ending(error) is code
    assert sentence(error).endswith((".", ")", "zero"))
    assert told(error)["error"]["exit_code"] == code


@pytest.mark.parametrize("flaw", list(Flaw))
def test_every_flaw_has_a_sentence(flaw: Flaw) -> None:
    assert FLAWS[flaw].endswith(".")


@pytest.mark.parametrize("code", list(Ending))
def test_every_code_is_documented(code: Ending) -> None:
    assert f"| {int(code)} |" in DOCUMENT.read_text(encoding="utf-8")


def test_without_a_profile_a_sentence_says_what_to_type(interlock: Interlock) -> None:
    ended = interlock("bank", "list")
    assert ended.code == 4
    assert ended.err == "There is no profile default. Make it with: interlock login GATEWAY --code CODE\n"


def test_a_profile_that_is_not_there_is_told_from_those_that_are(interlock: Interlock, logged_in: FakeGateway) -> None:
    ended = interlock("bank", "list", "--profile", "nobody")
    assert ended.code == 4
    assert "There are default, operator." in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["bank", "show"],
        ["bank", "fly"],
        ["fly"],
        ["bank", "list", "--colour"],
        ["search", "here"],
        ["search", "91,0"],
        ["search", "53.55,9.93", "--most", "none"],
        ["reservation", "show", "a/b/c"],
        ["receipt", "verify", "/nowhere/proof.json"],
        ["token", "show", "--json", "--to"],
        ["event", "tail", "--count", "-1"],
        ["compartment", "update", "altona", "7"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_used_is_said_in_words(interlock: Interlock, logged_in: FakeGateway, words: list[str]) -> None:
    ended = interlock(*words)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.strip()
    assert "Traceback" not in ended.err
    assert logged_in.world.seen == []


def test_a_refusal_names_the_fields_at_fault_and_the_time_to_wait(interlock: Interlock, logged_in: FakeGateway) -> None:
    from google.protobuf.duration_pb2 import Duration  # noqa: PLC0415
    from google.rpc.error_details_pb2 import BadRequest, RetryInfo  # noqa: PLC0415

    violation = BadRequest.FieldViolation(field="page_size", description="at most 500")
    details = [BadRequest(field_violations=[violation]), RetryInfo(retry_delay=Duration(seconds=7))]
    logged_in.before.append(Refusal("INVALID_ARGUMENT", "INVALID_FIELD", "A rule is broken.", *details))
    ended = interlock("party", "list", "--json")
    assert ended.err == "A rule is broken. (INVALID_FIELD)\n  page_size: at most 500\n  Try again in 7 s.\n"
    assert ended.json["error"]["field_violations"] == [{"field": "page_size", "description": "at most 500"}]


def test_a_key_that_others_may_read_is_not_used(interlock: Interlock, logged_in: FakeGateway, config: Path) -> None:
    (config / "keys" / "default.pem").chmod(0o644)
    ended = interlock("bank", "list")
    assert ended.code == 1
    assert "0600" in ended.err


def test_nothing_at_all_is_answered_with_help(interlock: Interlock) -> None:
    ended = interlock()
    assert ended.code == 2
    assert "search" in ended.out + ended.err


def test_the_version_is_told(interlock: Interlock) -> None:
    ended = interlock("--version")
    assert (ended.code, ended.out.startswith("interlock ")) == (0, True)


def test_a_fault_of_ours_is_a_sentence_and_on_demand_a_trace(
    interlock: Interlock, logged_in: FakeGateway, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged_in.world.parties["parties/acme"].roles.append(99)  # newer than this package, and no fault
    assert interlock("party", "show", "acme").code == 0
    (config / "profiles" / "default.json").write_text("[]")
    assert interlock("party", "show", "acme").code == 4
    monkeypatch.setenv("INTERLOCK_TRACE", "1")
    with pytest.raises(NotLoggedIn):
        run(["party", "show", "acme"])


@pytest.mark.server
def test_the_command_itself_ends_with_its_code_and_without_a_traceback(logged_in: FakeGateway, config: Path) -> None:
    command = [sys.executable, "-c", "from interlock.cli import main; main()"]
    env = os.environ | {"INTERLOCK_CONFIG_DIR": str(config)}
    refused = subprocess.run(
        [*command, "party", "show", "nobody"], env=env, capture_output=True, text=True, check=False
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Traceback" not in refused.stderr
    tail = subprocess.Popen(
        [*command, "event", "tail"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while "StreamEvents" not in logged_in.methods():
        assert tail.poll() is None
    tail.send_signal(signal.SIGINT)
    out, err = tail.communicate(timeout=20)
    assert (tail.returncode, out, err) == (130, "", "Interrupted.\n")
