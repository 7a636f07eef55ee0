"""When a failed call is sent again, and after how long: arithmetic over errors and instants, without a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interlock.errors import Refused, Unavailable, Unreachable


@dataclass(frozen=True, slots=True)
class Retry:
    """How patiently a client tries.

    Attributes:
        timeout_s: How long a call may take in all, repetitions and pauses included.
        dial_s: How much of that time a call gives to an address at which nobody answers.
        first_pause_s: The longest pause before the first repetition. The longest doubles each time; the pause itself is
            drawn between none and the longest, so that the clients of a gateway that restarts do not come all at once
            (AWS Architecture Blog, "Exponential Backoff And Jitter": full jitter).
        most_pause_s: The longest that the longest pause becomes.
        reconnect_s: How long a stream that has broken off tries to come back before it gives up.
    """

    timeout_s: float = 10.0
    dial_s: float = 10.0
    first_pause_s: float = 0.1
    most_pause_s: float = 5.0
    reconnect_s: float = 300.0


class Attempts:
    """The attempts of one call: what is left of its time, and the pause after each failure."""

    def __init__(self, retry: Retry, *, timeout_s: float | None, repeatable: bool, start: float) -> None:
        """Begin at ``start``, a reading of a monotonic clock in seconds."""
        self._retry = retry
        self._repeatable = repeatable
        self._end = start + (retry.timeout_s if timeout_s is None else timeout_s)
        self._dialling_end = min(start + retry.dial_s, self._end)
        self._failures = 0

    def left(self, now: float) -> float:
        """Return the seconds that remain at ``now``; never below a millisecond, so that gRPC accepts it."""
        return max(self._end - now, 0.001)

    def succeeded(self, now: float) -> None:
        """Forget the failures; of a stream that has brought something."""
        self._failures = 0
        self._end = self._dialling_end = now + self._retry.reconnect_s

    def pause_after(self, error: Refused, *, now: float, draw: Callable[[], float]) -> float | None:
        """Return the seconds to wait before the next attempt; None where there is to be none.

        Args:
            error: Why the last one failed. Only ``UNAVAILABLE`` is worth another: every other code is an answer
                (AIP-194).
            now: The same clock as ``start``.
            draw: Gives a number in [0, 1).
        """
        if not (self._repeatable and isinstance(error, Unavailable)):
            return None
        longest = min(self._retry.first_pause_s * 2.0 ** min(self._failures, 30), self._retry.most_pause_s)
        pause = longest * draw()
        if error.retry_after is not None:
            # What the gateway asks for is the least; the jitter goes on top, or its callers would come back together.
            pause += error.retry_after.total_seconds()
        if now + pause >= (self._dialling_end if isinstance(error, Unreachable) else self._end):
            return None
        self._failures += 1
        return pause
