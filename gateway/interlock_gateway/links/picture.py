"""What a bank must know, read from the store in one snapshot."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.reservation import ENDED_UNUSED, INSIDE, Reservation, RightStatus, State
from interlock_gateway.ports import Aggregate
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.use_cases.aggregates import BANKS, COLLECTOR_GROUPS, DOORS, RESERVATIONS
from interlock_gateway.use_cases.doors import Doors
from interlock_gateway.use_cases.groups import key as group_key

T = TypeVar("T")

_LIVE: Final = json.dumps(sorted({State.CONFIRMED} | INSIDE))
_ENDED: Final = json.dumps(sorted(ENDED_UNUSED))
_LATE: Final = timedelta(days=1)
"""How long after its deposit window an ended reservation is still told: longer than its token can be accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A bank at one instant.

    Attributes:
        number: Of the latest change that it must hear of.
        bank: The bank.
        doors: Its doors.
        reservations: All that a snapshot tells of, or those that a delta does.
        missing: Ids that were to be told of and are no reservations.
        groups: Subject of the collector's PIN and QR, by reservation id, where it has a group.
        configured: The configuration is told.
        revoked: Places of the status list that are revoked; ``None`` where nothing of that changed.
    """

    number: int
    bank: Bank
    doors: Doors
    reservations: tuple[Reservation, ...]
    missing: tuple[str, ...]
    groups: dict[str, str]
    configured: bool
    revoked: tuple[int, ...] | None


def latest(connection: sqlite3.Connection, bank: str) -> int:
    """Read the number of the latest change that a bank must hear of; 0 for none."""
    row = connection.execute("SELECT manifest_number FROM books WHERE bank = ?", (bank,)).fetchone()
    return 0 if row is None else int(row[0])


def whole(connection: sqlite3.Connection, bank: str, now: datetime) -> Picture | None:
    """Read all that a bank must know; ``None`` where there is no such bank."""
    with _snapshot(connection):
        found = _value(connection, BANKS, bank)
        rows = connection.execute(
            "SELECT body FROM reservations WHERE bank = ? AND (state IN (SELECT value FROM json_each(?)) OR "
            "(state IN (SELECT value FROM json_each(?)) AND body ->> '$.window.end' >= ?))",
            (bank, _LIVE, _ENDED, (now - _LATE).isoformat()),
        )
        reservations = _decoded(rows)
        if found is None:
            return None
        return Picture(
            number=latest(connection, bank),
            bank=found,
            doors=_value(connection, DOORS, bank) or Doors(bank),
            reservations=reservations,
            missing=(),
            groups=_groups(connection, reservations),
            configured=True,
            revoked=_revoked(connection, bank, now),
        )


def since(connection: sqlite3.Connection, bank: str, number: int, now: datetime) -> Picture | None:
    """Read what changed for a bank after ``number``; ``None`` where there is no such bank."""
    with _snapshot(connection):
        found = _value(connection, BANKS, bank)
        if found is None:
            return None
        rows = connection.execute(
            "SELECT DISTINCT subject FROM manifest_log WHERE bank = ? AND number > ?", (bank, number)
        )
        subjects = {subject for (subject,) in rows}
        ids = subjects - {""}
        rows = connection.execute(
            "SELECT body FROM reservations WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(sorted(ids)),)
        )
        reservations = _decoded(rows)
        ended = any(right.status is RightStatus.REVOKED for each in reservations for right in each.rights)
        return Picture(
            number=latest(connection, bank),
            bank=found,
            doors=_value(connection, DOORS, bank) or Doors(bank),
            reservations=reservations,
            missing=tuple(sorted(ids - {each.name.reservation for each in reservations})),
            groups=_groups(connection, reservations),
            configured="" in subjects,
            revoked=_revoked(connection, bank, now) if ended or "" in subjects else None,
        )


def heard(connection: sqlite3.Connection, bank: str, after: int, number: int) -> tuple[Reservation, ...]:
    """Read the reservations of which a bank that holds ``number`` knows the latest, and did not at ``after``."""
    rows = connection.execute(
        "SELECT r.body FROM (SELECT subject, max(number) AS latest FROM manifest_log WHERE bank = ? AND subject <> '' "
        "GROUP BY subject) AS told JOIN reservations AS r ON r.key = told.subject "
        "WHERE told.latest > ? AND told.latest <= ?",
        (bank, after, number),
    )
    return _decoded(rows)


def bank_of(connection: sqlite3.Connection, token_audience: str) -> str | None:
    """Find a bank's name by its audience."""
    row = connection.execute("SELECT key FROM banks WHERE token_audience = ?", (token_audience,)).fetchone()
    return None if row is None else str(row[0])


def value(connection: sqlite3.Connection, aggregate: Aggregate[T], key: str) -> T | None:
    """Read one value; ``None`` where there is none."""
    return _value(connection, aggregate, key)


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Have all reads within see the same commit."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def _value(connection: sqlite3.Connection, aggregate: Aggregate[T], key: str) -> T | None:
    table = TABLE_OF[aggregate]
    statement = f'SELECT body FROM "{table.name}" WHERE key = ?'  # noqa: S608 - the table's name is ours
    row = connection.execute(statement, (key,)).fetchone()
    return None if row is None else table.decode(row[0])


def _decoded(rows: Iterable[tuple[Any]]) -> tuple[Reservation, ...]:
    decode = TABLE_OF[RESERVATIONS].decode
    return tuple(decode(body) for (body,) in rows)


def _groups(connection: sqlite3.Connection, reservations: Iterable[Reservation]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in reservations:
        if each.group is not None:
            group = _value(connection, COLLECTOR_GROUPS, group_key(each.carrier, str(each.bank), each.group))
            if group is not None:
                found[each.name.reservation] = group.uid
    return found


def _revoked(connection: sqlite3.Connection, bank: str, now: datetime) -> tuple[int, ...]:
    """Read the places of rights that were revoked and whose tokens have not ended."""
    rows = connection.execute(
        "SELECT given.value ->> '$.status_index', given.value ->> '$.expire_time' FROM reservations AS r, "
        "json_each(r.body, '$.rights') AS given WHERE r.bank = ? AND given.value ->> '$.status' = 'REVOKED'",
        (bank,),
    )
    return tuple(sorted({index for index, expires in rows if datetime.fromisoformat(expires) + _LATE > now}))
