"""Erasing the people of one reservation for good, by destroying the key that reads them (PTY-12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from interlock_gateway.domain.names import ReservationName
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import PERSONAL, RESERVATIONS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import reservation_named


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePersonalData:
    """Erase collector and shipper of a reservation, in whichever state it is. Again changes nothing.

    The reservation itself, its rights and its events hold nothing of them, so they stay as they are.

    Attributes:
        name: Of the reservation; its party is the caller.
        request: Under what the outcome is remembered.
    """

    name: ReservationName
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the reservation and its people."""
        wanted.values.update({At(RESERVATIONS, self.name.reservation), At(PERSONAL, self.name.reservation)})

    def decide(self, desk: Desk) -> Reservation:
        """Decide.

        Raises:
            ReservationUnknown: There is none of this name.
        """
        reservation = reservation_named(desk, self.name)
        people = desk.get(PERSONAL, self.name.reservation)
        if people is not None and not people.erased:
            desk.put(PERSONAL, replace(people, wrapped_key=b"", ciphertext=b""))
        desk.remember({"name": str(self.name)})
        return reservation

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Reservation:  # noqa: ARG002 - the name is the same
        """Give the reservation; the erasing stands."""
        return reservation_named(desk, self.name)
