"""Whatever the planner admits, every parcel gets a door: against brute force, and lived through to the end (CAP-3).

Small banks and short times, where every way to give whole stays a door can be tried. ``whole_stays`` is the judge and
imports nothing of the planner.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from capacity_builders import acknowledged, admit_to_the_end
from hypothesis import event, given, settings
from hypothesis import strategies as st
from whole_stays import NoDoor, Sort, Space, Stay, Visit, assignable, play, suits

from interlock_gateway.domain.capacity import (
    NO_END,
    Admission,
    Climate,
    Commitment,
    Door,
    Kind,
    Layout,
    Need,
    NoRoom,
    Plan,
    Request,
    SizeClass,
    Standing,
    admit,
)
from interlock_gateway.domain.capacity.admission import made

SORTS: list[Sort] = [(2, 1, 0), (3, 1, 0), (4, 1, 0), (3, 1, 0), (2, 1, 0), (2, 1, 2), (3, 1, 2), (3, 2, 0)]
LATEST = 12
AGES = 1_000
"""Stands for "without end" where whole stays are tried."""


@dataclass
class Scene:
    """A small bank with parcels in some of its doors, and what is asked of it."""

    spaces: list[Space]
    lying: list[Stay]
    asked: list[tuple[Request, int]]
    """What is asked for, and after how many further requests it is given back (0: never)."""
    linked: bool
    standing: dict[str, Stay] = field(default_factory=dict)
    """What has been admitted and not given back."""

    def plan(self) -> Plan:
        """The plan of the bank before anything is asked."""
        layout = Layout(Door(str(at), kind(space.sort), space.out_until) for at, space in enumerate(self.spaces))
        rows = [
            Commitment(
                f"lying {stay.at}",
                Need(*spread(stay.needs)),
                kind(self.spaces[stay.at or 0].sort),
                stay.start,
                NO_END if stay.end >= AGES else stay.end,
                Standing.DEPOSITED,
                door=str(stay.at),
            )
            for stay in self.lying
        ]
        return Plan.of(layout, rows, now=0)


def spread(sort: Sort) -> tuple[SizeClass, Climate, int]:
    """The planner's words for a sort."""
    return SizeClass(sort[0]), Climate(sort[1]), sort[2]


def kind(sort: Sort) -> Kind:
    """The planner's kind for a sort."""
    return Kind(*spread(sort))


