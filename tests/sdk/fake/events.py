"""The fake's event log: one list, read from a place."""

# ruff: noqa: N802 - the contract names the methods and says what they are told

from __future__ import annotations

import time
from collections.abc import Iterator

from interlock.v1 import event_service_pb2 as pb
from tests.sdk.fake.world import Refusal, World


class Events:
    """``EventService``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def StreamEvents(self, request: pb.StreamEventsRequest, caller: str) -> Iterator[pb.StreamEventsResponse]:
        place = len(self._world.events) if request.from_now else 0
        if request.cursor:
            place = int(request.cursor.removeprefix("c"))
        if place < self._world.forgotten:
            earliest = f"c{self._world.forgotten}"
            raise Refusal("OUT_OF_RANGE", "CURSOR_TOO_OLD", f"The log begins at {earliest}.", earliest=earliest)
        yield pb.StreamEventsResponse(cursor=f"c{place}")
        for _ in range(2000):
            batch = self._world.events[place : place + (request.max_batch_size or 2)]
            place += len(batch)
            wanted = [event for event in batch if not request.subjects or event.subject in request.subjects]
            if batch:
                yield pb.StreamEventsResponse(events=wanted, cursor=f"c{place}")
                if self._world.cuts:
                    raise self._world.cuts.popleft()
            elif not request.follow:
                return
            else:
                time.sleep(0.005)
