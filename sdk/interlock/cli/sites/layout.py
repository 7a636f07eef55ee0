"""How many compartments of which size a bank has: three templates, and files of one's own.

A file is TOML; compartments are numbered through, in its order::

    [[compartments]]
    count = 12
    width_mm = 380
    height_mm = 190
    depth_mm = 640
    max_mass_g = 25000        # optional
    climate = "CHILLED"       # optional
    features = ["ACCESSIBLE"] # optional
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from interlock.cli.endings import Usage
from interlock.client.words import number, numbers
from interlock.v1.compartment_pb2 import Compartment
from interlock.v1.need_pb2 import Climate, Dimensions, Feature

MOST: Final = 1000
"""Compartments of a bank that one call can make."""
_MOST_MM: Final = 3000
_MOST_G: Final = 200_000
_MEMBERS: Final = {"count", "width_mm", "height_mm", "depth_mm", "max_mass_g", "climate", "features"}


@dataclass(frozen=True, slots=True)
class Column:
    """Compartments of one kind.

    Attributes:
        count: How many.
        clear_mm: Width, height and depth of the opening.
        max_mass_g: 0 for what the network takes to be the most.
        climate: A word of the contract; empty for ambient.
        features: Words of the contract.
    """

    count: int
    clear_mm: tuple[int, int, int]
    max_mass_g: int = 25_000
    climate: str = ""
    features: tuple[str, ...] = ()


_A, _B, _C, _D = (380, 80, 640), (380, 190, 640), (380, 410, 640), (440, 500, 640)
"""Clear openings in mm. The first three are the sizes A, B and C that InPost publishes for its lockers."""

TEMPLATES: Final[Mapping[str, tuple[Column, ...]]] = {
    "small": (Column(8, _A), Column(6, _B), Column(2, _B, features=("ACCESSIBLE",)), Column(4, _C)),
    "medium": (Column(16, _A), Column(12, _B), Column(4, _B, features=("ACCESSIBLE",)), Column(6, _C), Column(2, _D)),
    "large": (Column(24, _A), Column(18, _B), Column(6, _B, features=("ACCESSIBLE",)), Column(9, _C), Column(3, _D)),
}
"""20, 40 and 60 compartments."""


def template(said: str) -> tuple[Column, ...]:
    """Return a template by its name, or the layout of a file.

    Raises:
        Usage: there is no such template, or the file holds no layout.
    """
    if said in TEMPLATES:
        return TEMPLATES[said]
    try:
        document = tomllib.loads(Path(said).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"There is no template {said!r} and no file of that name; there are {', '.join(TEMPLATES)}."
        raise Usage(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{said} is not TOML: {error}."
        raise Usage(message) from error
    listed = document.get("compartments")
    if not isinstance(listed, list) or not listed:
        message = f"{said} has no [[compartments]]."
        raise Usage(message)
    columns = tuple(_column(said, place, each) for place, each in enumerate(listed, start=1))
    if sum(column.count for column in columns) > MOST:
        message = f"{said} has more than {MOST} compartments."
        raise Usage(message)
    return columns


def compartments(bank: str, columns: tuple[Column, ...]) -> Iterator[Compartment]:
    """Make the compartments of ``bank``, labelled 1, 2, 3 ..."""
    label = 0
    for column in columns:
        width, height, depth = column.clear_mm
        for _ in range(column.count):
            label += 1
            yield Compartment(
                name=f"{bank}/compartments/{label}",
                clear=Dimensions(width_mm=width, height_mm=height, depth_mm=depth),
                max_mass_g=column.max_mass_g,
                climate=number(Climate, column.climate),
                features=numbers(Feature, column.features),
            )


def _column(file: str, place: int, said: Any) -> Column:  # noqa: ANN401  whatever stands in the file
    where = f"{file}, [[compartments]] number {place}"
    unknown = set(said) - _MEMBERS if isinstance(said, dict) else {"it"}
    if unknown:
        message = f"{where}: {', '.join(sorted(unknown))} is not known; there are {', '.join(sorted(_MEMBERS))}."
        raise Usage(message)
    features = said.get("features", [])
    if not isinstance(features, list) or not all(isinstance(each, str) for each in features):
        message = f"{where}: features is a list of words."
        raise Usage(message)
    column = Column(
        count=_whole(said, "count", 1, MOST, where),
        clear_mm=(
            _whole(said, "width_mm", 1, _MOST_MM, where),
            _whole(said, "height_mm", 1, _MOST_MM, where),
            _whole(said, "depth_mm", 1, _MOST_MM, where),
        ),
        max_mass_g=_whole({"max_mass_g": 25_000, **said}, "max_mass_g", 0, _MOST_G, where),
        climate=str(said.get("climate", "")),
        features=tuple(features),
    )
    try:
        number(Climate, column.climate)
        numbers(Feature, column.features)
    except ValueError as error:
        message = f"{where}: {error}"
        raise Usage(message) from error
    return column


def _whole(said: Mapping[str, Any], name: str, low: int, high: int, where: str) -> int:
    value = said.get(name)
    if type(value) is not int or not low <= value <= high:
        message = f"{where}: {name} is a whole number from {low} to {high}."
        raise Usage(message)
    return value
