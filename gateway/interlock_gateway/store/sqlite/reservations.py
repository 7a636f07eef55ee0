"""Reading reservations: as their viewers may, and those whose clock has run out."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.domain.reservation import Reservation, State
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, Page, get, page, viewer_values
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.aggregates import PERSONAL, RESERVATIONS
from interlock_gateway.use_cases.personal import Personal

VIEWER: Final = "t.carrier = :viewer OR t.operator = :viewer OR t.host = :viewer OR :network"
"""The carrier, the bank's operator and host, the network owner; the same rule as ``viewers.audience_of``."""


class Reservations:
    """Reservations, read."""

    def __init__(self, readers: Readers) -> None:
        """Read with ``readers``."""
        self._readers = readers

    async def get(self, name: ReservationName, viewer: Viewer) -> Reservation | None:
        """Read one; ``None`` when for this viewer there is none."""
        condition = Condition(f"t.carrier = :carrier AND ({VIEWER})", {"carrier": name.party, **viewer_values(viewer)})
        return await self._readers.run(get, RESERVATIONS, name.reservation, condition)

    async def list(
        self,
        viewer: Viewer,
        *,
        carrier: str | None = None,
        bank: BankName | None = None,
        states: Collection[State] = (),
        size: int = 50,
        start_row: int | None = None,
    ) -> Page[Reservation]:
        """Read a page, newest first.

        Args:
            viewer: Who reads.
            carrier: Those of this party alone.
            bank: Those at this bank alone.
            states: Those in one of these states alone; empty: all.
            size: At most so many.
            start_row: ``next_row`` of the page before.
        """
        condition = Condition(VIEWER, viewer_values(viewer))
        if carrier is not None:
            condition &= Condition("t.carrier = :carrier", {"carrier": carrier})
        if bank is not None:
            condition &= Condition("t.bank = :bank", {"bank": str(bank)})
        if states:
            wanted = ENCODER.encode(sorted(states)).decode()
            condition &= Condition("t.state IN (SELECT value FROM json_each(:states))", {"states": wanted})
        return await self._readers.run(page, RESERVATIONS, condition, size=size, start_row=start_row)

    async def personal(self, name: ReservationName, viewer: Viewer) -> Personal | None:
        """Read the sealed people of a reservation; only its carrier is given them."""
        values = {"carrier": name.party, "viewer": viewer.party}
        condition = Condition("t.party = :carrier AND t.party = :viewer", values)
        return await self._readers.run(get, PERSONAL, name.reservation, condition)

    async def due(self, now: datetime, most: int) -> Sequence[str]:
        """Ids of reservations that a clock has run out for, the longest due first."""
        return await self._readers.run(_due, now.timestamp(), most)


def _due(connection: sqlite3.Connection, now: float, most: int) -> Sequence[str]:
    # By the partial index on due: what no clock runs for is not in it.
    rows = connection.execute(
        "SELECT key FROM reservations WHERE due <= ? ORDER BY due LIMIT ?", (now, most)
    ).fetchall()
    return [key for (key,) in rows]
