"""What a carrier is answered about a reservation, the first time and on every retry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.events import ReservationEvent
from interlock_gateway.domain.life.outcome import Outcome
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.use_cases.aggregates import PERSONAL
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.grants import group_of
from interlock_gateway.use_cases.keeping import bank_named, keep
from interlock_gateway.use_cases.personal import Personal


@dataclass(frozen=True, slots=True)
class Promised:
    """A reservation that holds, is confirmed, or has changed.

    Attributes:
        reservation: As committed.
        bank: Its bank, for what stands in tokens.
        group_uid: Subject of the collector's token and PIN, where it has a group.
        allocation_version: The bank's count of decisions, after this one (CAP-15).
        people: Collector and shipper as they are kept, so that the answer need not look for them; or ``None``.
    """

    reservation: Reservation
    bank: Bank
    group_uid: str | None
    allocation_version: int
    people: Personal | None


@dataclass(frozen=True, slots=True)
class MovesAwaited:
    """There is room once the bank has acknowledged that others move (CAP-7); nothing is promised or remembered yet.

    Attributes:
        bank: The bank's name.
        manifest_number: What it must acknowledge; then decide again.
        reservations: Ids of those that move.
    """

    bank: str
    manifest_number: int
    reservations: tuple[str, ...]


def promised(desk: Desk, bank: Bank, outcome: Outcome) -> Promised:
    """Keep what followed for a reservation that was there before, have it remembered, and answer."""
    return promised_to(desk, bank, outcome, people_of(desk, outcome.reservation))


def promised_to(desk: Desk, bank: Bank, outcome: Outcome, people: Personal | None) -> Promised:
    """Keep what followed, have it remembered, and answer; ``people`` are those of the reservation."""
    book = keep(desk, outcome)
    reservation = outcome.reservation
    # Not the answer itself: the event of this revision has the reservation as it is told now.
    desk.remember({"name": str(reservation.name), "revision": reservation.revision, "allocation_version": book.version})
    return answer_with(desk, reservation, bank, book.version, people)


def promised_before(desk: Desk, answer: Mapping[str, Any]) -> Promised:
    """Build the answer of a request that was committed before: the reservation as it was then (REQ-2)."""
    event = desk.told(answer["name"], answer["revision"])
    if not isinstance(event, ReservationEvent):
        message = f"{answer['name']} is no reservation"
        raise TypeError(message)
    reservation = event.reservation
    bank = bank_named(desk, reservation.bank)
    return answer_with(desk, reservation, bank, answer["allocation_version"], people_of(desk, reservation))


def people_of(desk: Desk, reservation: Reservation) -> Personal | None:
    """Read the people of a reservation, sealed."""
    return desk.get(PERSONAL, reservation.name.reservation)


def answer_with(desk: Desk, reservation: Reservation, bank: Bank, version: int, people: Personal | None) -> Promised:
    """Put an answer together."""
    group = group_of(desk, reservation)
    return Promised(reservation, bank, None if group is None else group.uid, version, people)
