"""When a stay ends: hours from the deposit, or working days of the bank's own calendar (RES-30)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
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
        close_minute: When it closes, in minutes after local midnight, by ISO weekday (1 is Monday); midnight if absent.
    """

    zone: str
    closed: frozenset[date]
    known_until: date
    close_minute: Mapping[int, int] = field(default_factory=dict)


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
    zone = ZoneInfo(calendar.zone)
    day = datetime.fromtimestamp(latest, UTC).astimezone(zone).date()
    for _ in range(collect_for.length):
        day += timedelta(days=1)
        while day in calendar.closed:
            day += timedelta(days=1)
        if day > calendar.known_until:
            return 0
    minute = calendar.close_minute.get(day.isoweekday(), MIDNIGHT_MINUTE)
    closes = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    return int(closes.timestamp())
