"""The counting test: refuses, with proof, what no exact search would admit (CAP-5).

Take any set of kinds. Whatever can lie in those kinds alone must, so at each instant there may be no more of it than
doors (Hall's condition, at one instant). Where a request breaks that, no re-planning helps and the search for moves is
spared. The converse fails, because parcels do not change doors: passing every instant proves nothing.
"""

from collections.abc import Sequence
from typing import Final

from interlock_gateway.domain.capacity.commitments import Commitment
from interlock_gateway.domain.capacity.plan import Plan

MOST_SETS: Final = 64
"""Sets of kinds looked at. More would prove a little more and cost what the proof is to save."""


def provably_full(plan: Plan, mask: int, start: int, end: int, *, free: Sequence[Commitment]) -> bool:
    """Prove that nothing more that needs one of the kinds in ``mask`` fits for ``[start, end)``.

    Args:
        plan: The bank.
        mask: Kinds that would do, as bits.
        start: Start of the window.
        end: End of the window.
        free: Commitments of the plan that may be moved; all others stay where they are.

    Returns:
        ``True`` is a proof; ``False`` says nothing.
    """
    layout = plan.layout
    staying = list(plan.loads)
    steps: list[tuple[int, int, int]] = []  # instant, doors more or fewer, the kinds where these must lie
    wheres = set()
    for each in free:
        if each.start < end and each.end > start:
            at = layout.index[each.kind]
            staying[at] = staying[at].plus(each.start, each.end, -1)
            where = layout.serving(each.need).mask
            wheres.add(where)
            steps += ((max(each.start, start), 1, where), (each.end, -1, where))
    for at, load in enumerate(staying):
        steps += ((instant, more, 1 << at) for instant, more in load.steps(start, end))
    steps.sort()  # at one instant the ends (-1) come before the starts (+1)
    return any(_exceeds(steps, kinds, _doors(plan, kinds)) for kinds in _unions(mask, wheres))


def _doors(plan: Plan, kinds: int) -> int:
    """Doors for sale in a set of kinds."""
    return sum(count for at, count in enumerate(plan.layout.for_sale) if kinds >> at & 1)


def _unions(mask: int, wheres: set[int]) -> list[int]:
    """Sets of kinds to look at: those that do, joined with those of the needs that are about, each way."""
    unions = [mask]
    for where in sorted(wheres, key=lambda each: (each | mask).bit_count()):
        unions += [joined for union in unions if (joined := union | where) not in unions]
        if len(unions) >= MOST_SETS:
            break
    return unions[:MOST_SETS]


def _exceeds(steps: list[tuple[int, int, int]], kinds: int, doors: int) -> bool:
    """Say whether at some instant as many things must lie in ``kinds`` as it has doors, with none left for one more."""
    count = 0
    if count >= doors:
        return True
    for _, more, where in steps:
        if where & ~kinds == 0:
            count += more
            if count >= doors:
                return True
    return False
