"""Lapses: what follows when a clock of a reservation has run out. Time alone changes nothing (RES-5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock_gateway.domain.capacity import Standing
from interlock_gateway.domain.life.commands import LapseHold
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import RESERVATIONS
from interlock_gateway.use_cases.book import Book
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.due import due
from interlock_gateway.use_cases.keeping import keep


def end_lapsed_holds(desk: Desk, book: Book) -> bool:
    """End the holds at a bank whose time is over, in the proposal that needs their room (CAP-16).

    Returns:
        Whether there was one.
    """
    held = [each.id for each in book.plan.commitments.values() if each.standing is Standing.HELD]
    ended = False
    for reservation in desk.get_all(RESERVATIONS, held):
        if reservation.hold_end is not None and desk.now >= reservation.hold_end:
            keep(desk, decide(reservation, LapseHold(), now=desk.now))
            ended = True
    return ended


@dataclass(frozen=True, slots=True)
class LapseDue:
    """Carry out what is due of one reservation, if it still is.

    Attributes:
        reservation: Its id.
    """

    reservation: str
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the reservation."""
        wanted.values.add(At(RESERVATIONS, self.reservation))

    def decide(self, desk: Desk) -> bool:
        """Say whether something lapsed."""
        reservation = desk.get(RESERVATIONS, self.reservation)
        lapse = None if reservation is None else due(reservation)
        if reservation is None or lapse is None or desk.now < lapse.time:
            return False
        keep(desk, decide(reservation, lapse.command, now=desk.now))
        return True

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> bool:
        """Never remembered."""
        raise NotImplementedError
