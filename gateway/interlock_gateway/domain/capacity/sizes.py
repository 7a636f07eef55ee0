"""Size classes: how many millimetres a class promises, which class a compartment is, which class a parcel needs.

A class is a promise of the *least* clear opening, so a parcel that fits the class fits every compartment of it and of
every larger class (CAP-1). Knows nothing of doors, times or banks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final


class SizeClass(IntEnum):
    """The network's classes, smallest first; numbers as in ``interlock.v1.SizeClass``."""

    XS = 1
    S = 2
    M = 3
    L = 4
    XL = 5


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Three lengths in whole millimetres, each at least 1: a parcel's outside, or a compartment's clear opening."""

    width_mm: int
    height_mm: int
    depth_mm: int

    def __post_init__(self) -> None:
        """Refuse what has no extent; the contract has already said so to the caller."""
        if min(self.width_mm, self.height_mm, self.depth_mm) < 1:
            message = f"a length is below 1 mm: {self}"
            raise ValueError(message)

    def holds(self, parcel: "Dimensions", *, keep_upright: bool = False) -> bool:
        """Say whether ``parcel`` goes into this opening, turned as it must be but never tilted.

        Args:
            parcel: Its outer lengths.
            keep_upright: The parcel's height stays its height; it may be turned about the vertical only.
        """
        if keep_upright:
            return parcel.height_mm <= self.height_mm and _fits(
                (parcel.width_mm, parcel.depth_mm), (self.width_mm, self.depth_mm)
            )
        return _fits(
            (parcel.width_mm, parcel.height_mm, parcel.depth_mm), (self.width_mm, self.height_mm, self.depth_mm)
        )


def _fits(inner: tuple[int, ...], outer: tuple[int, ...]) -> bool:
    """Compare lengths in order of size: for boxes turned by right angles this is necessary and enough."""
    return all(a <= b for a, b in zip(sorted(inner), sorted(outer), strict=True))


@dataclass(frozen=True, slots=True)
class SizeTable:
    """The network's minimum clear opening of each class.

    Attributes:
        minima: Least clear opening by class. A network may use fewer classes than there are; those that it uses
            must grow on all three axes, or a parcel of one class might not fit the next.
    """

    minima: Mapping[SizeClass, Dimensions]

    def __post_init__(self) -> None:
        """Refuse a table in which classes do not nest."""
        for smaller, larger in pairwise(sorted(self.minima)):
            a, b = self.minima[smaller], self.minima[larger]
            if not (a.width_mm < b.width_mm and a.height_mm < b.height_mm and a.depth_mm < b.depth_mm):
                message = f"{larger.name} must exceed {smaller.name} on every axis"
                raise ValueError(message)

    def class_of(self, opening: Dimensions) -> SizeClass | None:
        """Name the class of a compartment: the largest whose minimum it meets on every axis, each axis for itself.

        ``None`` when it meets none: such a compartment is never sold.
        """
        met = (
            size
            for size, least in self.minima.items()
            if least.width_mm <= opening.width_mm
            and least.height_mm <= opening.height_mm
            and least.depth_mm <= opening.depth_mm
        )
        return max(met, default=None)

    def class_for(self, parcel: Dimensions, *, keep_upright: bool = False) -> SizeClass | None:
        """Name the smallest class that promises room for ``parcel``.

        ``None`` when no class does. It may fit an odd compartment, and is refused all the same (CAP-1).
        """
        fitting = (size for size, least in self.minima.items() if least.holds(parcel, keep_upright=keep_upright))
        return min(fitting, default=None)


DEFAULT_SIZES: Final = SizeTable(
    {
        SizeClass.XS: Dimensions(180, 70, 300),
        SizeClass.S: Dimensions(340, 80, 440),
        SizeClass.M: Dimensions(370, 170, 500),
        SizeClass.L: Dimensions(380, 350, 580),
        SizeClass.XL: Dimensions(440, 500, 600),
    }
)
"""A table for networks without one of their own.

Chosen so that the published compartments of InPost (A 380 x 80 x 640, B 380 x 190 x 640, C 380 x 410 x 640 mm) are
S, M and L.
"""
