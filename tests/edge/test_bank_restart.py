"""A bank that starts again finds out what happened by reading its doors (ACC-59; F20 to F23)."""

import pytest
from scene import R1, R2, SMALL, MakeBank, Scene, collect, deposit

from interlock.access_token import Act
from interlock_edge.bank.effects import Alert, Screen
from interlock_edge.bank.inputs import Choice, Deadline, ServiceSet
from interlock_edge.custody.change import Outcome
from interlock_edge.custody.door import Withdrawal
from interlock_edge.custody.fact import DoorNotOpened, DoorOpened
from interlock_edge.custody.ledger import LedgerState
from interlock_edge.custody.right import Right


def again(a_bank: MakeBank, bank: Scene, **changes: object) -> Scene:
    """Pull the plug of ``bank`` and start it at the same doors."""
    return a_bank(*[compartment.kind for compartment in bank.layout.values()], world=bank.world, **changes)


async def test_f21_a_pulse_that_opened_nothing_burns_nothing(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, sprung=False)
    await bank.show(deposit())
    bank = again(a_bank, bank)
    await bank.wait()
    assert bank.bodies(DoorNotOpened)[0].pulses == 1
    assert bank.bank.row(Right(R1, Act.DEPOSIT)).state is LedgerState.READY
    await bank.show(deposit())
    bank.doors.pull("1")
    await bank.wait()
    await bank.put("1")
    assert bank.hand_overs() == [("d", R1, 1, "SENSED")]


async def test_f22_a_door_that_opened_while_the_power_was_out_is_open(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, sprung=False)
    await bank.deposited_by_pulling()
    await bank.show(collect())
    bank.doors.pull("1")
    bank = again(a_bank, bank)
    await bank.wait()
    assert bank.bodies(DoorOpened)[0].use.right == Right(R1, Act.COLLECT)
    await bank.empty("1")
    assert bank.hand_overs() == [("c", R1, 1, "SENSED")]


async def test_f22_what_was_taken_while_the_power_was_out_is_taken(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect())
    bank.doors.take("1")
    bank.doors.close("1")
    bank = again(a_bank, bank)
    await bank.wait()
    assert bank.hand_overs() == [("c", R1, 1, "SENSED")]


@pytest.mark.parametrize(
    ("choice", "silence_s", "evidence"),
    [pytest.param(Choice.ALL_IN, 0, "ASSERTED", id="asked anew"), pytest.param(None, 121, "INFERRED", id="silence")],
)
async def test_f23_a_door_that_was_open_is_asked_about_anew(
    a_bank: MakeBank, choice: Choice | None, silence_s: int, evidence: str
) -> None:
    bank = a_bank(SMALL, sensors=False)
    await bank.show(deposit())
    bank.doors.put("1", "parcel")
    bank = again(a_bank, bank)
    await bank.close("1")
    assert bank.screen is Screen.ASK_DEPOSITED
    if choice:
        await bank.choose(choice)
    await bank.wait(silence_s)
    assert bank.hand_overs() == [("d", R1, 1, evidence)]


async def test_f23_the_alarm_of_an_open_door_starts_anew(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.show(deposit())
    await bank.wait(100)
    bank = again(a_bank, bank)
    await bank.wait(110)
    assert bank.alerts() == [Alert.DOOR_REMINDER]
    assert len(bank.bodies(DoorOpened)) == 0, "it was told of before"


async def test_a_door_that_may_hide_a_parcel_is_its_own_depositors_alone(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL, sensors=False, sprung=False)
    await bank.show(deposit())
    bank = again(a_bank, bank)
    await bank.wait()
    assert bank.alerts() == [Alert.OUTCOME_UNKNOWN]
    assert bank.bank.door("1").withdrawn is Withdrawal.SENSOR_FAULT
    await bank.show(deposit(R2))
    assert bank.heard.screens[-1].compartment == "2"
    bank.doors.pull("2")
    await bank.wait()
    await bank.put("2")
    await bank.choose(Choice.ALL_IN)
    await bank.show(deposit(R1))
    assert bank.heard.screens[-1].compartment == "1", "whoever put something in finds it again"


async def test_f20_a_coil_that_takes_the_bank_with_it_is_not_tried_a_third_time(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, sprung=False)
    for withdrawn in (None, Withdrawal.SENSOR_FAULT):
        await bank.show(deposit())
        bank = again(a_bank, bank)
        await bank.wait()
        assert bank.bank.door("1").withdrawn is withdrawn


async def test_nothing_is_decided_before_the_door_was_read(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect())
    bank.doors.silence("1")
    bank = again(a_bank, bank)
    await bank.show(collect())
    assert bank.screen is Screen.OUT_OF_ORDER
    assert bank.bank.unfinished == {Right(R1, Act.COLLECT)}
    bank.doors.silence("1", silent=False)
    await bank.wait()
    await bank.empty("1")
    assert bank.hand_overs() == [("c", R1, 1, "SENSED")]


async def test_a_command_that_a_power_cut_interrupted_has_a_result(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, sprung=False)
    await bank.deposited_by_pulling()
    await bank.open_remotely(collect(), "k1")
    bank = again(a_bank, bank)
    await bank.wait()
    assert [(result.command, result.outcome) for result in bank.heard.results] == [("k1", Outcome.FAILED)]


async def test_a_second_look_that_a_power_cut_interrupted_is_over(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, sprung=False)
    await bank.deposited_by_pulling()
    await bank.show(collect())
    bank.doors.pull("1")
    await bank.wait()
    await bank.empty("1")
    await bank.show(collect())
    bank = again(a_bank, bank)
    await bank.wait()
    assert bank.bank.row(Right(R1, Act.COLLECT)).state is LedgerState.SPENT
    await bank.show(collect())
    assert bank.heard.screens[-1].screen is Screen.OPENING, "within the grace it opens again"


async def test_a_door_left_open_over_a_restart_is_no_surprise(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect())
    bank.doors.take("1")
    await bank.wait(601)
    bank = again(a_bank, bank)
    await bank.wait(5)
    assert bank.alerts() == []
    await bank.close("1")
    assert bank.bank.door("1").withdrawn is None


async def test_once_the_operator_has_looked_the_hidden_door_is_anyones(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL, sensors=False, sprung=False)
    await bank.show(deposit())
    bank = again(a_bank, bank)
    await bank.take(ServiceSet("k1", Deadline(bank.boot_id, 99_999_999), "1", withdrawn=False))
    bank.doors.jam("2")
    await bank.show(deposit(R2))
    await bank.wait(16)
    bank.doors.pull("1")
    await bank.wait()
    await bank.put("1")
    await bank.choose(Choice.ALL_IN)
    assert bank.bank.tenancies[R2].compartment == "1"
    await bank.show(deposit(R1))
    assert bank.screen is Screen.NO_SUITABLE_COMPARTMENT, "and no longer its first depositor's"
