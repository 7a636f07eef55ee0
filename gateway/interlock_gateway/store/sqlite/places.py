"""Where banks stand, looked up by an R*Tree; what a search reads of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from math import ceil, floor
from typing import Final, TypeVar

from interlock_gateway.domain.capacity import Layout, Plan
from interlock_gateway.domain.geography import Box, Position
from interlock_gateway.domain.names import BankName
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.store.sqlite.loading import commitment
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.aggregates import BANKS, DOORS
from interlock_gateway.use_cases.searching import Listed, Near, Places

T = TypeVar("T")

UNITS: Final = 10_000_000
"""Units of the index in a degree, see migration 0002."""


class SqliteDirectory:
    """Looks banks up in a reader's thread."""

    def __init__(self, readers: Readers) -> None:
        """Read with ``readers``."""
        self._readers = readers

    async def look(self, search: Callable[[Places], T]) -> T:
        """Run ``search`` on one snapshot.

        Raises:
            ShelfUnavailable: The database cannot be read.
        """
        return await self._readers.run(_look, search)


def _look(connection: sqlite3.Connection, search: Callable[[Places], T]) -> T:
    with snapshot(connection):
        return search(SqlitePlaces(connection))


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let everything that is read within see the same state."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


class SqlitePlaces:
    """Places on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read on ``connection``, within a snapshot."""
        self._connection = connection

    def within(self, box: Box) -> Sequence[Near]:
        """Name the banks in a box."""
        # The index gives what overlaps; its rectangles are points, so that is what lies inside.
        rows = self._connection.execute(
            "SELECT id, south, west FROM positions WHERE north >= ? AND south <= ? AND east >= ? AND west <= ?",
            (floor(box.south * UNITS), ceil(box.north * UNITS), floor(box.west * UNITS), ceil(box.east * UNITS)),
        )
        return [Near(id_, Position(latitude / UNITS, longitude / UNITS)) for id_, latitude, longitude in rows]

    def listed(self, ids: Collection[int]) -> Sequence[Listed]:
        """Read banks."""
        # CROSS JOIN: for each id one look, whatever the statistics say. Places of neighbours lie side by side.
        rows = self._connection.execute(
            "SELECT p.id, p.body, p.summary FROM json_each(?) AS wanted CROSS JOIN places AS p ON p.id = wanted.value",
            (ENCODER.encode(sorted(ids)).decode(),),
        )
        decode = TABLE_OF[BANKS].decode
        return [Listed(id_, decode(body), summary or b"") for id_, body, summary in rows]

    def plan(self, bank: BankName, now: int) -> Plan:
        """Count a bank's commitments on its doors."""
        doors = self._connection.execute("SELECT body FROM doors WHERE key = ?", (str(bank),)).fetchone()
        layout = Layout(()) if doors is None else TABLE_OF[DOORS].decode(doors[0]).layout
        rows = self._connection.execute(
            'SELECT id, need, kind, start, "end", standing, token_out, moving_to, door, since, floored '
            "FROM commitments WHERE bank = ?",
            (str(bank),),
        )
        return Plan.of(layout, [commitment(*cells) for cells in rows], now=now)
