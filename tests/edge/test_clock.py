"""The clock: forward by proof, back by a signed answer alone, and honest about its doubt (ACC-60; F27 to F30)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import NOON

from interlock_edge.clock import Clock, ClockRow, Instant, step_s

DAY = 86_400
IN_2019 = 1_550_000_000
SYNCED = ClockRow(last_known_good=NOON, synced_time=NOON)


def running(**changes: int) -> Clock:
    """Make a clock that was synced at noon, when the monotonic clock showed 0."""
    return Clock(NOON * 10**9, 0, synced_time=NOON, drifting_since=NOON, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "system_time", "time", "suspect"),
    [
        pytest.param(SYNCED, NOON + 60, NOON + 60, False, id="a battery clock that went on"),
        pytest.param(SYNCED, IN_2019, NOON, True, id="F27 no battery: the day the image was built"),
        pytest.param(ClockRow(), IN_2019, IN_2019, True, id="F27 a bank that never learnt the time"),
        pytest.param(ClockRow(), NOON, NOON, True, id="a battery clock that nobody ever confirmed"),
    ],
)
def test_a_start(row: ClockRow, system_time: int, time: int, *, suspect: bool) -> None:
    now = Clock.start(row, system_time=system_time, ms=5_000).read(5_000)
    assert (now.time, now.suspect) == (time, suspect)


def test_a_signed_answer_teaches_a_bank_that_thinks_it_is_2019_the_time() -> None:
    clock = Clock.start(ClockRow(), system_time=IN_2019, ms=0).answered(NOON * 10**9, asked_ms=1_000, ms=2_000)
    now = clock.read(2_000)
    assert (now.time, now.suspect, now.uncertainty_s) == (NOON, False, 3)


def test_only_a_signed_answer_sets_the_clock_back() -> None:
    clock = running()
    assert clock.saw_issue_time(NOON - 9, 0) == clock.hinted(NOON - 9, 0) == clock
    assert step_s(clock, clock.answered((NOON - 9) * 10**9, asked_ms=0, ms=0), 0) == -9


@pytest.mark.parametrize(
    ("ahead_s", "suspect"),
    [pytest.param(50, False, id="within what the clock may be off"), pytest.param(61, True, id="beyond it")],
)
def test_a_verified_issue_time_pulls_the_clock_up(ahead_s: int, *, suspect: bool) -> None:
    now = running().saw_issue_time(NOON + ahead_s, 0).read(0)
    assert (now.time, now.suspect) == (NOON + ahead_s, suspect)


def test_f28_an_unsigned_source_pulls_ten_minutes_at_most_however_often_it_tries() -> None:
    clock = running()
    assert clock.hinted(NOON + 365 * DAY, 0) == clock
    for ahead_s in (200, 400, 600, 800):
        clock = clock.hinted(NOON + ahead_s, 0)
    assert clock.read(0).time == NOON + 600
    again = clock.answered((NOON + 600) * 10**9, asked_ms=0, ms=0).hinted(NOON + 700, 0)
    assert again.read(0).time == NOON + 700


def test_uncertainty_grows_with_drift_until_the_clock_is_suspect() -> None:
    clock = running()
    assert clock.read(DAY * 1_000).uncertainty_s == 2 + 6
    assert not clock.read(690 * DAY * 1_000).suspect
    assert clock.read(700 * DAY * 1_000).suspect


def test_a_long_power_cut_counts_as_drift() -> None:
    now = Clock.start(SYNCED, system_time=NOON + 100 * DAY, ms=0).read(0)
    assert (now.uncertainty_s, now.suspect) == (2 + 519, False)


@pytest.mark.parametrize(("uncertainty_s", "leeway_s"), [(0, 60), (60, 60), (300, 300), (900, 900), (9_999, 900)])
def test_leeway_is_the_uncertainty_within_bounds(uncertainty_s: int, leeway_s: int) -> None:
    assert Instant(NOON, 0, uncertainty_s).leeway_s == leeway_s


_moves = st.one_of(
    st.tuples(st.just("iat"), st.integers(0, 2 * NOON)),
    st.tuples(st.just("hint"), st.integers(0, 2 * NOON)),
    st.tuples(st.just("pass"), st.integers(0, 10**9)),
    st.tuples(st.just("power cut"), st.integers(0, 2 * NOON)),
)


@given(st.lists(_moves, max_size=20))
def test_f29_without_a_signed_answer_time_never_goes_back(moves: list[tuple[str, int]]) -> None:
    clock, ms, latest = running(), 0, NOON
    for move, value in moves:
        match move:
            case "iat":
                clock = clock.saw_issue_time(value, ms)
            case "hint":
                clock = clock.hinted(value, ms)
            case "pass":
                ms += value
            case _:
                row, ms = clock.row(ms), 0
                clock = Clock.start(row, system_time=value, ms=ms)
        now = clock.read(ms).time
        assert now >= latest
        latest = now
