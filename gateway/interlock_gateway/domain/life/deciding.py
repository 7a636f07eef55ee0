"""Carrying out a command on a reservation: may refuse, and says what follows (RES-2 to RES-5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from interlock_gateway.domain.discrepancy import DiscrepancyKind, Finding
from interlock_gateway.domain.errors import (
    ClassWouldChange,
    CorrectionNotPossible,
    LimitExceeded,
    TooEarly,
    WindowPast,
    WrongState,
)
from interlock_gateway.domain.events import ReservationEventKind
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.life.commands import (
    COMMANDS,
    Accept,
    AddParcel,
    Break,
    Cancel,
    Command,
    CommandKind,
    Confirm,
    Correct,
    Extend,
    Hold,
    LapseCollect,
    LapseDeposit,
    LapseHold,
    Recall,
    Reject,
)
from interlock_gateway.domain.life.outcome import Outcome, changed
from interlock_gateway.domain.parcel import MOST_PARCELS, ParcelState
from interlock_gateway.domain.reservation import Reservation, State
from interlock_gateway.domain.rights import revoked, spent

_ALL: Final = frozenset(Act)

_TELLS: Final[Mapping[CommandKind, ReservationEventKind]] = MappingProxyType(
    {
        CommandKind.ADD_PARCEL: ReservationEventKind.PARCEL_ADDED,
        CommandKind.EXTEND: ReservationEventKind.EXTENDED,
        CommandKind.RECALL: ReservationEventKind.RECALL_REQUESTED,
        CommandKind.CORRECT_TO_DEPOSITED: ReservationEventKind.CORRECTED,
        CommandKind.CORRECT_TO_COLLECTED: ReservationEventKind.CORRECTED,
        CommandKind.CORRECT_TO_RECALLED: ReservationEventKind.CORRECTED,
        CommandKind.CORRECT_TO_LOST: ReservationEventKind.CORRECTED,
    }
)
"""What is told of a command that is no plain arrow; the others tell the state that they reach."""


def decide(reservation: Reservation, command: Command, *, now: datetime) -> Outcome:
    """Carry out ``command``; give what follows, and the event that tells the world.

    Args:
        reservation: As it is.
        command: What is asked for. Whether there is room for what it needs has been decided before (CAP-3).
        now: Instant of the decision, aware UTC.

    Raises:
        WrongState: The command is not allowed from the reservation's state, or has nothing left to do there.
        TooEarly: The clock that the lapse belongs to has not run out.
        WindowPast: The deposit window, or the end asked for, is over.
        LimitExceeded: A ninth parcel.
        ClassWouldChange: With the parcel the reservation would need a larger class.
        CorrectionNotPossible: The record is not a collection that could have been none.
    """
    state = COMMANDS.get((reservation.state, command.kind))
    if state is None:
        raise _refusal(reservation, command)
    after = _CARRY_OUT[type(command)](reservation, command, now)
    if command.kind is CommandKind.LAPSE_DEPOSIT and state is not State.EXPIRED:
        return _short(reservation, after, now)
    kind = _TELLS.get(command.kind) or ReservationEventKind(state)
    return changed(reservation, replace(after, state=state), kind, now=now)


def _refusal(reservation: Reservation, command: Command) -> WrongState | CorrectionNotPossible:
    name, state = str(reservation.name), str(reservation.state)
    if command.kind.startswith("CORRECT_TO_"):
        return CorrectionNotPossible(reservation=name, state=state, corrected=command.kind.removeprefix("CORRECT_TO_"))
    return WrongState(reservation=name, state=state, command=command.kind)


def _hold(reservation: Reservation, command: Hold, _now: datetime) -> Reservation:
    return replace(reservation, hold_end=command.hold_end)


def _answered(reservation: Reservation, _command: Accept | Reject, _now: datetime) -> Reservation:
    return reservation


def _confirm(reservation: Reservation, command: Confirm, now: datetime) -> Reservation:
    if reservation.hold_end is not None and now >= reservation.hold_end:
        # Lapsed in all but the record; confirming it would depend on whether the sweep came by in time.
        raise WrongState(reservation=str(reservation.name), state=State.EXPIRED, command=command.kind)
    if now >= reservation.window.end:
        raise WindowPast(field="deposit_window", end_time=reservation.window.end)
    return replace(reservation, hold_end=None)


def _cancel(reservation: Reservation, _command: Cancel, _now: datetime) -> Reservation:
    return revoked(reservation, _ALL)


def _add_parcel(reservation: Reservation, command: AddParcel, now: datetime) -> Reservation:
    count = len(reservation.parcels) + 1
    if count > MOST_PARCELS:
        raise LimitExceeded(field="parcel", given=str(count), limit=str(MOST_PARCELS))
    # The class that was sold, not the larger door that the planner happened to choose.
    if command.needed > reservation.need.size_class:
        raise ClassWouldChange(planned=reservation.need.size_class.name, needed=command.needed.name)
    if now >= reservation.window.end:
        raise WindowPast(field="deposit_window", end_time=reservation.window.end)
    parcel = replace(command.parcel, number=count, state=ParcelState.EXPECTED)
    return replace(reservation, parcels=(*reservation.parcels, parcel))


def _extend(reservation: Reservation, command: Extend, now: datetime) -> Reservation:
    present = reservation.collect_end
    if command.collect_end <= now or (present is not None and command.collect_end <= present):
        raise WindowPast(field="collect_for", end_time=command.collect_end)
    end = command.collect_end + reservation.recall_time
    return replace(reservation, collect_end=command.collect_end, commitment_end=end)


def _recall(reservation: Reservation, _command: Recall, _now: datetime) -> Reservation:
    return replace(reservation, recall_requested=True)


def _lapse_hold(reservation: Reservation, _command: LapseHold, now: datetime) -> Reservation:
    if reservation.hold_end is None or now < reservation.hold_end:
        raise TooEarly(reservation=str(reservation.name), due_time=reservation.hold_end)
    return reservation


def _lapse_deposit(reservation: Reservation, command: LapseDeposit, now: datetime) -> Reservation:
    if now < reservation.window.end:
        raise TooEarly(reservation=str(reservation.name), due_time=reservation.window.end)
    if reservation.state is State.CONFIRMED:
        return revoked(reservation, _ALL)
    if not any(parcel.state is ParcelState.EXPECTED for parcel in reservation.parcels):
        raise WrongState(reservation=str(reservation.name), state=reservation.state, command=command.kind)
    parcels = tuple(
        replace(parcel, state=ParcelState.MISSING) if parcel.state is ParcelState.EXPECTED else parcel
        for parcel in reservation.parcels
    )
    return revoked(replace(reservation, parcels=parcels), {Act.DEPOSIT})


def _short(before: Reservation, after: Reservation, now: datetime) -> Outcome:
    """Parcels are missing at the window's end: nothing with a parcel inside expires, the rest is short (RES-19)."""
    missing = tuple(
        new.number for old, new in zip(before.parcels, after.parcels, strict=True) if old.state is not new.state
    )
    finding = Finding(
        kind=DiscrepancyKind.SHORT_DEPOSIT,
        reservation=before.name,
        state=before.state,
        time=now,
        compartment=before.compartment,
        parcels=missing,
    )
    return changed(before, after, ReservationEventKind.SHORT_DEPOSIT, now=now, findings=(finding,))


