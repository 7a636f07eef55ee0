"""What a search shows: the planner's own answer, in three words or in a number (CAP-12)."""

import pytest
from capacity_builders import XL, L, M, S, admit_to_the_end, bank, commitment, parcel, plan, request
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock_gateway.domain.capacity import (
    NO_END,
    NO_MOVES,
    Admission,
    Availability,
    Climate,
    Feature,
    Kind,
    Need,
    Plan,
    SizeClass,
    admit,
    admit_all,
    availability,
    by_class,
    count_free,
    features,
    free_in,
    packed,
    stale_from,
)

LOW = features([Feature.ACCESSIBLE])


@pytest.mark.parametrize(
    ("taken", "word"),
    [
        pytest.param(5, Availability.NONE, id="CAP-12 none"),
        pytest.param(4, Availability.FEW, id="CAP-12 one more"),
        pytest.param(3, Availability.FEW, id="CAP-12 two more"),
        pytest.param(2, Availability.AVAILABLE, id="CAP-12 three more"),
        pytest.param(0, Availability.AVAILABLE, id="CAP-12 all"),
    ],
)
@pytest.mark.parametrize("linked", [True, False])
def test_few_is_at_most_two_more(taken: int, word: Availability, linked: bool) -> None:
    after = plan(bank(*[S] * 5), *(parcel(str(at), S, 0, 20, door=str(at)) for at in range(taken)))
    assert availability(after, Need(S), 10, 30, linked=linked) == word
    assert count_free(after, Need(S), 10, 30, most=99, linked=linked) == 5 - taken


def test_larger_doors_that_meet_the_need_are_included() -> None:
    layout = bank(S, M, Kind(M, Climate.CHILLED), Kind(L, Climate.AMBIENT, LOW))
    none, few, available = Availability.NONE, Availability.FEW, Availability.AVAILABLE
    assert by_class(plan(layout), SizeClass, 0, 10, linked=True) == dict(
        zip(SizeClass, [available, available, few, few, none], strict=True)
    )
    assert by_class(plan(layout), [S, L], 0, 10, features=LOW, linked=True) == {S: few, L: few}
    assert by_class(plan(layout), [S, L], 0, 10, climate=Climate.CHILLED, linked=True) == {S: few, L: none}


def test_what_moves_would_free_is_included() -> None:
    sitting = commitment("a", S, 0, 10, kind=Kind(XL), token_out=True)
    after = plan(bank(S, XL), sitting)
    assert availability(after, Need(XL), 0, 10, linked=True) == Availability.FEW
    assert availability(after, Need(XL), 0, 10, linked=False) == Availability.NONE
    assert availability(after, Need(XL), 0, 10, linked=True, budget=NO_MOVES) == Availability.NONE


sizes = st.sampled_from([S, M, L])
rows = st.lists(st.tuples(sizes, st.integers(0, 8), st.integers(1, 8), st.booleans()), max_size=10)
windows = st.tuples(st.integers(0, 9), st.one_of(st.integers(10, 20), st.just(NO_END)))


def filled(doors: list[SizeClass], asked: list[tuple[SizeClass, int, int, bool]]) -> Plan:
    """A bank in which what fits of these has been admitted; some of it was given back."""
    requests = [
        request(str(at), size, start, start + length, token_out=at % 2 == 0)
        for at, (size, start, length, _) in enumerate(asked)
    ]
    after = admit_all(plan(bank(*doors)), requests, linked=False).plan
    for at, (*_, given_back) in enumerate(asked):
        if given_back and str(at) in after.commitments:
            after = after.minus(str(at))
    return after


@given(st.lists(sizes, max_size=6), rows, sizes, windows, st.booleans())
@settings(deadline=None)
def test_the_word_and_the_number_are_what_would_be_admitted(
    doors: list[SizeClass],
    asked: list[tuple[SizeClass, int, int, bool]],
    size: SizeClass,
    window: tuple[int, int],
    linked: bool,
) -> None:
    before = after = filled(doors, asked)
    more = 0
    while True:
        # A promise's token leaves with the answer, so at a linked bank it may be moved with the bank's word.
        after, fits = admit_to_the_end(after, request(f"more {more}", size, *window, token_out=True), linked=linked)
        if not fits:
            break
        more += 1
    need = Need(size)
    assert count_free(before, need, *window, most=99, linked=linked) == more
    assert availability(before, need, *window, linked=linked) == (
        Availability.NONE if more == 0 else Availability.FEW if more <= 2 else Availability.AVAILABLE
    )
    assert before.free(need, *window) <= more
    if before.free(need, *window) == 0:
        assert before.direct(need, *window) is None
    else:
        assert isinstance(admit(before, request("x", size, *window), linked=False, budget=NO_MOVES), Admission)


@given(st.lists(sizes, max_size=6), rows, sizes, windows)
def test_a_summary_answers_as_the_plan_that_it_was_made_of(
    doors: list[SizeClass],
    asked: list[tuple[SizeClass, int, int, bool]],
    size: SizeClass,
    window: tuple[int, int],
) -> None:
    after = filled(doors, asked)
    assert free_in(packed(after), Need(size), *window) == after.free(Need(size), *window)


def test_a_summary_knows_kinds_and_when_it_stops_being_true() -> None:
    layout = bank(Kind(S, Climate.CHILLED, LOW), S, S)
    after = plan(layout, parcel("a", S, 0, 20, door="1"), commitment("b", S, 30, 40))
    assert stale_from(packed(after)) == 20
    assert stale_from(packed(after.at(20))) == 40
    assert stale_from(packed(plan(layout))) == 2**32 - 1
    for need, free in (
        (Need(S, Climate.CHILLED), 1),
        (Need(S, Climate.CHILLED, LOW), 1),
        (Need(S), 1),
        (Need(S, features=LOW), 0),
        (Need(M, Climate.CHILLED), 0),
    ):
        assert free_in(packed(after), need, 10, 20) == free
    assert free_in(packed(after), Need(S), 20, 30) == 2
    assert free_in(packed(after.at(20)), Need(S), 20, 30) == 1
    assert free_in(b"\0\0\0\0", Need(S), 0, 1) == 0
