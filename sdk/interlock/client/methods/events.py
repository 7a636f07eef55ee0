"""What changed, from a cursor on: ``EventService``."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.client.core import Core
from interlock.client.following import Events as Followed
from interlock.client.method import iterating
from interlock.v1.event_service_pb2 import StreamEventsRequest


class Events(Core):
    """Events for those who read no Kafka."""

    @iterating
    def events(
        self,
        *,
        after: str = "",
        from_now: bool = False,
        follow: bool = True,
        types: Iterable[str] = (),
        subjects: Iterable[str] = (),
    ) -> Followed:
        """Iterate over the events that concern the caller, oldest first, each once.

        An interrupted line is taken up again behind the last event given: without a gap, without a double. To continue
        in another process, keep ``event.cursor`` with the result of what was done with the event, and give it as
        ``after``. A consumer that may be stopped between the two keeps ``event.sequence`` of each ``event.subject``
        too and drops what is not above it.

        Args:
            after: ``cursor`` of the last event seen. Empty: from the oldest event kept.
            from_now: Without ``after``: begin with the next event.
            follow: Go on at the present end, for ever. Without: stop there.
            types: Only these, or those that begin with one that ends in a dot: ``["interlock.custody."]``.
            subjects: Only of these resources.

        Raises:
            interlock.errors.CursorTooOld: the log no longer reaches back so far; ``metadata["earliest"]`` still works.

        >>> seen = list(client.events(follow=False))
        >>> [event.type for event in seen]
        ['interlock.reservation.confirmed.v1', 'interlock.reservation.cancelled.v1', ...]
        >>> len(list(client.events(after=seen[0].cursor, follow=False))) == len(seen) - 1
        True
        """
        request = StreamEventsRequest(cursor=after, from_now=from_now, follow=follow, types=types, subjects=subjects)
        return Followed(request)
