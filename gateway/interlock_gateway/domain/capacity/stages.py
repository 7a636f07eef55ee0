"""In which order moves can be made, given that the bank must acknowledge some of them (CAP-7).

A commitment whose token is out counts in both kinds until the bank has acknowledged the new one. So two such moves in
a chain cannot be asked for at once: the second has no door to be counted in before the first is acknowledged.
"""

from collections.abc import Sequence

from interlock_gateway.domain.capacity.admission import Move
from interlock_gateway.domain.capacity.commitments import Commitment
from interlock_gateway.domain.capacity.kinds import Kind
from interlock_gateway.domain.capacity.load import Load
from interlock_gateway.domain.capacity.plan import Plan

Wanted = tuple[Commitment, int]
"""A commitment, and the index of the kind that it is to enter."""


def in_stages(plan: Plan, wanted: Sequence[Wanted], doors: Sequence[int]) -> tuple[Move, ...] | None:
    """Order moves so that no kind that they enter is ever planned beyond its doors.

    Args:
        plan: The bank before any of them.
        wanted: All moves; once all are made, every kind that one enters is within its doors.
        doors: How far each kind may be filled.

    Returns:
        The moves by stage, or ``None`` when there is no order: two tokens would have to change places at one stroke.
    """
    index, kinds = plan.layout.index, plan.layout.kinds
    loads = list(plan.loads)
    left = list(wanted)
    moves: list[Move] = []
    stage = 0
    while left:
        asked = []
        made = _together(loads, index, [each for each in left if not each[0].token_out], doors)
        for commitment, target in left:
            if commitment.token_out and loads[target].peak(commitment.start, commitment.end) < doors[target]:
                loads[target] = loads[target].plus(commitment.start, commitment.end, 1)
                asked.append((commitment, target))
        if not made and not asked:
            return None
        moves += [Move(who.id, who.kind, kinds[target], who.token_out, stage) for who, target in made + asked]
        for commitment, _ in asked:  # acknowledged: what they leave is free for the next stage
            source = index[commitment.kind]
            loads[source] = loads[source].plus(commitment.start, commitment.end, -1)
        gone = {commitment.id for commitment, _ in made + asked}
        left = [each for each in left if each[0].id not in gone]
        stage += 1
    return tuple(moves)


def _together(loads: list[Load], index: dict[Kind, int], wanted: list[Wanted], doors: Sequence[int]) -> list[Wanted]:
    """Make moves that need nobody's word at one stroke; those that then crowd a kind are put back, the last first."""
    made = list(wanted)
    for commitment, target in made:
        _shift(loads, index[commitment.kind], target, commitment)
    while crowding := [each for each in made if loads[each[1]].peak(each[0].start, each[0].end) > doors[each[1]]]:
        commitment, target = crowding[-1]
        _shift(loads, target, index[commitment.kind], commitment)
        made.remove((commitment, target))
    return made


def _shift(loads: list[Load], source: int, target: int, commitment: Commitment) -> None:
    """Count a commitment in another kind."""
    loads[source] = loads[source].plus(commitment.start, commitment.end, -1)
    loads[target] = loads[target].plus(commitment.start, commitment.end, 1)
