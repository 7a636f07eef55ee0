"""What a search is asked, and what it found."""

from __future__ import annotations

from typing import Any, Final

from interlock.v1 import bank_pb2, collector_pb2, directory_service_pb2, need_pb2, reservation_pb2
from interlock_gateway.domain.bank import CollectorField, Input
from interlock_gateway.domain.geography import Position
from interlock_gateway.domain.reservation import CollectorNeeds, HandOver
from interlock_gateway.ports import Viewer
from interlock_gateway.services.mapping.reservation import collect_for_of, need_asked_of, restriction_of
from interlock_gateway.services.mapping.values import instant, named, number, value_of
from interlock_gateway.use_cases.searching import DEFAULT_PAGE, DEFAULT_RADIUS_M, Asked, Found, Place

_NOTHING: Final = need_pb2.Need()


def asked_of(request: Any, viewer: Viewer, after: Place | None) -> Asked:  # noqa: ANN401 - SearchBanksRequest
    """Read what is asked.

    Args:
        request: ``SearchBanksRequest``, which follows the contract.
        viewer: Who searches.
        after: Where the page before ended; ``None`` for the first page.
    """
    window = request.deposit_window
    given = map(int, request.collector_fields)
    fields = frozenset(named(collector_pb2.CollectorField, each, CollectorField) for each in given)
    return Asked(
        viewer=viewer,
        position=Position(request.position.latitude, request.position.longitude),
        radius_m=request.radius_m or DEFAULT_RADIUS_M,
        need=None if request.need == _NOTHING else need_asked_of(request.need),
        mass_g=request.mass_g,
        declared_value=value_of(request.declared_value) if request.HasField("declared_value") else None,
        restrictions=tuple(map(restriction_of, request.restrictions)),
        collector=CollectorNeeds(request.collector_needs.pin_only, request.collector_needs.accessible_reach),
        inputs=frozenset(named(need_pb2.Input, each, Input) for each in request.inputs) or None,
        collector_fields=fields or None,
        start=instant(window.start_time) if window.HasField("start_time") else None,
        end=instant(window.end_time) if window.HasField("end_time") else None,
        collect_for=collect_for_of(request.collect_for) if request.HasField("collect_for") else None,
        hand_over=(
            named(reservation_pb2.HandOver, request.hand_over, HandOver) if request.hand_over else HandOver.AT_BANK
        ),
        open_at=instant(request.open_at_time) if request.HasField("open_at_time") else None,
        include_full=request.include_full,
        page_size=request.page_size or DEFAULT_PAGE,
        after=after,
    )


def found_message(found: Found, bank: bank_pb2.Bank) -> directory_service_pb2.FoundBank:
    """Write a bank that was found; see ``projection`` for what its reader may see.

    Args:
        found: What the search says of it.
        bank: The bank, written with all that there is of it.
    """
    return directory_service_pb2.FoundBank(
        bank=bank,
        distance_m=found.distance_m,
        classes=[
            bank_pb2.ClassAvailability(
                size_class=int(room.size_class),  # type: ignore[arg-type] # the numbers are the same
                availability=number(bank_pb2.Availability, room.availability),
                free_count=room.free,
            )
            for room in found.rooms
        ],
    )
