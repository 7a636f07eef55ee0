"""From raw readings to settled ones: two equal reads in a row, and a sensor that cannot make up its mind is no sensor.

Door contacts bounce for about 40 ms, and a checksum of eight bits lets one corrupted frame in 256 by; neither may move
custody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from interlock.receipt import DoorState
from interlock_edge.custody.door import Occupied, Reading

FLICKER_CHANGES, FLICKER_MS = 5, 10_000
"""More changes than this within this time, and the sensor is faulty: it reads UNKNOWN until it has rested so long."""


@dataclass(frozen=True, slots=True)
class _Trace:
    """What was read lately of one compartment, and when each of its two sensors changed its mind."""

    raw: Reading = field(default_factory=Reading)
    settled: Reading | None = None
    door_ms: tuple[int, ...] = ()
    occupied_ms: tuple[int, ...] = ()

    def read(self, raw: Reading, ms: int) -> "_Trace":
        """Count a sensor that says the contrary of what it said. A board that fell silent has said nothing."""
        return replace(
            self,
            raw=raw,
            door_ms=_recent(self.door_ms, ms, changed={raw.door, self.raw.door} == {DoorState.OPEN, DoorState.CLOSED}),
            occupied_ms=_recent(
                self.occupied_ms, ms, changed={raw.occupied, self.raw.occupied} == {Occupied.YES, Occupied.NO}
            ),
        )

    def shown(self) -> Reading:
        """Return the raw reading without what a faulty sensor says."""
        return Reading(
            door=DoorState.UNKNOWN if len(self.door_ms) > FLICKER_CHANGES else self.raw.door,
            occupied=Occupied.UNKNOWN if len(self.occupied_ms) > FLICKER_CHANGES else self.raw.occupied,
        )


@dataclass(frozen=True, slots=True)
class Settling:
    """What was read lately of each compartment. Pure; feed it every poll."""

    traces: Mapping[str, _Trace] = field(default_factory=dict)

    def feed(self, raw: Mapping[str, Reading], ms: int) -> tuple["Settling", dict[str, Reading]]:
        """Take in one poll.

        Args:
            raw: Readings by label, of the boards just read.
            ms: The monotonic clock.

        Returns:
            What to feed next, and the readings that have newly settled: those to tell the bank.
        """
        traces, news = dict(self.traces), {}
        for label, reading in raw.items():
            before = traces.get(label, _Trace())
            after = before.read(reading, ms)
            shown = after.shown()
            # UNKNOWN needs no second opinion: doubt is believed at once.
            if (reading == before.raw or shown.door is DoorState.UNKNOWN) and shown != before.settled:
                after = replace(after, settled=shown)
                news[label] = shown
            traces[label] = after
        return Settling(traces), news


def _recent(changes_ms: tuple[int, ...], ms: int, *, changed: bool) -> tuple[int, ...]:
    recent = tuple(at for at in changes_ms if at > ms - FLICKER_MS)
    return (*recent, ms) if changed else recent
