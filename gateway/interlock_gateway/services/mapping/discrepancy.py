"""Discrepancies as messages."""

from __future__ import annotations

from interlock.v1 import courier_error_pb2, discrepancy_pb2, reservation_pb2
from interlock_gateway.domain.discrepancy import Discrepancy, Resolution
from interlock_gateway.domain.names import CompartmentName, PartyName
from interlock_gateway.services.mapping.values import number, stamp


def discrepancy_message(discrepancy: Discrepancy) -> discrepancy_pb2.Discrepancy:
    """Write a discrepancy; all its viewers see all of it."""
    finding, name = discrepancy.finding, discrepancy.name
    compartment = finding.compartment
    state = discrepancy_pb2.DISCREPANCY_STATE_OPEN if discrepancy.open else discrepancy_pb2.DISCREPANCY_STATE_RESOLVED
    return discrepancy_pb2.Discrepancy(
        name=str(name),
        kind=number(discrepancy_pb2.DiscrepancyKind, finding.kind),
        state=state,
        reservation="" if finding.reservation is None else str(finding.reservation),
        compartment="" if compartment is None else str(CompartmentName(name.party, name.bank, compartment)),
        parcel_numbers=finding.parcels,
        evidence=number(reservation_pb2.Evidence, finding.evidence),
        state_found=number(reservation_pb2.ReservationState, finding.state),
        courier_error=number(courier_error_pb2.CourierError, finding.courier_error),
        receipts=[] if finding.receipt is None else [str(finding.receipt)],
        raised_by=discrepancy.raised_by,
        note=finding.note,
        occur_time=stamp(finding.time),
        create_time=stamp(discrepancy.create_time),
        deadline_time=stamp(discrepancy.deadline),
        resolution=None if discrepancy.resolution is None else _resolution(discrepancy.resolution),
        revision=discrepancy.revision,
        etag=discrepancy.etag,
    )


def _resolution(resolution: Resolution) -> discrepancy_pb2.Resolution:
    return discrepancy_pb2.Resolution(
        kind=number(discrepancy_pb2.ResolutionKind, resolution.kind),
        corrected_state=number(reservation_pb2.ReservationState, resolution.corrected_state),
        note=resolution.note,
        claim_reference=resolution.claim_reference,
        resolved_by=str(PartyName(resolution.resolved_by)),
        resolve_time=stamp(resolution.resolve_time),
    )
