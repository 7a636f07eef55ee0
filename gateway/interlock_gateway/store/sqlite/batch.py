"""A batch of decisions as one SQL statement.

The batch is a row inserted into a temporary view; a trigger on the view spreads it over the tables, one statement a
table, out of JSON arrays. So the batch is one statement, which is its own transaction: all of it is written or nothing,
and Python's interpreter lock is handed over once for the whole batch, commit and disk included, however many rows it
has. (Measured: 20 % less than a statement a table, and no waiting for the lock between them while the loop is busy.)

Bodies travel beside the JSON, joined into one blob from which each row cuts its own: escaped inside the JSON, each
would be parsed again for every column of its row, which costs more than all the rest.
"""

# ruff: noqa: S608 - names of tables and columns are ours; every value is an argument

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from interlock_gateway.domain.capacity import NO_END, Commitment
from interlock_gateway.domain.request_memory import KEPT_FOR
from interlock_gateway.ports import Batch
from interlock_gateway.store.rows import TABLE_OF, TABLES
from interlock_gateway.store.rows.events import type_of
from interlock_gateway.store.table import ENCODER, Table

STALE: Final = "stale"
"""Message of the trigger when a version is not the one that the batch follows."""

_OTHERS: Final = (
    "books",
    "commitments",
    "commitments_ended",
    "pins",
    "pins_freed",
    "manifest_log",
    "requests",
    "events",
    "event_audience",
    "summaries",
    "bodies",
)
_COLUMNS: Final = tuple(name for table in TABLES for name in (table.name, f"{table.name}_ended")) + _OTHERS


def _cells(count: int, first: int = 0) -> str:
    """The first cells of a JSON row."""
    return ", ".join(f"value ->> {at}" for at in range(first, first + count))


def _body(at: int) -> str:
    """The body whose offset and length stand at ``at`` and after it."""
    return f"CAST(substr(NEW.bodies, value ->> {at}, value ->> {at + 1}) AS TEXT)"


def _write_values(table: Table[Any]) -> Iterator[str]:
    """Write values of one aggregate, each following the version that it was decided on, and end others."""
    name = table.name
    columns = ["key", "version", *table.columns, "body"]
    names = ", ".join(f'"{column}"' for column in columns)
    updates = ", ".join(f'"{column}" = excluded."{column}"' for column in columns[1:])
    yield (
        f'INSERT INTO "{name}" ({names}) '
        f'SELECT {_cells(len(columns) - 1)}, {_body(len(columns) - 1)} FROM json_each(NEW."{name}") WHERE true '
        f'ON CONFLICT (key) DO UPDATE SET {updates} WHERE excluded.version = "{name}".version + 1'
    )
    # A row that follows another version changes nothing, and is missed in the count.
    yield f"SELECT RAISE(ABORT, '{STALE}') WHERE changes() <> json_array_length(NEW.\"{name}\")"
    yield (
        f'DELETE FROM "{name}" WHERE (key, version) IN '
        f'(SELECT value ->> 0, value ->> 1 FROM json_each(NEW."{name}_ended"))'
    )
    yield f"SELECT RAISE(ABORT, '{STALE}') WHERE changes() <> json_array_length(NEW.\"{name}_ended\")"


def statements() -> Iterator[str]:
    """Give what the trigger does, in order."""
    # The lock of each bank: the version that the batch follows must be the latest.
    yield (
        f"SELECT RAISE(ABORT, '{STALE}') FROM json_each(NEW.books) "
        "WHERE (value ->> 4) <> coalesce((SELECT version FROM books WHERE bank = value ->> 0), 0)"
    )
    yield (
        "INSERT OR REPLACE INTO books (bank, version, manifest_number, next_status_index) "
        f"SELECT {_cells(4)} FROM json_each(NEW.books)"
    )
    for table in TABLES:
        yield from _write_values(table)
    # Capacity that is free again, and capacity that is taken.
    yield (
        "DELETE FROM commitments WHERE (bank, id) IN "
        "(SELECT value ->> 0, value ->> 1 FROM json_each(NEW.commitments_ended))"
    )
    yield (
        'INSERT OR REPLACE INTO commitments (bank, id, need, kind, start, "end", standing, token_out, moving_to, '
        f"door, since, floored) SELECT {_cells(12)} FROM json_each(NEW.commitments)"
    )
    # PINs: freed before others are taken, because the same digits may change hands in one batch.
    yield "DELETE FROM pins WHERE (bank, tag) IN (SELECT value ->> 0, value ->> 1 FROM json_each(NEW.pins_freed))"
    yield f"INSERT INTO pins (bank, tag, subject) SELECT {_cells(3)} FROM json_each(NEW.pins)"
    yield f"INSERT INTO manifest_log (bank, number, subject) SELECT {_cells(3)} FROM json_each(NEW.manifest_log)"
    # Outcomes; one that is too old to count gives way.
    yield (
        "INSERT INTO requests (party, method, request_id, digest, time, answer) "
        f"SELECT {_cells(5)}, {_body(5)} FROM json_each(NEW.requests) WHERE true "
        "ON CONFLICT (party, method, request_id) DO UPDATE "
        "SET digest = excluded.digest, time = excluded.time, answer = excluded.answer "
        f"WHERE requests.time <= excluded.time - {KEPT_FOR.total_seconds():.0f}"
    )
    yield f"SELECT RAISE(ABORT, '{STALE}') WHERE changes() <> json_array_length(NEW.requests)"
    # Events: the one writer gives each its position, after the last that was ever given.
    yield (
        "INSERT INTO events (position, key, sequence, type, time, recorded_time, body) "
        f"SELECT (SELECT position FROM log_head) + 1 + json_each.key, {_cells(5)}, {_body(5)} "
        "FROM json_each(NEW.events)"
    )
    # Who reads them; the first cell counts from the first event of the batch.
    yield (
        "INSERT INTO event_audience (position, party, view) "
        f"SELECT (SELECT position FROM log_head) + 1 + (value ->> 0), {_cells(2, 1)} "
        "FROM json_each(NEW.event_audience)"
    )
    yield "UPDATE log_head SET position = position + json_array_length(NEW.events) WHERE NEW.events IS NOT NULL"
    # What searches read of each plan; last, because other doors have it forgotten (migration 0002).
    yield (
        "UPDATE places SET summary = substr(NEW.bodies, found.value ->> 1, found.value ->> 2) "
        "FROM json_each(NEW.summaries) AS found WHERE places.bank = found.value ->> 0"
    )


