"""What a reservation asks for, as keyword arguments that ``reserve`` and the items of a batch have in common."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypedDict

from interlock.client import values
from interlock.client.words import number
from interlock.v1.collector_pb2 import Collector, Shipper
from interlock.v1.parcel_pb2 import Parcel
from interlock.v1.reservation_pb2 import CollectFor, HandOver, Reservation
from interlock.v1.reservation_service_pb2 import CreateReservationRequest


class Terms(TypedDict, total=False):
    """What may be said of a reservation beside its bank and its parcels. Nothing of it must be."""

    collector: Collector
    """Who is entitled to take the parcels out."""
    size: str | int
    """The smallest class that serves, ``"XS"`` to ``"XL"``. Without it and ``size_mm``: by the parcels' dimensions."""
    size_mm: tuple[int, int, int]
    """Width, height and depth in millimetres of all parcels together, in place of ``size``."""
    upright: bool
    """The height of ``size_mm`` must stay upright."""
    climate: str | int
    """``"AMBIENT"`` (without it), ``"CHILLED"``, ``"FROZEN"`` or ``"HEATED"``."""
    features: Iterable[str | int]
    """What the compartment must have, for example ``["ACCESSIBLE"]``."""
    window: tuple[datetime, datetime]
    """When the depositor may come: [start, end). Without it: from now, eight hours."""
    collect_for: CollectFor | timedelta
    """How long the parcels may wait: a timedelta in hours, or ``CollectFor(working_days=3)``. Else the bank's own."""
    hold: timedelta
    """Hold for so long instead of confirming, 1 s to 1 h; ``confirm`` makes the promise."""
    collector_group: str
    """Reservations of one group at one bank share one PIN and one QR code."""
    shipper: Shipper
    """Who sends, where a carried network wants it on the label."""
    hand_over: str | int
    """``"AT_BANK"`` (without it) or ``"INTO_NETWORK"``."""
    all_or_none_group: str
    """In a batch: items of one bank with one group are promised together or not at all."""
    validate_only: bool
    """Only ask whether it would fit: nothing is kept, and the answer has no name."""
    request_id: str
    """UUID under which it is asked. Without it a new one; give it to repeat a call of an earlier process."""


def item(parent: str, bank: str, parcels: Iterable[Parcel | str], terms: Terms) -> CreateReservationRequest:
    """Put a wish for a reservation into the contract's words."""
    hold = terms.get("hold")
    return CreateReservationRequest(
        parent=parent,
        reservation=Reservation(
            bank=bank,
            need=values.need(
                terms.get("size"),
                terms.get("size_mm"),
                terms.get("climate"),
                terms.get("features", ()),
                upright=terms.get("upright", False),
            ),
            deposit_window=values.interval(terms.get("window")),
            collect_for=values.collecting(terms.get("collect_for")),
            parcels=values.parcels(parcels),
            collector=terms.get("collector"),
            shipper=terms.get("shipper"),
            collector_group=terms.get("collector_group", ""),
            hand_over=number(HandOver, terms.get("hand_over")),
        ),
        request_id=values.request_id(terms.get("request_id")),
        hold_seconds=0 if hold is None else max(1, int(hold.total_seconds())),
        validate_only=terms.get("validate_only", False),
        all_or_none_group=terms.get("all_or_none_group", ""),
    )
