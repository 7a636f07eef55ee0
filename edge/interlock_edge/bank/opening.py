"""From a yes to an open door: armed, pulsed, opened, each on disk before its effect (ACC-52..54)."""

from dataclasses import replace

from interlock.access_token import Act
from interlock.receipt import DoorState
from interlock_edge.access.limits import too_many
from interlock_edge.access.refusal import Reason
from interlock_edge.bank.effects import Screen
from interlock_edge.bank.state import Opening, Phase
from interlock_edge.bank.turn import Turn, use_of
from interlock_edge.custody.change import CommandResult, Outcome
from interlock_edge.custody.fact import DoorOpened, OpeningLimited, RightEnd, RightEnded
from interlock_edge.custody.ledger import HeadroomSpend, LedgerRow, LedgerState
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.tenancy import Tenancy

_OPEN_SCREENS = {
    Act.DEPOSIT: Screen.PUT_IN,
    Act.COLLECT: Screen.TAKE_OUT,
    Act.RECALL: Screen.TAKE_OUT,
    Act.SERVICE: Screen.SERVICE,
}


def begin(turn: Turn, row: LedgerRow, compartment: str, *, spend: HeadroomSpend | None = None) -> bool:
    """Arm ``compartment`` for the right of ``row`` and pulse it. Return whether the limits allowed it.

    Whoever had the door in their grace loses it here, on disk, before the pulse.

    Args:
        turn: The step.
        row: The right, with the form, series and terms of the present use.
        compartment: Label of the door.
        spend: What it costs of the headroom, when the door lies beyond the plan.
    """
    bank, now = turn.bank, turn.now
    remote = row.form is Form.REMOTE and not row.presence
    if too_many(bank.openings, bank.policy.limits, now=now.time, remote=remote, doors=len(bank.layout)):
        turn.record(OpeningLimited(compartment, without_presence=remote))
        refuse_command(turn, row, Reason.OPENING_LIMIT)
        turn.show(Screen.TRY_LATER, compartment)
        return False
    _end_former_right(turn, row.right, compartment)
    turn.drop_question(compartment)
    turn.count_opening(remote=remote)
    _pulse(
        turn,
        replace(
            row,
            compartment=compartment,
            headroom=spend,
            pulses=0,
            first_pulse_time=now.time,
            opened_time=0,
            closed_time=0,
        ),
    )
    if bank.reading(compartment).door is DoorState.OPEN:
        opened(turn)
    return True


def pulse_again(turn: Turn, row: LedgerRow) -> None:
    """Pulse the same door once more in the same attempt."""
    _pulse(turn, row)


def pulse_taken(turn: Turn, compartment: str) -> None:
    """The board took the pulse for ``compartment``; that is not an opening."""
    opening = turn.bank.opening
    if opening is None or opening.compartment != compartment or opening.phase is not Phase.ARMED:
        return  # a reply that came too late, or for something else
    turn.put_row(replace(turn.bank.row(opening.right), state=LedgerState.PULSED))
    turn.set_opening(replace(opening, phase=Phase.PULSED))


def opened(turn: Turn) -> None:
    """The door of the opening under way was seen open."""
    opening = turn.bank.opening
    if opening is None or opening.phase is Phase.OPEN:
        return
    row = replace(turn.bank.row(opening.right), state=LedgerState.OPENED, opened_time=turn.now.time, closed_time=0)
    tenant = turn.bank.tenant(opening.compartment)
    turn.put_row(row)
    turn.set_opening(replace(opening, phase=Phase.OPEN, opened_ms=turn.now.ms, warned=0))
    turn.record(DoorOpened(opening.compartment, use_of(row), _concerned(row, tenant)))
    if row.right.act is Act.RECALL and not row.reopening:
        _end_collectors_right(turn, row.right.subject)
    if row.command and row.command not in turn.bank.results:
        turn.put_result(CommandResult(row.command, Outcome.DONE, compartment=opening.compartment))
    screen = Screen.LOOK_AGAIN if row.reopening else _OPEN_SCREENS[row.right.act]
    turn.show(screen, opening.compartment, parcels=len(row.parcels))


def _concerned(row: LedgerRow, tenant: Tenancy | None) -> str:
    """Return the reservation that an opening is about: the right's own, or for service whose parcels lie there."""
    if row.right.act is not Act.SERVICE:
        return row.right.subject
    return tenant.reservation if tenant else ""


def refuse_command(turn: Turn, row: LedgerRow, reason: Reason) -> None:
    """Answer the command behind ``row``, if there is one, that nothing will be done."""
    if row.command and row.command not in turn.bank.results:
        turn.put_result(CommandResult(row.command, Outcome.REFUSED, reason.value, row.compartment))


def _pulse(turn: Turn, row: LedgerRow) -> None:
    compartment = row.compartment
    row = replace(row, state=LedgerState.ARMED, pulses=row.pulses + 1)
    turn.put_row(row)
    turn.set_opening(Opening(row.right, compartment, Phase.ARMED, pulsed_ms=turn.now.ms))
    if turn.bank.reading(compartment).door is DoorState.OPEN:
        return  # nothing to unlock
    door = turn.bank.door(compartment)
    turn.put_door(replace(door, pulses=door.pulses + 1))
    turn.pulse(compartment)
    turn.show(Screen.OPENING, compartment, attempt=row.pulses)


def _end_former_right(turn: Turn, right: Right, compartment: str) -> None:
    """End, before the pulse, the grace of everybody else who could still open this door."""
    for former in turn.bank.ledger.values():
        if former.compartment == compartment and former.right.subject != right.subject and former.grace_until:
            if former.grace_until > turn.now.time:
                turn.record(RightEnded(former.right, former.series, RightEnd.DOOR_REUSED))
            turn.put_row(replace(former, grace_until=0))
    for tenancy in turn.bank.tenancies.values():
        if tenancy.compartment == compartment and tenancy.ended and tenancy.reservation != right.subject:
            turn.end_tenancy(tenancy.reservation)
    if right.act is Act.DEPOSIT:
        release(turn, compartment, besides=right.subject)


def release(turn: Turn, compartment: str, *, besides: str = "") -> None:
    """Let deposits that were tried at this door, and put nothing in, choose any door again."""
    for row in turn.bank.ledger.values():
        tried = row.right.act is Act.DEPOSIT and row.state is LedgerState.READY and row.compartment == compartment
        if tried and row.right.subject != besides and row.right.subject not in turn.bank.tenancies:
            turn.put_row(replace(row, compartment=""))


def _end_collectors_right(turn: Turn, reservation: str) -> None:
    collect = turn.bank.row(Right(reservation, Act.COLLECT))
    tenancy = turn.bank.tenancies.get(reservation)
    if collect.state is LedgerState.RETIRED:
        return
    series = max(collect.series, tenancy.collect_series if tenancy else 0)
    turn.put_row(replace(collect, state=LedgerState.RETIRED, series=series, grace_until=0))
    turn.record(RightEnded(collect.right, series, RightEnd.REVOKED))