windows = st.tuples(st.integers(0, LATEST - 1), st.integers(1, 8)).map(lambda w: (w[0], w[0] + w[1]))


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Two to four doors, few of them out, some with a parcel inside; up to nine requests that some door suits."""
    outs = st.sampled_from([0, 0, 0, 0, 3, 7, AGES])
    spaces = draw(st.lists(st.builds(Space, st.sampled_from(SORTS), outs), min_size=2, max_size=4))
    lying = [
        Stay(space.sort, -1, draw(st.sampled_from([2, 5, AGES])), at)
        for at, space in enumerate(spaces)
        if draw(st.integers(0, 5)) == 5
    ]
    needs = [sort for sort in SORTS if any(suits(space.sort, sort) for space in spaces)]
    ask = st.tuples(st.sampled_from(needs), windows, st.booleans(), st.sampled_from([0, 0, 1, 2]))
    asked = [
        (Request(str(number), Need(*spread(need)), *window, token_out=token), back)
        for number, (need, window, token, back) in enumerate(draw(st.lists(ask, min_size=3, max_size=9)))
    ]
    return Scene(spaces, lying, asked, draw(st.booleans()))


def as_stay(asked: Request) -> Stay:
    """What is asked for, as the judges see it."""
    return Stay((asked.need.size_class, asked.need.climate, asked.need.features), asked.start, asked.end)


def admit_all_of(scene: Scene, judge: Callable[[Plan, Request, Plan], None]) -> Plan:
    """Ask for everything, one after another, with a bank that acknowledges all.

    Args:
        scene: Its ``standing`` follows.
        judge: Called with the plan before each request, the request, and the plan after.
    """
    after = scene.plan()
    for number, (asked, _) in enumerate(scene.asked):
        before = after
        after, fits = admit_to_the_end(before, asked, linked=scene.linked)
        if fits:
            scene.standing[asked.id] = as_stay(asked)
        judge(before, asked, after)
        for earlier, (given_back, when) in enumerate(scene.asked[:number]):
            if when and earlier + when == number and given_back.id in scene.standing:
                del scene.standing[given_back.id]
                after = after.minus(given_back.id)
    return after


@given(scenes())
@settings(max_examples=600, deadline=None)
def test_what_is_admitted_has_a_door_for_every_whole_stay(scene: Scene) -> None:
    def judge(*_: object) -> None:
        assert assignable(scene.spaces, [*scene.lying, *scene.standing.values()])

    admit_all_of(scene, judge)
    event(f"admitted {len(scene.standing)}")


@given(scenes(), st.randoms(use_true_random=False))
@settings(max_examples=600, deadline=None)
def test_lived_through_to_the_end_every_parcel_finds_a_door_whoever_chooses_it(
    scene: Scene, whim: random.Random
) -> None:
    after = admit_all_of(scene, lambda *_: None)
    visits = [Visit(f"lying {stay.at}", (0, 0, 0), stay.start, stay.end, stay.at) for stay in scene.lying]
    for each in after.commitments.values():
        if each.door is None:
            comes = whim.randrange(each.start, each.end)
            goes = whim.randrange(comes + 1, each.end + 1)
            promised = (int(each.kind.size_class), int(each.kind.climate), each.kind.features)
            visits.append(Visit(each.id, promised, comes, goes))
    doors = play(scene.spaces, visits, whim.choice)
    for name, stay in scene.standing.items():
        assert suits(scene.spaces[doors[name]].sort, stay.needs)


@given(scenes())
@settings(max_examples=600, deadline=None)
def test_what_is_refused_with_proof_has_no_plan_whatever_is_moved(scene: Scene) -> None:
    """CAP-5: nothing is fixed but what lies in a door, as at a connected bank."""
    scene.linked = True

    def judge(before: Plan, asked: Request, _: Plan) -> None:
        answer = admit(before, asked, linked=True)
        if isinstance(answer, NoRoom) and answer.proved:
            event("proved")
            assert not assignable(scene.spaces, [*scene.lying, *scene.standing.values(), as_stay(asked)])

    admit_all_of(scene, judge)


@given(scenes())
@settings(max_examples=600, deadline=None)
def test_at_every_stage_no_kind_is_planned_beyond_its_doors(scene: Scene) -> None:
    """CAP-7: also while moves count in both kinds, and the last stage leads to what was offered."""

    def judge(before: Plan, asked: Request, _: Plan) -> None:
        answer = admit(before, asked, linked=scene.linked)
        if isinstance(answer, NoRoom):
            return
        stages = {move.stage for move in answer.moves}
        event(f"moves {len(answer.moves)} in {len(stages)} stages, {'waits' if answer.waits else 'at once'}")
        for stage in range(len(stages)):
            due = [move for move in answer.moves if move.stage == stage]
            assert due, "a stage without a move"
            before = made(before, due)
            within_doors(before, scene)
            before = acknowledged(before)
        before = before.plus(answer.commitment)
        within_doors(before, scene)

    within_doors(admit_all_of(scene, judge), scene)


def crowded_scene(whim: random.Random) -> Scene:
    """A bank of up to six plain doors, asked for more than it has, much of it given back: where moves are needed."""
    spaces = [Space((whim.choice([2, 2, 3, 3, 4]), 1, 0)) for _ in range(whim.randint(3, 6))]
    asked = []
    for number in range(14):
        start = whim.randrange(LATEST)
        need = Need(SizeClass(whim.choice([2, 2, 3, 4])))
        request = Request(str(number), need, start, start + whim.randint(2, 8), token_out=whim.random() < 0.7)
        asked.append((request, whim.choice([0, 0, 1, 2, 3])))
    return Scene(spaces, [], asked, linked=True)


def test_in_crowded_banks_too_every_stay_has_a_door_at_every_stage(full_size: bool) -> None:
    """CAP-3 and CAP-7, where a good part of what is admitted needs moves, some of them in several stages."""
    whim = random.Random(20261124)
    moves: Counter[str] = Counter()

    def judge(before: Plan, asked: Request, after: Plan) -> None:
        answer = admit(before, asked, linked=True)
        if isinstance(answer, Admission) and answer.moves:
            moves["admissions with moves"] += 1
            moves["in stages"] += answer.moves[-1].stage > 0
            for stage in range(answer.moves[-1].stage + 1):
                before = made(before, [move for move in answer.moves if move.stage == stage])
                within_doors(before, scene)
                before = acknowledged(before)
            within_doors(before.plus(answer.commitment), scene)
        elif isinstance(answer, NoRoom) and answer.proved:
            moves["refused with proof"] += 1
            assert not assignable(scene.spaces, [*scene.standing.values(), as_stay(asked)])
        assert assignable(scene.spaces, list(scene.standing.values()))
        within_doors(after, scene)

    scenes_tried = 20_000 if full_size else 300
    for _ in range(scenes_tried):
        scene = crowded_scene(whim)
        admit_all_of(scene, judge)
    assert moves["admissions with moves"] > scenes_tried / 10
    assert moves["in stages"] > scenes_tried / 200
    assert moves["refused with proof"] > scenes_tried


def within_doors(after: Plan, scene: Scene) -> None:
    """Count by hand, at each instant, what lies or is planned in doors of each sort, and the doors that are out."""
    for instant in range(LATEST + 8):
        for sort in {space.sort for space in scene.spaces}:
            doors = {str(at) for at, space in enumerate(scene.spaces) if space.sort == sort}
            inside = {c.door for c in after.commitments.values() if c.start <= instant < c.end and c.door in doors}
            out = {str(at) for at, space in enumerate(scene.spaces) if instant < space.out_until} & doors
            planned = sum(
                (c.kind == kind(sort)) + (c.moving_to == kind(sort))
                for c in after.commitments.values()
                if c.door is None and c.start <= instant < c.end
            )
            assert planned + len(inside | out) <= len(doors), (instant, sort)


def test_the_judges_know_the_plan_that_passes_every_instant_and_has_no_doors() -> None:
    """S[0,6) M[0,3) S[4,10) M[7,10) on one small and one medium door, and each three of them."""
    doors = [Space((2, 1, 0)), Space((3, 1, 0))]
    stays = [Stay((2, 1, 0), 0, 6), Stay((3, 1, 0), 0, 3), Stay((2, 1, 0), 4, 10), Stay((3, 1, 0), 7, 10)]
    for instant in range(10):
        there = [stay for stay in stays if stay.start <= instant < stay.end]
        assert len(there) <= 2
        assert sum(stay.needs[0] == 3 for stay in there) <= 1
    assert not assignable(doors, stays)
    for left_out in stays:
        assert assignable(doors, [stay for stay in stays if stay is not left_out])


def test_the_judges_know_two_doors_with_different_outages() -> None:
    """CAP-9: each instant has a door for the stay, and no door has the whole stay."""
    doors = [Space((2, 1, 0), out_until=5), Space((2, 1, 0))]
    assert assignable(doors, [Stay((2, 1, 0), 0, 5), Stay((2, 1, 0), 5, 9)])
    assert not assignable(doors, [Stay((2, 1, 0), 0, 6), Stay((2, 1, 0), 4, 9)])
    with pytest.raises(NoDoor, match="b"):
        play(doors, [Visit("a", (2, 1, 0), 0, 6), Visit("b", (2, 1, 0), 4, 9)], min)


def test_a_parcel_before_full_doors_is_noticed() -> None:
    doors = [Space((2, 1, 0)), Space((3, 1, 0))]
    both = [Visit("a", (2, 1, 0), 0, 6), Visit("b", (2, 1, 0), 5, 7)]
    with pytest.raises(NoDoor, match="b"):
        play(doors, both, min)
    assert play(doors, [both[0], Visit("b", (2, 1, 0), 6, 7)], min) == {"a": 0, "b": 0}
