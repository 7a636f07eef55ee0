"""Where what happened and what was recorded do not agree: ``DiscrepancyService``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from interlock.client.call import Call, Pages
from interlock.client.core import Core
from interlock.client.method import answering, iterating
from interlock.client.values import optional_instant
from interlock.client.values import request_id as _request_id
from interlock.client.words import number, numbers
from interlock.v1 import discrepancy_service_pb2 as pb
from interlock.v1.discrepancy_pb2 import Discrepancy, DiscrepancyKind, DiscrepancyState, Resolution, ResolutionKind
from interlock.v1.reservation_pb2 import ReservationState


class Discrepancies(Core):
    """Raised by parties and by the gateway, settled by people."""

    @iterating
    def discrepancies(
        self,
        bank: str = "parties/-/banks/-",
        *,
        reservation: str = "",
        state: str | int | None = None,
        kinds: Iterable[str | int] = (),
        page_size: int = 0,
    ) -> Pages[Discrepancy]:
        """List the discrepancies that the caller may see, newest first.

        Args:
            bank: At this bank; without it everywhere.
            reservation: Only those of this reservation.
            state: ``"OPEN"`` or ``"RESOLVED"``; None: all.
            kinds: Only these, for example ``["UNEXPECTED_DEPOSIT"]``.
            page_size: So many a page, up to 500.

        >>> [word(DiscrepancyKind.DESCRIPTOR, each.kind) for each in client.discrepancies(state="OPEN")]
        ['SHORT_DEPOSIT']
        """
        request = pb.ListDiscrepanciesRequest(
            parent=bank,
            reservation=reservation,
            state=number(DiscrepancyState, state),
            kinds=numbers(DiscrepancyKind, kinds),
            page_size=page_size,
        )
        return Pages(request, items=lambda page: page.discrepancies)

    @answering
    def discrepancy(self, name: str) -> Call[Discrepancy]:
        """Read one discrepancy."""
        return Call(pb.GetDiscrepancyRequest(name=name), read=lambda answer: answer.discrepancy)

    @answering
    def raise_discrepancy(
        self,
        bank: str,
        kind: str | int,
        note: str,
        *,
        reservation: str = "",
        compartment: str = "",
        parcel_numbers: Iterable[int] = (),
        occurred: datetime | None = None,
        request_id: str | None = None,
    ) -> Call[Discrepancy]:
        """Say that something does not agree.

        Args:
            bank: ``parties/{operator}/banks/{bank}``.
            kind: For example ``"PARCEL_DAMAGED"``.
            note: What was found, no personal data.
            reservation: The reservation concerned; a carrier must name it.
            compartment: The compartment concerned.
            parcel_numbers: The parcels concerned; none: all.
            occurred: When it happened or was found; None: now.
            request_id: To repeat a call of an earlier process; None: a new one.
        """
        request = pb.RaiseDiscrepancyRequest(
            parent=bank,
            kind=number(DiscrepancyKind, kind),
            note=note,
            reservation=reservation,
            compartment=compartment,
            parcel_numbers=parcel_numbers,
            occur_time=optional_instant(occurred),
            request_id=_request_id(request_id),
        )
        return Call(request, read=lambda answer: answer.discrepancy)

    @answering
    def resolve_discrepancy(
        self,
        name: str,
        note: str,
        *,
        corrected: str | int | None = None,
        claim_reference: str = "",
        etag: str = "",
        request_id: str | None = None,
    ) -> Call[Discrepancy]:
        """Settle a discrepancy: the record stands, or the reservation is ``corrected``.

        Args:
            name: ``parties/{operator}/banks/{bank}/discrepancies/{discrepancy}``.
            note: What was found, no personal data.
            corrected: What the reservation is now: DEPOSITED, COLLECTED, RECALLED or LOST. None: the record stands.
            claim_reference: The other party's number for its claim.
            etag: The one last seen, to settle only what was seen.
            request_id: As in ``raise_discrepancy``.

        Raises:
            interlock.errors.DiscrepancyResolved: somebody else was first.
            interlock.errors.CorrectionNotPossible: it cannot be corrected so.
        """
        state = number(ReservationState, corrected)
        resolution = Resolution(
            kind=number(ResolutionKind, "CORRECTED" if state else "RECORD_STANDS"),
            corrected_state=state,
            note=note,
            claim_reference=claim_reference,
        )
        request = pb.ResolveDiscrepancyRequest(
            name=name, resolution=resolution, etag=etag, request_id=_request_id(request_id)
        )
        return Call(request, read=lambda answer: answer.discrepancy)