SET_UP: Final = (
    f"CREATE TEMP VIEW batch AS SELECT {', '.join(f'NULL AS {name}' for name in _COLUMNS)}",
    f"CREATE TEMP TRIGGER write_batch INSTEAD OF INSERT ON batch BEGIN {'; '.join(statements())}; END",
)
"""What the writer's connection runs once."""

WRITE: Final = f"INSERT INTO batch ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
"""The statement; see ``arguments``."""


class _Bodies:
    """Bodies joined, and where each of them lies."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._end = 1  # SQL counts from 1

    def add(self, value: object) -> tuple[int, int]:
        """Encode a value; give its offset and its length."""
        return self.add_bytes(ENCODER.encode(value))

    def add_bytes(self, part: bytes) -> tuple[int, int]:
        """Add what is bytes already; give its offset and its length."""
        self._parts.append(part)
        offset = self._end
        self._end += len(part)
        return offset, len(part)

    def joined(self) -> bytes:
        """All of them."""
        return b"".join(self._parts)


def arguments(batch: Batch) -> list[str | bytes | None]:
    """Give the arguments of ``WRITE`` for a batch."""
    bodies = _Bodies()
    rows: dict[str, list[Any]] = {}
    for (aggregate, key), (value, version) in batch.values.items():
        table = TABLE_OF[aggregate]
        if value is None:
            if version:
                rows.setdefault(f"{table.name}_ended", []).append((key, version))
        else:
            row = table.row(key, version + 1, value)
            row += bodies.add(value)
            rows.setdefault(table.name, []).append(row)
    rows |= _books(batch)
    rows["summaries"] = [(book.bank, *bodies.add_bytes(book.summary)) for book in batch.books]
    rows["requests"] = [
        (*each.request.key, each.request.digest, each.time.timestamp(), *bodies.add(each.answer))
        for each in batch.remembered
    ]
    rows["events"] = [
        (
            each.key,
            each.sequence,
            type_of(each),
            each.time.timestamp(),
            each.recorded_time.timestamp(),
            *bodies.add(each),
        )
        for each in batch.events
    ]
    rows["event_audience"] = [
        (at, row.party, row.view) for at, each in enumerate(batch.events) for row in each.audience
    ]
    given: dict[str, str | bytes] = {name: ENCODER.encode(each).decode() for name, each in rows.items() if each}
    given["bodies"] = bodies.joined()
    return [given.get(name) for name in _COLUMNS]


def _books(batch: Batch) -> dict[str, list[Any]]:
    """Rows of everything that hangs on a bank's lock; the banks in the order of their names."""
    books = sorted(batch.books, key=lambda book: book.bank)
    return {
        "books": [
            (book.bank, book.version, book.manifest_number, book.next_status_index, book.before) for book in books
        ],
        "commitments_ended": [
            (book.bank, each) for book in books for each, commitment in book.commitments.items() if commitment is None
        ],
        "commitments": [
            _commitment(book.bank, commitment)
            for book in books
            for commitment in book.commitments.values()
            if commitment is not None
        ],
        "pins_freed": [(book.bank, tag) for book in books for tag in book.freed],
        "pins": [(book.bank, tag, subject) for book in books for tag, subject in book.pins.items()],
        "manifest_log": [(book.bank, number, subject) for book in books for number, subject in book.manifest],
    }


def _commitment(bank: str, commitment: Commitment) -> tuple[Any, ...]:
    """Write a commitment's row."""
    moving_to = commitment.moving_to
    return (
        bank,
        commitment.id,
        commitment.need.code,
        commitment.kind.code,
        commitment.start,
        None if commitment.end >= NO_END else commitment.end,
        commitment.standing,
        int(commitment.token_out),
        None if moving_to is None else moving_to.code,
        commitment.door,
        commitment.since,
        int(commitment.floored),
    )
