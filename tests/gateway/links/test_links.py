"""Banks that enrol, connect and report, over real gRPC on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from interlock_gateway.domain.reservation import State
from tests.gateway.links.network import Linked, linked


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Linked]:
    async with linked(tmp_path) as made:
        yield made


async def test_what_a_bank_reports_becomes_the_record(network: Linked) -> None:
    """LNK-20: a deposit and a collection, each acknowledged once it is committed."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    reserved = await network.scene.reserved()
    told = await stream.manifest()
    assert [each.reservation for each in told.reservations] == [reserved.name.reservation]
    assert await stream.report([bank.deposit(reserved.name.reservation)]) == 1
    assert (await network.scene.now(reserved)).state is State.DEPOSITED
    assert await stream.report([bank.collect(reserved.name.reservation, earlier_number=1)]) == 2
    assert (await network.scene.now(reserved)).state is State.COLLECTED
