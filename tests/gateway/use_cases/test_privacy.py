"""Erasing people: what only a destroyed key could read is gone, and the promise stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock_gateway.domain.errors import ReservationUnknown
from interlock_gateway.domain.names import ReservationName
from interlock_gateway.ports import At
from interlock_gateway.use_cases.aggregates import PERSONAL
from interlock_gateway.use_cases.privacy import ErasePersonalData
from tests.gateway.scene import scene


async def test_pty_12_one_person_is_erased_alone(tmp_path: Path) -> None:
    async with scene(tmp_path / "gateway.db") as network:
        erased, other = await network.reserved(), await network.reserved()
        proposal = ErasePersonalData(name=erased.name, request=network.request())
        assert await network.committer.submit(proposal) == erased
        assert await network.committer.submit(proposal) == erased
        places = [At(PERSONAL, each.name.reservation) for each in (erased, other)]
        gone, kept = await network.look(*places)
        assert (gone.erased, gone.ciphertext) == (True, b"")
        assert kept.ciphertext == b"Ada Lovelace"


async def test_people_of_a_reservation_that_is_not_there_are_not_erased(tmp_path: Path) -> None:
    async with scene(tmp_path / "gateway.db") as network:
        with pytest.raises(ReservationUnknown):
            await network.committer.submit(ErasePersonalData(name=ReservationName("acme", "a" * 16)))
