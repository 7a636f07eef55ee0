"""Lost events: gaps in the log, and changes that were never told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from interlock_demo.auditor.findings import Finding, Trouble


def lost_events(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Count what is missing in a gateway's log.

    Args:
        connection: The gateway's database.

    Yields:
        One finding for each event that should be there and is not.
    """
    yield from _positions(connection)
    yield from _sequences(connection)
    yield from _revisions(connection)


def _positions(connection: sqlite3.Connection) -> Iterator[Finding]:
    # A log may have been shortened at its beginning, never in its middle.
    there = [position for (position,) in connection.execute("SELECT position FROM events ORDER BY position")]
    (head,) = connection.execute("SELECT position FROM log_head").fetchone()
    last = there[0] - 1 if there else head
    for position in [*there, head + 1]:
        for missing in range(last + 1, position):
            yield Finding(Trouble.LOST_EVENT, "the log", f"There is no event at position {missing}.")
        last = position


def _sequences(connection: sqlite3.Connection) -> Iterator[Finding]:
    (first,) = connection.execute("SELECT COALESCE(MIN(position), 1) FROM events").fetchone()
    last_of: dict[str, int] = {}
    for key, sequence in connection.execute("SELECT key, sequence FROM events ORDER BY position"):
        # Where the log was shortened, the oldest event left of a key may be any.
        last = last_of.get(key, 0 if first == 1 else sequence - 1)
        if sequence <= last:
            yield Finding(Trouble.LOST_EVENT, key, f"Event {sequence} stands behind event {last}.")
        for missing in range(last + 1, sequence):
            yield Finding(Trouble.LOST_EVENT, key, f"There is no event {missing}.")
        last_of[key] = sequence


def _revisions(connection: sqlite3.Connection) -> Iterator[Finding]:
    told = dict(connection.execute("SELECT key, MAX(sequence) FROM events GROUP BY key"))
    (first,) = connection.execute("SELECT COALESCE(MIN(position), 1) FROM events").fetchone()
    for carrier, id_, body in connection.execute("SELECT carrier, key, body FROM reservations"):
        name = f"parties/{carrier}/reservations/{id_}"
        revision = int(json.loads(body)["revision"])
        if name not in told and first > 1:
            continue
        for missing in range(told.get(name, 0) + 1, revision + 1):
            yield Finding(Trouble.LOST_EVENT, name, f"Revision {missing} was never told.")
