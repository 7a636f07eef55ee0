"""``EventService``: the log, as each party may read it (EVT-2 to EVT-4)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from interlock.v1 import event_service_pb2 as pb
from interlock_gateway.domain.errors import PageTokenInvalid
from interlock_gateway.events.log import Entry
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.event import event_message, type_of
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project

MOST_AT_ONCE: Final = 500
DEFAULT_BATCH: Final = 100


class EventServicer:
    """Gives events, in the order of the log."""

    SERVICE: Final = pb.DESCRIPTOR.services_by_name["EventService"]

    def __init__(self, parts: Parts) -> None:
        """Serve from the parts of a gateway."""
        self._parts = parts

    async def StreamEvents(self, request: pb.StreamEventsRequest, call: Call) -> AsyncIterator[pb.StreamEventsResponse]:
        """Give what follows a cursor; with ``follow``, and then each event as it happens."""
        viewer = call.viewer
        if request.cursor and not request.cursor.isdecimal():
            raise PageTokenInvalid(field="cursor")
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
                    await news.wait()

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
