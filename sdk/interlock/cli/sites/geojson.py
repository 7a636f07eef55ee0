"""GeoJSON (RFC 7946): a FeatureCollection of Points. Positions are longitude first.

Properties that are read: ``id`` (or the feature's own), ``name``, ``address`` or ``street``, ``city`` or ``locality``,
``postal_code`` or ``postcode``, ``country`` or ``region_code``, ``time_zone``, ``directions`` or ``note``; also with
the prefix ``addr:`` of OpenStreetMap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from interlock.cli.sites.site import BadRow, Defaults, Site, degrees, text, zone

MEMBER = "features"
_NOT_OF_AN_ID = re.compile(r"[^a-z0-9]+", re.ASCII)


def site(feature: Mapping[str, Any], defaults: Defaults) -> Site:
    """Read one feature.

    Raises:
        BadRow: it is no point, or something is missing.
    """
    geometry = feature.get("geometry")
    if not isinstance(geometry, Mapping) or geometry.get("type") != "Point":
        raise BadRow("not a Point")
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or len(coordinates) < 2:  # noqa: PLR2004  a height may follow
        raise BadRow("no position: coordinates are longitude and latitude")
    said = feature.get("properties")
    properties: dict[str, object] = dict(said) if isinstance(said, Mapping) else {}
    return of_properties(
        {**properties, "id": properties.get("id", feature.get("id"))},
        latitude=degrees(coordinates[1], "latitude"),
        longitude=degrees(coordinates[0], "longitude"),
        defaults=defaults,
    )


def of_properties(values: Mapping[str, object], *, latitude: float, longitude: float, defaults: Defaults) -> Site:
    """Read the names that GeoJSON's properties and CSV's columns have in common.

    Raises:
        BadRow: something is missing.
    """
    street = " ".join(part for part in (text(values, "addr:street"), text(values, "addr:housenumber")) if part)
    line = text(values, "address", "street") or street
    region = text(values, "country", "region_code", "addr:country").upper() or defaults.region_code
    name = text(values, "name", "display_name")
    wanted = text(values, "id", "bank_id", "ref") or name
    if not wanted:
        raise BadRow("it has neither id nor name")
    return Site(
        bank_id=defaults.prefix + _NOT_OF_AN_ID.sub("-", wanted.lower()).strip("-"),
        display_name=name or wanted,
        latitude=latitude,
        longitude=longitude,
        region_code=region,
        time_zone=zone(text(values, "time_zone", "timezone"), region, defaults),
        address_lines=(line,) if line else (),
        locality=text(values, "city", "locality", "addr:city"),
        postal_code=text(values, "postal_code", "postcode", "addr:postcode"),
        directions=text(values, "directions", "note", "description"),
    )
