"""The log as its readers see it: a page after a cursor, or all from a cursor on, as it comes (EVT-11, EVT-12)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from interlock_gateway.domain.errors import CursorTooOld, PageTokenInvalid
from interlock_gateway.domain.viewers import View
from interlock_gateway.ports import Event, Viewer

PAGE: Final = 500
"""Events read at once by a follower."""
_BEYOND: Final = 2**62
"""A position that no log reaches."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as one reader sees it.

    Attributes:
        position: Its place in the log, from 1; a cursor is the position of the last event read.
        event: The event.
        views: The capacities in which the reader sees it; they fix the fields.
    """

    position: int
    event: Event
    views: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the log reaches.

    Attributes:
        first: Position of the first event that is still there.
        head: The last position ever given; 0 before the first event.
    """

    first: int
    head: int


class Rows(Protocol):
    """Where the log is kept."""

    async def read(self, after: int, most: int, viewer: Viewer, /) -> tuple[Reach, Sequence[Entry]]:
        """Read what follows a position, as far as the viewer may, and how far the log reaches."""
        ...


class EventLog:
    """The log. ``added`` is what the committer calls after each commit."""

    def __init__(self, rows: Rows) -> None:
        """Read from ``rows``."""
        self._rows = rows
        self._listening: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    async def read(self, after: int, most: int, viewer: Viewer) -> Sequence[Entry]:
        """Read a page of what the viewer may see.

        Args:
            after: A cursor: the position after which to read; 0 for the beginning.
            most: At most so many.
            viewer: Who reads.

        Raises:
            CursorTooOld: The log no longer reaches back to the cursor.
            PageTokenInvalid: The log has never been so long; the cursor is of another log, or of one that was lost.
        """
        reach, entries = await self._rows.read(after, most, viewer)
        if after + 1 < reach.first:
            raise CursorTooOld(earliest=str(reach.first - 1))
        if after > reach.head:
            raise PageTokenInvalid(field="cursor")
        return entries

    async def head(self, viewer: Viewer) -> int:
        """Give the cursor of the present end: what is read after it has not happened yet."""
        reach, _ = await self._rows.read(_BEYOND, 1, viewer)
        return reach.head

    async def follow(self, after: int, viewer: Viewer) -> AsyncGenerator[Entry, None]:
        """Give everything after a cursor that the viewer may see, and then each event as it is committed.

        Raises:
            CursorTooOld: As ``read``.
            PageTokenInvalid: As ``read``.
        """
        with self.listening(viewer.names) as news:
            while True:
                news.clear()  # before reading: what is committed from here on wakes us again
                entries = await self.read(after, PAGE, viewer)
                for entry in entries:
                    yield entry
                    after = entry.position
                if not entries:
                    await news.wait()

    @contextmanager
    def listening(self, names: Iterable[str]) -> Iterator[asyncio.Event]:
        """Have an ``asyncio.Event`` set at each commit that concerns one of ``names``.

        Args:
            names: Of resources, for whoever watches one, or of an audience (``Viewer.names``).
        """
        names = tuple(names)
        news = asyncio.Event()
        for name in names:
            self._listening[name].add(news)
        try:
            yield news
        finally:
            for name in names:
                self._listening[name].discard(news)
                if not self._listening[name]:
                    del self._listening[name]

    def added(self, events: Sequence[Event]) -> None:
        """Wake those who listen for these events, and nobody else."""
        if not self._listening:
            return
        names = {event.key for event in events} | {row.party for event in events for row in event.audience}
        for name in names & self._listening.keys():
            for news in self._listening[name]:
                news.set()
