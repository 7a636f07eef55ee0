"""The times of a reservation: windows asked for, ends reckoned, capacity kept (RES-12 to RES-18).

Three clocks run apart: the hold, the deposit window, the stay. None of them changes anything by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from interlock_gateway.domain.calendar import Calendar
from interlock_gateway.domain.errors import InvalidField, WindowInvalid, WindowPast
from interlock_gateway.domain.facts import Fact
from interlock_gateway.domain.terms import CollectFor, StayUnit, Window

DEFAULT_WINDOW: Final = timedelta(hours=8)
"""Longer windows cost: at 20 doors, saturated, 24 h with 24 h of recall time keep a quarter of the space full."""
DEFAULT_RECALL_TIME: Final = timedelta(hours=24)
DEFAULT_COLLECT_FOR: Final = CollectFor(72)

LONGEST_HOLD: Final = timedelta(seconds=3600)
LONGEST_WINDOW: Final = timedelta(days=30)
FURTHEST_START: Final = timedelta(days=60)
LONGEST_STAY: Final = {StayUnit.HOURS: 2160, StayUnit.WORKING_DAYS: 60}

LATE_AFTER: Final = timedelta(hours=1)
"""A deposit learnt later than this gives the collector the full time from when it was learnt (RES-15)."""


def hold_end(hold: timedelta, *, now: datetime, field: str = "hold_seconds") -> datetime:
    """Until when a hold lasts.

    Raises:
        InvalidField: Shorter than a second, or longer than an hour.
    """
    if not timedelta(seconds=1) <= hold <= LONGEST_HOLD:
        raise InvalidField(field=field, rule="a hold lasts 1 to 3600 seconds")
    return now + hold


def deposit_window(
    start: datetime | None, end: datetime | None, *, now: datetime, field: str = "deposit_window"
) -> Window:
    """Complete and check a deposit window (RES-12).

    Args:
        start: When the depositor may come; ``None`` is now.
        end: Exclusive; ``None`` is eight hours after the start.
        now: Instant of the request.
        field: Path of the field in the request.

    Raises:
        WindowInvalid: Empty, inverted, longer than 30 days, or starting more than 60 days ahead.
        WindowPast: It has ended.
    """
    start = start or now
    end = end or start + DEFAULT_WINDOW
    if end <= start:
        raise WindowInvalid(field=field, rule="the end must be after the start")
    if end <= now:
        raise WindowPast(field=field, end_time=end)
    if end - start > LONGEST_WINDOW:
        raise WindowInvalid(field=field, rule=f"at most {LONGEST_WINDOW.days} days")
    if start > now + FURTHEST_START:
        raise WindowInvalid(field=field, rule=f"starts at most {FURTHEST_START.days} days ahead")
    return Window(start, end)


def collect_for(asked: CollectFor | None, *, default: CollectFor, field: str = "collect_for") -> CollectFor:
    """Complete and check a stay.

    Raises:
        InvalidField: Shorter than one hour or working day, or longer than the network allows.
    """
    stay = asked or default
    longest = LONGEST_STAY[stay.unit]
    if not 1 <= stay.length <= longest:
        raise InvalidField(field=field, rule=f"1 to {longest} {stay.unit.lower().replace('_', ' ')}")
    return stay


def stay_end(begin: datetime, stay: CollectFor, calendar: Calendar) -> datetime:
    """Reckon the end of a stay that begins at ``begin`` (RES-30).

    Hours are hours. Working days are counted from the day after, in the bank's zone, to close of the last one.
    """
    if stay.unit is StayUnit.HOURS:
        return begin + timedelta(hours=stay.length)
    return calendar.working_days_after(begin, stay.length)


def commitment_end(window: Window, stay: CollectFor, recall_time: timedelta, calendar: Calendar) -> datetime:
    """Until when capacity is kept: the latest collection end, and the operator's time for a recall (RES-13)."""
    return stay_end(window.end, stay, calendar) + recall_time


def collect_end(deposit: Fact, stay: CollectFor, calendar: Calendar) -> datetime:
    """Reckon until when the collector is expected, once the first parcel is in (RES-15).

    An uncertain clock counts by its later bound. What was learnt more than an hour late counts from when it was
    learnt, because only then could anybody tell the collector.
    """
    late = deposit.learnt_time - deposit.time > LATE_AFTER
    begin = deposit.learnt_time if late else deposit.time + deposit.uncertainty
    return stay_end(begin, stay, calendar)


def extended_end(present: datetime, stay: CollectFor, calendar: Calendar, *, now: datetime) -> datetime:
    """Reckon the end that an extension gives: so much after the present one (RES-17).

    Raises:
        WindowPast: Even so it would have ended.
    """
    end = stay_end(present, stay, calendar)
    if end <= now:
        raise WindowPast(field="collect_for", end_time=end)
    return end


def extendable(until: datetime, recall_time: timedelta) -> datetime:
    """Turn the instant until which a compartment is free into the latest ``collect_end_time`` that it allows."""
    return until - recall_time
