"""Extending: give the collector more time, as far as there is room (RES-17, CAP-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from interlock_gateway.domain.bank import Bank, BankState
from interlock_gateway.domain.capacity import Extension, NoExtension, extend
from interlock_gateway.domain.errors import BankNotOpen, NoCapacity
from interlock_gateway.domain.life import commands
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.domain.terms import CollectFor
from interlock_gateway.domain.windows import extendable, extended_end
from interlock_gateway.use_cases.carrying_out import Changing
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import bank_named, calendar_of, reservation_named
from interlock_gateway.use_cases.moves import make_moves
from interlock_gateway.use_cases.network import Reach
from interlock_gateway.use_cases.promise import MovesAwaited, Promised, promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Changing):
    """Put the end of collection off.

    Attributes:
        collect_for: What is added to the present end.
        reach: How well the bank can be reached.
    """

    collect_for: CollectFor
    reach: Reach

    def decide(self, desk: Desk) -> Promised | MovesAwaited:
        """Decide.

        Raises:
            ReservationUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            WrongState: No parcel of it is in the bank.
            WindowPast: Even so it would have ended.
            BankNotOpen: The bank closes before that.
            NoCapacity: Not for so long; it says until when.
        """
        before = reservation_named(desk, self.name, etag=self.etag)
        bank = bank_named(desk, before.bank)
        present = before.collect_end or desk.now
        end = extended_end(present, self.collect_for, calendar_of(bank), now=desk.now)
        outcome = decide(before, commands.Extend(end), now=desk.now)
        _while_open(bank, outcome.reservation)
        extension = self._fitted(desk, outcome.reservation)
        awaited = make_moves(desk, extension) if extension.moves else None
        return promised(desk, bank, outcome) if awaited is None else awaited

    def _fitted(self, desk: Desk, after: Reservation) -> Extension:
        """Find room until the new end."""
        until = -int(-after.commitment_end.timestamp() // 1)
        plan = desk.book(str(after.bank)).plan
        found = extend(plan, after.name.reservation, until, linked=self.reach.connected)
        if isinstance(found, NoExtension):
            latest = found.extendable_until
            raise NoCapacity(
                bank=str(after.bank),
                extendable_until=None
                if latest is None
                else extendable(datetime.fromtimestamp(latest, UTC), after.recall_time),
            )
        return found


def _while_open(bank: Bank, after: Reservation) -> None:
    """No commitment reaches beyond the end of a bank that is closing."""
    end = bank.closing_end
    if bank.state is BankState.CLOSING and end is not None and after.commitment_end > end:
        raise BankNotOpen(bank=str(bank.name), state=bank.state, end_time=end)
