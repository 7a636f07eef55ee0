"""The times of a reservation: windows, stays, calendars, across changes of the clocks (RES-12 to RES-17, BNK-6)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from domain_builders import DAY, HOUR, NOON
from hypothesis import given
from hypothesis import strategies as st

from interlock_gateway.domain.calendar import Calendar, OpeningHours
from interlock_gateway.domain.errors import InvalidField, Refusal, WindowInvalid, WindowPast
from interlock_gateway.domain.terms import CollectFor, StayUnit, Window
from interlock_gateway.domain.windows import (
    collect_for,
    commitment_end,
    deposit_window,
    extendable,
    extended_end,
    hold_end,
    stay_end,
)

WARSAW = ZoneInfo("Europe/Warsaw")
SECOND = timedelta(seconds=1)


def warsaw(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    """An instant by the wall clock in Warsaw."""
    return datetime(year, month, day, hour, minute, tzinfo=WARSAW).astimezone(UTC)


def weekdays(*days: int, opens: int = 8 * 60, closes: int = 20 * 60) -> tuple[OpeningHours, ...]:
    """The same hours on several days of the week, 0 for Monday."""
    return tuple(OpeningHours(day, opens, closes) for day in days)


ALWAYS = Calendar(WARSAW)
SHOP = Calendar(WARSAW, weekdays(0, 1, 2, 3, 4, 5), frozenset({date(2026, 11, 11), date(2026, 12, 25)}))
"""Monday to Saturday, 8 to 20; 11 November is a holiday."""


# --- Windows asked for ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        pytest.param(None, None, Window(NOON, NOON + 8 * HOUR), id="nothing said: now, eight hours"),
        pytest.param(NOON + DAY, None, Window(NOON + DAY, NOON + DAY + 8 * HOUR), id="eight hours from the start"),
        pytest.param(None, NOON + HOUR, Window(NOON, NOON + HOUR), id="from now"),
        pytest.param(NOON - DAY, NOON + SECOND, Window(NOON - DAY, NOON + SECOND), id="it has begun"),
        pytest.param(NOON, NOON + 30 * DAY, Window(NOON, NOON + 30 * DAY), id="the longest"),
        pytest.param(NOON + 60 * DAY, None, Window(NOON + 60 * DAY, NOON + 60 * DAY + 8 * HOUR), id="the furthest"),
    ],
)
def test_res_12_a_deposit_window(start: datetime | None, end: datetime | None, window: Window) -> None:
    assert deposit_window(start, end, now=NOON) == window


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [
        pytest.param(NOON, NOON, WindowInvalid, id="empty"),
        pytest.param(NOON + HOUR, NOON, WindowInvalid, id="inverted"),
        pytest.param(NOON - DAY, NOON, WindowPast, id="ends now"),
        pytest.param(NOON - DAY, None, WindowPast, id="eight hours from yesterday"),
        pytest.param(NOON, NOON + 30 * DAY + SECOND, WindowInvalid, id="too long"),
        pytest.param(NOON + 60 * DAY + SECOND, None, WindowInvalid, id="too far"),
    ],
)
def test_res_12_no_deposit_window(start: datetime | None, end: datetime | None, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as raised:
        deposit_window(start, end, now=NOON, field="requests[1].reservation.deposit_window")
    assert raised.value.facts["field"] == "requests[1].reservation.deposit_window"


@pytest.mark.parametrize("seconds", [1, 600, 3600])
def test_res_4_a_hold_lasts_up_to_an_hour(seconds: int) -> None:
    assert hold_end(timedelta(seconds=seconds), now=NOON) == NOON + seconds * SECOND


@pytest.mark.parametrize("seconds", [-1, 0, 3601])
def test_res_4_no_hold(seconds: int) -> None:
    with pytest.raises(InvalidField):
        hold_end(timedelta(seconds=seconds), now=NOON)


@pytest.mark.parametrize("stay", [CollectFor(1), CollectFor(2160), CollectFor(60, StayUnit.WORKING_DAYS)], ids=str)
def test_res_13_a_stay(stay: CollectFor) -> None:
    assert collect_for(stay, default=CollectFor(5)) == stay
    assert collect_for(None, default=stay) == stay


@pytest.mark.parametrize("stay", [CollectFor(0), CollectFor(2161), CollectFor(61, StayUnit.WORKING_DAYS)], ids=str)
def test_res_13_no_stay(stay: CollectFor) -> None:
    with pytest.raises(InvalidField):
        collect_for(stay, default=CollectFor(5))


# --- Ends reckoned -------------------------------------------------------------------------------------------------

WORKING_DAYS = StayUnit.WORKING_DAYS


@pytest.mark.parametrize(
    ("calendar", "begin", "stay", "end"),
    [
        pytest.param(SHOP, warsaw(11, 2, 9), CollectFor(36), warsaw(11, 3, 21), id="hours are hours"),
        pytest.param(
            ALWAYS, warsaw(10, 24, 12), CollectFor(24), warsaw(10, 25, 11), id="hours are hours when clocks go back"
        ),
        pytest.param(
            SHOP, warsaw(11, 2, 9), CollectFor(1, WORKING_DAYS), warsaw(11, 3, 20), id="the day itself does not count"
        ),
        pytest.param(
            SHOP,
            warsaw(11, 7, 9),
            CollectFor(1, WORKING_DAYS),
            warsaw(11, 9, 20),
            id="Saturday to Monday: shut on Sunday",
        ),
        pytest.param(
            SHOP, warsaw(11, 10, 9), CollectFor(2, WORKING_DAYS), warsaw(11, 13, 20), id="a closed day does not count"
        ),
        pytest.param(
            ALWAYS,
            warsaw(11, 6, 23),
            CollectFor(2, WORKING_DAYS),
            warsaw(11, 9),
            id="always open: every day, to midnight",
        ),
        pytest.param(
            SHOP,
            warsaw(11, 2, 0, 30),
            CollectFor(1, WORKING_DAYS),
            warsaw(11, 3, 20),
            id="the local day, not the UTC day",
        ),
        pytest.param(
            ALWAYS,
            warsaw(10, 24, 9),
            CollectFor(1, WORKING_DAYS),
            warsaw(10, 26),
            id="a day of 25 hours ends at midnight",
        ),
    ],
)
def test_res_30_the_end_of_a_stay(calendar: Calendar, begin: datetime, stay: CollectFor, end: datetime) -> None:
    assert stay_end(begin, stay, calendar) == end


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 30),
    st.sampled_from(["Europe/Warsaw", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
)
def test_res_30_a_longer_stay_ends_later_anywhere(begin: datetime, days: int, zone: str) -> None:
    calendar = Calendar(ZoneInfo(zone))
    ends = [stay_end(begin, CollectFor(count, WORKING_DAYS), calendar) for count in (days, days + 1)]
    assert begin < ends[0] < ends[1]


def test_a_calendar_without_a_working_day_is_a_mistake() -> None:
    never = Calendar(UTC, weekdays(6), frozenset(date(2026, 11, 1) + timedelta(weeks=week) for week in range(80)))
    with pytest.raises(ValueError, match="no working days"):
        stay_end(NOON, CollectFor(1, WORKING_DAYS), never)


def test_res_13_capacity_is_kept_from_the_latest_deposit_to_the_latest_recall() -> None:
    window = Window(NOON, NOON + 8 * HOUR)
    assert commitment_end(window, CollectFor(72), DAY, ALWAYS) == NOON + 104 * HOUR
    assert commitment_end(window, CollectFor(72), timedelta(0), ALWAYS) == NOON + 80 * HOUR


def test_res_17_an_extension_is_added_to_the_present_end() -> None:
    assert extended_end(NOON, CollectFor(24), ALWAYS, now=NOON - DAY) == NOON + DAY
    assert extended_end(NOON, CollectFor(24), ALWAYS, now=NOON + DAY - SECOND) == NOON + DAY
    with pytest.raises(WindowPast):
        extended_end(NOON, CollectFor(24), ALWAYS, now=NOON + DAY)


def test_res_17_what_is_free_for_longer_is_free_for_the_recall_too() -> None:
    assert extendable(NOON + 3 * DAY, DAY) == NOON + 2 * DAY


# --- Opening hours -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "instant", "open_then"),
    [
        pytest.param(SHOP, warsaw(11, 2, 8), True, id="it opens at eight"),
        pytest.param(SHOP, warsaw(11, 2, 8) - SECOND, False, id="not before"),
        pytest.param(SHOP, warsaw(11, 2, 20), False, id="the end is exclusive"),
        pytest.param(SHOP, warsaw(11, 8, 12), False, id="shut on Sunday"),
        pytest.param(SHOP, warsaw(11, 11, 12), False, id="shut on a closed day"),
        pytest.param(ALWAYS, warsaw(11, 8, 3), True, id="always open"),
        pytest.param(SHOP, warsaw(7, 1, 8), True, id="at eight by the wall in summer too"),
        pytest.param(SHOP, warsaw(7, 1, 20) - SECOND, True, id="until twenty by the wall in summer too"),
    ],
)
def test_bnk_6_open_by_the_wall_clock_of_the_bank(calendar: Calendar, instant: datetime, open_then: bool) -> None:
    assert calendar.open_at(instant) is open_then


def test_bnk_6_a_night_past_midnight_is_two_stretches() -> None:
    bar = Calendar(WARSAW, (OpeningHours(4, 22 * 60, 1440), OpeningHours(5, 0, 4 * 60)))
    assert list(bar.openings(warsaw(11, 6, 12), warsaw(11, 7, 12))) == [
        Window(warsaw(11, 6, 22), warsaw(11, 7)),
        Window(warsaw(11, 7), warsaw(11, 7, 4)),
    ]


@pytest.mark.parametrize(
    ("day", "opens", "closes", "length"),
    [
        pytest.param(date(2026, 10, 25), 0, 1440, 25 * HOUR, id="the day has 25 hours when the clocks go back"),
        pytest.param(date(2026, 3, 29), 0, 1440, 23 * HOUR, id="and 23 when they go forward"),
        pytest.param(date(2026, 10, 25), 0, 150, 3.5 * HOUR, id="a close that comes twice: the later one"),
        pytest.param(date(2026, 3, 29), 0, 150, 2.5 * HOUR, id="a close that never comes: the later reading"),
    ],
)
def test_bnk_6_when_the_clocks_change(day: date, opens: int, closes: int, length: timedelta) -> None:
    calendar = Calendar(WARSAW, (OpeningHours(day.weekday(), opens, closes),))
    (stretch,) = calendar.openings(calendar.instant(day, 0), calendar.instant(day, 1440))
    assert stretch.end - stretch.start == length


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 200),
)
def test_bnk_6_a_bank_is_open_during_a_time_exactly_if_it_is_open_at_some_minute_of_it(
    start: datetime, minutes: int
) -> None:
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(minutes=minutes)
    sampled = any(SHOP.open_at(start + timedelta(minutes=minute)) for minute in range(minutes))
    assert SHOP.open_during(start, end) is sampled


@pytest.mark.parametrize(("day", "opens", "closes"), [(7, 0, 60), (-1, 0, 60), (0, 60, 60), (0, -1, 60), (0, 0, 1441)])
def test_bnk_6_hours_that_no_clock_shows(day: int, opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="no such opening hours"):
        OpeningHours(day, opens, closes)
