"""Threads that read: a few, each with a connection of its own that cannot write."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from interlock_gateway.ports import ShelfUnavailable
from interlock_gateway.store.sqlite.connection import connect

P = ParamSpec("P")
T = TypeVar("T")


class Readers:
    """Runs queries beside the loop, each in a snapshot of its own."""

    def __init__(self, path: Path, *, threads: int = 4) -> None:
        """Open nothing yet: each thread opens its connection when it is first used."""
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="store-reader")

    async def run(self, query: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``query(connection, ...)`` in one of the threads.

        Raises:
            ShelfUnavailable: The database cannot be read.
        """
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, lambda: query(self._connection(), *args, **kwargs))
        except sqlite3.Error as failure:
            raise ShelfUnavailable(str(failure)) from failure

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path, read_only=True)
            self._opened.append(connection)
        return connection

    def close(self) -> None:
        """Wait for what is running, and close."""
        self._pool.shutdown()
        for connection in self._opened:
            connection.close()
        self._opened.clear()
