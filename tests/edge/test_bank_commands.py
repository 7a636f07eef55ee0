"""Doors opened from afar: deadlines, copies, limits, a full disk (ACC-71, ACC-57, ACC-70)."""

from dataclasses import replace

import pytest
from scene import R1, R2, SMALL, MakeBank, collect, deposit

from interlock.access_token import Act
from interlock_edge.access.command import operators_grant
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.bank.inputs import ClockMoved, Deadline, OpenAsked, ServiceSet
from interlock_edge.bank.policy import Policy
from interlock_edge.custody.change import Outcome
from interlock_edge.custody.door import Withdrawal
from interlock_edge.custody.fact import DoorOpened, OpeningLimited
from interlock_edge.custody.manifest import OpeningLimits
from interlock_edge.custody.right import Form, Right


async def test_a_remote_opening_is_done_when_the_door_was_seen_open(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.open_remotely(collect(), "k1")
    assert [(result.command, result.outcome) for result in bank.heard.results] == [("k1", Outcome.DONE)]
    assert bank.bodies(DoorOpened)[-1].use.command == "k1"


async def test_f49_a_command_that_comes_late_never_fires(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    for command, late in (("k1", {"within_ms": -5_000}), ("k2", {"boot_id": "another life"})):
        await bank.open_remotely(collect(), command, **late)
        assert bank.heard.results[-1].outcome is Outcome.EXPIRED
    assert bank.doors.doors["1"].pulses == 1


async def test_f50_a_copy_of_a_command_gets_its_result_and_no_pulse(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.open_remotely(collect(), "k1")
    await bank.open_remotely(collect(), "k1")
    await bank.empty("1")
    await bank.open_remotely(collect(), "k1")
    assert [result.outcome for result in bank.heard.results] == [Outcome.DONE] * 3
    assert bank.doors.doors["1"].pulses == 2


async def test_a_refused_command_is_refused_to_its_copies_too(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    deadline = Deadline(bank.boot_id, 99_999_999)
    refused = Refused(Reason.NO_PARCEL, Form.REMOTE, R1)
    await bank.take(OpenAsked("k1", deadline, refused))
    await bank.deposited()
    await bank.open_remotely(collect(), "k1")
    assert [(result.outcome, result.reason) for result in bank.heard.results] == [(Outcome.REFUSED, "NO_PARCEL")] * 2


async def test_a_copy_of_a_command_under_way_waits_for_its_result(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    bank.doors.jam("1")
    await bank.open_remotely(collect(), "k1")
    await bank.open_remotely(collect(), "k1")
    assert bank.heard.results == []
    await bank.wait(16)
    assert [result.outcome for result in bank.heard.results] == [Outcome.FAILED]


async def test_a_command_finds_another_door_open(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL)
    await bank.deposited()
    await bank.show(deposit(R2))
    await bank.open_remotely(collect(), "k1")
    result = bank.heard.results[-1]
    assert (result.outcome, result.reason) == (Outcome.REFUSED, "DOOR_OPEN")


async def test_remote_openings_without_presence_are_three_a_minute_and_twenty_an_hour(a_bank: MakeBank) -> None:
    bank = a_bank(*[SMALL] * 20)
    bank.doors.jam("1", 0)
    opened = refused = 0
    for command in range(30):
        label = str(command % 20 + 1)
        await bank.open_remotely(operators_grant(f"k{command}", label, bank.world.now()), f"k{command}")
        result = bank.heard.results[-1]
        opened, refused = opened + (result.outcome is Outcome.DONE), refused + (result.reason == "OPENING_LIMIT")
        if result.outcome is Outcome.DONE:
            await bank.close(label)
    assert (opened, refused) == (3 + 3 * (bank.world.ms // 60_000), 30 - opened)
    assert bank.bodies(OpeningLimited)[0].without_presence


async def test_presence_counts_only_to_the_limit_on_all(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, policy=Policy(limits=OpeningLimits(remote_a_minute=0)))
    await bank.deposited()
    await bank.open_remotely(collect(), "k1")
    assert bank.heard.results[-1].reason == "OPENING_LIMIT"
    await bank.open_remotely(replace(collect(), presence="SCREEN_CODE"), "k2")
    assert bank.heard.results[-1].outcome is Outcome.DONE


async def test_all_openings_together_are_limited_over_a_restart_too(a_bank: MakeBank) -> None:
    strict = Policy(limits=OpeningLimits(a_minute=2))
    bank = a_bank(SMALL, SMALL, policy=strict)
    await bank.deposited()
    await bank.deposited(R2, "2")
    again = a_bank(SMALL, SMALL, policy=strict, world=bank.world)
    await again.show(collect())
    assert again.screen.value == "TRY_LATER"
    await again.wait(60)
    await again.show(collect())
    assert again.screen.value == "TAKE_OUT"


@pytest.mark.parametrize(
    ("withdrawn", "expected"), [pytest.param(True, Withdrawal.OPERATOR, id="out"), pytest.param(False, None, id="in")]
)
async def test_the_operator_takes_a_door_out_of_service_and_back(
    a_bank: MakeBank, *, withdrawn: bool, expected: Withdrawal | None
) -> None:
    bank = a_bank(SMALL)
    deadline = Deadline(bank.boot_id, 99_999_999)
    await bank.take(ServiceSet("k0", deadline, "1", withdrawn=True))
    await bank.take(ServiceSet("k1", deadline, "1", withdrawn=withdrawn))
    assert bank.bank.door("1").withdrawn is expected
    await bank.take(ServiceSet("k1", deadline, "1", withdrawn=not withdrawn))
    assert bank.bank.door("1").withdrawn is expected, "a copy does nothing"
    await bank.take(ServiceSet("k2", deadline, "99", withdrawn=True))
    assert bank.heard.results[-1].outcome is Outcome.REFUSED


async def test_a_clock_that_is_set_back_gives_nobody_more_time(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect())
    await bank.empty("1")
    before = bank.bank.tenancies[R1].grace_until
    now = bank.world.now().time
    bank.world.noon -= 5_000
    await bank.agent.take(ClockMoved(now, now - 5_000, answered=True))
    assert bank.bank.tenancies[R1].grace_until == before - 5_000
    assert bank.bank.row(Right(R1, Act.COLLECT)).grace_until == before - 5_000
