"""Refusals: typed facts, a sentence over them, one public reason each (REQ-12)."""

import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from string import Formatter

import pytest

from interlock_gateway.domain import errors
from interlock_gateway.domain.errors import BankNotOpen, NoCapacity, NoCommonAccess, RateLimited, Refusal, RoleRequired

EVERY_REFUSAL = sorted(errors.refusals().items())


@pytest.mark.parametrize(("reason", "refusal"), EVERY_REFUSAL)
def test_a_reason_is_an_enum_value_name(reason: str, refusal: type[Refusal]) -> None:
    assert refusal.reason == reason
    assert re.fullmatch(r"[A-Z][A-Z0-9_]*[A-Z0-9]", reason)
    # The class is the reason in another spelling, so either is found by searching for the other.
    assert reason.replace("_", "").lower() == refusal.__name__.lower()


@pytest.mark.parametrize(("reason", "refusal"), EVERY_REFUSAL)
def test_a_sentence_says_nothing_that_a_machine_cannot_read(reason: str, refusal: type[Refusal]) -> None:
    said = {name for _, name, _, _ in Formatter().parse(refusal.template) if name}
    known = {each.name for each in fields(refusal)}  # type: ignore[arg-type]
    assert said <= known, reason
    assert refusal.__doc__


def test_facts_are_text_and_unknown_ones_are_left_out() -> None:
    end = datetime(2026, 11, 2, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    assert BankNotOpen(bank="parties/oko/banks/hbf-1", state="CLOSING", end_time=end).facts == {
        "bank": "parties/oko/banks/hbf-1",
        "state": "CLOSING",
        "end_time": "2026-11-02T07:30:00Z",
    }
    assert NoCapacity(bank="parties/oko/banks/hbf-1").facts == {"bank": "parties/oko/banks/hbf-1"}
    assert RateLimited(retry_after=timedelta(minutes=2)).facts == {"retry_after": "120"}
    assert RoleRequired(roles=("OPERATOR", "CARRIER")).facts == {"roles": "OPERATOR,CARRIER"}
    assert NoCommonAccess(bank="b", inputs=frozenset({"SCANNER", "BLE"}), usable=frozenset()).facts == {
        "bank": "b",
        "inputs": "BLE,SCANNER",
        "usable": "",
    }


def test_a_refusal_reads_as_its_sentence() -> None:
    refusal = errors.BankNotReporting(bank="parties/oko/banks/hbf-1", last_heard_time=None)
    assert str(refusal) == "parties/oko/banks/hbf-1 was last heard at unknown."
    heard = errors.BankNotReporting(bank="b", last_heard_time=datetime(2026, 11, 2, tzinfo=UTC))
    assert str(heard) == "b was last heard at 2026-11-02T00:00:00Z."


def test_two_refusals_cannot_share_a_reason() -> None:
    with pytest.raises(TypeError, match="share the reason WRONG_STATE"):
        type("Twin", (Refusal,), {"reason": "WRONG_STATE", "template": "x"})
    assert errors.refusals()["WRONG_STATE"] is errors.WrongState
