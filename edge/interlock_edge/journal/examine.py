"""Reading a journal through before it is trusted, without changing a byte of it (EVD-24)."""

import sqlite3
from contextlib import closing
from pathlib import Path

from interlock import chain
from interlock_edge.custody.fact import Gap, Lane
from interlock_edge.journal import rows, schema


def examine(path: Path) -> None:
    """Read the whole journal through.

    The connection is read-only: it takes part in the write-ahead log but never moves it into the file.

    Raises:
        ValueError: what is wrong, in a few plain words.
        sqlite3.Error: the file is no database, or a damaged one.
    """
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)) as db:
        if db.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
            message = "it is no journal"
            raise ValueError(message)
        if db.execute("PRAGMA user_version").fetchone()[0] > schema.VERSION:
            message = "it was written by a newer agent"
            raise ValueError(message)
        verdict = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            message = f"the file says: {verdict}"
            raise ValueError(message)
        for lane in Lane:
            _numbers(db, lane)
        for table, read in (("ledger", rows.to_ledger), ("tenancy", rows.to_tenancy), ("door", rows.to_door)):
            for row in db.execute(f"SELECT * FROM {table}"):  # noqa: S608  our own names
                read(row)


def _numbers(db: sqlite3.Connection, lane: Lane) -> None:
    """Hold a lane's numbers to be gapless, and the custody lane's hashes to follow from one another."""
    last, head, number, follows = db.execute(
        "SELECT last, head, pruned, pruned_head FROM lane WHERE lane = ?", (lane.value,)
    ).fetchone()
    facts = db.execute("SELECT number, kind, bytes, hash FROM fact WHERE lane = ? ORDER BY number", (lane.value,))
    for found, kind, body, kept in facts:
        number = found if kind == Gap.__name__ and lane is not Lane.CUSTODY else number + 1
        if lane is Lane.CUSTODY:
            follows = chain.follow(follows, body)
        if found != number or kept != follows:
            message = f"fact {number} of lane {lane.value} is missing or was changed"
            raise ValueError(message)
    if (number, follows) != (last, head):
        message = f"lane {lane.value} ends at fact {number}, not at {last}"
        raise ValueError(message)
