"""The events of one resource, oldest first; whoever asks has been let see the resource before."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from interlock_gateway.ports import Event
from interlock_gateway.store.rows.events import decode


def history(connection: sqlite3.Connection, key: str) -> Sequence[Event]:
    """Read all events of the resource of this name."""
    rows = connection.execute("SELECT type, body FROM events WHERE key = ? ORDER BY sequence", (key,)).fetchall()
    return [decode(type_, body) for type_, body in rows]
