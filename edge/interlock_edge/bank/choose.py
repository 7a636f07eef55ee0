"""Which door a depositor gets: any of the planned kind, and beyond it only what headroom allows (ACC-73)."""

from collections.abc import Callable
from dataclasses import dataclass

from interlock.receipt import DoorState
from interlock_edge.bank.state import Bank
from interlock_edge.custody.door import Compartment, Occupied
from interlock_edge.custody.kind import Kind, SizeClass
from interlock_edge.custody.ledger import HeadroomSpend, LedgerRow


@dataclass(frozen=True, slots=True)
class Chosen:
    """A door for a depositor. ``spend`` is set when it lies beyond the plan."""

    compartment: str
    spend: HeadroomSpend | None = None


def planned_kind(bank: Bank, row: LedgerRow) -> Kind:
    """Return the kind that a deposit is planned into. The manifest is younger than any token, so it wins."""
    entry = bank.manifest.entries.get(row.right.subject)
    terms = (entry and entry.terms) or row.terms
    if terms is None:
        message = "a deposit without terms"
        raise ValueError(message)
    return terms.kind


def door_for(bank: Bank, kind: Kind, *, now: int, above: SizeClass | None = None) -> Chosen | None:
    """Choose a door, or none.

    Args:
        bank: The state.
        kind: The planned kind.
        now: Unix seconds.
        above: The parcel did not fit this class: only larger ones will do.

    Returns:
        A door of the planned kind, the least worn first and one in its grace last; if there is none, the smallest
        that serves and that headroom allows to be spent.
    """
    if above is None:
        planned = _best(bank, lambda compartment: compartment.kind == kind)
        if planned is not None:
            return Chosen(planned)
    floor = kind.size_class if above is None else SizeClass(min(above + 1, SizeClass.XL))
    for size_class in SizeClass:
        spend = headroom(bank, size_class, now=now)
        if spend is None or size_class < floor or size_class is above:
            continue
        found = _best(bank, _serving(kind, size_class))
        if found is not None:
            return Chosen(found, spend)
    return None


def headroom(bank: Bank, size_class: SizeClass, *, now: int) -> HeadroomSpend | None:
    """Return one spend of a class under its present headroom, or nothing when it is used up or over."""
    lent = bank.manifest.headroom.get(size_class)
    if lent is None or now >= lent.until:
        return None
    spend = HeadroomSpend(size_class, lent.number)
    return spend if sum(row.headroom == spend for row in bank.ledger.values()) < lent.doors else None


def is_free(bank: Bank, compartment: str) -> bool:
    """Say whether a depositor may get this door: in service, seen closed, not seen occupied, promised to nobody."""
    reading = bank.reading(compartment)
    tenant = bank.tenant(compartment)
    return (
        reading.door is DoorState.CLOSED
        and reading.occupied is not Occupied.YES
        and bank.door(compartment).withdrawn is None
        and (tenant is None or tenant.ended)
        and compartment not in bank.questions
        and not any(bank.row(right).compartment == compartment for right in bank.unfinished)
        and not (bank.opening and bank.opening.compartment == compartment)
    )


def _serving(kind: Kind, size_class: SizeClass) -> Callable[[Compartment], bool]:
    return lambda compartment: compartment.kind.size_class is size_class and compartment.kind.serves(kind)


def _best(bank: Bank, suits: Callable[[Compartment], bool]) -> str | None:
    free = [c.label for c in bank.layout.values() if suits(c) and is_free(bank, c.label)]
    # A door in its grace may still hold what its collector overlooked, so it comes last.
    return min(free, key=lambda label: (bank.tenant(label) is not None, bank.door(label).pulses, label), default=None)
