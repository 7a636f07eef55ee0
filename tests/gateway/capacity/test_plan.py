"""What a plan counts: commitments, doors that are out, what should have ended (CAP-3, CAP-7, CAP-9, CAP-11)."""

from dataclasses import replace

import pytest
from capacity_builders import L, M, S, bank, commitment, parcel, plan
from hypothesis import given
from hypothesis import strategies as st

from interlock_gateway.domain.capacity import NO_END, Commitment, Door, Kind, Need, Plan, Standing, moved, unmoved


def free(after: Plan, size: object, start: int, end: int) -> int:
    """Doors left in the plain kind of one class, and in no other."""
    at = after.layout.index[Kind(size)]  # type: ignore[arg-type]
    return after.layout.counts[at] - after.loads[at].peak(start, end)


def test_a_commitment_takes_one_door_of_its_kind_for_its_window_and_not_a_second_longer() -> None:
    after = plan(bank(S, S), commitment("a", S, 10, 20))
    assert [free(after, S, start, start + 1) for start in (9, 10, 19, 20)] == [2, 1, 1, 2]


@pytest.mark.parametrize("standing", [pytest.param(standing, id=f"CAP-11 {standing.name}") for standing in Standing])
def test_time_alone_frees_nothing(standing: Standing) -> None:
    late = commitment("a", S, 10, 20, standing=standing)
    before = plan(bank(S), late, now=19)
    assert free(before, S, 20, 30) == 1
    assert before.at(19).loads == before.loads
    after = before.at(20)
    assert free(after, S, 20, 1_000_000) == 0
    assert free(after.minus("a"), S, 20, 1_000_000) == 1


def test_a_plan_made_late_counts_as_one_that_was_kept() -> None:
    """CAP-11: what a restart reads from rows is what was in memory."""
    rows = [commitment("a", S, 10, 20), commitment("b", S, 0, 40)]
    kept, made = plan(bank(S, S), *rows, now=5).at(25), plan(bank(S, S), *rows, now=25)
    assert kept.loads == made.loads
    assert free(made, S, 30, 31) == 0
    assert free(made, S, 50, 51) == 1


@pytest.mark.parametrize(
    ("door", "window", "left"),
    [
        pytest.param(Door("x", Kind(S), 30), (0, 1), 1, id="CAP-9 out from now, whenever the outage was to begin"),
        pytest.param(Door("x", Kind(S), 30), (29, 30), 1, id="CAP-9 to its end"),
        pytest.param(Door("x", Kind(S), 30), (30, 31), 2, id="CAP-9 and back then"),
        pytest.param(Door("x", Kind(S), NO_END), (1_000, 1_001), 1, id="CAP-9 out of service until further notice"),
        pytest.param(Door("x", Kind(S), 0), (0, 1), 2, id="CAP-9 works"),
    ],
)
def test_a_door_that_is_out_does_not_count(door: Door, window: tuple[int, int], left: int) -> None:
    assert free(plan(bank(S, door)), S, *window) == left


def test_a_door_that_is_out_while_a_parcel_lies_there_counts_once_to_the_later_end() -> None:
    for out_until, back in ((30, 30), (15, 20), (NO_END, NO_END)):
        after = plan(bank(Door("x", Kind(S), out_until)), parcel("a", S, 0, 20, door="x"), now=1)
        assert free(after, S, 1, 15) == 0
        assert free(after, S, min(back, 99) - 1, min(back, 99)) == 0
        assert back == NO_END or free(after, S, back, back + 1) == 1


def test_where_the_parcel_lies_counts_and_not_where_it_was_planned() -> None:
    layout = bank(S, M)
    after = plan(layout, parcel("a", S, 0, 20, door="1", kind=Kind(S)))
    assert (free(after, S, 0, 20), free(after, M, 0, 20)) == (1, 0)


def test_a_move_that_the_bank_has_not_acknowledged_counts_in_both_kinds() -> None:
    """CAP-7."""
    moving = commitment("a", S, 0, 20, moving_to=Kind(M))
    layout = bank(S, M)

    def left(one: Commitment) -> tuple[int, int]:
        return free(plan(layout, one), S, 0, 20), free(plan(layout, one), M, 0, 20)

    assert left(moving) == (0, 0)
    assert left(moved(moving)) == (1, 0)
    assert left(unmoved(moving)) == (0, 1)
    assert left(replace(moving, standing=Standing.DEPOSITED, door="1")) == (1, 0)


def test_a_kind_without_a_door_is_counted_all_the_same() -> None:
    """The operator took the last large door out of the inventory while something was planned into it."""
    after = plan(bank(S), commitment("a", L, 0, 20))
    assert free(after, L, 0, 20) == -1
    assert free(plan(bank(S)).plus(commitment("a", L, 0, 20)), L, 0, 20) == -1


def test_an_id_stands_for_one_commitment() -> None:
    after = plan(bank(S, S), commitment("a", S, 0, 20))
    with pytest.raises(ValueError, match="a is in the plan already"):
        after.plus(commitment("a", S, 30, 40))
    with pytest.raises(KeyError):
        after.minus("b")


commitments = st.builds(
    lambda size, start, length, kind, moving, door, standing: Commitment(
        "",
        Need(size),
        Kind(kind),
        start,
        NO_END if length > 8 else start + length,
        standing,
        moving_to=moving and Kind(moving),
        door=door,
    ),
    st.sampled_from([S, M]),
    st.integers(0, 8),
    st.integers(1, 9),
    st.sampled_from([S, M, L]),
    st.sampled_from([None, S, M]),
    st.sampled_from([None, None, "0", "1", "gone"]),
    st.sampled_from(Standing),
)


@given(
    st.lists(commitments, max_size=6),
    st.lists(st.tuples(st.booleans(), st.integers(0, 5), commitments), max_size=8),
    st.lists(st.sampled_from([0, 5, NO_END]), min_size=3, max_size=3),
    st.integers(0, 9),
)
def test_a_plan_followed_change_by_change_is_the_plan_made_anew(
    first: list[Commitment], changes: list[tuple[bool, int, Commitment]], outs: list[int], now: int
) -> None:
    layout = bank(*(Door(str(at), Kind(size), out) for at, (size, out) in enumerate(zip((S, M, M), outs, strict=True))))
    after = plan(layout, *(replace(each, id=f"{at}") for at, each in enumerate(first)))
    for number, (drop, which, new) in enumerate(changes):
        before, loads = after, [repr(load) for load in after.loads]
        if drop and after.commitments:
            after = after.minus(sorted(after.commitments)[which % len(after.commitments)])
        else:
            after = after.plus(replace(new, id=f"new {number}"))
        assert [repr(load) for load in before.loads] == loads, "a plan that was followed has changed"
    anew = Plan.of(layout, after.commitments.values(), now=0)
    assert {kind: after.loads[at] for kind, at in after.layout.index.items() if after.loads[at].times[1:]} == {
        kind: anew.loads[at] for kind, at in anew.layout.index.items() if anew.loads[at].times[1:]
    }
    assert after.stale_from <= anew.stale_from
    later, made = after.at(now), Plan.of(layout, after.commitments.values(), now=now)
    for kind, at in made.layout.index.items():
        window = (now, now + 1)
        assert later.loads[later.layout.index[kind]].peak(*window) == made.loads[at].peak(*window)
        assert later.loads[later.layout.index[kind]].peak(50, 51) == made.loads[at].peak(50, 51)
