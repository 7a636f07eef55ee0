"""What is admitted and what is not: directly, by counting, by moves (CAP-3 to CAP-7, CAP-10)."""

import pytest
from capacity_builders import (
    XL,
    L,
    M,
    S,
    acknowledged,
    admit_to_the_end,
    bank,
    commitment,
    fill,
    kinds_of,
    parcel,
    plan,
    request,
)

from interlock_gateway.domain.capacity import (
    NO_END,
    NO_MOVES,
    Admission,
    Budget,
    Climate,
    Feature,
    Kind,
    Move,
    Need,
    NoRoom,
    Plan,
    Standing,
    admit,
    features,
    kept,
    staged,
)

LOW = features([Feature.ACCESSIBLE])


def test_a_plan_that_passes_every_instant_and_gives_no_parcel_a_door_is_refused() -> None:
    """CAP-3: on one small and one medium door, S[0,6) M[0,3) S[4,10) M[7,10) is never more than fits at an instant."""
    three = fill(plan(bank(S, M)), request("a", S, 0, 6), request("b", M, 0, 3), request("c", S, 4, 10))
    assert kinds_of(three) == {"a": Kind(S), "b": Kind(M), "c": Kind(M)}
    assert admit(three, request("d", M, 7, 10), linked=True) == NoRoom(request("d", M, 7, 10))


@pytest.mark.parametrize(
    ("need", "kind"),
    [
        pytest.param(Need(S), Kind(S), id="CAP-4 its own class"),
        pytest.param(Need(M), Kind(M), id="CAP-4 not a larger one while its own is free"),
        pytest.param(Need(L), Kind(XL), id="CAP-4 a larger class where the bank has none of its own"),
        pytest.param(Need(S, features=LOW), Kind(M, Climate.AMBIENT, LOW), id="CAP-4 the least with the feature"),
    ],
)
def test_a_request_goes_directly_into_the_least_sufficient_kind(need: Need, kind: Kind) -> None:
    asked = request("a", need, 0, 10)
    layout = bank(XL, M, S, Kind(M, Climate.AMBIENT, LOW), Kind(XL, Climate.AMBIENT, LOW))
    assert admit(plan(layout), asked, linked=False) == Admission(asked, kind)


def test_a_need_that_no_door_of_the_bank_serves_is_refused_with_proof() -> None:
    asked = request("a", Need(S, Climate.FROZEN), 0, 10)
    assert admit(plan(bank(S, M)), asked, linked=True) == NoRoom(asked, proved=True)


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        pytest.param(0, 10, True, id="CAP-3 to the second in which the other begins"),
        pytest.param(0, 11, False, id="CAP-3 one second into it"),
        pytest.param(19, 30, False, id="CAP-3 its last second"),
        pytest.param(20, 30, True, id="CAP-3 from its end"),
        pytest.param(5, NO_END, False, id="CAP-3 without end"),
    ],
)
def test_windows_that_only_touch_share_a_door(start: int, end: int, fits: bool) -> None:
    answer = admit(plan(bank(S), commitment("a", S, 10, 20)), request("b", S, start, end), linked=True)
    assert isinstance(answer, Admission) is fits


def test_counting_refuses_with_proof_and_without_searching() -> None:
    """CAP-5: three parcels of at least M on two such doors, however they are planned."""
    full = fill(plan(bank(S, S, M, L)), request("a", M, 0, 10), request("b", M, 5, 15), request("c", S, 0, 20))
    assert admit(full, request("d", L, 5, 6), linked=True, budget=NO_MOVES) == NoRoom(
        request("d", L, 5, 6), proved=True
    )
    assert not isinstance(admit(full, request("d", L, 10, 11), linked=True), NoRoom)


def test_one_move_makes_room() -> None:
    """CAP-6: a small parcel went into the medium door because the small one was taken then."""
    before = fill(plan(bank(S, M)), request("a", S, 0, 5), request("b", S, 4, 10)).minus("a")
    asked = request("c", M, 6, 12)
    answer = admit(before, asked, linked=False)
    assert answer == Admission(asked, Kind(M), (Move("b", Kind(M), Kind(S)),))
    assert kinds_of(kept(before, answer)) == {"b": Kind(S), "c": Kind(M)}
    assert kinds_of(before) == {"b": Kind(M)}, "the plan before it has changed"


def chain(*, token_out: bool) -> Plan:
    """One door of each size; small parcels one class too large, so that only a chain of three makes room for XL."""
    rows = [
        commitment("a", L, 0, 10, kind=Kind(XL), token_out=token_out),
        commitment("b", M, 0, 10, kind=Kind(L), token_out=token_out),
        commitment("c", S, 0, 10, kind=Kind(M), token_out=token_out),
    ]
    return plan(bank(S, M, L, XL), *rows)


def test_a_chain_of_three_moves_makes_room() -> None:
    """CAP-6."""
    asked = request("d", XL, 0, 10)
    after, admitted = admit_to_the_end(chain(token_out=False), asked, linked=False)
    assert admitted
    assert kinds_of(after) == {"a": Kind(L), "b": Kind(M), "c": Kind(S), "d": Kind(XL)}


