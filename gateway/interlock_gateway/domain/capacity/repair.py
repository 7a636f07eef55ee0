"""After a fact: whether the plan still holds, and if not, what is moved and who loses (CAP-14).

A fact may take a door that was counted on: it jams, a parcel overstays, a parcel lies in another kind than planned.
Moves come first; a promise is broken only when no move helps.
"""

from dataclasses import dataclass, replace
from functools import partial

from interlock_gateway.domain.capacity.admission import DEFAULT_BUDGET, Budget, Move, made
from interlock_gateway.domain.capacity.commitments import NO_END, Commitment, Standing
from interlock_gateway.domain.capacity.kinds import Kind
from interlock_gateway.domain.capacity.moves import Search, movable
from interlock_gateway.domain.capacity.plan import Plan, claims


@dataclass(frozen=True, slots=True)
class Crowd:
    """More is planned into a kind than it has working doors.

    Attributes:
        kind: The kind.
        instant: An instant, from now on, from which it is so.
        excess: How many doors are missing from then on, until the kind's load changes.
    """

    kind: Kind
    instant: int
    excess: int


@dataclass(frozen=True, slots=True)
class Repair:
    """What puts a plan right.

    Attributes:
        moves: In the order in which they are to be made; ``staged`` makes those that are due. Until the bank has
            acknowledged those that need it the crowd remains, and repairing again finds nothing more to do.
        losers: Ids of commitments that become BROKEN, in the order in which they were chosen.
        unmet: Crowds that nothing ends: more parcels lie there than the kind has doors that work.
    """

    moves: tuple[Move, ...] = ()
    losers: tuple[str, ...] = ()
    unmet: tuple[Crowd, ...] = ()


def crowds(plan: Plan) -> list[Crowd]:
    """Where kinds are planned beyond their working doors from now on: by kind, in order of time."""
    return [
        Crowd(kind, instant, excess)
        for kind, doors, load in zip(plan.layout.kinds, plan.layout.counts, plan.loads, strict=True)
        for instant, excess in load.excess(plan.now, NO_END, doors)
    ]


def repair(plan: Plan, *, linked: bool, budget: Budget = DEFAULT_BUDGET) -> Repair:
    """Find what puts a plan right after facts.

    Counted against all working doors: headroom is held back from sale, not from a promise. What nothing is promised
    to any more (``Standing.ENDING``) is left out, or one loser would cost a second one for as long as the bank has not
    acknowledged the end of the first. At a linked bank a commitment on the move counts where it goes.

    Args:
        plan: As of now, with the facts in it.
        linked: The bank is connected.
        budget: How hard to look for moves, for each commitment that is considered.
    """
    if not crowds(plan):
        return Repair()
    after = _promises(plan, linked=linked)
    moves: list[Move] = []
    losers: list[str] = []
    unmet: list[Crowd] = []
    while open_crowds := [crowd for crowd in crowds(after) if crowd not in unmet]:
        crowd = open_crowds[0]
        step = _moves_that_help(after, crowd, linked=linked, budget=budget)
        if step is None:
            loser, step = _loser_that_helps(after, crowd, linked=linked, budget=budget)
            if loser is None:
                unmet.append(crowd)
                continue
            losers.append(loser)
            after = after.minus(loser)
        first = 1 + max((move.stage for move in moves if move.needs_acknowledgement), default=-1)
        moves += (replace(move, stage=first + move.stage) for move in step)
        after = made(after, (replace(move, needs_acknowledgement=False) for move in step))
    return Repair(tuple(move for move in moves if move.id not in losers), tuple(losers), tuple(unmet))


def _promises(plan: Plan, *, linked: bool) -> Plan:
    """The plan without what nothing is promised to; at a linked bank, with moves under way taken as made."""
    promised = (each for each in plan.commitments.values() if each.standing != Standing.ENDING)
    if linked:  # ``moving_to`` stays set, so that nobody is moved twice at a time
        promised = (replace(each, kind=each.moving_to) if each.moving_to else each for each in promised)
    return Plan.of(plan.layout, promised, now=plan.now)


def _moves_that_help(plan: Plan, crowd: Crowd, *, linked: bool, budget: Budget) -> tuple[Move, ...] | None:
    """Moves after which one door fewer is missing, or ``None``."""
    layout = plan.layout
    at = layout.index[crowd.kind]
    free = [each for each in plan.commitments.values() if movable(each, now=plan.now, linked=linked)]
    search = Search(plan, free, layout.counts, nodes=budget.nodes)
    doors = layout.counts[at] + crowd.excess - 1
    for depth in range(1, budget.depth + 1):
        if search.relieve(at, crowd.instant, crowd.instant + 1, doors=doors, depth=depth):
            return search.moves
    return None


def _loser_that_helps(plan: Plan, crowd: Crowd, *, linked: bool, budget: Budget) -> tuple[str | None, tuple[Move, ...]]:
    """The first to lose whose loss, perhaps with moves, leaves one door fewer missing."""
    at = plan.layout.index[crowd.kind]
    for each in sorted(plan.commitments.values(), key=partial(_firmness, now=plan.now)):
        if each.standing == Standing.DEPOSITED:
            continue
        if any(
            where == at and start <= crowd.instant < end for where, start, end in claims(plan.layout, each, plan.now)
        ):
            return each.id, ()
        moves = _moves_that_help(plan.minus(each.id), crowd, linked=linked, budget=budget)
        if moves is not None:
            return each.id, moves
    return None, ()


def _firmness(commitment: Commitment, *, now: int) -> tuple[bool, int, bool, int, str]:
    """Sort key, first to lose first (CAP-14).

    Holds, because they give no right yet; then promises, the latest first, those on an allotment's floor after the
    others; and last promises whose deposit window has begun, because somebody may stand before the bank.
    """
    begun = commitment.standing == Standing.CONFIRMED and commitment.start <= now
    return (begun, commitment.standing, commitment.floored, -commitment.since, commitment.id)
