"""The life of a bank as its operator and its host steer it: opened, closed by steps, written off (BNK-15, BNK-16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from interlock_gateway.domain.bank import Bank, BankState
from interlock_gateway.domain.bank_events import BankEventKind
from interlock_gateway.domain.bank_life import BankCommand, move
from interlock_gateway.domain.capacity import Commitment, Standing
from interlock_gateway.domain.claims import free
from interlock_gateway.domain.discrepancy import DiscrepancyKind, Finding
from interlock_gateway.domain.errors import BankNotEmpty, BankWrongState, NotOwn, WindowPast
from interlock_gateway.domain.life.commands import Break
from interlock_gateway.domain.life.deciding import decide
from interlock_gateway.domain.reservation import BrokenReason
from interlock_gateway.use_cases.aggregates import BANK_KEYS, BANK_LINKS, RESERVATIONS
from interlock_gateway.use_cases.banks import OnBank, bank_before, bank_seen, keep_bank
from interlock_gateway.use_cases.compartments import doors_of
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import keep, raise_discrepancy

PROMISES = (Standing.HELD, Standing.CONFIRMED)
"""What has no parcel inside yet and can still be broken."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A bank after a step of its closing.

    Attributes:
        bank: The bank.
        broken_count: Promises broken by the step.
        lost_count: Reservations with a parcel inside of a bank that was given up.
    """

    bank: Bank
    broken_count: int = 0
    lost_count: int = 0


def closed_before(desk: Desk, answer: Mapping[str, Any]) -> Closed:
    """Give the answer of a step that was committed before."""
    return Closed(bank_before(desk, answer), answer["broken"], answer["lost"])


def closed(desk: Desk, answer: Closed, kind: BankEventKind, *, carriers: tuple[str, ...]) -> Closed:
    """Keep a step, and answer."""
    bank = keep_bank(desk, answer.bank, kind, carriers=carriers)
    desk.remember(
        {"name": str(bank.name), "revision": bank.revision, "broken": answer.broken_count, "lost": answer.lost_count}
    )
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBank(OnBank):
    """Let a bank take reservations, or take them again while it is closing."""

    def decide(self, desk: Desk) -> Bank:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            BankWrongState: It is in no state to be opened, or has no compartment.
        """
        bank = bank_seen(desk, self.name, self.etag)
        if not doors_of(desk, self.name).doors:
            raise BankWrongState(bank=str(self.name), state=f"{bank.state} and without compartments")
        command = BankCommand.REOPEN if bank.state is BankState.CLOSING else BankCommand.OPEN
        desk.book(str(self.name)).tell_bank("")
        return keep_bank(desk, move(bank, command, now=desk.now), BankEventKind.OPENED, carriers=self.carriers)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseBank(OnBank):
    """Close a bank by a step.

    Attributes:
        by: Party id of who closes: its operator or its host.
        end_time: Last moment of service, exclusive; ``None``: now.
        reason: Why, for the record.
        break_promises: Break those that reach beyond ``end_time`` and have no parcel inside.
    """

    by: str
    end_time: datetime | None = None
    reason: str
    break_promises: bool = False

    def decide(self, desk: Desk) -> Closed:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            NotOwn: The caller is neither its operator nor its host.
            BankWrongState: It is closed.
            BankNotEmpty: Promises reach beyond the end and are not to be broken, or parcels are inside.
            WindowPast: The end has passed.
        """
        bank = bank_seen(desk, self.name, self.etag)
        if self.by not in {bank.operator, bank.host}:
            raise NotOwn(field="name")
        if self.end_time is not None and self.end_time <= desk.now:
            raise WindowPast(field="end_time", end_time=self.end_time)
        book = desk.book(str(self.name))
        if bank.state in {BankState.PLANNED, BankState.EMPTYING, BankState.CLOSED}:
            holding = len(book.plan.commitments)
            after = move(bank, BankCommand.SHUT, now=desk.now, reason=self.reason, holding=holding)
            return closed(desk, Closed(after), BankEventKind.CLOSED, carriers=self.carriers)
        command = BankCommand.EMPTY if self.end_time is None else BankCommand.CLOSE
        after = move(bank, command, now=desk.now, closing_end=self.end_time, reason=self.reason)
        broken = self._break(desk, list(book.plan.commitments.values()))
        book.tell_bank("")
        kind = BankEventKind.EMPTYING if self.end_time is None else BankEventKind.CLOSING
        return closed(desk, Closed(after, broken), kind, carriers=self.carriers)

    def _break(self, desk: Desk, commitments: list[Commitment]) -> int:
        """Break the promises that reach beyond the end, and count them."""
        end = (self.end_time or desk.now).timestamp()
        beyond = [each for each in commitments if each.standing in PROMISES and each.end > end]
        if beyond and not self.break_promises:
            raise BankNotEmpty(
                bank=str(self.name),
                reservation_count=len(beyond),
                end_time=datetime.fromtimestamp(max(each.end for each in beyond), UTC),
            )
        for reservation in desk.get_all(RESERVATIONS, [each.id for each in beyond]):
            keep(desk, decide(reservation, Break(BrokenReason.CAPACITY_LOST), now=desk.now))
        return len(beyond)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Closed:  # type: ignore[override]
        """Give the answer of then."""
        return closed_before(desk, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffBank(OnBank):
    """Give a bank up for good, with whatever is in it.

    Attributes:
        by: Name of the party that gives it up, for the record.
        reason: Why, for the record.
    """

    by: str
    reason: str

    def decide(self, desk: Desk) -> Closed:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            BankWrongState: It is planned or closed.
        """
        bank = bank_seen(desk, self.name, self.etag)
        after = move(bank, BankCommand.WRITE_OFF, now=desk.now, reason=self.reason)
        commitments = dict(desk.book(str(self.name)).plan.commitments)
        broken = lost = 0
        for reservation in desk.get_all(RESERVATIONS, commitments):
            standing = commitments[reservation.name.reservation].standing
            if standing is Standing.DEPOSITED:
                lost += 1
                finding = Finding(
                    kind=DiscrepancyKind.PARCEL_LOST,
                    reservation=reservation.name,
                    state=reservation.state,
                    time=desk.now,
                    compartment=reservation.compartment,
                    note=self.reason,
                )
                raise_discrepancy(desk, self.name, finding, raised_by=self.by)
                continue
            ended = reservation
            if standing in PROMISES:
                broken += 1
                outcome = decide(reservation, Break(BrokenReason.BANK_WRITTEN_OFF), now=desk.now)
                keep(desk, outcome)
                ended = outcome.reservation
            freed = free(ended, written_off=True, now=desk.now)
            if freed.events:
                keep(desk, freed)
        self._distrust(desk)
        return closed(desk, Closed(after, broken, lost), BankEventKind.WRITTEN_OFF, carriers=self.carriers)

    def _distrust(self, desk: Desk) -> None:
        """Distrust the bank's key for what comes after; facts that turn up all the same are taken in."""
        link = desk.get(BANK_LINKS, str(self.name))
        key = None if link is None or link.kid is None else desk.get(BANK_KEYS, link.kid)
        if key is not None and key.distrust_time is None:
            desk.put(BANK_KEYS, replace(key, distrust_time=desk.now))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Closed:  # type: ignore[override]
        """Give the answer of then."""
        return closed_before(desk, answer)
