"""Streams that keep their place: a reservation, the banks, the events of a party."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.client.call import Call
from interlock.v1.directory_service_pb2 import WatchBanksRequest, WatchBanksResponse
from interlock.v1.event_pb2 import Event
from interlock.v1.event_service_pb2 import StreamEventsRequest, StreamEventsResponse
from interlock.v1.reservation_pb2 import Reservation
from interlock.v1.reservation_service_pb2 import WatchReservationRequest, WatchReservationResponse


class Watched:
    """One reservation, each revision once. Ends with the reservation."""

    endless = False

    def __init__(self, name: str) -> None:
        """Begin with the reservation as it is."""
        self._name = name
        self._revision = 0

    def call(self) -> Call[WatchReservationResponse]:
        """Ask anew: the first answer is the whole reservation, so nothing between is lost."""
        return Call(WatchReservationRequest(name=self._name), read=lambda answer: answer)

    def take(self, answer: WatchReservationResponse) -> Iterable[Reservation]:
        """Give the reservation unless this revision was given."""
        if answer.reservation.revision <= self._revision:
            return
        self._revision = answer.reservation.revision
        yield answer.reservation


class WatchedBanks:
    """The banks of an operator, or of all, as they change; continues behind the last answer's cursor."""

    endless = True

    def __init__(self, parent: str, names: Iterable[str], cursor: str) -> None:
        """Begin behind ``cursor``, or with each bank as it is where it is empty."""
        self._parent = parent
        self._names = list(names)
        self._cursor = cursor

    def call(self) -> Call[WatchBanksResponse]:
        """Ask for what comes behind the cursor."""
        request = WatchBanksRequest(parent=self._parent, names=self._names, cursor=self._cursor)
        return Call(request, read=lambda answer: answer)

    def take(self, answer: WatchBanksResponse) -> Iterable[WatchBanksResponse]:
        """Give the answer and remember where it stood."""
        yield answer
        self._cursor = answer.cursor or self._cursor


class Events:
    """The events of a party, from a cursor on, each once."""

    def __init__(self, request: StreamEventsRequest) -> None:
        """Begin where ``request`` says."""
        self._request = request
        self.endless = request.follow

    def call(self) -> Call[StreamEventsResponse]:
        """Ask for what comes behind the last event given."""
        request = StreamEventsRequest()
        request.CopyFrom(self._request)
        return Call(request, read=lambda answer: answer)

    def take(self, answer: StreamEventsResponse) -> Iterable[Event]:
        """Give the events, and keep the cursor behind each; that of the answer also passes what the filter left out."""
        for event in answer.events:
            yield event
            self._reached(event.cursor)
        self._reached(answer.cursor)

    def _reached(self, cursor: str) -> None:
        if cursor:
            self._request.cursor = cursor
            self._request.from_now = False  # from here on there is a place to continue at
