"""Connections to the database file, each with the settings on which durability rests."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

APPLICATION_ID: Final = 0x494C4B31
"""``ILK1``, in the file's header: this is a database of this program and of no other."""

BUSY_TIMEOUT_MS: Final = 10_000
"""How long a statement waits for another process's transaction."""

CHECKPOINT_PAGES: Final = 4_000
"""Length of the write-ahead log, in pages, at which the writer copies it back: 16 MB, so that pages that many
reservations touch are copied once and not once for each of them."""


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the file, which must exist.

    ``synchronous=FULL`` makes each commit wait for the disk: without it, WAL loses the last commits at a power cut.
    Transactions are begun by hand or not at all; a lone statement is its own.
    """
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,  # a pool may close what its threads opened
        cached_statements=256,
    )
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -32000")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    return connection
