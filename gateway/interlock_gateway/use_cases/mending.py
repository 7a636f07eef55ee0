"""Putting a bank's plan right after its doors have changed: moves first, then broken promises (CAP-14)."""

from __future__ import annotations

from interlock_gateway.domain.capacity import repair
from interlock_gateway.domain.claims import replan
from interlock_gateway.domain.life.commands import Break
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.domain.reservation import BrokenReason
from interlock_gateway.use_cases.aggregates import RESERVATIONS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import keep


def mend(desk: Desk, bank: str, *, linked: bool) -> int:
    """Make the moves that are due and break the promises that nothing helps.

    Args:
        desk: The proposal's.
        bank: Name of the bank, whose book has what changed in it.
        linked: It is connected, so that those with a token out can be moved.

    Returns:
        How many promises were broken.
    """
    found = repair(desk.book(bank).at(int(desk.now.timestamp())), linked=linked)
    due = {move.id: move for move in found.moves if move.stage == 0}
    for reservation in desk.get_all(RESERVATIONS, due):
        move = due[reservation.name.reservation]
        keep(desk, replan(reservation, move.target, acknowledged=not move.needs_acknowledgement, now=desk.now))
    losers = desk.get_all(RESERVATIONS, found.losers)
    for reservation in losers:
        keep(desk, decide(reservation, Break(BrokenReason.CAPACITY_LOST), now=desk.now))
    return len(losers)
