"""What a bank is made of: its compartments as built, read from one TOML file, as the network is told of them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlock.deposit_terms import FEATURE_LETTERS, Climate
from interlock.edge.v1 import inventory_pb2
from interlock.v1 import need_pb2
from interlock_edge.custody.door import Compartment
from interlock_edge.custody.kind import Kind, SizeClass

JOURNAL_CAPACITY = 1_000_000
"""Custody facts that a bank can hold unacknowledged: some years of a busy one."""
LAYOUT = "layout.toml"
"""Name of the file in a bank's directory."""

_INPUTS = [need_pb2.INPUT_SCANNER, need_pb2.INPUT_KEYPAD, need_pb2.INPUT_SCREEN]


class LayoutError(ValueError):
    """A layout makes no sense. The message is one plain sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """One compartment as built.

    Attributes:
        label: What is printed on the door.
        kind: What it counts as until the gateway has told.
        clear_mm: Clear width, height and depth.
        max_mass_g: Most mass, grams.
        senses_occupancy: It has a sensor for what lies inside.
    """

    label: str
    kind: Kind
    clear_mm: tuple[int, int, int]
    max_mass_g: int
    senses_occupancy: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole bank.

    Attributes:
        model: As the vendor names it.
        compartments: By label, in the order of the file.
        text: The file, so that it can be kept with the bank.
    """

    model: str
    compartments: Mapping[str, Built]
    text: str

    @classmethod
    def parse(cls, text: str) -> "Layout":
        """Read a layout.

        Raises:
            LayoutError: it makes no sense.
        """
        try:
            said = tomllib.loads(text)
            built = [each for row in said["rows"] for each in _row(row)]
        except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise LayoutError(f"The layout makes no sense: {error}.") from error
        compartments = {each.label: each for each in built}
        if not built or len(compartments) < len(built):
            raise LayoutError("The layout has no compartment, or one label twice.")
        return cls(str(said.get("model", "")), compartments, text)

    @classmethod
    def read(cls, path: Path) -> "Layout":
        """Read a layout's file.

        Raises:
            LayoutError: it makes no sense.
            OSError: it cannot be read.
        """
        return cls.parse(path.read_text())

    def doors(self) -> dict[str, Compartment]:
        """Return the compartments as the machine knows them."""
        return {label: Compartment(label, built.kind) for label, built in self.compartments.items()}

    def inventory(self) -> inventory_pb2.Inventory:
        """Return the layout as the network is told of it."""
        return inventory_pb2.Inventory(
            compartments=map(_entry, self.compartments.values()),
            inputs=_INPUTS,
            verifies_at=inventory_pb2.VERIFIES_AT_BANK,
            model=self.model,
            journal_capacity=JOURNAL_CAPACITY,
        )


def _row(said: Mapping[str, Any]) -> list[Built]:
    """Read one row of alike compartments."""
    width, height, depth = said["clear_mm"]
    letters = frozenset(FEATURE_LETTERS[name.upper()] for name in said.get("features", ()))
    kind = Kind(SizeClass[said["class"]], Climate[said.get("climate", "ambient").upper()], letters)
    return [
        Built(
            label=str(label),
            kind=kind,
            clear_mm=(int(width), int(height), int(depth)),
            max_mass_g=int(said.get("max_mass_g", 20_000)),
            senses_occupancy=bool(said.get("senses_occupancy", True)),
        )
        for label in said["labels"]
    ]


def _entry(built: Built) -> inventory_pb2.CompartmentInventory:
    width, height, depth = built.clear_mm
    names = {letter: name for name, letter in FEATURE_LETTERS.items()}
    return inventory_pb2.CompartmentInventory(
        label=built.label,
        clear=need_pb2.Dimensions(width_mm=width, height_mm=height, depth_mm=depth),
        climate=need_pb2.Climate.Value(f"CLIMATE_{built.kind.climate.name}"),
        features=sorted(need_pb2.Feature.Value(f"FEATURE_{names[letter]}") for letter in built.kind.features),
        max_mass_g=built.max_mass_g,
        senses_door=True,
        senses_occupancy=built.senses_occupancy,
    )
