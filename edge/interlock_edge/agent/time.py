"""The agent's time: the bank's clock over this machine's, kept once a minute and at every change (ACC-60)."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from interlock_edge.clock import Clock, ClockRow, Instant

ROW = "clock"
"""Name of the value in the journal."""
KEEP_MS = 60_000


@dataclass(frozen=True, slots=True)
class Sources:
    """Where time comes from.

    Attributes:
        ms: A clock that never steps, milliseconds since this start of the agent.
        system_time: The battery clock, unix seconds; believed at a start alone.
    """

    ms: Callable[[], int]
    system_time: Callable[[], int]

    @classmethod
    def of_this_machine(cls) -> "Sources":
        """Read this machine's clocks."""
        start_ns = time.monotonic_ns()
        return cls(lambda: (time.monotonic_ns() - start_ns) // 1_000_000, lambda: int(time.time()))


@dataclass(frozen=True, slots=True)
class Moved:
    """The time jumped."""

    from_time: int
    to_time: int
    answered: bool


class Timekeeper:
    """Holds the clock, and says what is to be kept of it."""

    def __init__(self, sources: Sources, kept: str | None) -> None:
        """Start the clock from what the journal kept."""
        self.sources = sources
        row = ClockRow(**json.loads(kept)) if kept else ClockRow()
        self._clock = Clock.start(row, system_time=sources.system_time(), ms=sources.ms())
        self._kept_ms: int | None = None

    def now(self) -> Instant:
        """Read the clock."""
        return self._clock.read(self.sources.ms())

    def answered(self, unix_ns: int, *, asked_ms: int) -> Moved | None:
        """Take the network's signed answer to this bank's own nonce."""
        return self._put(self._clock.answered(unix_ns, asked_ms=asked_ms, ms=self.sources.ms()), answered=True)

    def saw(self, iat: int) -> Moved | None:
        """Take the issue time of something whose signature was verified."""
        return self._put(self._clock.saw_issue_time(iat, self.sources.ms()), answered=False)

    def started_anew(self) -> Moved | None:
        """Believe the battery clock as at a start, because it was set."""
        ms = self.sources.ms()
        fresh = Clock.start(self._clock.row(ms), system_time=self.sources.system_time(), ms=ms)
        return self._put(fresh, answered=False)

    def due(self) -> tuple[tuple[str, str], ...]:
        """Return what is to be kept now, for ``Change.kept``; nothing most of the time."""
        ms = self.sources.ms()
        if self._kept_ms is not None and ms < self._kept_ms + KEEP_MS:
            return ()
        self._kept_ms = ms
        return ((ROW, json.dumps(asdict(self._clock.row(ms)))),)

    def _put(self, after: Clock, *, answered: bool) -> Moved | None:
        ms = self.sources.ms()
        before, self._clock = self._clock, after
        from_time, to_time = before.read(ms).time, after.read(ms).time
        if before is not after:
            self._kept_ms = None
        return Moved(from_time, to_time, answered) if from_time != to_time else None