def _lapse_collect(reservation: Reservation, _command: LapseCollect, now: datetime) -> Reservation:
    stopped = reservation.refusal_reason is not None
    if stopped or reservation.collect_end is None or now < reservation.collect_end:
        raise TooEarly(reservation=str(reservation.name), due_time=None if stopped else reservation.collect_end)
    return reservation


def _break(reservation: Reservation, command: Break, _now: datetime) -> Reservation:
    return revoked(replace(reservation, broken_reason=command.reason), _ALL)


_CORRECTED_PARCEL: Final = MappingProxyType(
    {
        State.DEPOSITED: ParcelState.DEPOSITED,
        State.COLLECTED: ParcelState.COLLECTED,
        State.RECALLED: ParcelState.RECALLED,
        State.LOST: ParcelState.LOST,
    }
)
_WAS_IN_OR_OUT: Final = frozenset({ParcelState.DEPOSITED, ParcelState.COLLECTED, ParcelState.RECALLED})


def _correct(reservation: Reservation, command: Correct, now: datetime) -> Reservation:
    """Move the parcels where they were all along.

    Back in the bank, the stay runs on from where it stood; the right that was counted as spent is given anew on
    demand, so nothing is locked in. Out of it, no right is left.
    """
    to = _CORRECTED_PARCEL[command.to]
    moves = {ParcelState.DEPOSITED} if reservation.inside else _WAS_IN_OR_OUT
    parcels = tuple(
        replace(parcel, state=to, removal_evidence=None) if parcel.state in moves else parcel
        for parcel in reservation.parcels
    )
    after = replace(reservation, parcels=parcels, claim=command.claim or reservation.claim)
    if command.to is State.DEPOSITED:
        return replace(after, removal_time=None)
    return spent(replace(after, removal_time=reservation.removal_time or now), by=None)


_CARRY_OUT: Final[Mapping[type, Callable[[Reservation, Any, datetime], Reservation]]] = MappingProxyType(
    {
        Hold: _hold,
        Accept: _answered,
        Reject: _answered,
        Confirm: _confirm,
        Cancel: _cancel,
        AddParcel: _add_parcel,
        Extend: _extend,
        Recall: _recall,
        LapseHold: _lapse_hold,
        LapseDeposit: _lapse_deposit,
        LapseCollect: _lapse_collect,
        Break: _break,
        Correct: _correct,
    }
)
