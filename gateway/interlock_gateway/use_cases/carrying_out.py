"""What the proposals of a carrier on its own reservation have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock_gateway.domain.names import ReservationName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import PERSONAL, RESERVATIONS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.promise import Promised, promised_before


@dataclass(frozen=True, slots=True, kw_only=True)
class OnReservation:
    """A proposal on one reservation.

    Attributes:
        name: Of the reservation; its party is the caller.
        etag: What the caller last saw; empty: whatever it is now.
        request: Under what the outcome is remembered.
    """

    name: ReservationName
    etag: str = ""
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the reservation and its people; its bank is known once it is there."""
        wanted.values.add(At(RESERVATIONS, self.name.reservation))
        wanted.values.add(At(PERSONAL, self.name.reservation))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing(OnReservation):
    """One that is answered with the reservation as it is then."""

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Promised:
        """Give the first answer again, from the event that told it."""
        return promised_before(desk, answer)