@pytest.mark.parametrize(
    "budget",
    [
        pytest.param(NO_MOVES, id="CAP-6 none at all"),
        pytest.param(Budget(nodes=2, depth=3), id="CAP-6 too few nodes"),
        pytest.param(Budget(nodes=200, depth=2), id="CAP-6 too short a chain"),
    ],
)
def test_beyond_its_budget_the_search_gives_up_and_claims_no_proof(budget: Budget) -> None:
    asked = request("d", XL, 0, 10)
    assert admit(chain(token_out=False), asked, linked=False, budget=budget) == NoRoom(asked, proved=False)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"token_out": True}, id="CAP-7 its token is out and the bank is not connected"),
        pytest.param({"standing": Standing.ENDING}, id="CAP-7 nothing is promised to it any more"),
        pytest.param({"standing": Standing.DEPOSITED, "door": "1"}, id="CAP-7 its parcel lies there"),
        pytest.param({"moving_to": Kind(M)}, id="CAP-7 it is being moved already"),
        pytest.param({"end": 1}, id="CAP-7 its end has passed"),
    ],
)
def test_what_may_not_be_moved_stays(changes: dict[str, object]) -> None:
    given: dict[str, object] = {"kind": Kind(M), "end": 10, **changes}
    sitting = commitment("a", S, 0, **given)  # type: ignore[arg-type]
    before, asked = plan(bank(S, M), sitting, now=1), request("b", M, 1, 10)
    assert isinstance(admit(before, asked, linked=False), NoRoom)


def test_a_token_that_is_out_is_moved_only_with_the_banks_word() -> None:
    """CAP-7: offered, counted in both kinds, and the request not in the plan until the word has come."""
    before = plan(bank(S, M), commitment("a", S, 0, 10, kind=Kind(M), token_out=True))
    asked = request("b", M, 0, 10)
    answer = admit(before, asked, linked=True)
    assert answer == Admission(asked, Kind(M), (Move("a", Kind(M), Kind(S), needs_acknowledgement=True),))
    assert isinstance(answer, Admission)
    assert answer.waits
    with pytest.raises(ValueError, match="not acknowledged"):
        kept(before, answer)
    waiting = staged(before, answer)
    assert waiting.commitments["a"].moving_to == Kind(S)
    assert "b" not in waiting.commitments
    for size in (S, M):
        assert isinstance(admit(waiting, request("c", size, 0, 10), linked=True), NoRoom)
    assert admit(acknowledged(waiting), asked, linked=True) == Admission(asked, Kind(M))


def test_what_needs_no_word_is_moved_rather_than_what_does() -> None:
    """CAP-7: the answer need not wait."""
    rows = [commitment(name, S, 0, 10, kind=Kind(M), token_out=name != "b") for name in "abc"]
    answer = admit(plan(bank(S, M, M, M), *rows), request("d", M, 0, 10), linked=True)
    assert isinstance(answer, Admission)
    assert [move.id for move in answer.moves] == ["b"]


def test_a_chain_of_tokens_is_asked_for_stage_by_stage() -> None:
    """CAP-7: while it counts in both kinds, the second has no door to be counted in before the first has left it."""
    answer = admit(chain(token_out=True), request("d", XL, 0, 10), linked=True)
    assert isinstance(answer, Admission)
    assert [(move.id, move.stage) for move in answer.moves] == [("c", 0), ("b", 1), ("a", 2)]
    after, admitted = admit_to_the_end(chain(token_out=True), request("d", XL, 0, 10))
    assert admitted
    assert kinds_of(after) == {"a": Kind(L), "b": Kind(M), "c": Kind(S), "d": Kind(XL)}


def exchange(*, token_out: bool) -> tuple[Plan, NoRoom | Admission]:
    """Only if "a" and "b" change places is there a medium door from 4 on."""
    rows = [
        commitment("a", S, 2, 8, kind=Kind(M), token_out=token_out),
        commitment("b", S, 0, 4, kind=Kind(S), token_out=token_out),
    ]
    before = plan(bank(S, M), *rows)
    return before, admit(before, request("c", M, 4, 10), linked=True)


def test_two_tokens_do_not_change_places_because_neither_could_be_first() -> None:
    """CAP-7."""
    assert isinstance(exchange(token_out=True)[1], NoRoom)
    before, answer = exchange(token_out=False)
    assert isinstance(answer, Admission)
    assert kinds_of(kept(before, answer)) == {"a": Kind(S), "b": Kind(M), "c": Kind(M)}


@pytest.mark.parametrize(
    ("lent", "admitted"),
    [
        pytest.param({}, 3, id="CAP-10 nothing lent"),
        pytest.param({S: 1}, 2, id="CAP-10 one lent"),
        pytest.param({S: 3}, 0, id="CAP-10 all lent"),
        pytest.param({S: 9}, 0, id="CAP-10 more lent than there are"),
        pytest.param({M: 1}, 3, id="CAP-10 another class"),
    ],
)
def test_what_the_bank_may_spend_without_asking_is_not_sold(lent: dict[object, int], admitted: int) -> None:
    after = plan(bank(S, S, S, headroom=lent))  # type: ignore[arg-type]
    answers = []
    for name in "abcd":
        after, fits = admit_to_the_end(after, request(name, S, 0, 10))
        answers.append(fits)
    assert answers == [True] * admitted + [False] * (4 - admitted)


def test_headroom_is_taken_from_plain_doors_before_doors_with_features_and_from_cold_ones_last() -> None:
    """CAP-10: what is walked in with is seldom chilled and seldom needs the accessible door."""
    low, cold = Kind(S, Climate.AMBIENT, LOW), Kind(S, Climate.CHILLED)
    for lent, left in ((1, {Kind(S): 1, low: 1, cold: 1}), (3, {Kind(S): 0, low: 0, cold: 1})):
        layout = bank(cold, low, S, S, headroom={S: lent})
        assert dict(zip(layout.kinds, layout.for_sale, strict=True)) == left


def test_a_parcel_that_overstays_takes_its_door_without_end() -> None:
    """CAP-11."""
    before = plan(bank(S), parcel("a", S, 0, 10, door="0"), now=9)
    assert isinstance(admit(before.at(9), request("b", S, 10, 20), linked=True), Admission)
    assert isinstance(admit(before.at(10), request("b", S, 500, 520), linked=True), NoRoom)
