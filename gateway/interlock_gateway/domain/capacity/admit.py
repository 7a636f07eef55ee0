"""Deciding whether a request fits: directly, provably not, or by moving others (CAP-4 to CAP-7)."""

from interlock_gateway.domain.capacity.admission import DEFAULT_BUDGET, Admission, Budget, NoRoom
from interlock_gateway.domain.capacity.commitments import Request
from interlock_gateway.domain.capacity.counting import provably_full
from interlock_gateway.domain.capacity.moves import Search, movable
from interlock_gateway.domain.capacity.plan import Plan


def admit(plan: Plan, request: Request, *, linked: bool, budget: Budget = DEFAULT_BUDGET) -> Admission | NoRoom:
    """Decide one request.

    An answer that the bank need not be asked about is preferred, and then one with short chains.

    Args:
        plan: As of now, see ``Plan.at``. Not changed: see ``kept`` and ``staged``.
        request: Its ``start`` lies before its ``end``.
        linked: The bank is connected, so that a commitment whose token is out may be moved with its word.
        budget: How hard to look for moves.
    """
    layout = plan.layout
    direct = plan.direct(request.need, request.start, request.end)
    if direct is not None:
        return Admission(request, layout.kinds[direct])
    kinds = layout.serving(request.need)
    free = [each for each in plan.commitments.values() if movable(each, now=plan.now, linked=linked)]
    if provably_full(plan, kinds.mask, request.start, request.end, free=free):
        return NoRoom(request, proved=True)
    nodes = budget.nodes
    without_asking = [each for each in free if not each.token_out]
    for candidates in (without_asking, free) if len(without_asking) < len(free) else (free,):
        search = Search(plan, candidates, layout.for_sale, nodes=nodes)
        for depth in range(1, budget.depth + 1):
            found = search.place(kinds.order, request.start, request.end, depth=depth)
            if found is not None:
                return Admission(request, layout.kinds[found], search.moves)
        nodes = search.nodes
    return NoRoom(request)
