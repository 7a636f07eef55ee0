"""Reading what goes on at a bank: who is inside, what was asked of it, how far it has come."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from interlock_gateway.domain.names import BankName, CommandName
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.ports import Viewer
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, Page, get, page, viewer_values
from interlock_gateway.use_cases.aggregates import BANK_LINKS, COMMANDS, DOORS, JOURNALS, RESERVATIONS
from interlock_gateway.use_cases.bank_link import BankLink, Lane, StoredCommand, journal_key
from interlock_gateway.use_cases.doors import Doors

_COMMAND_VIEWER: Final = ":operator = :viewer OR t.body ->> '$.requested_by' = :viewer OR :network"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBank:
    """A bank at this moment, as the gateway was last told.

    Attributes:
        link: Its link as it is kept.
        doors: Its doors.
        manifest_number: Number of the latest change that it must hear of.
        allocation_version: The count of decisions on its capacity.
        pending_commands: Commands that have not ended.
        custody_number: Its last custody fact that is committed here.
    """

    link: BankLink
    doors: Doors
    manifest_number: int
    allocation_version: int
    pending_commands: int
    custody_number: int


class LiveBanks:
    """Banks at work, read."""

    def __init__(self, readers: Readers) -> None:
        """Read with ``readers``."""
        self._readers = readers

    async def live(self, name: BankName) -> LiveBank:
        """Read the live state of a bank that the caller may see."""
        return await self._readers.run(_live, str(name))

    async def tenancies(self, name: BankName) -> list[Reservation]:
        """Read the reservations with a parcel inside, by label of the compartment."""
        return await self._readers.run(_inside, str(name))

    async def between(self, name: BankName, start: datetime, end: datetime) -> list[Reservation]:
        """Read the reservations of a bank that touch ``[start, end)``."""
        return await self._readers.run(_between, str(name), start, end)

    async def commands(
        self, name: BankName, *, pending_only: bool, size: int, start_row: int | None
    ) -> Page[StoredCommand]:
        """Read a page of the commands to a bank, newest first."""
        condition = Condition("t.bank = :bank", {"bank": str(name)})
        if pending_only:
            condition &= Condition("t.state IN ('PENDING', 'SENT')")
        return await self._readers.run(page, COMMANDS, condition, size=size, start_row=start_row)

    async def command(self, name: CommandName, viewer: Viewer) -> StoredCommand | None:
        """Read one command as its bank's operator, as who asked, or as the network owner; ``None``: there is none."""
        values = {"bank": str(name.bank_name), "operator": name.party, **viewer_values(viewer)}
        condition = Condition(f"t.bank = :bank AND ({_COMMAND_VIEWER})", values)
        return await self._readers.run(get, COMMANDS, name.command, condition)


def _live(connection: sqlite3.Connection, bank: str) -> LiveBank:
    link = get(connection, BANK_LINKS, bank, Condition()) or BankLink(bank=bank)
    journal = None
    if link.journal_id is not None:
        journal = get(connection, JOURNALS, journal_key(bank, link.journal_id), Condition())
    book = connection.execute("SELECT manifest_number, version FROM books WHERE bank = ?", (bank,)).fetchone()
    (pending,) = connection.execute(
        "SELECT count(*) FROM commands WHERE bank = ? AND state IN ('PENDING', 'SENT')", (bank,)
    ).fetchone()
    number, version = book or (0, 0)
    return LiveBank(
        link=link,
        doors=get(connection, DOORS, bank, Condition()) or Doors(bank),
        manifest_number=number,
        allocation_version=version,
        pending_commands=pending,
        custody_number=0 if journal is None else journal.number(Lane.CUSTODY),
    )


def _inside(connection: sqlite3.Connection, bank: str) -> list[Reservation]:
    rows = connection.execute(
        "SELECT body FROM reservations WHERE bank = ? AND state IN ('DEPOSITED', 'OVERDUE')", (bank,)
    ).fetchall()
    return sorted(_decoded(rows), key=lambda each: (each.compartment or "", each.name.reservation))


def _between(connection: sqlite3.Connection, bank: str, start: datetime, end: datetime) -> list[Reservation]:
    # A reservation touches the span unless it was all over before it, or could begin only after it.
    rows = connection.execute(
        "SELECT body FROM reservations AS t WHERE bank = :bank "
        "AND julianday(t.body ->> '$.window.start') < julianday(:end) AND ("
        "  state IN ('HELD', 'CONFIRMED', 'DEPOSITED', 'OVERDUE') "
        "  OR julianday(t.body ->> '$.update_time') >= julianday(:start))",
        {"bank": bank, "start": start.isoformat(), "end": end.isoformat()},
    ).fetchall()
    return _decoded(rows)


def _decoded(rows: list[tuple[str]]) -> list[Reservation]:
    decode = TABLE_OF[RESERVATIONS].decode
    return [decode(body) for (body,) in rows]
