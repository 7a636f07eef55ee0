"""What a search shows: whether more would be admitted for a window, and how many (CAP-12).

The answer is the planner's own: NONE is shown exactly where ``admit`` would refuse, and FEW where it would admit once
or twice more, with all that ``admit`` may do, larger doors and moves included.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from interlock_gateway.domain.capacity.admission import DEFAULT_BUDGET, Budget, NoRoom, supposed
from interlock_gateway.domain.capacity.admit import admit
from interlock_gateway.domain.capacity.commitments import Request
from interlock_gateway.domain.capacity.kinds import Climate, Need
from interlock_gateway.domain.capacity.plan import Plan
from interlock_gateway.domain.capacity.sizes import SizeClass

FEW_AT_MOST: Final = 2
"""So many more are FEW."""


class Availability(StrEnum):
    """How much is free, as anyone may know it."""

    AVAILABLE = "AVAILABLE"
    FEW = "FEW"
    NONE = "NONE"


def count_free(
    plan: Plan, need: Need, start: int, end: int, *, most: int, linked: bool, budget: Budget = DEFAULT_BUDGET
) -> int:
    """Count how many commitments with this need and window would be admitted one after another, up to ``most``.

    Args:
        plan: As of now, see ``Plan.at``.
        need: What is asked for.
        start: Start of the window.
        end: End of the window.
        most: Where counting stops; what fits directly is known without trying, the rest is tried one by one.
        linked: The bank is connected.
        budget: How hard to look for moves, for each; ``NO_MOVES`` counts only what fits directly.
    """
    direct = plan.free(need, start, end)
    if direct >= most or budget.nodes == 0:
        return min(direct, most)
    for count in range(most):
        # The name of a supposition cannot be a reservation's: those have no blank.
        answer = admit(plan, Request(f"supposed {count}", need, start, end), linked=linked, budget=budget)
        if isinstance(answer, NoRoom):
            return count
        plan = supposed(plan, answer)
    return most


def availability(
    plan: Plan, need: Need, start: int, end: int, *, linked: bool, budget: Budget = DEFAULT_BUDGET
) -> Availability:
    """Say how much is free for a need and a window; the arguments are those of ``count_free``."""
    free = count_free(plan, need, start, end, most=FEW_AT_MOST + 1, linked=linked, budget=budget)
    if free == 0:
        return Availability.NONE
    return Availability.FEW if free <= FEW_AT_MOST else Availability.AVAILABLE


def by_class(
    plan: Plan,
    sizes: Iterable[SizeClass],
    start: int,
    end: int,
    *,
    climate: Climate = Climate.AMBIENT,
    features: int = 0,
    linked: bool,
    budget: Budget = DEFAULT_BUDGET,
) -> dict[SizeClass, Availability]:
    """Answer ``availability`` for each class, with larger doors that meet the need included."""
    return {
        size: availability(plan, Need(size, climate, features), start, end, linked=linked, budget=budget)
        for size in sizes
    }
