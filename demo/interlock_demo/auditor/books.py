"""Double bookings in the gateway's books: more promises than doors, or two stays behind one door."""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from interlock_demo.auditor.findings import Finding, Trouble

_DEPOSITED = 3
"""``commitments.standing`` of one whose parcel lies in the bank."""


def double_bookings(connection: sqlite3.Connection, *, now: float | None = None) -> Iterator[Finding]:
    """Hold the commitments of each bank against its doors.

    Args:
        connection: The gateway's database.
        now: Unix seconds; what should have ended by then and stands has no end. None: the time.

    Yields:
        One finding for each commitment too many at the worst moment of a kind, and for each door given twice.
    """
    moment = time.time() if now is None else now
    for bank, body in connection.execute("SELECT key, body FROM doors"):
        rows = connection.execute(
            'SELECT id, kind, start, "end", standing, door FROM commitments WHERE bank = ? ORDER BY id', (bank,)
        ).fetchall()
        yield from _more_than_doors(bank, _doors_of_kinds(json.loads(body)["doors"]), rows, moment)
        yield from _one_door_twice(bank, rows)


def _doors_of_kinds(doors: Iterable[dict[str, Any]]) -> Counter[int]:
    return Counter(_code(door["kind"]) for door in doors)


def _code(kind: dict[str, int]) -> int:
    """Write a kind as the column ``commitments.kind`` does: features above climate above class, 4 bits each below."""
    return kind.get("features", 0) << 8 | kind.get("climate", 1) << 4 | kind["size_class"]


def _more_than_doors(bank: str, doors: Counter[int], rows: Iterable[Any], now: float) -> Iterator[Finding]:
    steps: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for _id, kind, start, end, _standing, _door in rows:
        until = math.inf if end is None or end <= now else end
        steps[kind] += [(start, 1), (until, -1)]
    for kind, changes in sorted(steps.items()):
        taken = most = 0
        for _moment, change in sorted(changes):  # at one moment what ends goes before what begins
            taken += change
            most = max(most, taken)
        for number in range(doors[kind] + 1, most + 1):
            yield Finding(
                Trouble.DOUBLE_BOOKING,
                bank,
                f"Promise {number} of kind {kind} at a time; there are {doors[kind]} doors.",
            )


def _one_door_twice(bank: str, rows: Iterable[Any]) -> Iterator[Finding]:
    inside: dict[str, str] = {}
    for id_, _kind, _start, _end, standing, door in rows:
        if standing != _DEPOSITED or door is None:
            continue
        if door in inside:
            yield Finding(Trouble.DOUBLE_BOOKING, bank, f"{inside[door]} and {id_} both lie in compartment {door}.")
        inside[door] = id_
