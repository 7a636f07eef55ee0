"""The bank's clock: a time that never steps back but by a signed answer, and says how far it may be off (ACC-60).

Pure: the operating system's clocks are read elsewhere and handed in. While the bank runs, time goes by the monotonic
clock alone, so nobody who changes the system's time changes the bank's. Only at a start is the system's time believed,
and only if it is not before the last time known to be good.
"""

from dataclasses import dataclass, replace

DRIFT_PPM = 60
"""How fast a quartz without temperature compensation goes wrong: 20 to 60 ppm, 2 to 5 s a day."""
BASE_UNCERTAINTY_S = 2
"""What remains uncertain right after a signed answer."""
UNKNOWN_UNCERTAINTY_S = 10 * 365 * 86_400
"""For a start without a believable battery clock: true time is somewhere after the last known good one."""
SUSPECT_ABOVE_S = 3_600
LEEWAY_MIN_S, LEEWAY_MAX_S = 60, 900
HINTS_MAX_S = 600
"""All that unsigned sources may add between two signed answers: a forged one must not expire every token."""

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Instant:
    """One reading of the clock.

    Attributes:
        time: Unix seconds. Never before a time that this bank has shown or learnt, save after a signed answer.
        ms: Milliseconds of the monotonic clock; every timer goes by it.
        uncertainty_s: How far ``time`` may be off.
        suspect: The time is not to be trusted; rights that nothing else supports are refused.
    """

    time: int
    ms: int
    uncertainty_s: int = BASE_UNCERTAINTY_S
    suspect: bool = False

    @property
    def leeway_s(self) -> int:
        """By how much a token's times may be missed: the uncertainty, at least 60 s and at most 900 s."""
        return min(max(self.uncertainty_s, LEEWAY_MIN_S), LEEWAY_MAX_S)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """What is kept across a power cut, written once a minute and at every change.

    Attributes:
        last_known_good: The latest time shown or learnt, unix seconds.
        synced_time: When the last signed answer came, in the bank's own time; 0 if none ever did.
    """

    last_known_good: int = 0
    synced_time: int = 0


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a running bank: the time was ``anchor_ns`` when the monotonic clock showed ``anchor_ms``.

    Attributes:
        anchor_ns: Unix nanoseconds.
        anchor_ms: Milliseconds of the monotonic clock.
        synced_time: When the last signed answer came, in the bank's own time; 0 if none ever did.
        base_s: Uncertainty at ``drifting_since``; drift is added from there on.
        drifting_since: Unix seconds.
        hinted_s: What unsigned sources have added since the last signed answer.
        suspect: The start found no believable time, or a verified signature was newer than this clock could explain.
    """

    anchor_ns: int
    anchor_ms: int
    synced_time: int = 0
    base_s: int = BASE_UNCERTAINTY_S
    drifting_since: int = 0
    hinted_s: int = 0
    suspect: bool = False

    @classmethod
    def start(cls, row: ClockRow, *, system_time: int, ms: int) -> "Clock":
        """Begin at the later of the system's time and the last known good one.

        Args:
            row: What was kept.
            system_time: What the battery clock says, unix seconds; without a battery, the day the image was built.
            ms: The monotonic clock now.
        """
        believable = row.synced_time > 0 and system_time >= row.last_known_good
        time = max(system_time, row.last_known_good)
        return cls(
            anchor_ns=time * _NS,
            anchor_ms=ms,
            synced_time=row.synced_time,
            base_s=BASE_UNCERTAINTY_S if believable else UNKNOWN_UNCERTAINTY_S,
            drifting_since=row.synced_time if believable else time,
            suspect=not believable,
        )

    def read(self, ms: int) -> Instant:
        """Say what time it is when the monotonic clock shows ``ms``."""
        time = self._ns(ms) // _NS
        drift_s = -(-max(time - self.drifting_since, 0) * DRIFT_PPM // 1_000_000)
        uncertainty_s = self.base_s + drift_s
        return Instant(time, ms, uncertainty_s, self.suspect or uncertainty_s > SUSPECT_ABOVE_S)

    def row(self, ms: int) -> ClockRow:
        """Say what to keep."""
        return ClockRow(last_known_good=self.read(ms).time, synced_time=self.synced_time)

    def saw_issue_time(self, iat: int, ms: int) -> "Clock":
        """Take in ``iat`` of a token whose signature was verified: it is past by now, so time is pulled up to it.

        Beyond what this clock said that it may be off, the clock itself is in doubt and becomes suspect.
        """
        now = self.read(ms)
        if iat <= now.time:
            return self
        beyond = iat > now.time + now.leeway_s
        return replace(self, anchor_ns=iat * _NS, anchor_ms=ms, suspect=self.suspect or beyond)

    def hinted(self, time: int, ms: int) -> "Clock":
        """Take in an unsigned time: forwards only, and by 600 s at most between two signed answers. Else ignored."""
        by_s = time - self.read(ms).time
        if by_s <= 0 or self.hinted_s + by_s > HINTS_MAX_S:
            return self
        return replace(self, anchor_ns=time * _NS, anchor_ms=ms, hinted_s=self.hinted_s + by_s)

    def answered(self, unix_ns: int, *, asked_ms: int, ms: int) -> "Clock":
        """Take in a network's signed answer to this bank's own nonce: the one thing that may set the clock back.

        Args:
            unix_ns: The signed time, whose signature and nonce were verified.
            asked_ms: When the nonce left.
            ms: When the answer came. The signing lay somewhere between the two.
        """
        half_ms = max(ms - asked_ms, 0) // 2
        anchor_ns = unix_ns + half_ms * 1_000_000
        time = anchor_ns // _NS
        uncertainty_s = BASE_UNCERTAINTY_S + -(-half_ms // 1_000)
        return Clock(anchor_ns, ms, synced_time=time, base_s=uncertainty_s, drifting_since=time)

    def _ns(self, ms: int) -> int:
        return self.anchor_ns + (ms - self.anchor_ms) * 1_000_000


def step_s(before: Clock, after: Clock, ms: int) -> int:
    """Say by how many seconds the time changed at ``ms``, negative for a step back. A step is a fact (ACC-60)."""
    return after.read(ms).time - before.read(ms).time
