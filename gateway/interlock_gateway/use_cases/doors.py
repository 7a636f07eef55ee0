"""The doors of a bank as they are counted: what its compartments are to the planner, kept as one value.

Whoever changes a compartment (its operator, a fact from the bank, a planned outage) puts the doors anew and refits
the bank's book, in one proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from interlock_gateway.domain.capacity import Door, Layout, SizeClass


@dataclass(frozen=True, slots=True)
class Doors:
    """All doors of one bank.

    Attributes:
        bank: The bank's name.
        doors: Those that have a class.
        headroom: Doors of each class that the bank may spend without asking; absent is none (CAP-10).
    """

    bank: str
    doors: tuple[Door, ...] = ()
    headroom: Mapping[SizeClass, int] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        """The doors, grouped by kind for the planner."""
        return Layout(self.doors, headroom=self.headroom)
