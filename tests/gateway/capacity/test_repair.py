"""After a fact takes a door: who is moved, and who loses (CAP-14)."""

from dataclasses import replace

import pytest
from capacity_builders import L, M, S, acknowledged, bank, commitment, kinds_of, parcel, plan

from interlock_gateway.domain.capacity import (
    NO_END,
    Commitment,
    Crowd,
    Door,
    Kind,
    Layout,
    Move,
    Plan,
    Repair,
    SizeClass,
    Standing,
    crowds,
    repair,
    staged,
)

NOW = 100


def jammed(layout: Layout, label: str = "0") -> Layout:
    """A door has jammed until further notice."""
    return layout.with_door(replace(layout.doors[label], out_until=NO_END))


def after_a_jam(*rows: Commitment, doors: tuple[SizeClass, ...]) -> Plan:
    """The first of these doors has jammed while these commitments stand."""
    layout = bank(*doors)
    assert not crowds(plan(layout, *rows, now=NOW))
    return plan(layout, *rows, now=NOW).on(jammed(layout))


def promise(name: str, **changes: object) -> Commitment:
    """A promise of a small door from 110 to 120, its token out, given at 50."""
    given: dict[str, object] = {"token_out": True, "since": 50, "end": 120, **changes}
    return commitment(name, S, int(str(given.pop("start", 110))), **given)  # type: ignore[arg-type]


def test_what_still_holds_is_left_alone() -> None:
    rows = [promise("a"), promise("b", start=120, end=130)]
    assert repair(after_a_jam(*rows, doors=(S, S)), linked=False) == Repair()


@pytest.mark.parametrize(
    ("one", "other", "loser"),
    [
        pytest.param({"standing": Standing.HELD, "since": 10}, {}, "one", id="CAP-14 a hold before a promise"),
        pytest.param(
            {"standing": Standing.HELD, "since": 10},
            {"standing": Standing.HELD, "since": 20},
            "other",
            id="CAP-14 of two holds the later",
        ),
        pytest.param({"since": 60}, {"since": 70}, "other", id="CAP-14 of two promises the later"),
        pytest.param({"since": 60}, {"since": 70, "floored": True}, "one", id="CAP-14 an allotment's floor last"),
        pytest.param(
            {"since": 60, "floored": True},
            {"since": 50, "floored": True},
            "one",
            id="CAP-14 of two on floors the later",
        ),
        pytest.param({"since": 60}, {"since": 70, "start": 100}, "one", id="CAP-14 not one whose window has begun"),
        pytest.param(
            {"since": 60, "floored": True}, {"since": 70, "start": 100}, "one", id="CAP-14 a floor before one begun"
        ),
        pytest.param(
            {"since": 60, "start": 99},
            {"since": 70, "start": 100},
            "other",
            id="CAP-14 unless nothing else is left: then the later",
        ),
        pytest.param(
            {"standing": Standing.HELD, "start": 99},
            {"since": 70},
            "one",
            id="CAP-14 a hold loses though its window has begun: it gave no right",
        ),
        pytest.param(
            {"standing": Standing.DEPOSITED, "door": "1", "start": 90}, {}, "other", id="CAP-14 never a parcel inside"
        ),
    ],
)
def test_the_order_in_which_commitments_lose(one: dict[str, object], other: dict[str, object], loser: str) -> None:
    rows = [promise("one", **one), promise("other", **other)]
    for order in (rows, rows[::-1]):
        broken = after_a_jam(*order, doors=(S, S))
        assert repair(broken, linked=True) == Repair(losers=(loser,))
        assert not crowds(broken.minus(loser))


def test_only_somebody_whose_loss_helps_loses() -> None:
    """The hold is at another time, and the later promise in another kind where the other cannot go."""
    rows = [
        promise("a"),
        promise("b", since=60),
        promise("hold", standing=Standing.HELD, start=120, end=130),
        commitment("later", L, 110, 120, kind=Kind(L), since=99, token_out=True),
    ]
    assert repair(after_a_jam(*rows, doors=(S, S, L)), linked=False) == Repair(losers=("b",))


def test_a_move_comes_before_a_loss() -> None:
    rows = [promise("a", token_out=False), promise("b")]
    broken = after_a_jam(*rows, doors=(S, S, M))
    assert repair(broken, linked=False) == Repair(moves=(Move("a", Kind(S), Kind(M)),))
    put_right = staged(broken, repair(broken, linked=False))
    assert kinds_of(put_right) == {"a": Kind(M), "b": Kind(S)}
    assert not crowds(put_right)


def test_a_hold_elsewhere_loses_where_that_lets_a_promise_move() -> None:
    """CAP-14: holds first, not only those in the kind that lost the door."""
    rows = [promise("a", token_out=False), promise("b"), commitment("hold", M, 110, 120, standing=Standing.HELD)]
    broken = after_a_jam(*rows, doors=(S, S, M))
    found = repair(broken, linked=False)
    assert found == Repair(moves=(Move("a", Kind(S), Kind(M)),), losers=("hold",))
    assert not crowds(staged(broken.minus("hold"), found))


