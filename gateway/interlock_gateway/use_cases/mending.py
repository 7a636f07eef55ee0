"""Putting a bank's plan right after its doors have changed: moves first, then broken promises (CAP-14)."""

from __future__ import annotations

from dataclasses import replace

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.capacity import NO_END, WORKING, Door, repair
from interlock_gateway.domain.claims import replan
from interlock_gateway.domain.facts import Fact, FactKind
from interlock_gateway.domain.life.commands import Break
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.domain.reservation import BrokenReason
from interlock_gateway.use_cases.aggregates import DOORS, RESERVATIONS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import keep

_OUT = {
    FactKind.COMPARTMENT_WITHDRAWN: NO_END,
    FactKind.ITEM_FOUND: NO_END,
    FactKind.COMPARTMENT_RESTORED: WORKING,
}


def door_changed(desk: Desk, bank: Bank, fact: Fact) -> None:
    """Take a door out of the plan that the bank withdrew, or put it back."""
    until = _OUT.get(fact.kind)
    doors = desk.get(DOORS, str(bank.name))
    if until is None or doors is None:
        return
    after = tuple(_with(door, fact.compartment, until) for door in doors.doors)
    if after != doors.doors:
        doors = replace(doors, doors=after)
        desk.put(DOORS, doors)
        desk.book(str(bank.name)).refit(doors.layout)


def _with(door: Door, label: str | None, until: int) -> Door:
    return replace(door, out_until=until) if door.label == label else door


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
