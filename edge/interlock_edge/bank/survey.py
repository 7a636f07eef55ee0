"""What the sensors say, door by door: openings expected and not, closings, things where nothing should be (EVD-7)."""

from collections.abc import Mapping

from interlock.receipt import DoorState, Evidence
from interlock_edge.bank.closing import (
    closed,
    look_after_opening_for_nobody,
    sensor_changed,
    tenant_of,
)
from interlock_edge.bank.effects import Alert, Screen
from interlock_edge.bank.opening import opened
from interlock_edge.bank.outcome import item_found, not_opened
from interlock_edge.bank.recovery import resolve
from interlock_edge.bank.state import Opening, Phase
from interlock_edge.bank.turn import Turn
from interlock_edge.custody.door import Occupied, Reading, Withdrawal
from interlock_edge.custody.fact import DoorClosed, DoorOpened
from interlock_edge.custody.ledger import LedgerState
from interlock_edge.custody.right import Right


def read(turn: Turn, readings: Mapping[str, Reading]) -> None:
    """Take in settled readings."""
    before = turn.bank.readings
    turn.set(readings={**before, **readings})
    for compartment in sorted(readings):
        if compartment in turn.bank.layout:
            _survey(turn, compartment, before.get(compartment, Reading()), readings[compartment])


def _survey(turn: Turn, compartment: str, before: Reading, after: Reading) -> None:
    if after.door is DoorState.UNKNOWN:
        return
    unfinished = [right for right in sorted(turn.bank.unfinished) if turn.bank.row(right).compartment == compartment]
    opening = turn.bank.opening
    if unfinished:
        resolve(turn, unfinished[0])
    elif opening is not None and opening.compartment == compartment:
        if after.door is DoorState.OPEN:
            opened(turn)
        elif opening.phase is Phase.OPEN:
            closed(turn, opening)
    else:
        _survey_unused(turn, compartment, before, after)


def _survey_unused(turn: Turn, compartment: str, before: Reading, after: Reading) -> None:
    """Look at a door that nobody is using."""
    left_open = turn.bank.door(compartment).withdrawn is Withdrawal.LEFT_OPEN
    if after.door is DoorState.OPEN:
        if before.door is not DoorState.OPEN and not left_open:
            _opened_for_nobody(turn, compartment)
    elif before.door is DoorState.OPEN or left_open:
        _closed_for_nobody(turn, compartment)
    elif after.occupied is not before.occupied:
        _sensor_changed(turn, compartment)


def _opened_for_nobody(turn: Turn, compartment: str) -> None:
    opening = turn.bank.opening
    late = _given_in_late(turn, compartment)
    if late is not None and opening is None:
        turn.set_opening(Opening(late, compartment, Phase.PULSED, pulsed_ms=turn.now.ms))
        opened(turn)
        return
    turn.record(DoorOpened(compartment, use=None, reservation=tenant_of(turn, compartment)))
    turn.alarm(Alert.UNEXPECTED_OPENING, compartment)
    if opening is None or opening.phase is Phase.OPEN:
        return
    # The lock of one door was pulsed and another one opened: the wiring, or the map of it, is wrong. Nobody may be
    # sent to either door before somebody has looked.
    row = turn.bank.row(opening.right)
    turn.set_opening(None)
    not_opened(turn, row, keep_door=tenant_of(turn, opening.compartment) == row.right.subject)
    turn.withdraw(opening.compartment, Withdrawal.SENSOR_FAULT)
    turn.withdraw(compartment, Withdrawal.SENSOR_FAULT)
    turn.alarm(Alert.WRONG_DOOR, opening.compartment)
    turn.show(Screen.OUT_OF_ORDER, opening.compartment)


def _given_in_late(turn: Turn, compartment: str) -> Right | None:
    """Return the right for which a stuck latch has given in after all, within the attempt that it was pulsed in."""
    for row in turn.bank.ledger.values():
        stuck = row.state is LedgerState.READY and row.compartment == compartment and row.pulses and not row.opened_time
        if stuck and turn.now.time < row.first_pulse_time + turn.bank.policy.attempt_s:
            return row.right
    return None


def _closed_for_nobody(turn: Turn, compartment: str) -> None:
    turn.record(DoorClosed(compartment, turn.bank.reading(compartment).occupied, tenant_of(turn, compartment)))
    if turn.bank.door(compartment).withdrawn is Withdrawal.LEFT_OPEN:
        turn.restore(compartment)
    look_after_opening_for_nobody(turn, compartment)


def _sensor_changed(turn: Turn, compartment: str) -> None:
    question, tenant = turn.bank.questions.get(compartment), turn.bank.tenant(compartment)
    if question is not None:
        sensor_changed(turn, question)
    elif turn.bank.reading(compartment).occupied is Occupied.YES and (tenant is None or tenant.ended):
        item_found(turn, compartment, Evidence.SENSED)
