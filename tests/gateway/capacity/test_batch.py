"""Many requests for one bank: in order, and groups together or not at all (CAP-8)."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from capacity_builders import L, M, S, acknowledged, bank, commitment, kinds_of, plan, request
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock_gateway.domain.capacity import (
    Admission,
    Batch,
    Kind,
    NoRoom,
    Plan,
    Request,
    SizeClass,
    admit,
    admit_all,
    crowds,
    kept,
)


def admitted(batch: Batch) -> str:
    """The ids of those admitted, in order; in capitals when they wait."""
    return "".join(
        answer.request.id.upper() if answer.waits else answer.request.id
        for answer in batch.answers
        if isinstance(answer, Admission)
    )


@pytest.mark.parametrize(
    ("groups", "fit"),
    [
        pytest.param("....", "ab", id="CAP-8 the first come first"),
        pytest.param("..gg", "ab", id="CAP-8 a group that finds nothing left"),
        pytest.param("gg..", "ab", id="CAP-8 a group that comes first"),
        pytest.param("g.g.", "ac", id="CAP-8 a group is decided where its first stands"),
        pytest.param(".ggg", "a", id="CAP-8 a group too large is refused to its last member"),
        pytest.param("ggg.", "d", id="CAP-8 a group too large leaves no trace"),
    ],
)
def test_two_doors_and_four_requests(groups: str, fit: str) -> None:
    asked = [
        request(name, S, 0, 10, group="" if group == "." else group) for name, group in zip("abcd", groups, strict=True)
    ]
    batch = admit_all(plan(bank(S, M)), asked, linked=True)
    assert admitted(batch) == fit
    assert [answer.request for answer in batch.answers] == asked
    assert "".join(sorted(batch.plan.commitments)) == fit


def test_the_member_that_found_no_room_is_named_to_the_others() -> None:
    asked = [request("a", S, 0, 10, group="g"), request("b", L, 0, 10, group="g")]
    assert admit_all(plan(bank(S, M)), asked, linked=True).answers == (
        NoRoom(asked[0], proved=True, because="b"),
        NoRoom(asked[1], proved=True),
    )


def test_a_later_member_moves_an_earlier_one_whose_token_has_not_left_yet() -> None:
    """CAP-8: "a" finds the small door taken and goes into the medium one, which only "b" needs."""
    rows = [commitment("y", S, 5, 7), commitment("z", L, 7, 20, token_out=True)]
    before = plan(bank(S, M, L), *rows)
    alone = [request("a", S, 5, 10, token_out=True), request("b", M, 8, 12, token_out=True)]
    assert admitted(admit_all(before, alone, linked=False)) == "a"
    together = admit_all(before, [replace(each, group="g") for each in alone], linked=False)
    assert admitted(together) == "ab"
    assert kinds_of(together.plan) == {"a": Kind(S), "b": Kind(M), "y": Kind(M), "z": Kind(L)}
    assert [answer.kind for answer in together.answers if isinstance(answer, Admission)] == [Kind(S), Kind(M)]


def test_a_group_waits_as_one_and_is_not_in_the_plan_until_then() -> None:
    """CAP-7 and CAP-8."""
    before = plan(bank(S, M, L), commitment("x", S, 0, 10, kind=Kind(M), token_out=True))
    asked = [request("a", M, 0, 10, group="g"), request("b", L, 0, 10, group="g")]
    batch = admit_all(before, asked, linked=True)
    assert admitted(batch) == "AB"
    first, second = batch.answers
    assert isinstance(first, Admission)
    assert isinstance(second, Admission)
    assert first.moves == second.moves
    assert sorted(batch.plan.commitments) == ["x"]
    assert batch.plan.commitments["x"].moving_to == Kind(S)
    again = admit_all(acknowledged(batch.plan), asked, linked=True)
    assert admitted(again) == "ab"
    assert not crowds(again.plan)


def test_who_waits_takes_nothing_from_those_behind_it_but_where_it_moves_others() -> None:
    """CAP-7: the small door counts for "x" from the moment the bank is asked."""
    before = plan(bank(S, M), commitment("x", S, 0, 10, kind=Kind(M), token_out=True))
    asked = [request("a", M, 0, 10), request("b", S, 0, 10), request("c", S, 10, 20)]
    assert admitted(admit_all(before, asked, linked=True)) == "Ac"


sizes = st.sampled_from([S, M, L])
asks = st.lists(
    st.tuples(sizes, st.integers(0, 6), st.integers(1, 6), st.sampled_from(["", "", "g", "h"]), st.booleans()),
    min_size=1,
    max_size=8,
).map(
    lambda rows: [
        request(str(at), size, start, start + length, group=group, token_out=token)
        for at, (size, start, length, group, token) in enumerate(rows)
    ]
)


@given(st.lists(sizes, min_size=1, max_size=4), asks, asks, st.booleans())
@settings(deadline=None)
def test_a_group_is_whole_or_absent_and_no_kind_is_overfull(
    doors: list[SizeClass],
    before: Sequence[Request],
    asked: Sequence[Request],
    linked: bool,
) -> None:
    earlier = [replace(each, id=f"earlier {each.id}", group="") for each in before]
    first = admit_all(plan(bank(*doors)), earlier, linked=linked)
    batch = admit_all(first.plan, asked, linked=linked)
    assert not crowds(batch.plan)
    for group in "gh":
        members = [answer for answer in batch.answers if answer.request.group == group]
        assert len({type(answer) for answer in members}) <= 1
        assert len({isinstance(answer, Admission) and answer.waits for answer in members}) <= 1
    for answer in batch.answers:
        if isinstance(answer, Admission) and not answer.waits:
            assert answer.request.id in batch.plan.commitments
        else:
            assert answer.request.id not in batch.plan.commitments


@given(st.lists(sizes, min_size=1, max_size=4), asks, st.booleans())
@settings(deadline=None)
def test_without_groups_a_batch_is_its_requests_one_after_another(
    doors: list[SizeClass],
    asked: Sequence[Request],
    linked: bool,
) -> None:
    single = [replace(each, group="", token_out=False) for each in asked]
    batch = admit_all(plan(bank(*doors)), single, linked=linked)
    after: Plan = plan(bank(*doors))
    for each, answer in zip(single, batch.answers, strict=True):
        assert answer == admit(after, each, linked=linked)
        if isinstance(answer, Admission):
            after = kept(after, answer)
    assert batch.plan.loads == after.loads
