"""Reservations as their readers see them: projected, and with their people for their carrier alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interlock.v1 import reservation_pb2
from interlock_gateway.domain.names import ReservationName
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.domain.viewers import audience_of, views_of
from interlock_gateway.ports import Viewer
from interlock_gateway.services.mapping.people import NOBODY, put_back
from interlock_gateway.services.mapping.reservation import reservation_message
from interlock_gateway.services.projection import project
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, get
from interlock_gateway.use_cases.aggregates import PERSONAL
from interlock_gateway.use_cases.personal import Personal
from interlock_gateway.use_cases.promise import Promised
from interlock_gateway.vault import Vault


@dataclass(frozen=True, slots=True)
class Showing:
    """Writes reservations for a reader."""

    readers: Readers
    vault: Vault

    def plain(self, reservation: Reservation) -> reservation_pb2.Reservation:
        """Write one whole, for its carrier, without its people."""
        return reservation_message(reservation)

    async def one(self, reservation: Reservation, viewer: Viewer) -> reservation_pb2.Reservation:
        """Write one."""
        return (await self.all([reservation], viewer))[0]

    def promised(self, answer: Promised, viewer: Viewer) -> reservation_pb2.Reservation:
        """Write one that was just decided; its people came with it."""
        own = answer.reservation.carrier == viewer.party
        return self.written(answer.reservation, viewer, self._opened(answer.people) if own else None)

    async def all(self, reservations: Sequence[Reservation], viewer: Viewer) -> list[reservation_pb2.Reservation]:
        """Write several; their people are read in one go."""
        own = [each.name for each in reservations if each.carrier == viewer.party]
        sealed = await self.readers.run(_sealed, own, viewer) if own else {}
        return [self.written(each, viewer, self._opened(sealed.get(each.name.reservation))) for each in reservations]

    def _opened(self, sealed: Personal | None) -> bytes | None:
        if sealed is None:
            return None
        return NOBODY if sealed.erased else self.vault.open(sealed)

    def written(self, reservation: Reservation, viewer: Viewer, people: bytes | None) -> reservation_pb2.Reservation:
        """Write one with its people at hand, as ``mapping.people`` has them."""
        message = put_back(reservation_message(reservation), people)
        return project(message, views_of(viewer.party, viewer.roles, audience_of(reservation)))


def _sealed(connection: sqlite3.Connection, names: Sequence[ReservationName], viewer: Viewer) -> Mapping[str, Personal]:
    condition = Condition("t.party = :viewer", {"viewer": viewer.party})
    found = (get(connection, PERSONAL, name.reservation, condition) for name in names)
    return {each.reservation: each for each in found if each is not None}
