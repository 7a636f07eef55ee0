"""Reading a bank for those who run it: its operator, its host, the network owner (BNK-3)."""

from __future__ import annotations

import sqlite3
from typing import Final

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.names import BankName
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, get, page, viewer_values
from interlock_gateway.use_cases.aggregates import BANK_KEYS, BANK_LINKS, BANKS, DOORS
from interlock_gateway.use_cases.bank_link import BankKey, BankLink
from interlock_gateway.use_cases.doors import Doors

RUNS_IT: Final = "t.operator = :viewer OR t.host = :viewer OR :network"
"""Operator, host, network owner; carriers look a bank up in the directory."""
_MOST_KEYS: Final = 100
"""Keys of one bank that are shown: a controller is replaced every few years."""


class Banks:
    """Banks, read."""

    def __init__(self, readers: Readers) -> None:
        """Read with ``readers``."""
        self._readers = readers

    async def get(self, name: BankName, viewer: Viewer) -> Bank | None:
        """Read one; ``None`` when for this viewer there is none."""
        return await self._readers.run(get, BANKS, str(name), Condition(RUNS_IT, viewer_values(viewer)))

    async def doors(self, name: BankName) -> Doors:
        """Read the doors of a bank that the caller may see."""
        return await self._readers.run(get, DOORS, str(name), Condition()) or Doors(str(name))

    async def link(self, name: BankName) -> BankLink:
        """Read the link of a bank that the caller may see."""
        return await self._readers.run(get, BANK_LINKS, str(name), Condition()) or BankLink(bank=str(name))

    async def keys(self, name: BankName) -> list[BankKey]:
        """Read the public keys of a bank."""
        of_bank = Condition("t.bank = :bank", {"bank": str(name)})
        return (await self._readers.run(page, BANK_KEYS, of_bank, size=_MOST_KEYS)).values

    async def carriers(self, name: BankName) -> tuple[str, ...]:
        """Party ids of the carriers that have, or have had, a reservation there."""
        return await self._readers.run(_carriers, str(name))


def _carriers(connection: sqlite3.Connection, bank: str) -> tuple[str, ...]:
    rows = connection.execute("SELECT DISTINCT carrier FROM reservations WHERE bank = ? ORDER BY carrier", (bank,))
    return tuple(carrier for (carrier,) in rows.fetchall())
