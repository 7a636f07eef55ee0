"""A bank's compartments: built in, described anew, taken out of service and put back (BNK-9, BNK-18, CAP-9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from interlock_gateway.domain.bank import BankState
from interlock_gateway.domain.bank_events import BankEventKind, told_of_bank
from interlock_gateway.domain.bank_life import changed as bank_changed
from interlock_gateway.domain.capacity import SizeTable
from interlock_gateway.domain.compartment import Compartment, changed
from interlock_gateway.domain.errors import (
    BankWrongState,
    CompartmentOccupied,
    CompartmentUnknown,
    EtagMismatch,
    LayoutInvalid,
    WindowPast,
)
from interlock_gateway.domain.names import BankName, CompartmentName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANKS, DOORS
from interlock_gateway.use_cases.book import Book
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.doors import Doors
from interlock_gateway.use_cases.keeping import bank_named
from interlock_gateway.use_cases.mending import mend
from interlock_gateway.use_cases.whole import remember_whole, remembered_whole


@dataclass(frozen=True, slots=True)
class Built:
    """Compartments as they are after a change.

    Attributes:
        compartments: In the order in which they were asked for.
        allocation_version: The bank's count of decisions, after this one.
        broken_count: Promises that no longer held.
    """

    compartments: tuple[Compartment, ...]
    allocation_version: int
    broken_count: int = 0


def doors_of(desk: Desk, bank: BankName) -> Doors:
    """Read the doors of a bank; one without any has an empty set."""
    return desk.get(DOORS, str(bank)) or Doors(str(bank))


def keep_compartments(desk: Desk, doors: Doors, compartments: Sequence[Compartment]) -> Book:
    """Keep a bank's compartments, count its promises on them, and note that the bank must hear of it."""
    ordered = tuple(sorted(compartments, key=lambda each: each.label))
    kept = replace(doors, compartments=ordered, doors=tuple(each.door for each in ordered))
    desk.put(DOORS, kept)
    book = desk.book(doors.bank)
    book.refit(kept.layout)
    book.tell_bank("")
    return book


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCompartments:
    """Add compartments to a bank, all or none.

    Attributes:
        bank: Which; its party is the caller.
        compartments: As measured; class and times are set here.
        sizes: The network's classes.
        carriers: Party ids of the carriers that have, or have had, a reservation there; they are told.
        request: Under what the outcome is remembered.
    """

    bank: BankName
    compartments: tuple[Compartment, ...]
    sizes: SizeTable
    carriers: tuple[str, ...] = ()
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank, its doors and its book."""
        wanted.values.update({At(BANKS, str(self.bank)), At(DOORS, str(self.bank))})
        wanted.books.add(str(self.bank))

    def decide(self, desk: Desk) -> Built:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            BankWrongState: It is closed.
            LayoutInvalid: A label twice or taken, or a compartment below every class.
        """
        bank = bank_named(desk, self.bank)
        if bank.state is BankState.CLOSED:
            raise BankWrongState(bank=str(bank.name), state=bank.state)
        doors = doors_of(desk, self.bank)
        taken = {each.label for each in doors.doors}
        made: list[Compartment] = []
        for index, each in enumerate(self.compartments):
            field = f"compartments[{index}]"
            if each.label in taken:
                raise LayoutInvalid(field=f"{field}.name", rule=f"there is a compartment {each.label} already.")
            taken.add(each.label)
            made.append(
                replace(each, size_class=_class_of(each, self.sizes, field), create_time=desk.now, update_time=desk.now)
            )
        book = keep_compartments(desk, doors, (*doors.compartments, *made))
        after = bank_changed(bank, now=desk.now)
        desk.put(BANKS, after)
        desk.tell(told_of_bank(after, BankEventKind.UPDATED, now=desk.now, carriers=self.carriers))
        return remember_whole(desk, Built(tuple(made), book.version))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Built:  # noqa: ARG002 - as every proposal
        """Give them as they were made."""
        return remembered_whole(answer, Built)


def _class_of(compartment: Compartment, sizes: SizeTable, field: str) -> Any:  # noqa: ANN401 - SizeClass
    size = sizes.class_of(compartment.clear)
    if size is None:
        raise LayoutInvalid(field=f"{field}.clear", rule="is below every class of the network.")
    return size


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCompartment:
    """Describe a compartment anew, or take it out of service and put it back.

    Attributes:
        name: Which; its party is the caller.
        amend: Gives the compartment with the named fields changed; pure, and may be asked again.
        etag: What the caller last saw; empty: whatever it is now.
        sizes: The network's classes.
        connected: The bank is connected, so that promises can be moved.
        carriers: Party ids of the carriers that have, or have had, a reservation there; they are told.
        request: Under what the outcome is remembered.
    """

    name: CompartmentName
    amend: Callable[[Compartment], Compartment]
    etag: str = ""
    sizes: SizeTable
    connected: bool = False
    carriers: tuple[str, ...] = ()
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank, its doors and its book."""
        bank = str(self.name.bank_name)
        wanted.values.update({At(BANKS, bank), At(DOORS, bank)})
        wanted.books.add(bank)

    def decide(self, desk: Desk) -> Built:
        """Decide.

        Raises:
            CompartmentUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            CompartmentOccupied: What is to change needs an empty compartment.
            LayoutInvalid: It would be below every class.
            WindowPast: The outage would have ended.
        """
        bank = desk.get(BANKS, str(self.name.bank_name))
        doors = doors_of(desk, self.name.bank_name)
        before = doors.compartment(self.name.compartment)
        if bank is None or before is None:
            raise CompartmentUnknown(compartment=str(self.name))
        if self.etag and self.etag != before.etag:
            raise EtagMismatch(resource=str(self.name), etag=before.etag)
        after = self._amended(desk, before)
        others = [each for each in doors.compartments if each.label != after.label]
        keep_compartments(desk, doors, (*others, after))
        broken = mend(desk, str(bank.name), linked=self.connected)
        told = bank_changed(bank, now=desk.now)
        desk.put(BANKS, told)
        kind = BankEventKind.COMPARTMENT_CHANGED
        desk.tell(told_of_bank(told, kind, now=desk.now, carriers=self.carriers, compartment=self.name))
        return remember_whole(desk, Built((after,), desk.book(str(bank.name)).version, broken))

    def _amended(self, desk: Desk, before: Compartment) -> Compartment:
        after = changed(self.amend(before), now=desk.now)
        after = replace(after, size_class=_class_of(after, self.sizes, "compartment"))
        if after.outage is not None and after.outage != before.outage:
            if after.outage.end_time is not None and after.outage.end_time <= desk.now:
                raise WindowPast(field="compartment.out_of_service.end_time", end_time=after.outage.end_time)
            after = replace(after, outage=replace(after.outage, start_time=desk.now, by_bank=False))
        space = (before.clear, before.max_mass_g, before.climate, before.features)
        if space != (after.clear, after.max_mass_g, after.climate, after.features) and self._occupied(desk):
            raise CompartmentOccupied(compartment=str(self.name))
        return after

    def _occupied(self, desk: Desk) -> bool:
        plan = desk.book(str(self.name.bank_name)).plan
        return any(each.door == self.name.compartment for each in plan.commitments.values())

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Built:  # noqa: ARG002 - as every proposal
        """Give it as it was then."""
        return remembered_whole(answer, Built)
