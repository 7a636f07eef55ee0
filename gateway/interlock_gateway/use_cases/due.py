"""Which clock of a reservation runs out next (RES-5).

A clock that runs out changes nothing by itself: the sweep that finds the reservation by ``due`` submits the lapse as a
command, and whoever needs the capacity before that submits it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interlock_gateway.domain.life.commands import LapseCollect, LapseDeposit, LapseHold
from interlock_gateway.domain.parcel import ParcelState
from interlock_gateway.domain.reservation import GONE, INSIDE, Reservation, State


@dataclass(frozen=True, slots=True)
class Lapse:
    """What is due, and when."""

    time: datetime
    command: LapseHold | LapseDeposit | LapseCollect


def due(reservation: Reservation) -> Lapse | None:
    """Say what lapses next; ``None`` when no clock runs."""
    state = reservation.state
    if state is State.CONFIRMED:
        return Lapse(reservation.window.end, LapseDeposit())
    if state is State.HELD:
        return None if reservation.hold_end is None else Lapse(reservation.hold_end, LapseHold())
    lapses = []
    if state in INSIDE | GONE and any(parcel.state is ParcelState.EXPECTED for parcel in reservation.parcels):
        lapses.append(Lapse(reservation.window.end, LapseDeposit()))
    if state is State.DEPOSITED and reservation.refusal_reason is None and reservation.collect_end is not None:
        lapses.append(Lapse(reservation.collect_end, LapseCollect()))
    return min(lapses, key=lambda lapse: lapse.time, default=None)
