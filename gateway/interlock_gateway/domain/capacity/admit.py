"""Deciding whether a request fits: directly, provably not, or by moving others (CAP-4 to CAP-7)."""

from interlock_gateway.domain.capacity.admission import DEFAULT_BUDGET, Admission, Budget, NoRoom
from interlock_gateway.domain.capacity.commitments import Request
from interlock_gateway.domain.capacity.plan import Plan


def admit(plan: Plan, request: Request, *, linked: bool, budget: Budget = DEFAULT_BUDGET) -> Admission | NoRoom:
    """Decide one request.

    Args:
        plan: As of now, see ``Plan.at``. Not changed: see ``kept`` and ``staged``.
        request: Its ``start`` lies before its ``end``.
        linked: The bank is connected, so that a commitment whose token is out may be moved with its word.
        budget: How hard to look for moves.
    """
    direct = plan.direct(request.need, request.start, request.end)
    if direct is not None:
        return Admission(request, plan.layout.kinds[direct])
    return NoRoom(request)