def test_a_token_that_is_out_is_moved_with_the_banks_word_and_nobody_loses_meanwhile() -> None:
    """CAP-7."""
    broken = after_a_jam(promise("a"), promise("b", since=60), doors=(S, S, M))
    asked = repair(broken, linked=True)
    assert [(move.target, move.needs_acknowledgement) for move in asked.moves] == [(Kind(M), True)]
    assert asked.losers == ()
    waiting = staged(broken, asked)
    assert crowds(waiting), "until then it counts in both kinds"
    assert repair(waiting, linked=True) == Repair()
    assert not crowds(acknowledged(waiting))
    assert repair(waiting, linked=False).losers == ("b",), "the link is gone, so the word may never come"


def test_moves_that_wait_for_each_other_are_in_stages() -> None:
    """CAP-7: "b" goes where "a" was, so the bank must have acknowledged that "a" is gone."""
    layout = bank(S, S, M, M, L)
    rows = [
        promise("a", end=130),
        promise("x", start=120, end=130),
        promise("b", start=112, end=115, kind=Kind(M)),
        commitment("c", M, 112, 115, token_out=True),
    ]
    broken = plan(layout, *rows, now=NOW).on(jammed(jammed(layout, "0"), "2"))
    found = repair(broken, linked=True)
    assert [(move.id, move.target, move.stage) for move in found.moves] == [("a", Kind(L), 0), ("b", Kind(S), 1)]
    first = acknowledged(staged(broken, found))
    assert kinds_of(first)["b"] == Kind(M)
    then = repair(first, linked=True)
    assert [(move.id, move.target, move.stage) for move in then.moves] == [("b", Kind(S), 0)]
    assert not crowds(acknowledged(staged(first, then)))


def test_a_loser_whose_right_still_works_costs_nobody_else_a_door() -> None:
    """CAP-11: it counts until the bank has acknowledged; it does not make the next one lose."""
    broken = after_a_jam(promise("a"), promise("b", since=60), doors=(S, S))
    ending = broken.changed(replace(broken.commitments["b"], standing=Standing.ENDING))
    assert crowds(ending)
    assert repair(ending, linked=True) == Repair()


def test_two_doors_lost_cost_two_promises() -> None:
    layout = bank(S, S, S)
    rows = [promise("a"), promise("b", since=60), promise("c", since=70)]
    broken = plan(layout, *rows, now=NOW).on(jammed(jammed(layout), "1"))
    assert repair(broken, linked=True) == Repair(losers=("c", "b"))


def test_two_doors_lost_cost_one_promise_and_one_move() -> None:
    layout = bank(S, S, S, M)
    rows = [promise("a", token_out=False), promise("b", since=60), promise("c", since=70)]
    broken = plan(layout, *rows, now=NOW).on(jammed(jammed(layout), "1"))
    found = repair(broken, linked=False)
    assert found == Repair(moves=(Move("a", Kind(S), Kind(M)),), losers=("c",))


def test_at_different_times_different_promises_lose() -> None:
    rows = [promise("a"), promise("b", end=200, since=40), promise("c", start=150, end=160)]
    assert repair(after_a_jam(*rows, doors=(S, S)), linked=True) == Repair(losers=("a", "c"))


def test_an_overstaying_parcel_costs_a_promise() -> None:
    """CAP-11 and CAP-14: its end passes, it counts without end."""
    rows = [parcel("p", S, 90, 105, door="0"), promise("a"), promise("b", start=103, since=60)]
    before = plan(bank(S, S), *rows, now=NOW)
    assert repair(before, linked=True) == Repair()
    assert repair(before.at(105), linked=True) == Repair(losers=("a",))


def test_a_parcel_in_another_kind_than_planned_costs_there_and_frees_here() -> None:
    before = plan(bank(S, M), promise("p"), commitment("a", M, 110, 120, since=60), now=110)
    lying = before.changed(replace(before.commitments["p"], standing=Standing.DEPOSITED, door="1"))
    assert repair(lying, linked=True) == Repair(losers=("a",))


def test_headroom_gives_way_to_a_promise() -> None:
    """CAP-10: it is held back from sale, not from a promise."""
    layout = bank(S, S, headroom={S: 1})
    assert repair(plan(layout, promise("a"), promise("b"), now=NOW), linked=True) == Repair()


def test_what_nothing_helps_is_said() -> None:
    """Two parcels are said to lie in one kind of one door; neither can be broken or moved, and both stay unmet."""
    rows = [
        commitment("p", S, 90, 130, standing=Standing.DEPOSITED),
        commitment("q", S, 95, 130, standing=Standing.DEPOSITED),
        promise("a", start=125, end=126),
    ]
    assert repair(plan(bank(S), *rows, now=NOW), linked=True) == Repair(losers=("a",), unmet=(Crowd(Kind(S), NOW, 1),))


def test_a_kind_whose_every_door_is_out_is_a_crowd_for_whoever_is_planned_there() -> None:
    layout = bank(Door("0", Kind(S), NO_END))
    assert crowds(plan(layout, promise("a"), now=NOW)) == [Crowd(Kind(S), 110, 1)]
