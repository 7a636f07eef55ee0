"""Sixty-four clients, one bank of ten doors, two thousand attempts: whoever got a promise gets a door (CAP-3)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from interlock_gateway.domain.capacity import Climate, SizeClass
from interlock_gateway.domain.errors import NoCapacity
from interlock_gateway.domain.reservation import Reservation, State
from interlock_gateway.domain.terms import CollectFor
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.reservations import Reservations
from interlock_gateway.use_cases.cancel import Cancel
from interlock_gateway.use_cases.network import Reach
from interlock_gateway.use_cases.promise import Promised
from interlock_gateway.use_cases.reserve import Reserve
from tests.gateway.capacity.whole_stays import Space, Visit, play
from tests.gateway.scene import HOUR, NETWORK, NOON, Scene, order, scene

CLIENTS = 64
ATTEMPTS = 2_000
DOORS = {SizeClass.S: 4, SizeClass.M: 3, SizeClass.L: 2, SizeClass.XL: 1}


def asked(network: Scene, draw: Random, attempt: int) -> Reserve:
    """An attempt: any class, any window of the next six weeks, some as holds."""
    start = NOON + timedelta(minutes=draw.randrange(0, 42 * 24 * 60))
    wanted = order(
        draw.choice([SizeClass.XS, SizeClass.S, SizeClass.S, SizeClass.M, SizeClass.L]),
        start=start,
        end=start + draw.choice([2, 8, 24]) * HOUR,
        collect_for=CollectFor(draw.choice([6, 24, 72])),
        hold=draw.choice([None, None, None, timedelta(minutes=10)]),
    )
    return Reserve(wanted, NETWORK, Reach(NOON), network.request(f"attempt-{attempt}"))


async def client(network: Scene, draw: Random, attempts: Sequence[int], outcomes: list[object]) -> None:
    """Attempt after attempt; now and then give one back at once."""
    for attempt in attempts:
        (outcome,) = await network.committer.submit_all([asked(network, draw, attempt)])
        outcomes.append(outcome)
        if isinstance(outcome, Promised) and draw.random() < 0.1:
            await network.committer.submit(Cancel(name=outcome.reservation.name))


def visit(reservation: Reservation, draw: Random) -> Visit:
    """A stay as it turned out: the parcel comes in its window, and leaves when it must at the latest."""
    start, end = int(reservation.window.start.timestamp()), int(reservation.window.end.timestamp())
    until = int(reservation.commitment_end.timestamp())
    comes = draw.choice([start, end - 1, draw.randrange(start, end)])
    leaves = draw.choice([until, draw.randrange(comes + 1, until + 1)])
    assert reservation.kind is not None
    kind = (int(reservation.kind.size_class), int(reservation.kind.climate), reservation.kind.features)
    return Visit(reservation.name.reservation, kind, comes, leaves)


async def test_every_admitted_stay_gets_a_door(tmp_path: Path, random_cases: Random) -> None:
    attempts = range(ATTEMPTS)
    async with scene(tmp_path / "gateway.db", doors=DOORS) as network:
        outcomes: list[object] = []
        draws = [Random(random_cases.random()) for _ in range(CLIENTS)]
        await asyncio.gather(*(client(network, draw, attempts[at::CLIENTS], outcomes) for at, draw in enumerate(draws)))
        assert len(outcomes) == ATTEMPTS
        assert {type(outcome) for outcome in outcomes} == {Promised, NoCapacity}
        page = await Reservations(network.readers).list(Viewer("acme"), size=ATTEMPTS)
        assert len(page.values) == sum(isinstance(outcome, Promised) for outcome in outcomes)
    # A promise given back may still be used at a bank that has not heard of it, so it needs its door like the others.
    stays = [each for each in page.values if each.state in {State.HELD, State.CONFIRMED} or each.rights]
    spaces = [Space((size, Climate.AMBIENT, 0)) for size, count in DOORS.items() for _ in range(count)]
    for _ in range(20):
        play(spaces, [visit(each, random_cases) for each in stays], random_cases.choice)
