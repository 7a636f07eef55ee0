"""The load of one kind, against counting by hand."""

from hypothesis import given
from hypothesis import strategies as st

from interlock_gateway.domain.capacity.commitments import NO_END
from interlock_gateway.domain.capacity.load import SINCE_EVER, Load

TIMES = range(-1, 9)
intervals = st.tuples(
    st.one_of(st.just(SINCE_EVER), st.integers(0, 7)), st.one_of(st.just(NO_END), st.integers(0, 7))
).filter(lambda each: each[0] < each[1])
windows = st.tuples(st.integers(0, 7), st.one_of(st.just(NO_END), st.integers(0, 8))).filter(lambda w: w[0] < w[1])


def taken(doors: list[tuple[int, int]], instant: int) -> int:
    """Count by hand."""
    return sum(start <= instant < end for start, end in doors)


@given(st.lists(intervals, max_size=7))
def test_counting_at_once_and_one_by_one_is_the_same(doors: list[tuple[int, int]]) -> None:
    load = Load.of([])
    for start, end in doors:
        load = load.plus(start, end, 1)
    assert load == Load.of(doors)
    for start, end in reversed(doors):
        load = load.plus(start, end, -1)
    assert load == Load.of([])


@given(st.lists(intervals, max_size=7), intervals)
def test_a_change_leaves_the_load_before_it_as_it_was(doors: list[tuple[int, int]], more: tuple[int, int]) -> None:
    load = Load.of(doors)
    before = repr(load)
    assert load.plus(*more, 1) != load
    assert repr(load) == before


@given(st.lists(intervals, max_size=7), windows, st.integers(0, 4))
def test_every_question_is_answered_as_if_counted_by_hand(
    doors: list[tuple[int, int]], window: tuple[int, int], limit: int
) -> None:
    load, (start, end) = Load.of(doors), window
    inside = [instant for instant in TIMES if start <= instant < end]
    counts = {instant: taken(doors, instant) for instant in TIMES}
    over = [instant for instant in inside if counts[instant] >= limit]
    assert load.peak(start, end) == max(counts[instant] for instant in inside)
    assert load.full_at(start, end, limit) == (over[0] if over else None)
    excess = load.excess(start, end, limit)
    for instant in inside:
        latest = max((step for step in load.times if step <= instant), default=start)
        assert dict(excess).get(max(latest, start), 0) == max(0, counts[instant] - limit)
    count = 0
    steps = dict(load.steps(start, end))
    for instant in inside:
        count += steps.get(instant, 0)
        assert count == counts[instant]


@given(st.lists(intervals, max_size=7))
def test_the_form_is_canonical(doors: list[tuple[int, int]]) -> None:
    load = Load.of(doors)
    assert load.times[0] == SINCE_EVER
    assert load.times == sorted(set(load.times))
    assert all(a != b for a, b in zip(load.counts, load.counts[1:], strict=False))
