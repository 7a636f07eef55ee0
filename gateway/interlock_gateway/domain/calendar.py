"""A bank's calendar: when it is open, which days count as working days, in its own time zone (BNK-6, RES-30).

Local wall-clock time turns into instants here and nowhere else. At the change to summer time an hour of the wall clock
is missing, at the change back one comes twice; a close of day in either is the later instant, so nobody loses time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from interlock_gateway.domain.terms import Window

DAY_MINUTES: Final = 24 * 60
_DAY: Final = timedelta(days=1)
_LONGEST_LOOK: Final = 400
"""Days. A calendar without a single working day in so many is a mistake, not a calendar."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """One stretch of a weekday in which a person can reach the bank.

    Attributes:
        weekday: 0 Monday to 6 Sunday.
        open_minute: Minutes after local midnight, 0..1439.
        close_minute: Minutes after local midnight, exclusive; 1440 is midnight. After ``open_minute``: hours past
            midnight are two stretches.
    """

    weekday: int
    open_minute: int
    close_minute: int

    def __post_init__(self) -> None:
        """Refuse what no clock shows; the contract has already said so to the caller."""
        if not (0 <= self.weekday <= 6 and 0 <= self.open_minute < self.close_minute <= DAY_MINUTES):  # noqa: PLR2004
            message = f"no such opening hours: {self}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a bank is open.

    Attributes:
        zone: The bank's IANA zone; whoever reads the zone database passes it in.
        hours: Opening hours of the week; empty: always open.
        closed_dates: Local days on which nobody can reach it, or nobody works.
    """

    zone: tzinfo
    hours: tuple[OpeningHours, ...] = ()
    closed_dates: frozenset[date] = frozenset()

    def local_day(self, instant: datetime) -> date:
        """The day that the bank's wall calendar shows."""
        return instant.astimezone(self.zone).date()

    def instant(self, day: date, minute: int) -> datetime:
        """Turn local wall-clock time into an instant, the later one where the clocks change.

        Args:
            day: Local day.
            minute: Minutes after midnight; 1440 is the midnight that ends the day.
        """
        if minute == DAY_MINUTES:
            day, minute = day + _DAY, 0
        wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=self.zone)
        return max(wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC))

    def _hours_of(self, day: date) -> tuple[OpeningHours, ...]:
        if day in self.closed_dates:
            return ()
        if not self.hours:
            return (OpeningHours(day.weekday(), 0, DAY_MINUTES),)
        return tuple(each for each in self.hours if each.weekday == day.weekday())

    def openings(self, start: datetime, end: datetime) -> Iterator[Window]:
        """Give the stretches of ``[start, end)`` in which a person can reach the bank, in order."""
        day = self.local_day(start)
        while (midnight := self.instant(day, 0)) < end:
            for hours in sorted(self._hours_of(day), key=lambda each: each.open_minute):
                opens = midnight if hours.open_minute == 0 else self.instant(day, hours.open_minute)
                closes = self.instant(day, hours.close_minute)
                if max(opens, start) < min(closes, end):
                    yield Window(max(opens, start), min(closes, end))
            day += _DAY

    def open_during(self, start: datetime, end: datetime) -> bool:
        """Say whether a person can reach the bank at some moment of ``[start, end)``."""
        if not self.hours and not self.closed_dates:
            return start < end  # most banks never close, and every reservation asks
        return next(self.openings(start, end), None) is not None

    def open_at(self, instant: datetime) -> bool:
        """Say whether a person can reach the bank at ``instant``."""
        return self.open_during(instant, instant + timedelta(microseconds=1))

    def working(self, day: date) -> bool:
        """Say whether ``day`` counts as a working day: one on which the bank is open (RES-6)."""
        return bool(self._hours_of(day))

    def close_of(self, day: date) -> datetime:
        """The instant at which ``day`` ends for the bank: its last closing, or midnight."""
        closing = max((each.close_minute for each in self._hours_of(day)), default=DAY_MINUTES)
        return self.instant(day, closing)

    def working_days_after(self, instant: datetime, count: int) -> datetime:
        """Count working days and give the close of the last one.

        Args:
            instant: Its own day does not count, however early it is.
            count: At least 1.

        Raises:
            ValueError: The calendar has no working day in more than a year.
        """
        left = count
        day = self.local_day(instant)
        for _ in range(_LONGEST_LOOK):
            day += _DAY
            left -= self.working(day)
            if left == 0:
                return self.close_of(day)
        message = "the calendar has no working days"
        raise ValueError(message)
