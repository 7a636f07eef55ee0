"""``DiscrepancyService``: where what happened and what was recorded do not agree."""

from __future__ import annotations

from typing import Final

from interlock.v1 import discrepancy_pb2, reservation_pb2
from interlock.v1 import discrepancy_service_pb2 as pb
from interlock_gateway.domain.discrepancy import Discrepancy, DiscrepancyKind, ResolutionKind
from interlock_gateway.domain.errors import DiscrepancyUnknown
from interlock_gateway.domain.names import BankName, CompartmentName, DiscrepancyName, ReservationName
from interlock_gateway.domain.reservation import State
from interlock_gateway.domain.viewers import discrepancy_audience, views_of
from interlock_gateway.ports import Viewer
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.discrepancy import discrepancy_message
from interlock_gateway.services.mapping.values import instant, named, number
from interlock_gateway.services.pages import next_token, size_of, start
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.store.sqlite.discrepancies import Discrepancies
from interlock_gateway.use_cases.discrepancies import RaiseDiscrepancy, ResolveDiscrepancy

ALL: Final = "-"
"""Stands for every operator, or every bank, in a parent."""


class DiscrepancyServicer:
    """Serves it."""

    SERVICE: Final = pb.DESCRIPTOR.services_by_name["DiscrepancyService"]

    def __init__(self, parts: Parts) -> None:
        """Serve with the parts of one gateway."""
        self._parts = parts
        self._discrepancies = Discrepancies(parts.readers)

    async def ListDiscrepancies(self, request: pb.ListDiscrepanciesRequest, call: Call) -> pb.ListDiscrepanciesResponse:
        """List the discrepancies that the caller may see, newest first."""
        _, operator, _, bank = request.parent.split("/")
        state = request.state
        page = await self._discrepancies.list(
            call.viewer,
            operator=None if operator == ALL else operator,
            bank=None if bank == ALL else BankName.parse(request.parent, field="parent"),
            reservation=_reservation(request.reservation),
            still_open=None if not state else state == discrepancy_pb2.DISCREPANCY_STATE_OPEN,
            kinds=[named(discrepancy_pb2.DiscrepancyKind, each, DiscrepancyKind) for each in request.kinds],
            size=size_of(request),
            start_row=start(call, request),
        )
        return pb.ListDiscrepanciesResponse(
            discrepancies=[_seen(each, call.viewer) for each in page.values],
            next_page_token=next_token(call, request, page.next_row),
        )

    async def GetDiscrepancy(self, request: pb.GetDiscrepancyRequest, call: Call) -> pb.GetDiscrepancyResponse:
        """Read one."""
        found = await self._discrepancies.get(DiscrepancyName.parse(request.name), call.viewer)
        if found is None:
            raise DiscrepancyUnknown(discrepancy=request.name)
        return pb.GetDiscrepancyResponse(discrepancy=_seen(found, call.viewer))

    async def RaiseDiscrepancy(self, request: pb.RaiseDiscrepancyRequest, call: Call) -> pb.RaiseDiscrepancyResponse:
        """Say that something does not agree."""
        compartment = request.compartment
        proposal = RaiseDiscrepancy(
            by=call.party,
            bank=BankName.parse(request.parent, field="parent"),
            kind=named(discrepancy_pb2.DiscrepancyKind, request.kind, DiscrepancyKind),
            reservation=_reservation(request.reservation),
            compartment=CompartmentName.parse(compartment, field="compartment") if compartment else None,
            parcels=tuple(request.parcel_numbers),
            time=instant(request.occur_time) if request.HasField("occur_time") else None,
            note=request.note,
            request=call.request(request),
        )
        raised = await self._parts.committer.submit(proposal)
        return pb.RaiseDiscrepancyResponse(discrepancy=_seen(raised, call.viewer))

    async def ResolveDiscrepancy(
        self, request: pb.ResolveDiscrepancyRequest, call: Call
    ) -> pb.ResolveDiscrepancyResponse:
        """Settle a discrepancy."""
        name, said = DiscrepancyName.parse(request.name), request.resolution
        corrected = said.corrected_state
        proposal = ResolveDiscrepancy(
            name=name,
            by=call.viewer,
            etag=request.etag,
            kind=named(discrepancy_pb2.ResolutionKind, said.kind, ResolutionKind),
            corrected_state=named(reservation_pb2.ReservationState, corrected, State) if corrected else None,
            note=said.note,
            claim_reference=said.claim_reference,
            connected=self._parts.links.reach(name.bank_name).connected,
            request=call.request(request),
        )
        settled = await self._parts.committer.submit(proposal)
        self._parts.links.manifest_changed(name.bank_name)
        return pb.ResolveDiscrepancyResponse(
            discrepancy=_seen(settled.discrepancy, call.viewer),
            reservation_state=number(reservation_pb2.ReservationState, settled.state),
        )


def _reservation(text: str) -> ReservationName | None:
    return ReservationName.parse(text, field="reservation") if text else None


def _seen(discrepancy: Discrepancy, viewer: Viewer) -> discrepancy_pb2.Discrepancy:
    """Write a discrepancy as a viewer sees it."""
    reservation = discrepancy.finding.reservation
    audience = discrepancy_audience(discrepancy.name.party, reservation.party if reservation else None)
    return project(discrepancy_message(discrepancy), views_of(viewer.party, viewer.roles, audience))
