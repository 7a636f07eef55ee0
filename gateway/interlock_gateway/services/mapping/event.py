"""Events, as CloudEvents has them."""

from __future__ import annotations

import uuid
from typing import Final

from interlock.v1 import (
    compartment_pb2,
    courier_error_pb2,
    event_pb2,
    operator_pb2,
    receipt_pb2,
    reservation_pb2,
)
from interlock_gateway.domain.bank_events import BankEvent, CustodyEvent, DiscrepancyEvent
from interlock_gateway.domain.events import ReservationEvent
from interlock_gateway.domain.names import CompartmentName
from interlock_gateway.events.log import Entry
from interlock_gateway.services.mapping.bank import bank_message
from interlock_gateway.services.mapping.discrepancy import discrepancy_message
from interlock_gateway.services.mapping.reservation import reservation_message
from interlock_gateway.services.mapping.values import number, stamp

_IDS: Final = uuid.UUID("0f6b1c52-7c0e-5b43-9c1f-6a3e8b0d2f11")
"""Namespace of event ids: the same event has the same id whoever reads it, and when it is told again."""


def event_message(entry: Entry, *, network: str) -> event_pb2.Event:
    """Write an event; for a reader, see ``projection``.

    Args:
        entry: The event in the log.
        network: The network's id, for the ``source``.
    """
    event = entry.event
    message = event_pb2.Event(
        id=str(uuid.uuid5(_IDS, f"{event.key}/{event.sequence}")),
        type=type_of(entry),
        source=f"//{network}",
        subject=event.key,
        time=stamp(event.time),
        record_time=stamp(event.recorded_time),
        sequence=event.sequence,
        cursor=str(entry.position),
    )
    match event:
        case ReservationEvent():
            message.reservation.CopyFrom(_reservation(event))
        case CustodyEvent():
            message.custody.CopyFrom(_custody(event))
        case DiscrepancyEvent():
            message.discrepancy.discrepancy.CopyFrom(discrepancy_message(event.discrepancy))
        case BankEvent():
            message.bank.bank.CopyFrom(bank_message(event.bank))
            message.bank.compartment = str(event.compartment) if event.compartment else ""
    return message


def type_of(entry: Entry) -> str:
    """Name the type of an event, for example ``interlock.reservation.deposited.v1``."""
    event = entry.event
    match event:
        case CustodyEvent():
            return event.type
        case ReservationEvent() | DiscrepancyEvent() | BankEvent():
            return event.kind.type
    message = f"an event of no known class: {type(event).__name__}"
    raise TypeError(message)


def _reservation(event: ReservationEvent) -> event_pb2.ReservationEvent:
    return event_pb2.ReservationEvent(
        reservation=reservation_message(event.reservation),
        parcel_numbers=event.parcels,
        evidence=number(reservation_pb2.Evidence, event.evidence),
        receipt=str(event.receipt) if event.receipt else "",
    )


def _custody(event: CustodyEvent) -> event_pb2.CustodyEvent:
    fact, name = event.fact, event.name
    return event_pb2.CustodyEvent(
        bank=str(name.bank_name),
        reservation=str(event.reservation) if event.reservation else "",
        compartment=str(CompartmentName(name.party, name.bank, fact.compartment)) if fact.compartment else "",
        act=number(reservation_pb2.Act, fact.act),
        parcel_numbers=fact.parcels,
        evidence=number(reservation_pb2.Evidence, fact.evidence),
        door=number(compartment_pb2.DoorState, fact.door),
        occupancy=number(compartment_pb2.Occupancy, fact.occupancy),
        size_class=fact.size_class or 0,  # type: ignore[arg-type]
        courier_error=number(courier_error_pb2.CourierError, fact.courier_error),
        refusal_reason=number(reservation_pb2.RefusalReason, fact.refusal_reason),
        command=str(fact.command) if fact.command else "",
        presence=number(operator_pb2.PresenceKind, fact.presence),
        receipt=receipt_pb2.Receipt(name=str(fact.receipt)) if fact.receipt else None,
    )
