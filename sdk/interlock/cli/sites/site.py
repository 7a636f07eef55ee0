"""One place of a list, and what a row must have to be one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_BANK_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}", re.ASCII)
_REGION = re.compile(r"[A-Z]{2}", re.ASCII)
_MOST_NAME = 100
_MOST_DIRECTIONS = 500
_MOST_LINES, _MOST_LINE = 5, 200


class BadRow(ValueError):
    """A row that is no site. Its message is the reason, for a person."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a bank stands.

    Attributes:
        bank_id: The last part of its name to be.
        display_name: 1 to 100 characters.
        latitude: Degrees, WGS 84.
        longitude: Degrees, WGS 84.
        region_code: ISO 3166-1 alpha-2, capitals.
        time_zone: IANA.
        address_lines: Street and number, up to 5 lines.
        locality: Town; may be empty.
        postal_code: May be empty.
        directions: How to find it, up to 500 characters; may be empty.
    """

    bank_id: str
    display_name: str
    latitude: float
    longitude: float
    region_code: str
    time_zone: str
    address_lines: tuple[str, ...] = ()
    locality: str = ""
    postal_code: str = ""
    directions: str = ""

    def __post_init__(self) -> None:
        """Hold what the contract asks of a bank, so that a bad row fails here, with a reason.

        Raises:
            BadRow: what is wrong with it.
        """
        if _BANK_ID.fullmatch(self.bank_id) is None:
            raise BadRow(f"{self.bank_id!r} is no id: 2 to 63 small letters, digits and hyphens")
        if not 1 <= len(self.display_name) <= _MOST_NAME:
            raise BadRow(f"the name has {len(self.display_name)} characters; 1 to {_MOST_NAME} are allowed")
        if not -90 <= self.latitude <= 90 or not -180 <= self.longitude <= 180:  # noqa: PLR2004  also for NaN
            raise BadRow(f"{self.latitude}, {self.longitude} is no position on the Earth")
        if (self.latitude, self.longitude) == (0.0, 0.0):
            raise BadRow("0, 0 lies in the Gulf of Guinea; it stands for a position that nobody entered")
        if _REGION.fullmatch(self.region_code) is None:
            raise BadRow(f"{self.region_code!r} is no country: two capital letters (ISO 3166-1)")
        if len(self.address_lines) > _MOST_LINES or any(len(line) > _MOST_LINE for line in self.address_lines):
            raise BadRow(f"the address is too long: {_MOST_LINES} lines of {_MOST_LINE} characters")
        if len(self.directions) > _MOST_DIRECTIONS:
            raise BadRow(f"the directions have {len(self.directions)} characters; {_MOST_DIRECTIONS} are allowed")
        _zone(self.time_zone)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    Attributes:
        line: Where it begins, from 1.
        found: The site, or why it is none.
    """

    line: int
    found: Site | BadRow


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is taken where a row does not say it.

    Attributes:
        time_zone: IANA; empty for none.
        region_code: ISO 3166-1 alpha-2; empty for none.
        prefix: Put before each id, for example ``north-``.
    """

    time_zone: str = ""
    region_code: str = ""
    prefix: str = ""


def degrees(value: object, name: str) -> float:
    """Read a latitude or longitude, a number or its text.

    Raises:
        BadRow: it is neither, or not there.
    """
    if value is None or value == "":
        raise BadRow(f"no position: {name} is missing")
    try:
        return float(str(value))
    except ValueError as error:
        raise BadRow(f"{name} {value!r} is no number") from error


def text(values: Mapping[str, object], *names: str) -> str:
    """Return the first of the named values that says something, without blanks around it."""
    return next((said for name in names if (said := str(values.get(name) or "").strip())), "")


def zone(said: str, region_code: str, defaults: Defaults) -> str:
    """Choose a time zone: the row's, the default, or that of a country which has only one.

    Raises:
        BadRow: none is known.
    """
    chosen = said or defaults.time_zone or ONE_ZONE.get(region_code, "")
    if not chosen:
        raise BadRow("no time zone is known; say --time-zone")
    return chosen


def unique(rows: Iterable[Row]) -> Iterator[Row]:
    """Turn every further row with an id into a bad one."""
    lines: dict[str, int] = {}
    for row in rows:
        if isinstance(row.found, Site) and row.found.bank_id in lines:
            yield Row(row.line, BadRow(f"the id {row.found.bank_id} stands on line {lines[row.found.bank_id]} already"))
            continue
        if isinstance(row.found, Site):
            lines[row.found.bank_id] = row.line
        yield row


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if not available_timezones():
            return  # a machine without time zones cannot tell; the gateway can
        raise BadRow(f"{name!r} is no time zone; one is called for example Europe/Warsaw") from error


ONE_ZONE = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CH": "Europe/Zurich",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "FI": "Europe/Helsinki",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
}
"""The zone of countries that have one alone (IANA zone1970.tab; without islands and exclaves of another)."""
