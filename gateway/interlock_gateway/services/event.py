"""``EventService``: the log, as each party may read it (EVT-2 to EVT-4)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from interlock.v1 import event_service_pb2 as pb
from interlock_gateway.domain.errors import BankUnknown, PageTokenInvalid, ReservationUnknown
from interlock_gateway.domain.names import BankName, ReservationName, parse
from interlock_gateway.events.log import Entry
from interlock_gateway.ports import Viewer
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.event import event_message, type_of
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.store.sqlite.directory import Directory
from interlock_gateway.store.sqlite.reservations import Reservations

MOST_AT_ONCE: Final = 500
DEFAULT_BATCH: Final = 100
STILL_HERE_S: Final = 25.0
"""After so long without an event an answer says that the line still stands."""


class EventServicer:
    """Gives events, in the order of the log."""

    SERVICE: Final = pb.DESCRIPTOR.services_by_name["EventService"]

    def __init__(self, parts: Parts) -> None:
        """Serve from the parts of a gateway."""
        self._parts = parts
        self._reservations = Reservations(parts.readers)
        self._banks = Directory(parts.readers)

    async def StreamEvents(self, request: pb.StreamEventsRequest, call: Call) -> AsyncIterator[pb.StreamEventsResponse]:
        """Give what follows a cursor; with ``follow``, and then each event as it happens."""
        viewer = call.viewer
        if request.cursor and not request.cursor.isdecimal():
            raise PageTokenInvalid(field="cursor")
        for subject in request.subjects:
            await self._check(subject, viewer)
        log = self._parts.log
        after = await log.head(viewer) if request.from_now else int(request.cursor or 0)
        wanted = _wanted(request)
        size = request.max_batch_size or DEFAULT_BATCH
        with log.listening(viewer.names) as news:
            while True:
                news.clear()
                entries = await log.read(after, MOST_AT_ONCE, viewer)
                for batch in _batches([each for each in entries if wanted(each)], size):
                    yield self._answer(batch, batch[-1].position)
                if entries:
                    # Also where nothing was wanted: whoever comes back need not read all of it again.
                    if not wanted(entries[-1]):
                        yield self._answer((), entries[-1].position)
                    after = entries[-1].position
                elif not request.follow:
                    yield self._answer((), after)
                    return
                else:
                    try:
                        await asyncio.wait_for(news.wait(), STILL_HERE_S)
                    except TimeoutError:
                        yield self._answer((), after)

    async def _check(self, subject: str, viewer: Viewer) -> None:
        """Refuse a subject that for this viewer does not exist.

        Raises:
            Refusal: With the reason of its kind.
        """
        match parse(subject, field="subjects"):
            case ReservationName() as name:
                if await self._reservations.get(name, viewer) is None:
                    raise ReservationUnknown(reservation=subject)
            case BankName() as name:
                if await self._banks.get(name, viewer) is None:
                    raise BankUnknown(bank=subject)

    def _answer(self, entries: Sequence[Entry], cursor: int) -> pb.StreamEventsResponse:
        network = self._parts.files.network_id
        return pb.StreamEventsResponse(
            events=[project(event_message(each, network=network), each.views) for each in entries],
            cursor=str(cursor),
        )


def _wanted(request: pb.StreamEventsRequest) -> Callable[[Entry], bool]:
    """Say which events are asked for: by their type, or its beginning where that ends in a dot; by their subject."""
    beginnings = tuple(each for each in request.types if each.endswith("."))
    types, subjects = frozenset(request.types), frozenset(request.subjects)

    def wanted(entry: Entry) -> bool:
        kind = type_of(entry)
        return (not types or kind in types or kind.startswith(beginnings)) and (
            not subjects or entry.event.key in subjects
        )

    return wanted


def _batches(entries: Sequence[Entry], size: int) -> list[Sequence[Entry]]:
    return [entries[at : at + size] for at in range(0, len(entries), size)]
