"""Recalling: ask for the parcels back, and get the right to take them (RES-18)."""

from __future__ import annotations

from dataclasses import dataclass

from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.life import commands
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.use_cases.carrying_out import Changing
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.grants import give_right
from interlock_gateway.use_cases.keeping import amended, bank_named, reservation_named
from interlock_gateway.use_cases.promise import Promised, promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(Changing):
    """Recall the parcels of a reservation. The collector's right lives on: whoever opens first wins."""

    def decide(self, desk: Desk) -> Promised:
        """Decide.

        Raises:
            ReservationUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            WrongState: Nothing is in the bank.
        """
        before = reservation_named(desk, self.name, etag=self.etag)
        outcome = decide(before, commands.Recall(), now=desk.now)
        after, _ = give_right(desk, desk.book(str(before.bank)), outcome.reservation, Act.RECALL)
        outcome = amended(before, outcome, after, now=desk.now)
        return promised(desk, bank_named(desk, before.bank), outcome)
