"""The fake's reservations: promised as long as a number lasts, moved by hand where a bank would move them."""

# ruff: noqa: N802 - the contract names the methods and says what they are told

from __future__ import annotations

import time
from collections.abc import Iterator

from google.protobuf.timestamp_pb2 import Timestamp

from interlock.v1 import reservation_pb2 as rp
from interlock.v1 import reservation_service_pb2 as pb
from interlock.v1.reservation_pb2 import Grant, Reservation, TrackingStep
from tests.sdk.fake.rights import grant, pin
from tests.sdk.fake.world import Refusal, World, name_of, now

ENDED = {
    rp.RESERVATION_STATE_COLLECTED,
    rp.RESERVATION_STATE_RECALLED,
    rp.RESERVATION_STATE_EXPIRED,
    rp.RESERVATION_STATE_CANCELLED,
    rp.RESERVATION_STATE_BROKEN,
}


class Reservations:
    """``ReservationService``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def CreateReservation(self, request: pb.CreateReservationRequest, caller: str) -> pb.CreateReservationResponse:
        if request.validate_only:
            return pb.CreateReservationResponse(reservation=request.reservation)
        return self._world.once(caller, request, lambda: self._create(request))

    def BatchCreateReservations(
        self, request: pb.BatchCreateReservationsRequest, caller: str
    ) -> pb.BatchCreateReservationsResponse:
        answer = pb.BatchCreateReservationsResponse()
        for item in request.requests:
            try:
                answer.outcomes.add(created=self.CreateReservation(item, caller))
            except Refusal as refusal:
                answer.outcomes.add(refused=refusal.status)
        return answer

    def ConfirmReservation(self, request: pb.ConfirmReservationRequest, caller: str) -> pb.ConfirmReservationResponse:
        def confirm() -> pb.ConfirmReservationResponse:
            found = self._find(request.name, rp.RESERVATION_STATE_HELD)
            self._move(found, rp.RESERVATION_STATE_CONFIRMED)
            return pb.ConfirmReservationResponse(reservation=found, grants=self._grants(found))

        return self._world.once(caller, request, confirm)

    def GetReservation(self, request: pb.GetReservationRequest, caller: str) -> pb.GetReservationResponse:
        return pb.GetReservationResponse(reservation=self._find(request.name))

    def ListReservations(self, request: pb.ListReservationsRequest, caller: str) -> pb.ListReservationsResponse:
        found = [
            each
            for each in reversed(self._world.reservations.values())
            if (not request.states or each.state in request.states) and request.bank in {"", each.bank}
        ]
        rows, token = self._world.page(found, request)
        return pb.ListReservationsResponse(reservations=rows, next_page_token=token)

    def ExtendReservation(self, request: pb.ExtendReservationRequest, caller: str) -> pb.ExtendReservationResponse:
        found = self._find(request.name, rp.RESERVATION_STATE_DEPOSITED)
        if request.collect_for.hours > 48:
            until = "2030-01-02T03:04:05Z"
            raise Refusal("RESOURCE_EXHAUSTED", "NO_CAPACITY", extendable_until=until)
        found.collect_end_time.seconds += request.collect_for.hours * 3600
        return pb.ExtendReservationResponse(reservation=found)

    def CancelReservation(self, request: pb.CancelReservationRequest, caller: str) -> pb.CancelReservationResponse:
        def cancel() -> pb.CancelReservationResponse:
            found = self._find(request.name, rp.RESERVATION_STATE_HELD, rp.RESERVATION_STATE_CONFIRMED)
            self._move(found, rp.RESERVATION_STATE_CANCELLED)
            return pb.CancelReservationResponse(reservation=found, effect=rp.EFFECT_PENDING)

        return self._world.once(caller, request, cancel)

    def RecallReservation(self, request: pb.RecallReservationRequest, caller: str) -> pb.RecallReservationResponse:
        found = self._find(request.name, rp.RESERVATION_STATE_DEPOSITED)
        found.recall_requested = True
        return pb.RecallReservationResponse(reservation=found, grants=[grant(self._world, found, rp.ACT_RECALL)])

    def AddParcel(self, request: pb.AddParcelRequest, caller: str) -> pb.AddParcelResponse:
        found = self._find(request.name)
        found.parcels.append(request.parcel)
        return pb.AddParcelResponse(reservation=found, grants=self._grants(found)[:1])

    def WatchReservation(
        self, request: pb.WatchReservationRequest, caller: str
    ) -> Iterator[pb.WatchReservationResponse]:
        told = 0
        for _ in range(2000):
            found = Reservation()
            found.CopyFrom(self._find(request.name))
            if found.revision > told:
                told = found.revision
                yield pb.WatchReservationResponse(reservation=found)
                if self._world.cuts:
                    raise self._world.cuts.popleft()
            if found.state in ENDED:
                return
            time.sleep(0.005)

    def GetTracking(self, request: pb.GetTrackingRequest, caller: str) -> pb.GetTrackingResponse:
        found = self._find(request.name)
        return pb.GetTrackingResponse(reservation=found, steps=self._world.steps[found.name])

    def ErasePersonalData(self, request: pb.ErasePersonalDataRequest, caller: str) -> pb.ErasePersonalDataResponse:
        found = self._find(request.name)
        found.ClearField("collector")
        found.erased = True
        return pb.ErasePersonalDataResponse(reservation=found)

    def _create(self, request: pb.CreateReservationRequest) -> pb.CreateReservationResponse:
        world = self._world
        if request.reservation.bank not in world.banks:
            raise Refusal("NOT_FOUND", "BANK_UNKNOWN", "There is no such bank.", bank=request.reservation.bank)
        if len(world.reservations) >= world.capacity:
            raise Refusal("RESOURCE_EXHAUSTED", "NO_CAPACITY", "No compartment that serves is free.", size_class="M")
        made = Reservation()
        made.CopyFrom(request.reservation)
        made.name = f"{request.parent}/reservations/{name_of(next(world.numbers))}"
        made.create_time.CopyFrom(now())
        if not made.HasField("deposit_window"):
            made.deposit_window.start_time.CopyFrom(now())
            made.deposit_window.end_time.CopyFrom(Timestamp(seconds=now().seconds + 8 * 3600))
        for number, parcel in enumerate(made.parcels, start=1):
            parcel.number = number
        world.reservations[made.name] = made
        world.steps[made.name] = []
        state = rp.RESERVATION_STATE_HELD if request.hold_seconds else rp.RESERVATION_STATE_CONFIRMED
        self._move(made, state)
        grants = [] if request.hold_seconds else self._grants(made)
        return pb.CreateReservationResponse(reservation=made, grants=grants, allocation_version=1)

    def _grants(self, made: Reservation) -> list[Grant]:
        collect = Grant(act=rp.ACT_COLLECT, pin=pin(made), reservation=made.name)
        return [grant(self._world, made, rp.ACT_DEPOSIT), collect]

    def _find(self, name: str, *states: rp.ReservationState) -> Reservation:
        found = self._world.reservations.get(name)
        if found is None:
            raise Refusal("NOT_FOUND", "RESERVATION_UNKNOWN", "There is no such reservation.")
        if states and found.state not in states:
            state = rp.ReservationState.Name(found.state).removeprefix("RESERVATION_STATE_")
            raise Refusal("FAILED_PRECONDITION", "WRONG_STATE", f"Reservation {name} is {state}.", state=state)
        return found

    def _move(self, found: Reservation, state: rp.ReservationState) -> None:
        move(self._world, found, state)


def move(world: World, found: Reservation, state: rp.ReservationState) -> None:
    """Give a reservation another state, a revision and a step, as a command or a fact would."""
    found.state = state
    found.revision += 1
    found.etag = str(found.revision)
    word = rp.ReservationState.Name(state).removeprefix("RESERVATION_STATE_").lower()
    step = TrackingStep(time=now(), state=state, type=f"interlock.reservation.{word}.v1", revision=found.revision)
    world.steps[found.name].append(step)
    world.tell(step.type, found)
