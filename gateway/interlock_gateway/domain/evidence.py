"""What must be known before custody moves, and how long a door stays open to second thoughts (EVD-3 to EVD-9).

Facts say how well they are known; these are the rules by which a bank decides what to say, and by which the gateway
judges what a carried network says.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Final

from interlock_gateway.domain.facts import Act, Evidence

QUIET: Final = MappingProxyType(
    {Act.DEPOSIT: timedelta(minutes=2), Act.COLLECT: timedelta(minutes=10), Act.RECALL: timedelta(minutes=10)}
)
"""How long nobody must have said otherwise, after the door closed, before a hand-over is inferred."""

LEFT_OPEN_AFTER: Final = timedelta(minutes=10)
"""A door open for so long is reported as left open, with whatever is known by then."""

_SHORT_GRACE: Final = timedelta(seconds=60)
_LONG_GRACE: Final = timedelta(hours=24)


def grace(evidence: Evidence | None) -> timedelta:
    """Say for how long after a removal the same right opens the same door again (EVD-9).

    A minute for whoever forgot something; a day where nobody saw the compartment empty.
    """
    return _SHORT_GRACE if evidence is Evidence.SENSED else _LONG_GRACE


def weigh(
    act: Act, *, closed: bool, occupied: bool | None, asserted: bool, contradicted: bool, quiet: timedelta
) -> Evidence:
    """Say how well a hand-over is known once its door has opened (EVD-3).

    Args:
        act: What the right allowed.
        closed: The door has closed again.
        occupied: What a working sensor says; ``None`` without one.
        asserted: Whoever stood there said "it is in", or "I have it all".
        contradicted: They said "not deposited", or that something remains.
        quiet: Time since the door closed in which nobody said anything.

    Returns:
        ``NONE`` as long as nothing speaks for it: custody does not move.
    """
    if not closed or contradicted:
        return Evidence.NONE
    as_it_should = act is Act.DEPOSIT
    if occupied is as_it_should:
        return Evidence.SENSED
    if asserted:
        return Evidence.ASSERTED
    # Silence counts only where no sensor says the opposite: whoever opened and took nothing has not collected.
    if occupied is None and quiet >= QUIET[act]:
        return Evidence.INFERRED
    return Evidence.NONE
