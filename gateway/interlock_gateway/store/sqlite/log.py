"""The rows of the event log, read from a position on."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from interlock_gateway.domain.viewers import View
from interlock_gateway.events.log import Entry, Reach
from interlock_gateway.ports import Viewer
from interlock_gateway.store.rows.events import decode
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.table import ENCODER

# Which events the viewer may read, and in which views. One range scan of the audience's key for each name that stands
# for the viewer, each no longer than the page; their union is cut to the page before any event is read.
_READ = """
WITH mine AS (
  SELECT a.position, a.view
  FROM json_each(:names) AS name
  CROSS JOIN event_audience AS a ON a.party = name.value AND a.position IN (
    SELECT position FROM event_audience
    WHERE party = name.value AND position > :after ORDER BY position LIMIT :most
  )
),
cut AS (
  SELECT position, json_group_array(DISTINCT view) AS views
  FROM mine GROUP BY position ORDER BY position LIMIT :most
)
SELECT e.position, e.type, e.body, cut.views
FROM cut CROSS JOIN events AS e ON e.position = cut.position
ORDER BY e.position
"""


class LogRows:
    """The log in the database."""

    def __init__(self, readers: Readers) -> None:
        """Read with ``readers``."""
        self._readers = readers

    async def read(self, after: int, most: int, viewer: Viewer) -> tuple[Reach, Sequence[Entry]]:
        """Read what follows a position, as far as the viewer may, and how far the log reaches."""
        return await self._readers.run(_read, after, most, viewer)


def _read(connection: sqlite3.Connection, after: int, most: int, viewer: Viewer) -> tuple[Reach, Sequence[Entry]]:
    connection.execute("BEGIN")
    try:
        (head,) = connection.execute("SELECT position FROM log_head").fetchone()
        (first,) = connection.execute("SELECT coalesce(min(position), ?) FROM events", (head + 1,)).fetchone()
        rows = connection.execute(
            _READ, {"names": ENCODER.encode(viewer.names).decode(), "after": after, "most": most}
        ).fetchall()
    finally:
        connection.execute("COMMIT")
    return Reach(first, head), [
        Entry(position, decode(type_, body), _views(views)) for position, type_, body, views in rows
    ]


def _views(array: str) -> tuple[View, ...]:
    held = set(msgspec.json.decode(array))
    return tuple(view for view in View if view in held)
