"""``ReservationService``: reserve, change, give back, follow."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from google.rpc.status_pb2 import Status

from interlock.v1 import reservation_pb2
from interlock.v1 import reservation_service_pb2 as pb
from interlock_gateway.domain.discrepancy import Discrepancy
from interlock_gateway.domain.errors import GroupSpansBanks, InvalidField, NotOwn, Refusal, ReservationUnknown
from interlock_gateway.domain.events import ReservationEvent
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.domain.reservation import ENDED_UNUSED, GONE, Reservation, State
from interlock_gateway.domain.rights import Effect, Form, effect_of_ending
from interlock_gateway.domain.viewers import audience_of, discrepancy_audience, views_of
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.discrepancy import discrepancy_message
from interlock_gateway.services.mapping.people import people_of
from interlock_gateway.services.mapping.reservation import collect_for_of, order_of, parcel_of
from interlock_gateway.services.mapping.values import named, number, stamp
from interlock_gateway.services.minting import Mint
from interlock_gateway.services.pages import next_token, size_of, start
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.services.showing import Showing
from interlock_gateway.services.status import INTERNAL, status_of
from interlock_gateway.store.sqlite.history import history
from interlock_gateway.store.sqlite.reading import Condition, page
from interlock_gateway.store.sqlite.reservations import Reservations
from interlock_gateway.use_cases.add_parcel import AddParcel
from interlock_gateway.use_cases.aggregates import DISCREPANCIES
from interlock_gateway.use_cases.cancel import Cancel
from interlock_gateway.use_cases.confirm import Confirm
from interlock_gateway.use_cases.extend import Extend
from interlock_gateway.use_cases.privacy import ErasePersonalData
from interlock_gateway.use_cases.promise import MovesAwaited, Promised
from interlock_gateway.use_cases.proposal import Proposal
from interlock_gateway.use_cases.recall import Recall
from interlock_gateway.use_cases.reserve import Reserve
from interlock_gateway.use_cases.with_moves import submit_with_moves

CREATE: Final = "interlock.v1.ReservationService/CreateReservation"
MOST_DISCREPANCIES: Final = 500


class ReservationServicer:
    """What a carrier does with capacity."""

    SERVICE = pb.DESCRIPTOR.services_by_name["ReservationService"]

    def __init__(self, parts: Parts) -> None:
        """Serve from the parts of a gateway."""
        self._parts = parts
        self._mint = Mint(parts.files)
        self._read = Reservations(parts.readers)
        self._showing = Showing(parts.readers, parts.files.vault)

    # --- Promises ----------------------------------------------------------------------------------------------

    async def CreateReservation(self, request: pb.CreateReservationRequest, call: Call) -> pb.CreateReservationResponse:
        """Promise one compartment."""
        if request.validate_only:
            found = await self._parts.committer.consider(self._reserve(request, call, "reservation"))
            return self._considered(request, found)
        return self._created(await self._change(lambda: self._reserve(request, call, "reservation")), call)

    def _reserve(self, request: pb.CreateReservationRequest, call: Call, field: str) -> Reserve:
        order = order_of(request, people=people_of(request.reservation), field=field)
        remembered = None if request.validate_only else call.request(request, method=CREATE)
        reach = self._parts.links.reach(order.bank)
        if request.all_or_none_group:
            # A group is decided in one piece, so it cannot wait for a bank between its members.
            reach = replace(reach, connected=False)
        return Reserve(order, self._parts.network, reach, remembered)

    def _created(self, answer: Promised, call: Call) -> pb.CreateReservationResponse:
        return pb.CreateReservationResponse(
            reservation=self._showing.promised(answer, call.viewer),
            grants=self._mint.grants(answer, now=self._parts.clock.now()),
            allocation_version=answer.allocation_version,
        )

    def _considered(
        self, request: pb.CreateReservationRequest, found: Promised | MovesAwaited
    ) -> pb.CreateReservationResponse:
        """Answer what would be promised: without a name, because nothing is."""
        asked = request.reservation
        answer = reservation_pb2.Reservation(
            bank=asked.bank, need=asked.need, parcels=asked.parcels, collect_for=asked.collect_for
        )
        if isinstance(found, Promised):
            plain = self._showing.plain(found.reservation)
            for field in ("name", "etag", "revision", "create_time", "update_time"):
                plain.ClearField(field)
            answer = plain
        return pb.CreateReservationResponse(reservation=answer)

    async def BatchCreateReservations(
        self, request: pb.BatchCreateReservationsRequest, call: Call
    ) -> pb.BatchCreateReservationsResponse:
        """Promise many, each for itself; items of a group stand or fall together."""
        _check_batch(request)
        proposals = [
            self._reserve(item, call, f"requests[{index}].reservation") for index, item in enumerate(request.requests)
        ]
        groups = [item.all_or_none_group for item in request.requests]
        outcomes = list(await self._parts.committer.submit_all(proposals, groups=groups))
        for index, outcome in enumerate(outcomes):
            if isinstance(outcome, MovesAwaited):
                outcomes[index] = await self._after_moves(request.requests[index], call, index)
        return pb.BatchCreateReservationsResponse(outcomes=[self._outcome(each, call) for each in outcomes])

    async def _after_moves(self, item: pb.CreateReservationRequest, call: Call, index: int) -> Promised | Refusal:
        try:
            return await self._change(lambda: self._reserve(item, call, f"requests[{index}].reservation"))
        except Refusal as refusal:
            return refusal

    def _outcome(self, outcome: Any, call: Call) -> pb.BatchCreateReservationsOutcome:  # noqa: ANN401
        if isinstance(outcome, Promised):
            self._parts.links.manifest_changed(outcome.bank.name)
            return pb.BatchCreateReservationsOutcome(created=self._created(outcome, call))
        return pb.BatchCreateReservationsOutcome(refused=_told(outcome))

    async def ConfirmReservation(
        self, request: pb.ConfirmReservationRequest, call: Call
    ) -> pb.ConfirmReservationResponse:
        """Turn a hold into a promise."""
        answer = await self._change(
            lambda: Confirm(
                name=ReservationName.parse(request.name),
                etag=request.etag,
                request=call.request(request),
                network=self._parts.network,
            )
        )
        return pb.ConfirmReservationResponse(
            reservation=self._showing.promised(answer, call.viewer),
            grants=self._mint.grants(answer, now=self._parts.clock.now()),
            allocation_version=answer.allocation_version,
        )

    async def ExtendReservation(self, request: pb.ExtendReservationRequest, call: Call) -> pb.ExtendReservationResponse:
        """Put the end of collection off."""
        name = ReservationName.parse(request.name)
        before = await self._visible(name, call)
        answer = await self._change(
            lambda: Extend(
                name=name,
                etag=request.etag,
                request=call.request(request),
                collect_for=collect_for_of(request.collect_for),
                reach=self._parts.links.reach(before.bank),
            )
        )
        return pb.ExtendReservationResponse(
            reservation=self._showing.promised(answer, call.viewer),
            allocation_version=answer.allocation_version,
        )

    async def CancelReservation(self, request: pb.CancelReservationRequest, call: Call) -> pb.CancelReservationResponse:
        """Give a promise back."""
        answer = await self._change(
            lambda: Cancel(name=ReservationName.parse(request.name), etag=request.etag, request=call.request(request))
        )
        known = all(right.ended_at_bank for right in answer.reservation.rights)
        return pb.CancelReservationResponse(
            reservation=self._showing.promised(answer, call.viewer),
            effect=number(reservation_pb2.Effect, effect_of_ending(acknowledged=known)),
            allocation_version=answer.allocation_version,
        )

    async def RecallReservation(self, request: pb.RecallReservationRequest, call: Call) -> pb.RecallReservationResponse:
        """Ask for the parcels back."""
        answer = await self._change(
            lambda: Recall(name=ReservationName.parse(request.name), etag=request.etag, request=call.request(request))
        )
        grant = self._mint.grant(answer, Act.RECALL, Form.TOKEN, Effect.ON_PRESENTATION, now=self._parts.clock.now())
        return pb.RecallReservationResponse(reservation=self._showing.promised(answer, call.viewer), grants=[grant])

    async def AddParcel(self, request: pb.AddParcelRequest, call: Call) -> pb.AddParcelResponse:
        """Add a parcel of the same collector."""
        name = ReservationName.parse(request.name)
        before = await self._visible(name, call)
        answer = await self._change(
            lambda: AddParcel(
                name=name,
                etag=request.etag,
                request=call.request(request),
                parcel=parcel_of(request.parcel, len(before.parcels) + 1),
                network=self._parts.network,
            )
        )
        return pb.AddParcelResponse(
            reservation=self._showing.promised(answer, call.viewer),
            grants=self._mint.grants(answer, now=self._parts.clock.now())[:1],
        )

    async def ErasePersonalData(self, request: pb.ErasePersonalDataRequest, call: Call) -> pb.ErasePersonalDataResponse:
        """Erase the people of a reservation for good."""
        proposal = ErasePersonalData(name=ReservationName.parse(request.name), request=call.request(request))
        reservation = await self._parts.committer.submit(proposal)
        return pb.ErasePersonalDataResponse(reservation=await self._showing.one(reservation, call.viewer))

    async def _change(self, proposal: Callable[[], Proposal[Any]]) -> Promised:
        """Decide and keep; the bank is told."""
        answer = await submit_with_moves(self._parts.committer, proposal, self._parts.links)
        self._parts.links.manifest_changed(answer.bank.name)
        return answer

    # --- Reading -----------------------------------------------------------------------------------------------

    async def GetReservation(self, request: pb.GetReservationRequest, call: Call) -> pb.GetReservationResponse:
        """Read one reservation, in the caller's view."""
        reservation = await self._visible(ReservationName.parse(request.name), call)
        return pb.GetReservationResponse(reservation=await self._showing.one(reservation, call.viewer))

    async def ListReservations(self, request: pb.ListReservationsRequest, call: Call) -> pb.ListReservationsResponse:
        """List reservations that the caller may see, newest first."""
        party = request.parent.removeprefix("parties/")
        found = await self._read.list(
            call.viewer,
            carrier=None if party == "-" else party,
            bank=BankName.parse(request.bank, field="bank") if request.bank else None,
            states=[named(reservation_pb2.ReservationState, each, State) for each in request.states],
            size=size_of(request),
            start_row=start(call, request),
        )
        return pb.ListReservationsResponse(
            reservations=await self._showing.all(found.values, call.viewer),
            next_page_token=next_token(call, request, found.next_row),
        )

    async def WatchReservation(
        self, request: pb.WatchReservationRequest, call: Call
    ) -> AsyncIterator[pb.WatchReservationResponse]:
        """Give a reservation as it is, and again after every change, until it has ended."""
        name = ReservationName.parse(request.name)
        seen = 0
        with self._parts.log.listening((str(name),)) as news:
            while True:
                news.clear()
                reservation = await self._visible(name, call)
                if reservation.revision != seen:
                    seen = reservation.revision
                    yield pb.WatchReservationResponse(reservation=await self._showing.one(reservation, call.viewer))
                if reservation.state in GONE | ENDED_UNUSED:
                    return
                await news.wait()

    async def GetTracking(self, request: pb.GetTrackingRequest, call: Call) -> pb.GetTrackingResponse:
        """Tell the course of a reservation."""
        reservation = await self._visible(ReservationName.parse(request.name), call)
        views = views_of(call.viewer.party, call.viewer.roles, audience_of(reservation))
        events = await self._parts.readers.run(history, str(reservation.name))
        disputes = await self._parts.readers.run(_discrepancies, reservation)
        seen = [(each, views_of(call.viewer.party, call.viewer.roles, _audience(each))) for each in disputes]
        return pb.GetTrackingResponse(
            reservation=await self._showing.one(reservation, call.viewer),
            steps=[project(_step(each), views) for each in events if isinstance(each, ReservationEvent)],
            discrepancies=[project(discrepancy_message(each), held) for each, held in seen if held],
        )

    async def _visible(self, name: ReservationName, call: Call) -> Reservation:
        """Read a reservation that the caller may see.

        Raises:
            ReservationUnknown: For this caller there is none of this name.
        """
        found = await self._read.get(name, call.viewer)
        if found is None:
            raise ReservationUnknown(reservation=str(name))
        return found


