"""Doors that jam, stay open, open for nobody, or hold what they should not (failure scenarios F1 to F18)."""

import pytest
from scene import LARGE, MEDIUM, R1, R2, SMALL, MakeBank, collect, deposit, recall

from interlock.access_token import Act
from interlock_edge.bank.effects import Alert, Screen
from interlock_edge.bank.inputs import Choice, Reported, Shown
from interlock_edge.custody.door import Withdrawal
from interlock_edge.custody.fact import (
    CourierError,
    CourierErrorReported,
    DoorNotOpened,
    DoorOpened,
    HandOver,
    ItemFound,
    NotDeposited,
)
from interlock_edge.custody.ledger import LedgerState
from interlock_edge.custody.right import Right


async def test_f1_a_jam_burns_nothing_and_the_depositor_gets_the_next_door(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL)
    bank.doors.jam("1")
    await bank.show(deposit())
    await bank.wait(16)
    assert bank.doors.doors["1"].pulses == 3
    assert bank.bodies(DoorNotOpened)[0].pulses == 3
    assert bank.bank.door("1").withdrawn is Withdrawal.JAMMED
    assert (bank.screen, bank.heard.screens[-1].compartment) == (Screen.PUT_IN, "2")
    await bank.put("2")
    assert bank.hand_overs() == [("d", R1, 1, "SENSED")]


