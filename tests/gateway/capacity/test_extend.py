"""Putting an end off, and how far it can be put off (CAP-13)."""

import pytest
from capacity_builders import M, S, acknowledged, bank, commitment, kinds_of, parcel, plan

from interlock_gateway.domain.capacity import (
    NO_END,
    NO_MOVES,
    Door,
    Extension,
    Kind,
    Move,
    NoExtension,
    crowds,
    extend,
    kept,
    staged,
)

INSIDE = parcel("p", S, 0, 10, door="0")


@pytest.mark.parametrize(
    ("others", "asked", "until"),
    [
        pytest.param([], 1_000, 1_000, id="CAP-13 nobody else"),
        pytest.param([("a", 20, 30)], 20, 20, id="CAP-13 to the second in which the next one begins"),
        pytest.param([("a", 20, 30)], 21, 20, id="CAP-13 one second more"),
        pytest.param([("a", 20, 30)], 99, 20, id="CAP-13 far beyond"),
        pytest.param([("a", 10, 30)], 11, None, id="CAP-13 the next one begins at once"),
        pytest.param([("a", 20, 30), ("b", 40, 50)], 99, 20, id="CAP-13 the gap between two others is of no use"),
        pytest.param([("a", 20, 30)], 8, 8, id="CAP-13 earlier than the present end"),
    ],
)
def test_a_stay_is_put_off_as_far_as_its_kind_has_room(
    others: list[tuple[str, int, int]], asked: int, until: int | None
) -> None:
    before = plan(bank(S), INSIDE, *(commitment(*(name, S), start, end) for name, start, end in others), now=5)
    answer = extend(before, "p", asked, linked=True)
    if until == asked:
        assert answer == Extension("p", asked)
        assert kept(before, answer).commitments["p"].end == asked
        assert not crowds(kept(before, answer))
    else:
        assert answer == NoExtension("p", until)
        if until is not None:
            assert extend(before, "p", until, linked=True) == Extension("p", until)


def test_others_are_moved_for_it() -> None:
    before = plan(bank(S, M), INSIDE, commitment("a", S, 20, 30), now=5)
    answer = extend(before, "p", 25, linked=False)
    assert answer == Extension("p", 25, (Move("a", Kind(S), Kind(M)),))
    assert kinds_of(kept(before, answer)) == {"p": Kind(S), "a": Kind(M)}
    assert extend(before, "p", 25, linked=False, budget=NO_MOVES) == NoExtension("p", 20)


def test_the_bank_is_asked_about_others_whose_token_is_out() -> None:
    """CAP-7 holds here too."""
    before = plan(bank(S, M), INSIDE, commitment("a", S, 20, 30, token_out=True), now=5)
    assert extend(before, "p", 25, linked=False) == NoExtension("p", 20)
    answer = extend(before, "p", 25, linked=True)
    assert isinstance(answer, Extension)
    assert answer.waits
    waiting = staged(before, answer)
    assert waiting.commitments["p"].end == 10
    assert extend(acknowledged(waiting), "p", 25, linked=True) == Extension("p", 25)


def test_how_far_counts_what_moves_could_do() -> None:
    """The first in the way can be moved, the second not: it could be put off to the second."""
    rows = [commitment("a", S, 20, 30), commitment("b", S, 40, 50), commitment("c", M, 45, 50)]
    before = plan(bank(S, M), INSIDE, *rows, now=5)
    assert extend(before, "p", 60, linked=True) == NoExtension("p", 40)


def test_a_stay_whose_end_has_passed_gives_back_what_it_took_beyond_the_new_end() -> None:
    """CAP-11 made it one without end."""
    before = plan(bank(S), INSIDE, now=12)
    answer = extend(before, "p", 20, linked=True)
    assert answer == Extension("p", 20)
    assert before.loads[0].peak(20, NO_END) == 1
    assert kept(before, answer).loads[0].peak(20, NO_END) == 0


def test_a_stay_whose_end_has_passed_is_not_put_off_over_another_promise() -> None:
    before = plan(bank(S, S), INSIDE, commitment("a", S, 5, 30), commitment("b", S, 25, 40), now=12)
    assert extend(before, "p", 26, linked=True) == NoExtension("p", 25)


def test_a_door_that_goes_out_after_the_stay_gives_it_the_time_of_the_outage() -> None:
    """CAP-9: it is out from the end of the stay in it."""
    before = plan(bank(Door("0", Kind(S), 30)), INSIDE, commitment("a", S, 30, 40), now=5)
    assert extend(before, "p", 30, linked=True) == Extension("p", 30)
    assert extend(before, "p", 31, linked=True) == NoExtension("p", 30)


def test_an_unknown_commitment_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        extend(plan(bank(S)), "p", 30, linked=True)


def test_an_end_that_has_passed_meanwhile_is_never_offered() -> None:
    """Nobody else's end has passed since the plan was made; the clock has gone on all the same."""
    rows = [INSIDE, commitment("a", S, 14, 30)]
    later = plan(bank(S), *rows, now=11).at(14)
    assert extend(later, "p", 20, linked=True) == NoExtension("p", None)
