"""Commands go to a bank over its link, and come back as results, over real gRPC on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from interlock.edge.v1 import command_pb2
from interlock_gateway.domain.errors import CommandExpired, NoLiveLink
from tests.gateway.links.network import Linked, linked
from tests.gateway.scene import BANK


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Linked]:
    async with linked(tmp_path) as made:
        yield made


async def test_a_command_is_answered_by_the_bank(network: Linked) -> None:
    """LNK-41, LNK-43: its deadline is a reading of the bank's own clock."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    await stream.heartbeat()
    body = command_pb2.Command(open_compartment=command_pb2.OpenCompartment(compartment="1", reason="stuck"))
    asked = asyncio.create_task(network.links.command(BANK, body, 5.0))
    command = await stream.next("command")
    assert command.link_epoch == bank.epoch
    assert (command.deadline.boot_id, command.deadline.monotonic_ms) == (bank.reading().boot_id, 10_000)
    await stream.answer(command, command_pb2.COMMAND_OUTCOME_DONE)
    assert (await asked).outcome == command_pb2.COMMAND_OUTCOME_DONE


async def test_a_command_that_is_not_answered_expires(network: Linked) -> None:
    """LNK-44."""
    stream = await network.connected(await network.enrolled())
    with pytest.raises(CommandExpired):
        await network.links.command(BANK, command_pb2.Command(reboot=command_pb2.Reboot()), 0.01)
    assert (await stream.next("command")).HasField("reboot")


async def test_without_a_link_nothing_is_asked(network: Linked) -> None:
    """LNK-44."""
    with pytest.raises(NoLiveLink):
        await network.links.command(BANK, command_pb2.Command(reboot=command_pb2.Reboot()), 1.0)


async def test_a_gateway_that_goes_down_asks_banks_to_come_back(network: Linked) -> None:
    """LNK-18."""
    stream = await network.connected(await network.enrolled())
    network.links.end_all()
    assert (await stream.receive()).HasField("reconnect")