def _check_batch(request: pb.BatchCreateReservationsRequest) -> None:
    """Refuse what is wrong with the call itself.

    Raises:
        NotOwn: An item is for another carrier.
        GroupSpansBanks: A group has items at two banks.
        InvalidField: An item only asks whether it would fit.
    """
    bank_of: dict[str, str] = {}
    for index, item in enumerate(request.requests):
        if item.parent != request.parent:
            raise NotOwn(field=f"requests[{index}].parent")
        if item.validate_only:
            raise InvalidField(field=f"requests[{index}].validate_only", rule="not in a batch")
        group = item.all_or_none_group
        if group and bank_of.setdefault(group, item.reservation.bank) != item.reservation.bank:
            raise GroupSpansBanks(group=group, field=f"requests[{index}].reservation.bank")


def _told(failure: Exception) -> Status:
    return status_of(failure) or INTERNAL


def _step(event: ReservationEvent) -> reservation_pb2.TrackingStep:
    return reservation_pb2.TrackingStep(
        time=stamp(event.time),
        recorded_time=stamp(event.recorded_time),
        state=number(reservation_pb2.ReservationState, event.reservation.state),
        type=event.kind.type,
        evidence=number(reservation_pb2.Evidence, event.evidence),
        parcel_numbers=event.parcels,
        receipt=str(event.receipt) if event.receipt else "",
        revision=event.sequence,
        pending_forerunner=event.reservation.pending_forerunner,
    )


def _discrepancies(connection: sqlite3.Connection, reservation: Reservation) -> Sequence[Discrepancy]:
    condition = Condition("t.reservation = :reservation", {"reservation": reservation.name.reservation})
    return page(connection, DISCREPANCIES, condition, size=MOST_DISCREPANCIES).values


def _audience(discrepancy: Discrepancy) -> Any:  # noqa: ANN401
    reservation = discrepancy.finding.reservation
    return discrepancy_audience(discrepancy.name.party, reservation.party if reservation else None)
