"""Doors that a bank itself withdraws or puts back into service (BNK-9, CAP-9)."""

from __future__ import annotations

from dataclasses import replace

from interlock_gateway.domain.compartment import Compartment, Outage, OutageReason, changed
from interlock_gateway.domain.facts import Fact, FactKind
from interlock_gateway.use_cases.aggregates import DOORS
from interlock_gateway.use_cases.compartments import keep_compartments
from interlock_gateway.use_cases.desk import Desk


def door_changed(desk: Desk, bank: str, fact: Fact, outage: OutageReason | None) -> None:
    """Take a compartment out of the plan, or put it back, and put the plan right.

    Args:
        desk: The proposal's.
        bank: Name of the bank.
        fact: What happened.
        outage: Why it was withdrawn, where it was.
    """
    doors = desk.get(DOORS, bank)
    before = None if doors is None or fact.compartment is None else doors.compartment(fact.compartment)
    if doors is None or before is None:
        return
    after = _after(before, fact, outage)
    if after != before:
        others = [each for each in doors.compartments if each.label != before.label]
        keep_compartments(desk, doors, (*others, changed(after, now=desk.now)))


def headroom_spent(desk: Desk, bank: str, fact: Fact) -> bool:
    """Count a compartment that the bank spent beyond the plan; with its deposit it is planned like any other (CAP-10).

    Returns:
        Whether it was lent.
    """
    doors = desk.get(DOORS, bank)
    lent = None if doors is None else next((each for each in doors.lent if each.size_class == fact.size_class), None)
    if doors is None or lent is None:
        return False
    others = tuple(each for each in doors.lent if each is not lent)
    spent = replace(lent, spent=lent.spent + 1, held=max(lent.held - 1, 0))
    after = replace(doors, lent=tuple(sorted((*others, spent), key=lambda each: each.size_class)))
    desk.put(DOORS, after)
    desk.book(bank).refit(after.layout)
    return spent.spent <= spent.count


def _after(before: Compartment, fact: Fact, outage: OutageReason | None) -> Compartment:
    """The compartment after a fact: what its operator withdrew, the bank does not put back."""
    if fact.kind is FactKind.COMPARTMENT_RESTORED:
        return replace(before, outage=None) if before.outage is not None and before.outage.by_bank else before
    if outage is None or before.outage is not None:
        return before
    return replace(before, outage=Outage(reason=outage, start_time=fact.learnt_time, by_bank=True))
