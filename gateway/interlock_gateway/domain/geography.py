"""Where things stand on the Earth, taken as a sphere: distances, and the boxes that hold all that is near.

A sphere is wrong by up to 0.6 % against the ellipsoid, which nobody notices on the way to a bank.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius. Source: Moritz, Geodetic Reference System 1980, R1."""

_POLE: Final = 90.0
_HALF_TURN: Final = 180.0
_MARGIN_M: Final = 1.0
"""Boxes are so much larger than asked, so that no rounding leaves out what stands on the edge."""


@dataclass(frozen=True, slots=True)
class Position:
    """A point, WGS 84.

    Attributes:
        latitude: Degrees, -90 to 90.
        longitude: Degrees, -180 to 180.
    """

    latitude: float
    longitude: float

    def distance_m(self, other: Position) -> float:
        """Metres to another point along the great circle, by the haversine, which is exact for near points too."""
        north, other_north = radians(self.latitude), radians(other.latitude)
        across = sin((other_north - north) / 2) ** 2
        along = sin(radians(other.longitude - self.longitude) / 2) ** 2
        return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, across + cos(north) * cos(other_north) * along)))


@dataclass(frozen=True, slots=True)
class Box:
    """All points between two parallels and two meridians, borders included; it never crosses the antimeridian."""

    south: float
    north: float
    west: float
    east: float


def boxes_around(centre: Position, radius_m: float) -> tuple[Box, ...]:
    """Give the boxes that hold every point within ``radius_m``, and some more; two where it crosses the antimeridian.

    Source: the tangent meridians of a circle on a sphere stand ``asin(sin(r) / cos(latitude))`` from its centre, where
    ``r`` is its radius as an angle; around a pole there are none, and every meridian goes through it.
    """
    angle = (radius_m + _MARGIN_M) / EARTH_RADIUS_M
    south, north = centre.latitude - degrees(angle), centre.latitude + degrees(angle)
    if south <= -_POLE or north >= _POLE:
        return (Box(max(south, -_POLE), min(north, _POLE), -_HALF_TURN, _HALF_TURN),)
    half = degrees(asin(min(1.0, sin(angle) / cos(radians(centre.latitude)))))
    west, east = centre.longitude - half, centre.longitude + half
    if west <= -_HALF_TURN:
        return (Box(south, north, west + 2 * _HALF_TURN, _HALF_TURN), Box(south, north, -_HALF_TURN, east))
    if east >= _HALF_TURN:
        return (Box(south, north, west, _HALF_TURN), Box(south, north, -_HALF_TURN, east - 2 * _HALF_TURN))
    return (Box(south, north, west, east),)
