"""From raw readings to settled ones: two equal reads in a row, and a sensor that cannot make up its mind is no sensor.

Door contacts bounce for about 40 ms, and a checksum of eight bits lets one corrupted frame in 256 by; neither may move
custody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from interlock.receipt import DoorState

from interlock_edge.custody.door import Reading

FLICKER_CHANGES, FLICKER_MS = 5, 10_000
"""More changes than this within this time, and the sensor is faulty: its door reads UNKNOWN until it rests."""


@dataclass(frozen=True, slots=True)
class _Trace:
    raw: Reading = field(default_factory=Reading)
    settled: Reading | None = None
    changes_ms: tuple[int, ...] = ()


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
            changed = reading != before.raw
            recent = tuple(at for at in before.changes_ms if at > ms - FLICKER_MS)
            after = replace(before, raw=reading, changes_ms=(*recent, ms) if changed else recent)
            shown = Reading() if len(after.changes_ms) > FLICKER_CHANGES else reading
            # UNKNOWN needs no second opinion: doubt is believed at once.
            if (not changed or shown.door is DoorState.UNKNOWN) and shown != before.settled:
                after = replace(after, settled=shown)
                news[label] = shown
            traces[label] = after
        return Settling(traces), news
