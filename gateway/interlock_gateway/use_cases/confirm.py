"""Confirming: turn a hold into a promise, with the rights and the PIN that come with it (RES-2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from interlock_gateway.domain.life import commands
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.use_cases.carrying_out import Changing
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.grants import choose_pin, first_rights_at
from interlock_gateway.use_cases.keeping import amended, bank_named, reservation_named
from interlock_gateway.use_cases.network import Network
from interlock_gateway.use_cases.promise import Promised, promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Changing):
    """Confirm a hold."""

    network: Network

    def decide(self, desk: Desk) -> Promised:
        """Decide.

        Raises:
            ReservationUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            WrongState: It is not held, or the hold's time is over.
            WindowPast: The deposit window is over.
        """
        before = reservation_named(desk, self.name, etag=self.etag)
        bank = bank_named(desk, before.bank)
        book = desk.book(str(before.bank))
        outcome = decide(before, commands.Confirm(), now=desk.now)
        pin = choose_pin(desk, book, self.network, before.name, before.group)
        after = replace(
            outcome.reservation,
            pin_subject=pin.subject,
            pin_number=pin.number,
            rights=first_rights_at(desk, book, before.window, before.commitment_end),
        )
        return promised(desk, bank, amended(before, outcome, after, now=desk.now))
