"""The doors of a bank as they are counted: what its compartments are to the planner, kept as one value.

Whoever changes a compartment (its operator, a fact from the bank, a planned outage) puts the doors anew and refits
the bank's book, in one proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from interlock_gateway.domain.capacity import Door, Layout, SizeClass
from interlock_gateway.domain.compartment import Compartment


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """Doors of one class that a bank may spend without asking (CAP-10).

    Attributes:
        size_class: The class.
        count: So many are lent.
        held: So many are held back from sale: more than ``count`` until the bank has acknowledged that it has fewer.
        spent: So many of them are spent.
        fence: The manifest's number that told the bank of it; grows with every change.
        acknowledged_fence: The last one that the bank has acknowledged.
        end_time: Until when a spend may start; ``None``: until it is changed.
    """

    size_class: SizeClass
    count: int
    held: int
    spent: int = 0
    fence: int = 0
    acknowledged_fence: int = 0
    end_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doors:
    """All doors of one bank.

    Attributes:
        bank: The bank's name.
        doors: Those that have a class.
        compartments: The same doors as their operator describes them.
        lent: What the bank may spend of the headroom, by class.
    """

    bank: str
    doors: tuple[Door, ...] = ()
    compartments: tuple[Compartment, ...] = ()
    lent: tuple[Lent, ...] = ()

    @property
    def headroom(self) -> Mapping[SizeClass, int]:
        """Doors of each class that are held back from sale for the bank; absent is none."""
        return {each.size_class: each.held for each in self.lent}

    @property
    def layout(self) -> Layout:
        """The doors, grouped by kind for the planner."""
        return Layout(self.doors, headroom=self.headroom)

    def compartment(self, label: str) -> Compartment | None:
        """The compartment of a label, or ``None``."""
        return next((each for each in self.compartments if each.label == label), None)
