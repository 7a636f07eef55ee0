"""A right was shown and has its yes: find its door, or say plainly why there is none (ACC-55, ACC-56)."""

from dataclasses import replace

from interlock.access_token import Act
from interlock.receipt import DoorState
from interlock_edge.access.grant import Granted
from interlock_edge.access.refusal import Reason, Refused
from interlock_edge.access.series import known_series
from interlock_edge.bank.effects import Screen
from interlock_edge.bank.inputs import Deadline, OpenAsked
from interlock_edge.bank.opening import begin, pulse_again, refuse_command
from interlock_edge.bank.sequence import begin_deposit
from interlock_edge.bank.state import Bank, Opening, Phase
from interlock_edge.bank.turn import Turn
from interlock_edge.custody.change import CommandResult, Outcome
from interlock_edge.custody.fact import RightEnd, RightEnded
from interlock_edge.custody.ledger import UNFINISHED, LedgerRow, LedgerState
from interlock_edge.custody.right import Right


def shown(turn: Turn, grant: Granted) -> None:
    """Act on a yes."""
    bank = turn.bank
    if bank.session is not None:
        turn.set(session=replace(bank.session, used_ms=turn.now.ms))
    right = _first(bank, grant.rights)
    row = _in_use(bank.row(right), grant)
    if bank.opening is not None:
        _while_another_is_open(turn, bank.opening, row, grant)
        return
    if bank.to_tag:
        turn.show(Screen.TAG_PARCEL, parcels=len(bank.to_tag))
        return
    turn.set(queue=tuple(other for other in grant.rights if other != right))
    _retire_lower_series(turn, right, grant.series)
    compartment = _bound_door(bank, row, grant)
    if compartment is None:
        begin_deposit(turn, row)
    elif right in bank.unfinished or not _can_open(turn, row, compartment):
        refuse_command(turn, row, Reason.OUT_OF_SERVICE)
        turn.show(Screen.OUT_OF_ORDER, compartment)
    elif _still_jammed(turn, row, compartment):
        refuse_command(turn, row, Reason.OUT_OF_SERVICE)
        turn.show(Screen.DOOR_JAMMED, compartment)
    else:
        begin(turn, row, compartment)


def open_asked(turn: Turn, asked: OpenAsked) -> None:
    """Act on a command for a door; a copy gets the first one's result, a late one never fires (ACC-71)."""
    if asked.command in turn.bank.results:
        turn.answer_again(turn.bank.results[asked.command])
    elif any(row.command == asked.command and row.state in UNFINISHED for row in turn.bank.ledger.values()):
        return  # under way; its result will come
    elif is_late(turn, asked.deadline):
        turn.put_result(CommandResult(asked.command, Outcome.EXPIRED))
    elif isinstance(asked.answer, Refused):
        turn.put_result(CommandResult(asked.command, Outcome.REFUSED, asked.answer.reason.value))
    else:
        shown(turn, asked.answer)


def is_late(turn: Turn, deadline: Deadline) -> bool:
    """Say whether a command's time is over: another life of the agent, or a later reading of its clock."""
    return deadline.boot_id != turn.bank.boot_id or turn.now.ms > deadline.ms


def _first(bank: Bank, rights: tuple[Right, ...]) -> Right:
    """Choose from a collector group: a door that was not opened yet, before one whose outcome is only in question."""
    asked = {question.right for question in bank.questions.values()}
    return min(rights, key=lambda right: right in asked)


def _in_use(row: LedgerRow, grant: Granted) -> LedgerRow:
    return replace(
        row,
        reopening=row.state is LedgerState.SPENT,
        series=max(row.series, grant.series),
        parcels=grant.parcels,
        form=grant.form,
        jti=grant.jti,
        session=grant.session,
        command=grant.command,
        presence=grant.presence,
        from_token_alone=grant.from_token_alone,
        terms=grant.terms or row.terms,
        keep_until=max(row.keep_until, grant.keep_until),
    )


def _bound_door(bank: Bank, row: LedgerRow, grant: Granted) -> str | None:
    """Return the one door that this right can mean, or nothing for a deposit that is still free to choose."""
    right = row.right
    if right.act is Act.SERVICE:
        return grant.compartment
    if right.act is Act.DEPOSIT:
        return row.compartment or None
    tenancy = bank.tenancies.get(right.subject)
    return row.compartment if row.reopening or tenancy is None else tenancy.compartment


def _can_open(turn: Turn, row: LedgerRow, compartment: str) -> bool:
    """Say whether the door answers, and nothing has come between the verdict and now."""
    bank = turn.bank
    if compartment not in bank.layout or bank.reading(compartment).door is DoorState.UNKNOWN:
        return False
    if row.reopening:
        return row.grace_until > turn.now.time
    tenancy = bank.tenancies.get(row.right.subject)
    return row.right.act in (Act.DEPOSIT, Act.SERVICE) or (tenancy is not None and not tenancy.ended)


def _still_jammed(turn: Turn, row: LedgerRow, compartment: str) -> bool:
    policy = turn.bank.policy
    return (
        row.compartment == compartment
        and row.pulses >= policy.pulses_max
        and not row.opened_time
        and turn.now.time < row.first_pulse_time + policy.attempt_s
    )


def _retire_lower_series(turn: Turn, right: Right, series: int) -> None:
    bank = turn.bank
    known = known_series(right, bank.ledger, bank.tenancies, bank.manifest.entries)
    if series > known and (right in bank.ledger or right.subject in bank.tenancies):
        turn.record(RightEnded(right, series - 1, RightEnd.SUPERSEDED))


def _while_another_is_open(turn: Turn, opening: Opening, row: LedgerRow, grant: Granted) -> None:
    refuse_command(turn, row, Reason.DOOR_OPEN)
    if opening.right not in grant.rights:
        turn.show(Screen.CLOSE_DOOR_FIRST, opening.compartment)
        return
    policy, current = turn.bank.policy, turn.bank.row(opening.right)
    impatient = opening.phase is not Phase.OPEN and turn.now.ms >= opening.pulsed_ms + policy.pulse_spacing_ms
    if impatient and current.pulses < policy.pulses_max:
        pulse_again(turn, current)
    elif opening.phase is Phase.OPEN:
        turn.show(Screen.CLOSE_DOOR, opening.compartment)
    else:
        turn.show(Screen.OPENING, opening.compartment, attempt=current.pulses)
