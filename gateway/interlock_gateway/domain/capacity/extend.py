"""Putting a commitment's end off: whether its kind has room for longer, and if not, for how long it has (CAP-13)."""

from dataclasses import replace

from interlock_gateway.domain.capacity.admission import DEFAULT_BUDGET, Budget, Extension, NoExtension
from interlock_gateway.domain.capacity.moves import Search, movable
from interlock_gateway.domain.capacity.plan import Plan, claims


def extend(
    plan: Plan, commitment_id: str, new_end: int, *, linked: bool, budget: Budget = DEFAULT_BUDGET
) -> Extension | NoExtension:
    """Decide whether a commitment may end at ``new_end``.

    It stays in its kind, because its parcel stays behind its door; others may be moved. A commitment whose end has
    passed counts as one without end, so extending it gives back what lies beyond ``new_end``.

    Args:
        plan: As of now, see ``Plan.at``. Not changed: see ``kept`` and ``staged``.
        commitment_id: A commitment of the plan; ``KeyError`` otherwise.
        new_end: Later than now.
        linked: The bank is connected, so that others whose token is out may be moved with its word.
        budget: How hard to look for moves, each time that an end is tried.
    """
    whole = _try(plan, commitment_id, new_end, linked=linked, budget=budget)
    if whole is not None:
        return whole
    ends = _ends_before_a_crowd(plan, commitment_id, new_end)
    until: int | None = None
    low, high = 0, len(ends)
    while low < high:  # whatever fits for longer fits for shorter
        middle = (low + high) // 2
        if _try(plan, commitment_id, ends[middle], linked=linked, budget=budget) is None:
            high = middle
        else:
            until, low = ends[middle], middle + 1
    return NoExtension(commitment_id, until)


def _try(plan: Plan, commitment_id: str, end: int, *, linked: bool, budget: Budget) -> Extension | None:
    """Grant one end, or not."""
    longer, since = _lengthened(plan, commitment_id, end)
    if end <= since:
        return Extension(commitment_id, end)
    extended = longer.commitments[commitment_id]
    where = [at for at, _, _ in claims(plan.layout, extended, plan.now)]
    others = [
        each
        for each in plan.commitments.values()
        if each.id != commitment_id and movable(each, now=plan.now, linked=linked)
    ]
    depth = budget.depth if len(where) == 1 else 0  # while it counts in two kinds, nobody is moved for it
    search = Search(longer, others, plan.layout.for_sale, nodes=budget.nodes)
    if all(search.relieve(at, since, end, depth=depth) for at in where):
        return Extension(commitment_id, end, search.moves)
    return None


def _lengthened(plan: Plan, commitment_id: str, end: int) -> tuple[Plan, int]:
    """The plan with the new end, and the instant up to which the commitment has its place already."""
    present = plan.commitments[commitment_id]
    since = max(plan.now, present.end)
    return plan.changed(replace(present, end=end)), since


def _ends_before_a_crowd(plan: Plan, commitment_id: str, end: int) -> list[int]:
    """Ends up to which it could stay if nothing before them were crowded, ascending."""
    longer, since = _lengthened(plan, commitment_id, end)
    extended = longer.commitments[commitment_id]
    ends = {
        crowded
        for at, _, _ in claims(plan.layout, extended, plan.now)
        for crowded, _ in longer.loads[at].excess(since, end, plan.layout.for_sale[at])
    }
    return sorted(ends - {since})
