"""Moving commitments to other kinds of compartment, to make room for what would not fit otherwise (CAP-6, CAP-7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock_gateway.domain.capacity import Admission, Extension
from interlock_gateway.domain.claims import replan
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import RESERVATIONS
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import keep
from interlock_gateway.use_cases.promise import MovesAwaited


def make_moves(desk: Desk, answer: Admission | Extension) -> MovesAwaited | None:
    """Make the moves on which an answer rests.

    Returns:
        What to wait for, where the bank has to agree first: those commitments then count in both kinds until it has.
    """
    moves = {move.id: move for move in answer.moves if move.stage == 0 or not answer.waits}
    bank = ""
    for reservation in desk.get_all(RESERVATIONS, moves):
        move = moves[reservation.name.reservation]
        bank = str(reservation.bank)
        keep(desk, replan(reservation, move.target, acknowledged=not move.needs_acknowledgement, now=desk.now))
    return MovesAwaited(bank, desk.book(bank).manifest_number, tuple(moves)) if answer.waits else None


@dataclass(frozen=True, slots=True)
class MovesAcknowledged:
    """The bank has acknowledged a manifest that named new kinds: what was being moved is there now.

    Attributes:
        reservations: Ids of those whose entry the bank has acknowledged.
    """

    reservations: tuple[str, ...]
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the reservations."""
        wanted.values.update(At(RESERVATIONS, each) for each in self.reservations)

    def decide(self, desk: Desk) -> int:
        """Give how many moved."""
        moving = [each for each in desk.get_all(RESERVATIONS, self.reservations) if each.moving_to is not None]
        for reservation in moving:
            assert reservation.moving_to is not None  # noqa: S101 - just asked
            keep(desk, replan(reservation, reservation.moving_to, acknowledged=True, now=desk.now))
        return len(moving)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> int:
        """Never remembered."""
        raise NotImplementedError
