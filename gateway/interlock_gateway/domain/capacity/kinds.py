"""Kinds of compartment and needs: what capacity is counted in, and what serves what (CAP-2).

A kind is what doors are alike in: two doors of one kind are interchangeable, which is what makes counting them sound.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from interlock_gateway.domain.capacity.sizes import SizeClass


class Climate(IntEnum):
    """The climate that a compartment keeps; numbers as in ``interlock.v1.Climate``."""

    AMBIENT = 1
    CHILLED = 2
    FROZEN = 3
    HEATED = 4


class Feature(IntEnum):
    """What a compartment may have beyond size and climate; numbers as in ``interlock.v1.Feature``."""

    ACCESSIBLE = 1
    POWER = 2
    OUTDOOR = 3
    INDOOR = 4
    TRANSPARENT = 5
    DANGEROUS_GOODS = 6


def features(members: Iterable[int]) -> int:
    """Write a set of features as one integer, bit ``n`` for the feature of number ``n``.

    A set of bits and not a ``frozenset``: the planner asks "has every one of" some thousand times a second.
    """
    bits = 0
    for member in members:
        bits |= 1 << member
    return bits


def feature_numbers(bits: int) -> tuple[int, ...]:
    """Read ``features`` back: the numbers, ascending."""
    return tuple(number for number in range(bits.bit_length()) if bits >> number & 1)


def _code(size_class: SizeClass, climate: Climate, bits: int) -> int:
    """One integer for the three: features above climate (4 bits) above class (4 bits)."""
    return bits << 8 | climate << 4 | size_class


@dataclass(frozen=True, slots=True)
class Kind:
    """What doors are alike in.

    Attributes:
        size_class: The class of the compartments.
        climate: The climate that they keep.
        features: Bits, see ``features``.
    """

    size_class: SizeClass
    climate: Climate = Climate.AMBIENT
    features: int = 0

    @property
    def code(self) -> int:
        """The kind as one integer, for a column or a key; ``of_code`` reads it back."""
        return _code(self.size_class, self.climate, self.features)

    @classmethod
    def of_code(cls, code: int) -> "Kind":
        """Read what ``code`` wrote. Raises ``ValueError`` for an unknown class or climate."""
        return cls(SizeClass(code & 15), Climate(code >> 4 & 15), code >> 8)

    def __hash__(self) -> int:
        """Hash the code: kinds are keys in the hot path, and hashing a tuple of enums takes five times as long."""
        return self.features << 8 | self.climate << 4 | self.size_class


@dataclass(frozen=True, slots=True)
class Need:
    """What a parcel asks of a compartment, at the least; fields as in ``Kind``."""

    size_class: SizeClass
    climate: Climate = Climate.AMBIENT
    features: int = 0

    @property
    def code(self) -> int:
        """The need as one integer; see ``Kind.code``."""
        return _code(self.size_class, self.climate, self.features)

    @classmethod
    def of_code(cls, code: int) -> "Need":
        """Read what ``code`` wrote. Raises ``ValueError`` for an unknown class or climate."""
        return cls(SizeClass(code & 15), Climate(code >> 4 & 15), code >> 8)

    def __hash__(self) -> int:
        """Hash the code, as ``Kind`` does."""
        return self.features << 8 | self.climate << 4 | self.size_class


def serves(kind: Kind, need: Need) -> bool:
    """Say whether a parcel with ``need`` may lie in ``kind``: no smaller, the same climate, every feature (CAP-2)."""
    return (
        kind.size_class >= need.size_class
        and kind.climate == need.climate
        and kind.features & need.features == need.features
    )