async def test_f1_a_jam_leaves_the_collector_their_right(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    bank.doors.jam("1", 3)
    await bank.show(collect())
    await bank.wait(16)
    assert (bank.screen, bank.alerts()) == (Screen.DOOR_JAMMED, [Alert.DOOR_JAMMED])
    assert bank.bank.row(Right(R1, Act.COLLECT)).state is LedgerState.READY
    await bank.show(collect())
    assert bank.doors.doors["1"].pulses == 4, "no more than three pulses within the attempt"
    await bank.wait(120)
    await bank.show(collect())
    await bank.empty("1")
    assert bank.hand_overs()[-1] == ("c", R1, 1, "SENSED")


async def test_pulses_are_spaced_however_impatient_the_person(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    bank.doors.jam("1")
    await bank.show(deposit())
    await bank.agent.take(Shown(deposit()))
    assert bank.doors.doors["1"].pulses == 1
    await bank.show(deposit())
    assert bank.doors.doors["1"].pulses == 2


async def test_f3_a_door_that_opens_without_a_reply_is_open(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, sprung=False)
    await bank.show(deposit())
    bank.doors.silence("1")
    await bank.wait()
    bank.doors.silence("1", silent=False)
    bank.doors.pull("1")
    await bank.wait()
    assert bank.screen is Screen.PUT_IN


async def test_a_stuck_latch_that_gives_in_late_still_opens_for_its_right(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    bank.doors.jam("1")
    await bank.show(collect())
    await bank.wait(20)
    bank.doors.pry("1")
    await bank.wait()
    await bank.empty("1")
    assert bank.hand_overs()[-1] == ("c", R1, 1, "SENSED")


async def test_f9_a_board_that_is_silent_spends_nothing(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    bank.doors.silence("1")
    await bank.show(collect())
    assert bank.screen is Screen.OUT_OF_ORDER
    bank.doors.silence("1", silent=False)
    await bank.show(collect())
    assert bank.screen is Screen.TAKE_OUT


async def test_f9_a_silent_board_is_never_given_to_a_depositor(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    bank.doors.silence("1")
    await bank.show(deposit())
    assert bank.screen is Screen.NO_SUITABLE_COMPARTMENT
    assert bank.bodies(CourierErrorReported)[0].error is CourierError.NO_SUITABLE_COMPARTMENT


async def test_f11_crossed_wires_freeze_both_doors(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL)
    bank.doors.cross("1", "2")
    await bank.show(deposit())
    assert Alert.WRONG_DOOR in bank.alerts()
    assert {bank.bank.door(label).withdrawn for label in "12"} == {Withdrawal.SENSOR_FAULT}
    assert bank.bank.row(Right(R1, Act.DEPOSIT)).state is LedgerState.READY


async def test_f12_a_door_that_opens_by_itself_raises_an_alarm_for_its_parcel(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    bank.doors.pry("1")
    await bank.wait()
    opened = bank.bodies(DoorOpened)[-1]
    assert (opened.use, opened.reservation, bank.alerts()) == (None, R1, [Alert.UNEXPECTED_OPENING])
    await bank.empty("1")
    gone = bank.bodies(CourierErrorReported)[-1]
    assert (gone.error, gone.reservation) == (CourierError.COMPARTMENT_EMPTY, R1)
    assert Alert.PARCEL_GONE in bank.alerts()


async def test_f13_an_open_door_is_reminded_of_and_then_recorded_as_left_open(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL)
    await bank.deposited()
    await bank.show(collect())
    bank.doors.take("1")
    await bank.wait(21)
    assert bank.screen is Screen.CLOSE_DOOR
    await bank.wait(110)
    assert bank.alerts() == [Alert.DOOR_REMINDER, Alert.DOOR_OPEN_LONG]
    await bank.show(deposit(R2))
    assert bank.screen is Screen.CLOSE_DOOR_FIRST
    await bank.wait(480)
    assert bank.alerts()[-1] is Alert.DOOR_LEFT_OPEN
    assert bank.hand_overs()[-1] == ("c", R1, 1, "SENSED")
    assert bank.bodies(HandOver)[-1].door.value == "OPEN"
    await bank.show(deposit(R2))
    assert (bank.screen, bank.heard.screens[-1].compartment) == (Screen.PUT_IN, "2")
    await bank.put("2")
    assert bank.bank.door("1").withdrawn is Withdrawal.LEFT_OPEN
    await bank.close("1")
    assert bank.bank.door("1").withdrawn is None
    assert "UNEXPECTED_OPENING" not in bank.alerts()


@pytest.mark.parametrize(
    ("sensors", "put", "expected"),
    [
        pytest.param(True, True, [("d", R1, 1, "SENSED")], id="F14 the sensor sees the parcel"),
        pytest.param(True, False, [], id="F14 the sensor sees nothing"),
        pytest.param(False, True, [("d", R1, 1, "NONE")], id="F14 nobody knows"),
    ],
)
async def test_f14_a_deposit_door_that_is_left_open(
    a_bank: MakeBank, *, sensors: bool, put: bool, expected: list[tuple[str, str, int, str]]
) -> None:
    bank = a_bank(SMALL, sensors=sensors)
    await bank.show(deposit())
    if put:
        bank.doors.put("1", "parcel")
    await bank.wait(601)
    assert bank.hand_overs() == expected
    assert bank.bank.row(Right(R1, Act.DEPOSIT)).state is (LedgerState.SPENT if expected else LedgerState.READY)


async def test_f14_a_collection_door_that_is_left_open_with_nothing_to_tell_by_leaves_the_parcel_inside(
    a_bank: MakeBank,
) -> None:
    """EVD-8: a door that may be empty must not be given away, and its collector must not be shut out."""
    bank = a_bank(SMALL, sensors=False)
    await bank.deposited()
    await bank.show(collect())
    await bank.wait(601)
    assert bank.hand_overs()[-1] == ("c", R1, 1, "NONE")
    assert bank.bank.tenancies[R1].parcels == {1}
    await bank.close("1")
    await bank.show(collect())
    await bank.empty("1")
    await bank.choose(Choice.HAVE_ALL)
    assert bank.hand_overs()[-1] == ("c", R1, 1, "ASSERTED")


async def test_a_sensor_that_is_stuck_keeps_nobody_s_parcel_for_ever(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect())
    await bank.choose(Choice.HAVE_ALL)
    await bank.close("1")
    assert bank.screen is Screen.STILL_INSIDE, "said before the sensor could answer"
    await bank.choose(Choice.HAVE_ALL)
    assert bank.hand_overs()[-1] == ("c", R1, 1, "ASSERTED")
    assert bank.bank.door("1").withdrawn is Withdrawal.NOT_EMPTY


async def test_f15_a_door_closed_on_nothing_asks_and_silence_means_nothing(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.show(deposit())
    await bank.close("1")
    assert bank.screen is Screen.ASK_REALLY_DEPOSITED
    await bank.wait(121)
    assert bank.hand_overs() == []
    assert bank.bodies(NotDeposited)[0].evidence.value == "SENSED"
    await bank.show(deposit())
    await bank.put("1")
    assert bank.hand_overs() == [("d", R1, 1, "SENSED")]


async def test_f16_a_collector_who_leaves_the_parcel_inside_keeps_the_right(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect())
    await bank.close("1")
    assert bank.screen is Screen.STILL_INSIDE
    await bank.choose(Choice.OPEN_AGAIN)
    await bank.empty("1")
    assert bank.hand_overs()[-1] == ("c", R1, 1, "SENSED")


async def test_f17_what_is_put_back_within_the_grace_is_found_and_shut_away(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.show(collect())
    await bank.empty("1")
    await bank.show(collect())
    assert bank.screen is Screen.LOOK_AGAIN
    await bank.put("1", "somebody's rubbish")
    found = bank.bodies(ItemFound)[0]
    assert (found.compartment, found.former_reservation) == ("1", R1)
    await bank.wait(90)
    await bank.show(deposit(R2))
    assert bank.screen is Screen.NO_SUITABLE_COMPARTMENT


async def test_a_depositor_who_finds_something_gets_another_door(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, SMALL, sensors=False)
    await bank.deposited(R2)
    await bank.show(collect(R2))
    await bank.close("1")
    await bank.choose(Choice.HAVE_ALL)
    await bank.wait(2)
    bank.doors.jam("2")  # so that the door in its grace is the only one left
    await bank.show(deposit(R1))
    await bank.wait(16)
    await bank.close("1")
    bank.doors.jam("2", 0)
    await bank.choose(Choice.NOT_EMPTY)
    assert bank.bodies(ItemFound)[0].former_reservation == R2
    assert bank.bank.door("1").withdrawn is Withdrawal.NOT_EMPTY
    assert bank.bank.row(Right(R1, Act.DEPOSIT)).state is LedgerState.READY


async def test_a_leaking_parcel_takes_its_door_out_of_service(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL)
    await bank.deposited()
    await bank.take(Reported(CourierError.PARCEL_LEAKING, "1"))
    assert bank.bank.door("1").withdrawn is Withdrawal.LEAKED
    await bank.show(recall())
    assert bank.screen is Screen.TAKE_OUT, "a parcel inside stays its collector's, and its carrier's"


async def test_a_parcel_that_does_not_fit_moves_up_only_within_headroom(a_bank: MakeBank) -> None:
    bank = a_bank(SMALL, MEDIUM, LARGE)
    await bank.show(deposit())
    await bank.choose(Choice.DOES_NOT_FIT)
    assert bank.screen is Screen.CLOSE_DOOR
    await bank.close("1")
    assert bank.screen is Screen.NO_SUITABLE_COMPARTMENT
    assert bank.bodies(NotDeposited)[0].error is CourierError.PARCEL_TOO_BIG
    assert bank.bank.row(Right(R1, Act.DEPOSIT)).state is LedgerState.READY
