"""The use of a bank day by day, reckoned from what was promised there and what came of it (BNK-19).

Days are the bank's own, so a day in which the clocks change has 23 or 25 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from interlock_gateway.domain.calendar import Calendar
from interlock_gateway.domain.parcel import ParcelState
from interlock_gateway.domain.reservation import ENDED_UNUSED, Reservation, State

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUse:
    """One day of a bank. Hours are compartment hours.

    Attributes:
        day: The day, by the bank's calendar.
        deposits: Parcels that came in.
        collects: Parcels that were collected.
        recalls: Parcels that were taken back.
        occupied_hours: With a parcel inside.
        committed_hours: Promised, parcel or not.
        available_hours: In service.
        broken: Promises that were not kept.
    """

    day: date
    deposits: int = 0
    collects: int = 0
    recalls: int = 0
    occupied_hours: float = 0.0
    committed_hours: float = 0.0
    available_hours: float = 0.0
    broken: int = 0


def use_by_day(
    reservations: Iterable[Reservation],
    days: Sequence[date],
    calendar: Calendar,
    *,
    working_doors: int,
    now: datetime,
) -> list[DayUse]:
    """Reckon the use of a bank.

    Args:
        reservations: All of the bank that touch the days; others do no harm.
        days: In order.
        calendar: The bank's.
        working_doors: Doors in service; what was out on an earlier day is not known any more.
        now: The present instant: a day that still runs counts to here.
    """
    kept = list(reservations)
    return [_use_of(day, kept, calendar, working_doors, now) for day in days]


def _use_of(day: date, reservations: list[Reservation], calendar: Calendar, doors: int, now: datetime) -> DayUse:
    start, end = calendar.instant(day, 0), min(calendar.instant(day + _DAY, 0), now)

    def on_it(instant: datetime | None) -> bool:
        return instant is not None and start <= instant < end

    def out(state: ParcelState) -> int:
        gone = (each for each in reservations if on_it(each.removal_time))
        return sum(parcel.state is state for each in gone for parcel in each.parcels)

    came = (each for each in reservations if on_it(each.deposit_time))
    return DayUse(
        day=day,
        deposits=sum(parcel.state is not ParcelState.EXPECTED for each in came for parcel in each.parcels),
        collects=out(ParcelState.COLLECTED),
        recalls=out(ParcelState.RECALLED),
        occupied_hours=sum(_hours(each.deposit_time, each.removal_time or now, start, end) for each in reservations),
        committed_hours=sum(_hours(each.window.start, _promised_until(each), start, end) for each in reservations),
        available_hours=max((end - start) / _HOUR, 0.0) * doors,
        broken=sum(each.state is State.BROKEN and on_it(each.update_time) for each in reservations),
    )


def _promised_until(reservation: Reservation) -> datetime:
    """When a promise ended: with the parcel, with its own end, or when it was given back or broken."""
    if reservation.removal_time is not None:
        return reservation.removal_time
    return reservation.update_time if reservation.state in ENDED_UNUSED else reservation.commitment_end


def _hours(since: datetime | None, until: datetime, start: datetime, end: datetime) -> float:
    """Hours of a span that fall into a day."""
    if since is None:
        return 0.0
    return max((min(until, end) - max(since, start)) / _HOUR, 0.0)
