"""The load of one kind: how many of its doors are taken at each instant, as a step function.

A ``Load`` is a value: ``plus`` gives a new one and leaves the old as it was, so a decision can be dropped by forgetting
it. Copying the two short lists takes about a microsecond, far less than undoing would.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from interlock_gateway.domain.capacity.commitments import NO_END

SINCE_EVER: Final = -NO_END
"""Before every instant: where each step function begins, and the start of what is out from now."""


class Load:
    """Doors taken over time; treat as immutable.

    Attributes:
        times: Where the count changes, ascending; the first is ``SINCE_EVER``.
        counts: ``counts[i]`` doors are taken in ``[times[i], times[i + 1])``, the last without end. Neighbours differ.
    """

    __slots__ = ("counts", "times")

    def __init__(self, times: list[int], counts: list[int]) -> None:
        """Wrap two lists of equal length that nobody changes afterwards."""
        self.times = times
        self.counts = counts

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> "Load":
        """Count intervals ``[start, end)``."""
        steps: dict[int, int] = {SINCE_EVER: 0}
        for start, end in intervals:
            steps[start] = steps.get(start, 0) + 1
            steps[end] = steps.get(end, 0) - 1
        steps.pop(NO_END, None)
        times, counts, count = [], [], 0
        for time in sorted(steps):
            if steps[time] or time == SINCE_EVER:
                count += steps[time]
                times.append(time)
                counts.append(count)
        return cls(times, counts)

    def __eq__(self, other: object) -> bool:
        """Two loads are equal when they are the same function; the form is canonical."""
        return isinstance(other, Load) and self.times == other.times and self.counts == other.counts

    __hash__ = None  # type: ignore[assignment]  # holds lists

    def __repr__(self) -> str:
        """Show the steps."""
        return f"Load({dict(zip(self.times, self.counts, strict=True))})"

    def peak(self, start: int, end: int) -> int:
        """Most doors taken at any instant of ``[start, end)``, which is not empty."""
        times = self.times
        first = bisect_right(times, start) - 1
        return max(self.counts[first : bisect_left(times, end, first + 1)])

    def plus(self, start: int, end: int, doors: int) -> "Load":
        """The load with ``doors`` more taken (fewer when negative) throughout ``[start, end)``."""
        times, counts = self.times.copy(), self.counts.copy()
        first = bisect_left(times, start)
        if first == len(times) or times[first] != start:
            times.insert(first, start)
            counts.insert(first, counts[first - 1])
        last = bisect_left(times, end, first)
        if end < NO_END and (last == len(times) or times[last] != end):
            times.insert(last, end)
            counts.insert(last, counts[last - 1])
        counts[first:last] = [count + doors for count in counts[first:last]]
        for at in (last, first):  # keep the form canonical: drop a step that is none
            if 0 < at < len(times) and counts[at] == counts[at - 1]:
                del times[at], counts[at]
        return Load(times, counts)

    def full_at(self, start: int, end: int, doors: int) -> int | None:
        """First instant of ``[start, end)`` at which at least ``doors`` are taken, or ``None``."""
        times, counts = self.times, self.counts
        for at in range(bisect_right(times, start) - 1, bisect_left(times, end)):
            if counts[at] >= doors:
                return max(times[at], start)
        return None

    def steps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """How the count changes within ``[start, end)``: the count at ``start`` first, then each step after it."""
        times, counts = self.times, self.counts
        first = bisect_right(times, start) - 1
        yield start, counts[first]
        for at in range(first + 1, bisect_left(times, end)):
            yield times[at], counts[at] - counts[at - 1]

    def excess(self, start: int, end: int, doors: int) -> list[tuple[int, int]]:
        """Where in ``[start, end)`` more than ``doors`` are taken: each such step's instant, and how many more."""
        found = []
        count = 0
        for instant, more in self.steps(start, end):
            count += more
            if count > doors:
                found.append((instant, count - doors))
        return found
