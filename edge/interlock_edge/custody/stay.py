"""When a stay ends: hours from the deposit, or working days of the bank's own calendar (RES-30)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from interlock.deposit_terms import CollectFor, StayUnit
from interlock_edge.clock import Instant

MIDNIGHT_MINUTE = 1_440


@dataclass(frozen=True, slots=True)
class Calendar:
    """The bank's days, as its manifest tells them.

    Attributes:
        zone: IANA name of its time zone.
        closed: Days on which it is closed.
        known_until: The last day for which ``closed`` speaks.
        closes: The minute after local midnight at which it closes, by ISO weekday (1 is Monday); a weekday that is
            absent is closed. None at all: always open.
    """

    zone: str
    closed: frozenset[date]
    known_until: date
    closes: Mapping[int, int] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Say whether the bank is open on ``day``."""
        return day not in self.closed and (not self.closes or day.isoweekday() in self.closes)

    def close_of(self, day: date) -> int:
        """Return the instant at which ``day`` ends for the bank, unix seconds; the later where the clocks change."""
        minute = self.closes.get(day.isoweekday(), MIDNIGHT_MINUTE)
        wall = datetime.combine(day + timedelta(days=minute // MIDNIGHT_MINUTE), time(), ZoneInfo(self.zone))
        wall += timedelta(minutes=minute % MIDNIGHT_MINUTE)  # wall-clock arithmetic: the zone is applied afterwards
        return int(max(wall.replace(fold=fold).timestamp() for fold in (0, 1)))


def collect_until(collect_for: CollectFor, deposited: Instant, calendar: Calendar | None) -> int:
    """Reckon the end of collection, exclusive, in unix seconds; the later bound where the clock is uncertain.

    Returns:
        The end, or 0 where the bank cannot know it: working days without a calendar, or beyond it. The gateway will
        say it, and nothing is refused as overdue until then.
    """
    latest = deposited.time + deposited.uncertainty_s
    if collect_for.unit is StayUnit.HOURS:
        return latest + collect_for.length * 3_600
    if calendar is None or deposited.suspect:
        return 0
    day = datetime.fromtimestamp(latest, UTC).astimezone(ZoneInfo(calendar.zone)).date()
    left = collect_for.length
    while left and day < calendar.known_until:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return 0 if left else calendar.close_of(day)
