"""Reading banks as everybody may: those that run them, and carriers that may book or have booked (BNK-3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import Final

from interlock_gateway.domain.bank import Bank, BankState
from interlock_gateway.domain.names import BankName
from interlock_gateway.domain.party import Role
from interlock_gateway.ports import Viewer
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, Page, get, viewer_values
from interlock_gateway.store.table import ENCODER
from interlock_gateway.use_cases.aggregates import BANKS

VIEWER: Final = """
t.operator = :viewer OR t.host = :viewer OR :network
OR (:carrier AND json_extract(t.body, '$.bookable_by.mode') = 'ALL')
OR (:carrier AND json_extract(t.body, '$.bookable_by.mode') = 'LIST'
    AND EXISTS (SELECT 1 FROM json_each(t.body, '$.bookable_by.parties') AS each WHERE each.value = :viewer))
OR EXISTS (SELECT 1 FROM reservations AS r WHERE r.bank = t.key AND r.carrier = :viewer)
"""
"""The same rule as ``viewers.bank_audience``."""


def _viewer(viewer: Viewer) -> Condition:
    return Condition(VIEWER, {**viewer_values(viewer), "carrier": int(Role.CARRIER in viewer.roles)})


class Directory:
    """Banks, as each party sees them."""

    def __init__(self, readers: Readers) -> None:
        """Read with ``readers``."""
        self._readers = readers

    async def get(self, name: BankName, viewer: Viewer) -> Bank | None:
        """Read one; ``None`` when for this viewer there is none."""
        return await self._readers.run(get, BANKS, str(name), _viewer(viewer))

    async def list(
        self,
        viewer: Viewer,
        *,
        operator: str | None = None,
        states: Collection[BankState] = (),
        names: Collection[str] = (),
        size: int = 50,
        start: int = 0,
    ) -> Page[Bank]:
        """Read a page, by name.

        Args:
            viewer: Who reads.
            operator: Those of this party alone.
            states: Those in one of these states alone; empty: all.
            names: These alone; empty: all.
            size: At most so many.
            start: ``next_row`` of the page before.
        """
        condition = _viewer(viewer)
        if operator is not None:
            condition &= Condition("t.operator = :operator", {"operator": operator})
        for column, wanted in (("state", sorted(states)), ("key", sorted(names))):
            if wanted:
                text = ENCODER.encode(wanted).decode()
                among = f"t.{column} IN (SELECT value FROM json_each(:{column}s))"  # noqa: S608 - our own words
                condition &= Condition(among, {f"{column}s": text})
        return await self._readers.run(_by_name, condition, size, start)

    async def carriers(self, names: Sequence[str], viewer: Viewer) -> frozenset[str]:
        """Say at which of these banks the viewer has, or has had, a reservation."""
        return await self._readers.run(_booked, names, viewer.party)


def _by_name(connection: sqlite3.Connection, condition: Condition, size: int, start: int) -> Page[Bank]:
    # Banks are never removed, so counting rows off skips none; one that comes in between is told by an event.
    rows = connection.execute(
        f"SELECT t.body FROM banks AS t WHERE ({condition.sql}) ORDER BY t.key LIMIT :size OFFSET :start",  # noqa: S608
        {**(condition.values or {}), "size": size + 1, "start": start},
    ).fetchall()
    decode = TABLE_OF[BANKS].decode
    return Page([decode(body) for (body,) in rows[:size]], start + size if len(rows) > size else None)


def _booked(connection: sqlite3.Connection, names: Sequence[str], party: str) -> frozenset[str]:
    rows = connection.execute(
        "SELECT value FROM json_each(?) AS bank "
        "WHERE EXISTS (SELECT 1 FROM reservations AS r WHERE r.bank = bank.value AND r.carrier = ?)",
        (ENCODER.encode(list(names)).decode(), party),
    ).fetchall()
    return frozenset(name for (name,) in rows)
