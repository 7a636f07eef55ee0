"""The point lists of the carrier BOX NOW, as its partner API publishes them: ``{"data": [{"id", "lat", ...}]}``.

Source: BOX NOW Partner API 1.65, /api/v1/destinations and /api/v1/origins. Coordinates are text; ``addressLine2`` is
the town; ``type`` is ``apm`` (a locker bank), ``any-apm`` (a wildcard) or ``warehouse``, and absent in lists by region.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlock.cli.sites.site import BadRow, Defaults, Site, degrees, text, zone

MEMBER = "data"
_LOCKER = {"apm", ""}
_ZONES = {"CY": "Asia/Nicosia"}
"""Where the carrier has banks in one of several zones of a country."""


def site(point: Mapping[str, Any], defaults: Defaults) -> Site:
    """Read one point.

    Raises:
        BadRow: it is no locker bank, or something is missing.
    """
    kind = text(point, "type")
    if kind not in _LOCKER:
        raise BadRow(f"{text(point, 'name') or 'this point'} is of type {kind}, not a locker bank")
    latitude, longitude = degrees(point.get("lat"), "lat"), degrees(point.get("lng"), "lng")
    region = text(point, "country") or defaults.region_code
    return Site(
        bank_id=f"{defaults.prefix or 'boxnow-'}{text(point, 'id')}",
        display_name=text(point, "name", "title"),
        latitude=latitude,
        longitude=longitude,
        region_code=region,
        time_zone=zone(_ZONES.get(region, ""), region, defaults),
        address_lines=tuple(line for line in (text(point, "addressLine1"),) if line),
        locality=text(point, "addressLine2"),
        postal_code=text(point, "postalCode"),
        directions=text(point, "note"),
    )
