"""A kind of compartment: what capacity is planned in, and what a door is chosen by."""

from dataclasses import dataclass
from enum import IntEnum

from interlock.deposit_terms import Climate


class SizeClass(IntEnum):
    """A size class; each is larger than the one before on all three axes. Numbers as in ``interlock.v1.SizeClass``."""

    XS = 1
    S = 2
    M = 3
    L = 4
    XL = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """Class, climate and features of a compartment.

    Attributes:
        size_class: The largest class whose minimum the compartment meets on every axis.
        climate: The climate that it keeps.
        features: The letters of its features, as in a deposit token.
    """

    size_class: SizeClass
    climate: Climate = Climate.AMBIENT
    features: frozenset[str] = frozenset()

    def serves(self, need: "Kind") -> bool:
        """Say whether a parcel planned for ``need`` may lie here: no smaller, same climate, every feature."""
        return self.size_class >= need.size_class and self.climate is need.climate and self.features >= need.features
