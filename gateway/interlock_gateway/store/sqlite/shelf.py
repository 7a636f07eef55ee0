"""The committer's half of the store: loads by key, writes whole batches."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Final

from interlock_gateway.domain.request_memory import KEPT_FOR
from interlock_gateway.ports import At, Batch, Found, InDoubt, NotAccepted, ShelfUnavailable, Stale, Wanted
from interlock_gateway.store.sqlite.batch import SET_UP, STALE, WRITE, arguments
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.store.sqlite.loading import load
from interlock_gateway.store.sqlite.readers import Readers

_NOTHING_HAPPENED: Final = ("SQLITE_BUSY", "SQLITE_LOCKED")
"""Failures that leave no doubt: the statement never got the write lock."""


_FORGET: Final = "DELETE FROM requests WHERE rowid IN (SELECT rowid FROM requests ORDER BY rowid LIMIT ?) AND time <= ?"


class SqliteShelf:
    """A shelf over a SQLite file; one thread writes."""

    def __init__(self, path: Path, readers: Readers) -> None:
        """Open the writer's connection; ``schema.prepare`` has made the file."""
        self._readers = readers
        self._connection = connect(path)
        for statement in SET_UP:
            self._connection.execute(statement)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")

    async def load(self, wanted: Wanted) -> Found:
        """Load in one snapshot."""
        return await self._readers.run(load, wanted)

    async def write(self, batch: Batch) -> None:
        """Write all of a batch or nothing, durably."""
        given = arguments(batch)
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writer, self._connection.execute, WRITE, given)
        except sqlite3.IntegrityError as failure:
            if str(failure) == STALE:
                raise Stale from failure
            raise NotAccepted(str(failure)) from failure
        except sqlite3.Error as failure:
            if failure.sqlite_errorname.startswith(_NOTHING_HAPPENED):
                raise ShelfUnavailable(str(failure)) from failure
            raise InDoubt(str(failure)) from failure

    async def landed(self, batch: Batch) -> bool:
        """Look up one thing that the batch wrote: with it, all of the batch is there (REQ-23)."""
        if batch.remembered:
            request = batch.remembered[0].request
            found = await self.load(Wanted(requests={request.key}))
            before = found.requests.get(request.key)
            return before is not None and before.time == batch.remembered[0].time
        if batch.books:
            book = batch.books[0]
            books = (await self.load(Wanted(books={book.bank}))).books
            return book.bank in books and books[book.bank].version >= book.version
        if batch.values:
            at, (value, version) = next(iter(batch.values.items()))
            found = await self.load(Wanted(values={at}))
            kept = found.values.get(At(*at))
            return kept is None if value is None else kept is not None and kept.version > version
        event = batch.events[0]
        return bool((await self.load(Wanted(told={(event.key, event.sequence)}))).told)

    async def forget_old_requests(self, now: datetime, most: int = 1000) -> int:
        """Remove outcomes that are remembered no longer (REQ-1), a few at a time between two batches.

        Only the oldest rows are looked at: their order is that of time, and an index on time would cost every write.

        Returns:
            How many were removed.
        """
        loop = asyncio.get_running_loop()
        before = (now - KEPT_FOR).timestamp()
        try:
            done = await loop.run_in_executor(self._writer, self._connection.execute, _FORGET, (most, before))
        except sqlite3.Error as failure:
            raise ShelfUnavailable(str(failure)) from failure
        return done.rowcount

    def close(self) -> None:
        """Wait for the write that is under way, and close."""
        self._writer.shutdown()
        self._connection.close()
