"""Cancelling: give a promise back (RES-10, CAP-11).

Its capacity returns at once only where no deposit right was given. Otherwise the bank may still honour the right, so
the commitment stands until the bank has acknowledged the revocation, or can no longer be shown the token.
"""

from __future__ import annotations

from dataclasses import dataclass

from interlock_gateway.domain.life import commands
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.use_cases.carrying_out import Changing
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import bank_named, reservation_named
from interlock_gateway.use_cases.promise import Promised, promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Changing):
    """Cancel a hold or a promise."""

    def decide(self, desk: Desk) -> Promised:
        """Decide.

        Raises:
            ReservationUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            WrongState: A parcel is in the bank already, or it has ended.
        """
        before = reservation_named(desk, self.name, etag=self.etag)
        outcome = decide(before, commands.Cancel(), now=desk.now)
        return promised(desk, bank_named(desk, before.bank), outcome)
