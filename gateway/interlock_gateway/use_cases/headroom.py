"""Headroom: compartments that a bank may spend without asking, held back from sale meanwhile (CAP-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from interlock_gateway.domain.capacity import NO_END, Plan, SizeClass
from interlock_gateway.domain.errors import NoCapacity, WindowPast
from interlock_gateway.domain.names import BankName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANKS, DOORS
from interlock_gateway.use_cases.compartments import doors_of
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.doors import Doors, Lent
from interlock_gateway.use_cases.keeping import bank_named
from interlock_gateway.use_cases.whole import remember_whole, remembered_whole


@dataclass(frozen=True, slots=True)
class HeadroomSet:
    """What a bank is lent of one class now.

    Attributes:
        lent: The loan, with its fencing number.
        allocation_version: The bank's count of decisions, after this one.
    """

    lent: Lent
    allocation_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHeadroom:
    """Lend a bank compartments of a class. More are held back from sale at once.

    Attributes:
        bank: Which; its party is the caller.
        size_class: The class.
        count: So many.
        end_time: Until when a spend may start; ``None``: until it is changed.
        request: Under what the outcome is remembered.
    """

    bank: BankName
    size_class: SizeClass
    count: int
    end_time: datetime | None = None
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank, its doors and its book."""
        wanted.values.update({At(BANKS, str(self.bank)), At(DOORS, str(self.bank))})
        wanted.books.add(str(self.bank))

    def decide(self, desk: Desk) -> HeadroomSet:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            WindowPast: The end has passed.
            NoCapacity: So many are not free.
        """
        bank_named(desk, self.bank)
        if self.end_time is not None and self.end_time <= desk.now:
            raise WindowPast(field="end_time", end_time=self.end_time)
        book = desk.book(str(self.bank))
        before = doors_of(desk, self.bank)
        known = next((each for each in before.lent if each.size_class == self.size_class), None)
        held = 0 if known is None else known.held
        others = tuple(each for each in before.lent if each.size_class != self.size_class)
        # What is lent less stays held back until the bank has acknowledged that it may not spend it any more.
        lent = replace(
            known or Lent(size_class=self.size_class, count=0, held=0),
            count=self.count,
            held=max(held, self.count),
            fence=book.tell_bank(""),
            end_time=self.end_time,
        )
        after = replace(before, lent=tuple(sorted((*others, lent), key=lambda each: each.size_class)))
        if self.count > held and not _room_for(book.at(int(desk.now.timestamp())), after):
            raise NoCapacity(bank=str(self.bank))
        desk.put(DOORS, after)
        book.refit(after.layout)
        return remember_whole(desk, HeadroomSet(lent, book.version))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> HeadroomSet:  # noqa: ARG002 - as every proposal
        """Give it as it was set."""
        return remembered_whole(answer, HeadroomSet)


def _room_for(plan: Plan, doors: Doors) -> bool:
    """Whether what is promised leaves what is to be held back, at every instant from now on."""
    layout = doors.layout
    lent = sum(doors.headroom.values())
    if sum(layout.for_sale) + lent > sum(layout.counts):
        return False  # more than there are doors of the class
    loads = dict(zip(plan.layout.kinds, plan.loads, strict=True))
    return not any(
        list(loads[kind].excess(plan.now, NO_END, left))
        for kind, left in zip(layout.kinds, layout.for_sale, strict=True)
        if kind in loads
    )
