"""Facts on their way: in order, lane by lane, sent again on each stream until acknowledged (LNK-20)."""

from collections.abc import Iterator, Mapping

from interlock.edge.v1 import fact_pb2, link_service_pb2
from interlock_edge.custody.fact import Lane
from interlock_edge.journal.encoding import lane_number
from interlock_edge.journal.lanes import Lanes

BATCH = 200
"""Facts in one message; the contract allows 500, and a message stays well below gRPC's limit of 4 MiB."""
WINDOW = 1_000
"""Facts of one lane on their way without acknowledgement."""

_LANES: dict[int, Lane] = {lane_number(lane): lane for lane in Lane}


class Outbox:
    """What one stream has sent and what was acknowledged on it."""

    def __init__(self, lanes: Lanes, committed: Mapping[int, int]) -> None:
        """Begin a stream.

        Args:
            lanes: The journal's.
            committed: What the gateway says that it has, by the contract's number of the lane. It is believed even
                below what was acknowledged before: a gateway restored from a backup asks for facts again.
        """
        self._lanes = lanes
        self._sent = {lane: committed.get(number, 0) for number, lane in _LANES.items()}
        self._acknowledged = dict(self._sent)
        for number, lane in _LANES.items():
            if number in committed:
                lanes.acknowledge(lane, committed[number])

    def due(self) -> Iterator[link_service_pb2.Facts]:
        """Yield what can be sent now, custody first."""
        for lane in Lane:
            while self._sent[lane] - self._acknowledged[lane] < WINDOW:
                facts = self._lanes.facts(lane, after=self._sent[lane], limit=BATCH)
                if not facts:
                    break
                self._sent[lane] = facts[-1].number
                yield link_service_pb2.Facts(
                    lane=lane_number(lane),
                    facts=[fact_pb2.SealedFact(fact=fact.body, receipt=fact.receipt) for fact in facts],
                )

    def acknowledged(self, lane_said: int, number: int) -> None:
        """Take in that everything of a lane up to ``number`` is committed.

        Raises:
            JournalFullError: it could not be written; it will be acknowledged again.
        """
        lane = _LANES.get(lane_said)
        if lane is not None and number <= self._sent[lane]:
            self._acknowledged[lane] = max(self._acknowledged[lane], number)
            self._lanes.acknowledge(lane, number)

    def again_from(self, number: int) -> None:
        """Send custody facts again from ``number`` on."""
        self._sent[Lane.CUSTODY] = min(self._sent[Lane.CUSTODY], max(number - 1, 0))
        self._acknowledged[Lane.CUSTODY] = self._sent[Lane.CUSTODY]


def last_numbers(lanes: Lanes) -> list[link_service_pb2.LaneNumber]:
    """Return the last number of each lane, for the Hello."""
    return [link_service_pb2.LaneNumber(lane=lane_number(lane), number=lanes.last(lane)[0]) for lane in Lane]


def clock_reading(time: int, uncertainty_s: int, *, suspect: bool, boot_id: str, ms: int) -> fact_pb2.ClockReading:
    """Return a reading of the clocks as the link tells it."""
    reading = fact_pb2.ClockReading(
        uncertainty_ms=uncertainty_s * 1_000,
        state=fact_pb2.CLOCK_STATE_SUSPECT if suspect else fact_pb2.CLOCK_STATE_GOOD,
        boot_id=boot_id,
        monotonic_ms=ms,
    )
    reading.time.FromSeconds(time)
    return reading
