"""The tree of commands: nouns and verbs by the rule, and on each leaf what all have in common."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from interlock.cli.root import GROUP, app

VERBS = {"add", "list", "show", "remove", "check", "verify", "export", "import", "tail", "run", "simulate"}
"""What serves first."""

EXCEPTIONS = {
    "party create-registration-code": "the RPC's own name; a code is no party that one could add",
    "party resume": "the RPC's own verb: lifts a suspension",
    "party suspend": "the RPC's own verb; removing a party is not possible",
    "bank close": "the RPC's own verb: a bank closes over time, it is not removed",
    "bank create-enrolment-code": "the RPC's own name; a code is no bank that one could add",
    "bank issue-courier-session": "the RPC's own name: a session is no bank",
    "bank open": "the RPC's own verb: a step in the life of a bank",
    "bank write-off": "the RPC's own verb: parcels are lost by it, so it must not look like a tidy removal",
    "compartment issue-service-access": "the RPC's own name: an access is no compartment",
    "compartment open": "the RPC's own verb: a door moves",
    "compartment update": "the RPC's own verb: none of the others changes what is there",
    "discrepancy resolve": "the RPC's own verb: people settle it, nothing is removed",
    "reservation add-parcel": "the RPC's own verb: what is added is not a reservation",
    "reservation cancel": "the RPC's own verb: a promise is given back, and stays on record",
    "reservation confirm": "the RPC's own verb: a hold becomes a promise",
    "reservation erase-personal-data": "the RPC's own verb; `erase` is the word of privacy",
    "reservation extend": "the RPC's own verb",
    "reservation issue-access": "the RPC's own name: a right is no reservation",
    "reservation open-door": "the RPC's own verb: a door moves",
    "reservation recall": "the RPC's own verb",
    "reservation revoke-access": "the RPC's own name: a right is no reservation",
    "reservation track": "the shortcut's own word, so that both are found",
}
"""Verbs beside those, each with its reason."""

ELSEWHERE = {"gateway", "edge", "conformance", "adapter", "audit", "privacy", "demo", "account", "webhook", "offer"}
"""Nouns and shortcuts that other packages bring; each is walked like ours where it is installed."""

SHORTCUTS = {"search", "reserve", "track", "cancel", "login", "demo"}


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its words."""
    names = command.list_commands(None) if hasattr(command, "list_commands") else []
    if not names:
        yield " ".join(path), command
    for name in names:
        yield from leaves(command.get_command(None, name), (*path, name))


LEAVES = dict(leaves(get_command(app)))


@pytest.mark.parametrize("words", LEAVES)
def test_a_command_is_a_noun_and_a_verb_or_a_shortcut(words: str) -> None:
    parts = words.split()
    if len(parts) == 1:
        assert words in SHORTCUTS
        return
    noun, verb = parts
    ours = {"party", "key", "bank", "compartment", "reservation", "discrepancy", "event", "receipt", "token"}
    assert noun in ours | ELSEWHERE
    assert verb in VERBS or noun in ELSEWHERE or words in EXCEPTIONS


def test_every_exception_is_still_needed() -> None:
    assert {words for words in EXCEPTIONS if words not in LEAVES} == set()
    assert {words for words in EXCEPTIONS if words.split()[1] in VERBS} == set()


def test_there_is_every_shortcut_of_this_package() -> None:
    assert SHORTCUTS - {"demo"} <= set(LEAVES)


@pytest.mark.parametrize("words", LEAVES)
def test_every_command_can_speak_to_a_machine(words: str) -> None:
    assert any("--json" in parameter.opts for parameter in LEAVES[words].params)


@pytest.mark.parametrize("words", LEAVES)
def test_every_command_says_what_it_does_and_shows_an_example_that_is_one(words: str) -> None:
    command = LEAVES[words]
    assert command.help.strip()
    example = shlex.split(command.epilog.removeprefix("Example: "))
    assert example[: len(words.split()) + 1] == ["interlock", *words.split()]
    context = command.make_context(words, example[len(words.split()) + 1 :])
    assert context.params


@pytest.mark.parametrize("words", LEAVES)
def test_every_option_says_what_it_is(words: str) -> None:
    unsaid = [parameter.name for parameter in LEAVES[words].params if not getattr(parameter, "help", None)]
    assert [name for name in unsaid if name != "help"] == []


def test_the_group_of_plug_ins_is_what_others_rely_on() -> None:
    assert GROUP == "interlock.commands"
