"""Where the banks of the demonstration stand, and what they are made of."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from interlock.cli.sites.boxnow import site
from interlock.cli.sites.site import Defaults, Site
from interlock.client.words import number, numbers
from interlock.v1.compartment_pb2 import Compartment
from interlock.v1.need_pb2 import Climate, Dimensions, Feature

CUT_OFF = "metamorfosi"
"""The bank whose cable is pulled."""
_NAMES = {"28": "lykovrysi", "5143": "galatsi", "7427": CUT_OFF}
"""The carrier's numbers of the points, and the suburbs of Athens where they are."""


@dataclass(frozen=True, slots=True)
class Place:
    """A published site, and the bank that the demonstration puts there.

    Attributes:
        name: Its suburb: the bank's id, and the name of its layout.
        site: As published.
        layout: The bank's layout, TOML.
    """

    name: str
    site: Site
    layout: str

    def compartments(self, bank: str) -> Iterator[Compartment]:
        """Make the compartments of the layout for ``bank``, ``parties/{operator}/banks/{bank}``."""
        for row in tomllib.loads(self.layout)["rows"]:
            width, height, depth = row["clear_mm"]
            for label in row["labels"]:
                yield Compartment(
                    name=f"{bank}/compartments/{label}",
                    clear=Dimensions(width_mm=width, height_mm=height, depth_mm=depth),
                    max_mass_g=20_000,
                    climate=number(Climate, row.get("climate", "ambient").upper()),
                    features=numbers(Feature, [each.upper() for each in row.get("features", ())]),
                )


def places() -> tuple[Place, ...]:
    """Read the three places."""
    here = files(__name__)
    points = json.loads(here.joinpath("points.json").read_text(encoding="utf-8"))["data"]
    return tuple(
        Place(
            name := _NAMES[point["id"]],
            site(point, Defaults()),
            here.joinpath(f"{name}.toml").read_text(encoding="utf-8"),
        )
        for point in points
    )
