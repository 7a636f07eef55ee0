"""What people write in Python as the contract's messages: points, windows, lengths of time, needs, parcels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.interval_pb2 import Interval
from google.type.latlng_pb2 import LatLng

from interlock.client.words import number, numbers
from interlock.v1.need_pb2 import Climate, Dimensions, Feature, Need, SizeClass
from interlock.v1.parcel_pb2 import Parcel
from interlock.v1.reservation_pb2 import CollectFor


def request_id(given: str | None) -> str:
    """Return ``given``, or a new UUID for this one call and all its repetitions."""
    return given or str(uuid4())


def instant(time: datetime) -> Timestamp:
    """Convert an aware datetime.

    Raises:
        ValueError: it has no time zone, so that nobody knows which instant is meant.
    """
    if time.tzinfo is None:
        message = f"{time} has no time zone; say datetime(..., tzinfo=UTC) or .astimezone()."
        raise ValueError(message)
    stamp = Timestamp()
    stamp.FromDatetime(time.astimezone(UTC))
    return stamp


def optional_instant(time: datetime | None) -> Timestamp | None:
    """Convert an aware datetime, or nothing."""
    return None if time is None else instant(time)


def moment(stamp: Timestamp) -> datetime:
    """Convert back: an aware datetime in UTC."""
    return stamp.ToDatetime(tzinfo=UTC)


def duration(length: timedelta | None) -> Duration | None:
    """Convert a length of time, or nothing."""
    if length is None:
        return None
    value = Duration()
    value.FromTimedelta(length)
    return value


def interval(window: tuple[datetime, datetime] | None) -> Interval | None:
    """Convert [start, end), or nothing."""
    return None if window is None else Interval(start_time=instant(window[0]), end_time=instant(window[1]))


def point(position: tuple[float, float]) -> LatLng:
    """Convert (latitude, longitude) in degrees, WGS 84."""
    latitude, longitude = position
    return LatLng(latitude=latitude, longitude=longitude)


def collecting(length: CollectFor | timedelta | None) -> CollectFor | None:
    """Convert how long a parcel may wait; a timedelta counts in hours, a begun one as a whole one."""
    if isinstance(length, timedelta):
        return CollectFor(hours=math.ceil(length / timedelta(hours=1)))
    return length


def dimensions(size_mm: tuple[int, int, int] | None) -> Dimensions | None:
    """Convert (width, height, depth) in millimetres, or nothing."""
    if size_mm is None:
        return None
    width, height, depth = size_mm
    return Dimensions(width_mm=width, height_mm=height, depth_mm=depth)


def need(
    size: str | int | None,
    size_mm: tuple[int, int, int] | None,
    climate: str | int | None,
    features: Iterable[str | int],
    *,
    upright: bool = False,
) -> Need | None:
    """Say what is needed of a compartment; None where nothing was said."""
    wanted = Need(
        size_class=number(SizeClass, size),
        dimensions=dimensions(size_mm),
        keep_upright=upright,
        climate=number(Climate, climate),
        features=numbers(Feature, features),
    )
    return wanted if wanted.ByteSize() else None


def parcels(given: Iterable[Parcel | str]) -> list[Parcel]:
    """Convert parcels; a plain text is the carrier's own number of one.

    Raises:
        TypeError: one text alone, whose characters would each become a parcel.
    """
    if isinstance(given, str):
        message = 'parcels= takes a list, for example ["JD014600003SE"].'
        raise TypeError(message)
    return [Parcel(carrier_reference=each) if isinstance(each, str) else each for each in given]
