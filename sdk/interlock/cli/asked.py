"""What people type for times, places and needs, as Python values."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

from interlock.cli.endings import Usage
from interlock.v1.reservation_pb2 import CollectFor

_LENGTH = re.compile(r"([1-9][0-9]{0,4})\s*(s|min|h|d|wd)", re.ASCII)
_UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

Size = Annotated[str, typer.Option(help="The smallest class that serves: XS, S, M, L or XL.")]
Mm = Annotated[str, typer.Option("--mm", help="Width x height x depth in mm of all parcels together: 300x200x400.")]
Climate = Annotated[str, typer.Option(help="ambient, chilled, frozen or heated.")]
Features = Annotated[list[str] | None, typer.Option("--feature", help="accessible, power, ...; repeat it.")]
From = Annotated[str, typer.Option("--from", help="When the depositor may come at the earliest: 2026-05-01T08:00.")]
Until = Annotated[str, typer.Option("--until", help="And until when, exclusive.")]
CollectIn = Annotated[
    str, typer.Option("--collect-for", help="How long the parcel may wait: 48h, 3d, or 3wd (working days).")
]


def position(text: str) -> tuple[float, float]:
    """Read a position: ``53.55,9.93`` is latitude and longitude in degrees.

    Raises:
        Usage: it is none.
    """
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        latitude = longitude = float("nan")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004  the Earth
        message = f"{text!r} is no position; say latitude and longitude in degrees, for example 53.55,9.93."
        raise Usage(message)
    return latitude, longitude


def millimetres(text: str) -> tuple[int, int, int] | None:
    """Read ``300x200x400``; None for nothing.

    Raises:
        Usage: it is not three lengths.
    """
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,4})[x×*](\d{1,4})[x×*](\d{1,4})", text.replace(" ", ""), re.ASCII | re.IGNORECASE)
    if match is None:
        message = f"{text!r} is not width x height x depth in mm; say for example 300x200x400."
        raise Usage(message)
    width, height, depth = map(int, match.groups())
    return width, height, depth


def instant(text: str) -> datetime:
    """Read an instant: ISO 8601; without an offset in this machine's time zone.

    Raises:
        Usage: it is none.
    """
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        message = f"{text!r} is no date and time; say for example 2026-05-01T08:00 or 2026-05-01T06:00Z."
        raise Usage(message) from error


def window(start: str, end: str) -> tuple[datetime, datetime] | None:
    """Read a window of two instants; None where neither was said.

    Raises:
        Usage: only one was said, or one is no instant.
    """
    if not start and not end:
        return None
    if not (start and end):
        message = "A window has two ends: say --from and --until."
        raise Usage(message)
    return instant(start), instant(end)


def length(text: str) -> timedelta:
    """Read a length of time: ``90s``, ``10min``, ``48h``, ``3d``.

    Raises:
        Usage: it is none.
    """
    match = _LENGTH.fullmatch(text.strip())
    if match is None or match[2] == "wd":
        message = f"{text!r} is no length of time; say for example 10min, 48h or 3d."
        raise Usage(message)
    return int(match[1]) * _UNITS[match[2]]


def collecting(text: str) -> CollectFor | timedelta:
    """Read how long a parcel may wait: a length of time, or working days as ``3wd``.

    Raises:
        Usage: it is neither.
    """
    match = _LENGTH.fullmatch(text.strip())
    if match is not None and match[2] == "wd":
        return CollectFor(working_days=int(match[1]))
    return length(text)
