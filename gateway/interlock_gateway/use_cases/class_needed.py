"""Which class the parcels of a reservation need together (RES-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interlock_gateway.domain.capacity import Climate, Dimensions, Need, SizeClass, SizeTable
from interlock_gateway.domain.errors import InvalidField, NoClassFits
from interlock_gateway.domain.parcel import Parcel


@dataclass(frozen=True, slots=True)
class NeedAsked:
    """What a carrier says of the compartment that it needs.

    Attributes:
        size_class: The smallest class that serves, or ``None``.
        dimensions: Outer dimensions of all parcels together, where no class is said; or ``None``: see the parcels.
        keep_upright: The height of ``dimensions`` must stay upright.
        climate: The climate.
        features: Bits, see ``capacity.features``.
    """

    size_class: SizeClass | None = None
    dimensions: Dimensions | None = None
    keep_upright: bool = False
    climate: Climate = Climate.AMBIENT
    features: int = 0


def need_asked(asked: NeedAsked, parcels: Sequence[Parcel], sizes: SizeTable, *, field: str) -> Need:
    """Turn what is asked into a need.

    Raises:
        NoClassFits: No class of the network promises room for it.
        InvalidField: Neither a class nor dimensions are said.
    """
    size_class = asked.size_class
    if size_class is None:
        size_class = (
            _class_for(asked.dimensions, sizes, keep_upright=asked.keep_upright)
            if asked.dimensions is not None
            else class_of_parcels(parcels, sizes)
        )
    if size_class is None:
        raise InvalidField(field=f"{field}.need", rule="say a class, or dimensions here or of each parcel")
    return Need(size_class, asked.climate, asked.features)


def class_of_parcels(parcels: Sequence[Parcel], sizes: SizeTable) -> SizeClass | None:
    """Name the class that holds all parcels laid on one another; ``None`` where one has no dimensions.

    Raises:
        NoClassFits: No class does.
    """
    each = [parcel.dimensions for parcel in parcels]
    if any(dimensions is None for dimensions in each):
        return None
    flat = [sorted((d.width_mm, d.height_mm, d.depth_mm)) for d in each if d is not None]
    pile = Dimensions(max(b for _, b, _ in flat), sum(a for a, _, _ in flat), max(c for _, _, c in flat))
    return _class_for(pile, sizes)


def _class_for(dimensions: Dimensions, sizes: SizeTable, *, keep_upright: bool = False) -> SizeClass:
    found = sizes.class_for(dimensions, keep_upright=keep_upright)
    if found is None:
        lengths = (dimensions.width_mm, dimensions.height_mm, dimensions.depth_mm)
        raise NoClassFits(dimensions=" x ".join(f"{length} mm" for length in lengths))
    return found
