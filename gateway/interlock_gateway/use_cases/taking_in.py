"""Taking a custody fact into the records that it concerns: reservations, doors, the plan (RES-6, CAP-14).

A fact is never refused. What the records do not explain becomes a discrepancy, and people are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.claims import free
from interlock_gateway.domain.compartment import OutageReason
from interlock_gateway.domain.discrepancy import DiscrepancyKind, Finding
from interlock_gateway.domain.facts import Fact, FactKind, OpeningCause
from interlock_gateway.domain.life.happenings import CONCERNS_RESERVATIONS
from interlock_gateway.domain.life.outcome import Outcome
from interlock_gateway.domain.life.recording import record
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.use_cases.aggregates import DOORS, PENDING_RECEIPTS, RECEIPTS, RESERVATIONS
from interlock_gateway.use_cases.bank_link import PendingReceipts
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.door_facts import door_changed, headroom_spent
from interlock_gateway.use_cases.keeping import amended, calendar_of, keep, raise_discrepancy
from interlock_gateway.use_cases.mending import mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a fact says, read.

    Attributes:
        fact: As the records need it.
        reservations: Ids of those that it names.
        outage: Why it takes a compartment out of service; ``None`` where it does not.
    """

    fact: Fact
    reservations: tuple[str, ...] = ()
    outage: OutageReason | None = None


_OF_THE_BANK: Final[Mapping[FactKind, DiscrepancyKind]] = MappingProxyType(
    {
        FactKind.LIFE_SAFETY_RELEASED: DiscrepancyKind.LIFE_SAFETY_RELEASE,
        FactKind.ITEM_FOUND: DiscrepancyKind.FOUND_ITEM,
        FactKind.DOOR_LEFT_OPEN: DiscrepancyKind.DOOR_LEFT_OPEN,
    }
)
"""Facts that are for people even where no reservation is named."""


def take_in(desk: Desk, bank: Bank, told: Told) -> None:
    """Take in a custody fact.

    Args:
        desk: The proposal's.
        bank: Where it happened.
        told: The fact; taken in for the first time.
    """
    fact = told.fact
    for name in told.reservations if fact.kind in CONCERNS_RESERVATIONS else ():
        reservation = desk.get(RESERVATIONS, name)
        if reservation is None or reservation.bank != bank.name:
            if fact.kind is not FactKind.RIGHT_ENDED:
                _find(desk, bank, fact, DiscrepancyKind.UNEXPECTED_FACT)
            continue
        _record(desk, bank, reservation, fact)
    if not told.reservations:
        kind = _OF_THE_BANK.get(fact.kind)
        if fact.kind is FactKind.DOOR_OPENED and fact.cause is OpeningCause.UNEXPECTED:
            kind = DiscrepancyKind.UNEXPECTED_OPENING
        if kind is not None:
            _find(desk, bank, fact, kind)
    if fact.kind is FactKind.HEADROOM_SPENT and not headroom_spent(desk, str(bank.name), fact):
        _find(desk, bank, fact, DiscrepancyKind.HEADROOM_EXCEEDED)
    door_changed(desk, str(bank.name), fact, told.outage)
    mend(desk, str(bank.name), linked=True)


def _find(desk: Desk, bank: Bank, fact: Fact, kind: DiscrepancyKind) -> None:
    finding = Finding(
        kind=kind,
        reservation=None,
        time=fact.time,
        evidence=fact.evidence,
        compartment=fact.compartment,
        receipt=fact.receipt,
    )
    raise_discrepancy(desk, bank.name, finding)


def _record(desk: Desk, bank: Bank, before: Reservation, fact: Fact) -> None:
    """Record a fact, and then what had waited for it."""
    outcome = record(before, fact, calendar=calendar_of(bank))
    _keep(desk, before, _where_it_lies(desk, before, outcome, fact))
    if before.pending_forerunner:
        _waited_for(desk, bank, before.name.reservation)


def _keep(desk: Desk, before: Reservation, outcome: Outcome) -> None:
    """Keep what followed, and give capacity back that nothing can claim any more."""
    if outcome.reservation != before or outcome.findings:
        keep(desk, outcome)
    freed = free(outcome.reservation, now=desk.now)
    if freed.reservation != outcome.reservation:
        keep(desk, freed)


def _where_it_lies(desk: Desk, before: Reservation, outcome: Outcome, fact: Fact) -> Outcome:
    """Count a parcel in the kind of the door in which it lies, whatever was planned (CAP-10)."""
    after = outcome.reservation
    if not after.inside or after.compartment is None or fact.compartment != after.compartment:
        return outcome
    doors = desk.get(DOORS, str(after.bank))
    door = None if doors is None else doors.layout.doors.get(after.compartment)
    if door is None or (door.kind == after.kind and after.moving_to is None):
        return outcome
    moved = replace(after, kind=door.kind, moving_to=None)
    return amended(before, outcome, moved, now=desk.now) if outcome.events else outcome


def _waited_for(desk: Desk, bank: Bank, reservation: str) -> None:
    """Record the receipts that waited for an earlier one, as far as it is here now (RCP-20)."""
    pending = desk.get(PENDING_RECEIPTS, reservation)
    if pending is None:
        return
    still: list[str] = []
    for name in pending.names:
        receipt = desk.get(RECEIPTS, name)
        if receipt is None or not receipt.waiting:
            continue
        journal = name.rpartition("-")[0]
        earlier = desk.get(RECEIPTS, f"{journal}-{receipt.earlier_number}")
        if earlier is None or earlier.waiting:
            still.append(name)
            continue
        desk.put(RECEIPTS, replace(receipt, waiting=False))
        current = desk.get(RESERVATIONS, reservation)
        if current is not None:
            outcome = record(current, receipt.fact, calendar=calendar_of(bank))
            _keep(desk, current, _where_it_lies(desk, current, outcome, receipt.fact))
    if still:
        desk.put(PENDING_RECEIPTS, PendingReceipts(reservation, tuple(still)))
    else:
        desk.end(PENDING_RECEIPTS, reservation)
