"""Discrepancies: raised by those concerned, seen by them alone, settled once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from interlock.v1 import discrepancy_pb2, reservation_pb2
from interlock.v1 import discrepancy_service_pb2 as pb
from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.errors import (
    CompartmentUnknown,
    CorrectionNotPossible,
    DiscrepancyResolved,
    DiscrepancyUnknown,
    InvalidField,
    ReservationUnknown,
)
from interlock_gateway.domain.facts import FactKind
from interlock_gateway.domain.party import Role
from interlock_gateway.domain.reservation import Reservation, State
from interlock_gateway.services.calling import Call
from interlock_gateway.services.discrepancy import DiscrepancyServicer
from tests.gateway.scene import BANK, AddBank, bank
from tests.gateway.services.gateway import Gateway, gateway

ROLES = {"oko": Role.OPERATOR, "acme": Role.CARRIER, "other": Role.CARRIER, "owner": Role.NETWORK_OWNER}


class World:
    """A gateway with a bank, a parcel in it, and the servicer."""

    def __init__(self, made: Gateway) -> None:
        self.gateway = made
        self.scene = made.scene
        self.servicer = DiscrepancyServicer(made.parts)

    def call(self, party: str, method: str) -> Call:
        return self.gateway.call(DiscrepancyServicer.SERVICE, method, party, ROLES[party])

    async def deposited(self) -> Reservation:
        await self.scene.committer.submit(AddBank(bank(), {SizeClass.M: 1}))
        reservation = await self.scene.reserved()
        return await self.scene.happen(reservation, FactKind.PARCEL_DEPOSITED)

    async def raised(self, party: str = "acme", **changes: Any) -> discrepancy_pb2.Discrepancy:
        request = pb.RaiseDiscrepancyRequest(
            parent=str(BANK),
            request_id=self.gateway.request_id(),
            kind=discrepancy_pb2.DISCREPANCY_KIND_PARCEL_DAMAGED,
            note="a corner is wet",
            **changes,
        )
        call = self.call(party, "RaiseDiscrepancy")
        answer = await self.servicer.RaiseDiscrepancy(request, call)
        assert await self.servicer.RaiseDiscrepancy(request, call) == answer
        return answer.discrepancy

    async def resolved(self, name: str, state: Any = None, party: str = "oko") -> pb.ResolveDiscrepancyResponse:
        kind = discrepancy_pb2.RESOLUTION_KIND_RECORD_STANDS
        if state is not None:
            kind = discrepancy_pb2.RESOLUTION_KIND_CORRECTED
        said = discrepancy_pb2.Resolution(kind=kind, corrected_state=state, note="looked")
        request = pb.ResolveDiscrepancyRequest(name=name, request_id=self.gateway.request_id(), resolution=said)
        return await self.servicer.ResolveDiscrepancy(request, self.call(party, "ResolveDiscrepancy"))

    async def listed(self, party: str, **changes: Any) -> list[str]:
        request = pb.ListDiscrepanciesRequest(parent="parties/-/banks/-", **changes)
        answer = await self.servicer.ListDiscrepancies(request, self.call(party, "ListDiscrepancies"))
        return [each.name for each in answer.discrepancies]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with gateway(tmp_path) as made:
        yield World(made)


async def test_evd_10_a_carrier_raises_one_and_those_concerned_see_it(world: World) -> None:
    reservation = await world.deposited()
    raised = await world.raised(reservation=str(reservation.name), compartment=f"{BANK}/compartments/1")
    seen = {party: await world.listed(party) for party in ROLES}
    assert raised.state_found == reservation_pb2.RESERVATION_STATE_DEPOSITED
    assert (raised.raised_by, raised.note) == ("parties/acme", "a corner is wet")
    assert seen == {"oko": [raised.name], "acme": [raised.name], "other": [], "owner": [raised.name]}
    request = pb.GetDiscrepancyRequest(name=raised.name)
    with pytest.raises(DiscrepancyUnknown):
        await world.servicer.GetDiscrepancy(request, world.call("other", "GetDiscrepancy"))


async def test_lists_are_narrowed_by_state_and_kind(world: World) -> None:
    reservation = await world.deposited()
    raised = await world.raised(reservation=str(reservation.name))
    damaged, lost = discrepancy_pb2.DISCREPANCY_KIND_PARCEL_DAMAGED, discrepancy_pb2.DISCREPANCY_KIND_PARCEL_LOST
    assert await world.listed("oko", kinds=[damaged], reservation=str(reservation.name)) == [raised.name]
    assert await world.listed("oko", kinds=[lost]) == []
    assert await world.listed("oko", state=discrepancy_pb2.DISCREPANCY_STATE_RESOLVED) == []


async def test_what_a_carrier_may_not_say_is_refused(world: World) -> None:
    reservation = await world.deposited()
    with pytest.raises(InvalidField):
        await world.raised()
    with pytest.raises(ReservationUnknown):
        await world.raised("other", reservation=str(reservation.name))
    with pytest.raises(CompartmentUnknown):
        await world.raised("oko", compartment=f"{BANK}/compartments/9")
    with pytest.raises(InvalidField):
        await world.raised("oko", occur_time=Timestamp(seconds=4_000_000_000))


async def test_evd_13_a_resolution_corrects_the_record_once(world: World) -> None:
    reservation = await world.deposited()
    raised = await world.raised(reservation=str(reservation.name))
    with pytest.raises(CorrectionNotPossible):
        await world.resolved(raised.name, reservation_pb2.RESERVATION_STATE_DEPOSITED)
    settled = await world.resolved(raised.name, reservation_pb2.RESERVATION_STATE_LOST)
    assert settled.discrepancy.state == discrepancy_pb2.DISCREPANCY_STATE_RESOLVED
    assert settled.discrepancy.resolution.resolved_by == "parties/oko"
    assert settled.reservation_state == reservation_pb2.RESERVATION_STATE_LOST
    assert (await world.scene.now(reservation)).state is State.LOST
    with pytest.raises(DiscrepancyResolved):
        await world.resolved(raised.name)


async def test_evd_13_a_record_that_stands_changes_nothing(world: World) -> None:
    reservation = await world.deposited()
    raised = await world.raised("oko", reservation=str(reservation.name))
    settled = await world.resolved(raised.name, party="acme")
    assert settled.reservation_state == reservation_pb2.RESERVATION_STATE_DEPOSITED
    assert await world.scene.now(reservation) == reservation
