"""Looking for moves: whatever is found is true, and only what may be moved is moved (CAP-6, CAP-7)."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from capacity_builders import L, M, S, acknowledged, bank, commitment, plan

from interlock_gateway.domain.capacity import Kind, Plan, Standing, crowds, serves
from interlock_gateway.domain.capacity.admission import made
from interlock_gateway.domain.capacity.moves import Search, movable

NOW = 5


@pytest.mark.parametrize(
    ("changes", "with_link", "without"),
    [
        pytest.param({}, True, True, id="CAP-7 a promise whose token is not out"),
        pytest.param({"standing": Standing.HELD}, True, True, id="CAP-7 a hold"),
        pytest.param({"token_out": True}, True, False, id="CAP-7 a token that is out needs a link"),
        pytest.param({"moving_to": Kind(L)}, False, False, id="CAP-7 on the move"),
        pytest.param({"standing": Standing.DEPOSITED, "door": "0"}, False, False, id="CAP-7 lies there"),
        pytest.param({"standing": Standing.ENDING}, False, False, id="CAP-7 nothing promised"),
        pytest.param({"end": NOW}, False, False, id="CAP-11 its end has passed, so it has none"),
        pytest.param({"end": NOW + 1}, True, True, id="CAP-11 its end has not passed"),
    ],
)
def test_who_may_be_moved(changes: dict[str, Any], with_link: bool, without: bool) -> None:
    one = commitment("a", S, 0, **{"end": 10, **changes})
    assert (movable(one, now=NOW, linked=True), movable(one, now=NOW, linked=False)) == (with_link, without)


def packed_plan(chance: random.Random) -> Plan:
    """A plan that holds and is nearly full, everybody anywhere where they may lie, however foolish."""
    after = plan(bank(*(chance.choice([S, S, M, M, L]) for _ in range(chance.randint(3, 7)))))
    for number in range(40):
        size, kind = chance.choice([S, S, M, L]), chance.choice([S, M, L])
        start = chance.randrange(10)
        end = start + chance.randint(1, 6)
        one = commitment(str(number), size, start, end, kind=Kind(max(size, kind)), token_out=chance.random() < 0.5)
        if one.kind in after.layout.index and not crowds(after.plus(one)):
            after = after.plus(one)
    return after


def test_what_is_found_makes_room_at_every_stage(full_size: bool) -> None:
    """CAP-6: put to the search alone, without counting first, so that it often has to turn back."""
    chance = random.Random(5)
    seen: Counter[str] = Counter()
    for _ in range(60_000 if full_size else 3_000):
        before = packed_plan(chance)
        start = chance.randrange(10)
        new = commitment("new", chance.choice([S, M, L]), start, start + chance.randint(1, 6))
        free = before.commitments.values()
        search = Search(before, free, before.layout.counts, nodes=200)
        kinds = before.layout.serving(new.need).order
        found = search.place(kinds, new.start, new.end, depth=chance.randint(1, 3))
        tried = 200 - search.nodes
        if found is None:
            seen["turned back for good"] += tried > 1
            continue
        seen["moved"] += len(search.moves) > 0
        seen["moved after turning back"] += 0 < len(search.moves) < tried
        after = before
        for stage in range(1 + max((move.stage for move in search.moves), default=-1)):
            after = made(after, [move for move in search.moves if move.stage == stage])
            assert not crowds(after)
            after = acknowledged(after)
        assert not crowds(after.plus(replace(new, kind=before.layout.kinds[found])))
        for move in search.moves:
            one = before.commitments[move.id]
            assert (move.source, move.needs_acknowledgement) == (one.kind, one.token_out)
            assert serves(move.target, one.need)
        assert len({move.id for move in search.moves}) == len(search.moves)
    assert min(seen.values()) > 20, seen


def test_a_search_forgets_what_it_tried() -> None:
    """CAP-6: what one chain tried must not look like room to the next."""
    chance = random.Random(6)
    for _ in range(300):
        before = packed_plan(chance)
        size, start = chance.choice([S, M, L]), chance.randrange(10)
        kinds = before.layout.serving(commitment("new", size, 0, 1).need).order
        used, fresh = (Search(before, before.commitments.values(), before.layout.counts, nodes=9_999) for _ in "12")
        for depth in range(4):
            used.place(kinds, start, start + 4, depth=depth)
        assert used.place(kinds, start, start + 4, depth=2) == fresh.place(kinds, start, start + 4, depth=2)
        assert used.moves == fresh.moves
