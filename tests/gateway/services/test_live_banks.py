"""Looking at a bank at work: who is inside, how it stands, what was asked of it, how it was used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from google.type.date_pb2 import Date

from interlock.edge.v1 import command_pb2
from interlock.v1 import bank_pb2, operator_pb2, reservation_pb2
from interlock.v1 import operator_service_pb2 as pb
from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.errors import BankUnknown, CommandUnknown, WindowInvalid
from interlock_gateway.domain.facts import FactKind
from interlock_gateway.domain.party import Role
from interlock_gateway.services.calling import Call
from interlock_gateway.services.operator import OperatorServicer
from interlock_gateway.use_cases.aggregates import BANK_LINKS
from interlock_gateway.use_cases.bank_commands import AskBank, CommandEnded
from interlock_gateway.use_cases.bank_link import BankLink, CommandState
from interlock_gateway.use_cases.desk import Desk
from tests.gateway.scene import BANK, HOUR, AddBank, bank
from tests.gateway.services.gateway import Gateway, gateway

HOST = "mall"


class World:
    """A gateway with a bank of two doors, one parcel in it."""

    def __init__(self, made: Gateway) -> None:
        self.gateway = made
        self.scene = made.scene
        self.servicer = OperatorServicer(made.parts)

    def call(self, method: str, party: str = "oko", role: Role = Role.OPERATOR) -> Call:
        return self.gateway.call(OperatorServicer.SERVICE, method, party, role)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with gateway(tmp_path) as made:
        await made.scene.committer.submit(AddBank(replace(bank(), host=HOST), {SizeClass.M: 2}))
        yield World(made)


async def test_tenancies_say_who_is_inside(world: World) -> None:
    await world.scene.reserved()
    inside = await world.scene.happen(await world.scene.reserved(), FactKind.PARCEL_DEPOSITED)
    request = pb.ListTenanciesRequest(parent=str(BANK))
    (tenancy,) = (await world.servicer.ListTenancies(request, world.call("ListTenancies"))).tenancies
    assert (tenancy.reservation, tenancy.compartment) == (str(inside.name), f"{BANK}/compartments/1")
    assert (tenancy.state, list(tenancy.parcel_numbers)) == (reservation_pb2.RESERVATION_STATE_DEPOSITED, [1])


async def test_pty_10_a_host_sees_less_of_a_banks_state_and_a_stranger_nothing(world: World) -> None:
    await world.scene.reserved()
    request = pb.GetBankStatusRequest(bank=str(BANK))
    full = (await world.servicer.GetBankStatus(request, world.call("GetBankStatus"))).status
    host = (await world.servicer.GetBankStatus(request, world.call("GetBankStatus", HOST, Role.HOST))).status
    assert (full.state, full.allocation_version, full.enrolled) == (bank_pb2.BANK_STATE_OPEN, 1, False)
    assert (host.state, host.allocation_version) == (bank_pb2.BANK_STATE_OPEN, 0)
    with pytest.raises(BankUnknown):
        await world.servicer.GetBankStatus(request, world.call("GetBankStatus", "stranger"))


async def test_commands_are_read_by_the_operator_alone(world: World) -> None:
    body = command_pb2.Command(open_compartment=command_pb2.OpenCompartment(compartment="1", reason="cleaning"))
    await world.scene.committer.submit(PutLink())
    asked = AskBank(bank=str(BANK), epoch=1, body=body.SerializeToString(), timeout=timedelta(seconds=10))
    stored = (await world.scene.committer.submit(asked)).command
    listing = pb.ListCommandsRequest(parent=str(BANK), pending_only=True)
    (pending,) = (await world.servicer.ListCommands(listing, world.call("ListCommands"))).commands
    await world.scene.committer.submit(CommandEnded(id=stored.id, bank=str(BANK), state=CommandState.DONE))
    reading = pb.GetCommandRequest(name=pending.name)
    done = (await world.servicer.GetCommand(reading, world.call("GetCommand"))).command
    assert pending.kind == operator_pb2.COMMAND_KIND_OPEN_COMPARTMENT
    assert (done.state, done.reason) == (operator_pb2.COMMAND_STATE_DONE, "cleaning")
    assert done.HasField("end_time")
    assert not (await world.servicer.ListCommands(listing, world.call("ListCommands"))).commands
    with pytest.raises(CommandUnknown):
        await world.servicer.GetCommand(reading, world.call("GetCommand", HOST, Role.HOST))


async def test_use_is_counted_by_the_banks_own_days(world: World) -> None:
    reservation = await world.scene.happen(await world.scene.reserved(), FactKind.PARCEL_DEPOSITED)
    world.scene.watch.time += 3 * HOUR
    await world.scene.happen(reservation, FactKind.PARCEL_COLLECTED)
    world.scene.watch.time += 24 * HOUR
    request = pb.ListUtilizationRequest(
        parent=str(BANK), start_date=Date(year=2026, month=11, day=2), end_date=Date(year=2026, month=11, day=9)
    )
    days = (await world.servicer.ListUtilization(request, world.call("ListUtilization"))).days
    assert [(each.deposit_count, each.collect_count, each.occupied_hours) for each in days] == [
        (1, 1, 3.0),
        (0, 0, 0.0),
    ]
    assert days[0].available_hours == 48.0
    request.end_date.day = 2
    with pytest.raises(WindowInvalid):
        await world.servicer.ListUtilization(request, world.call("ListUtilization"))


class PutLink:
    """Let the bank have a link of epoch 1."""

    request = None

    def needs(self, wanted: object) -> None:
        """Nothing."""

    def decide(self, desk: Desk) -> None:
        desk.get(BANK_LINKS, str(BANK))
        desk.put(BANK_LINKS, BankLink(bank=str(BANK), epoch=1))

    def replay(self, desk: Desk, answer: object) -> None:
        raise NotImplementedError
