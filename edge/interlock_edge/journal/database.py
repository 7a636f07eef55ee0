"""The journal's file: who may hold it, what a transaction is, and what a full disk does (EVD-20, EVD-23)."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from interlock_edge.journal.rows import Row

Seam = Callable[[str], None]
"""Called at every point at which a power cut could strike between two writes. A crash test raises or kills here."""

FULL = 2
"""``PRAGMA synchronous`` as SQLite numbers it."""


class JournalUnreadableError(Exception):
    """The journal cannot be trusted. The message is one plain sentence for whoever stands before the bank."""


class JournalFullError(Exception):
    """The journal could not be written: no door opens before it can. Nothing of the change was kept."""


class Database:
    """One open file, held by one process."""

    def __init__(self, path: Path, lock: IO[str], seam: Seam) -> None:
        """Open the file whose ``lock`` is held.

        Raises:
            sqlite3.Error: the file is no database.
            ValueError: it cannot be made durable where it lies.
        """
        self.path = path
        self._lock, self._seam = lock, seam
        self._db = sqlite3.connect(path, isolation_level=None)
        # The write-ahead log needs one fsync a commit; FULL has it happen before COMMIT returns. Both are the
        # connection's to ask for.
        mode = self.one("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        if mode != "wal" or self.one("PRAGMA synchronous") != FULL:
            self._db.close()
            message = "the file system cannot keep a write-ahead log"
            raise ValueError(message)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        self._lock.close()

    def rows(self, query: str, values: Row = ()) -> Iterator[Row]:
        """Read rows."""
        return self._db.execute(query, values)

    def one(self, query: str, values: Row = ()) -> Any:  # noqa: ANN401  a value of whatever column was asked for
        """Read the first column of the first row; nothing without a row."""
        row = self._db.execute(query, values).fetchone()
        return row[0] if row else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write what is written within, all or nothing, and have it survive a power cut before going on.

        Raises:
            JournalFullError: the disk is full or refuses.
        """
        self._seam("begin")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._seam("commit")
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            message = f"The journal at {self.path} could not be written ({error})."
            raise JournalFullError(message) from error
        self._seam("committed")

    def run(self, point: str, statement: str, values: Row = ()) -> int:
        """Write, within a transaction; return how many rows changed. ``point`` names the write to the seam."""
        self._seam(point)
        return self._db.execute(statement, values).rowcount

    def put(self, table: str, values: Iterable[Row]) -> None:
        """Put rows in place of those of the same key, within a transaction."""
        for row in values:
            marks = ", ".join("?" * len(row))
            self.run(table, f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608  our own names


def hold(path: Path) -> IO[str]:
    """Hold a journal against every other process, for as long as the returned file is open.

    Raises:
        JournalUnreadableError: another process holds it.
    """
    lock = path.with_name(path.name + ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        message = f"The journal at {path} is in use by another process."
        raise JournalUnreadableError(message) from error
    return lock


def sync_folder(path: Path) -> None:
    """Have the name of a new file itself survive a power cut."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
