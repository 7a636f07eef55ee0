"""Loading what a batch of proposals needs, one statement a table, in one snapshot."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from interlock_gateway.domain.capacity import NO_END, Commitment, Kind, Need, Standing
from interlock_gateway.ports import (
    Aggregate,
    At,
    BookRow,
    Event,
    Found,
    Kept,
    PinRow,
    Remembered,
    Request,
    RequestKey,
    Wanted,
)
from interlock_gateway.store.rows import TABLE_OF
from interlock_gateway.store.rows.events import decode
from interlock_gateway.store.table import ENCODER


def load(connection: sqlite3.Connection, wanted: Wanted) -> Found:
    """Load everything that is wanted and there."""
    connection.execute("BEGIN")
    try:
        return Found(
            dict(_values(connection, wanted.values)),
            _books(connection, wanted.books) if wanted.books else {},
            _requests(connection, wanted.requests) if wanted.requests else {},
            _told(connection, wanted.told) if wanted.told else {},
        )
    finally:
        connection.execute("COMMIT")


def _array(values: Iterable[Any]) -> str:
    return ENCODER.encode(list(values)).decode()


def _values(connection: sqlite3.Connection, places: Iterable[At]) -> Iterable[tuple[At, Kept]]:
    keys: defaultdict[Aggregate[Any], list[str]] = defaultdict(list)
    for aggregate, key in places:
        keys[aggregate].append(key)
    for aggregate, wanted in keys.items():
        table = TABLE_OF[aggregate]
        rows = connection.execute(
            f'SELECT key, version, body FROM "{table.name}" WHERE key IN (SELECT value FROM json_each(?))',  # noqa: S608 - the name is ours
            (_array(wanted),),
        )
        for key, version, body in rows:
            yield At(aggregate, key), Kept(table.decode(body), version)


def _books(connection: sqlite3.Connection, banks: Iterable[str]) -> Mapping[str, BookRow]:
    wanted = (_array(banks),)
    # The lock and the counters of each bank.
    rows = connection.execute(
        "SELECT bank, version, manifest_number, next_status_index FROM books "
        "WHERE bank IN (SELECT value FROM json_each(?))",
        wanted,
    )
    commitments: defaultdict[str, list[Commitment]] = defaultdict(list)
    pins: defaultdict[str, list[PinRow]] = defaultdict(list)
    books = {
        bank: BookRow(bank, version, number, index, commitments[bank], pins[bank])
        for bank, version, number, index in rows
    }
    # What stands.
    for bank, *cells in connection.execute(
        'SELECT bank, id, need, kind, start, "end", standing, token_out, moving_to, door, since, floored '
        "FROM commitments WHERE bank IN (SELECT value FROM json_each(?))",
        wanted,
    ):
        commitments[bank].append(commitment(*cells))
    # The PINs that are taken.
    for bank, tag, subject in connection.execute(
        "SELECT bank, tag, subject FROM pins WHERE bank IN (SELECT value FROM json_each(?))", wanted
    ):
        pins[bank].append(PinRow(tag, subject))
    return books


def commitment(  # noqa: PLR0917 - the columns, in their order
    id_: str,
    need: int,
    kind: int,
    start: int,
    end: int | None,
    standing: int,
    token_out: int,
    moving_to: int | None,
    door: str | None,
    since: int,
    floored: int,
) -> Commitment:
    """Read the cells of a commitment's row, after its bank."""
    return Commitment(
        id=id_,
        need=Need.of_code(need),
        kind=Kind.of_code(kind),
        start=start,
        end=NO_END if end is None else end,
        standing=Standing(standing),
        token_out=bool(token_out),
        moving_to=None if moving_to is None else Kind.of_code(moving_to),
        door=door,
        since=since,
        floored=bool(floored),
    )


def _requests(connection: sqlite3.Connection, keys: Iterable[RequestKey]) -> Mapping[RequestKey, Remembered]:
    # CROSS JOIN: for each key one look into the index, whatever the statistics say.
    rows = connection.execute(
        "SELECT r.party, r.method, r.request_id, r.digest, r.time, r.answer FROM json_each(?) AS wanted "
        "CROSS JOIN requests AS r ON r.party = wanted.value ->> 0 AND r.method = wanted.value ->> 1 "
        "AND r.request_id = wanted.value ->> 2",
        (_array(keys),),
    )
    return {
        (party, method, request_id): Remembered(
            Request(party, method, request_id, digest), msgspec.json.decode(answer), datetime.fromtimestamp(time, UTC)
        )
        for party, method, request_id, digest, time, answer in rows
    }


def _told(connection: sqlite3.Connection, places: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Event]:
    rows = connection.execute(
        "SELECT e.key, e.sequence, e.type, e.body FROM json_each(?) AS wanted "
        "CROSS JOIN events AS e ON e.key = wanted.value ->> 0 AND e.sequence = wanted.value ->> 1",
        (_array(places),),
    )
    return {(key, sequence): decode(type_, body) for key, sequence, type_, body in rows}
