"""What the committer has at hand is what is kept: after a day of everything, both say the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.claims import commitment_of
from interlock_gateway.domain.errors import Refusal
from interlock_gateway.domain.facts import Act, FactKind
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.domain.rights import Form
from interlock_gateway.ports import At, Wanted
from interlock_gateway.store.sqlite.reservations import Reservations
from interlock_gateway.use_cases.access import IssueAccess
from interlock_gateway.use_cases.aggregates import RESERVATIONS
from interlock_gateway.use_cases.cancel import Cancel
from interlock_gateway.use_cases.confirm import Confirm
from interlock_gateway.use_cases.recall import Recall
from interlock_gateway.use_cases.sweep import sweep
from tests.gateway.scene import BANK, HOUR, NETWORK, Acknowledge, Scene, scene

STEPS = 150


async def step(network: Scene, draw: Random, known: list[Reservation]) -> None:
    """Do one thing, whether it makes sense or not."""
    one = draw.choice(known) if known else None
    if one is None or draw.random() < 0.35:
        hold = draw.choice([None, timedelta(minutes=5)])
        group = draw.choice([None, None, "family"])
        start = network.watch.time + draw.randrange(0, 40) * HOUR
        known.append(await network.reserved(draw.choice(list(SizeClass)[:3]), hold=hold, group=group, start=start))
        return
    actions: list[Callable[[], Awaitable[object]]] = [
        lambda: network.committer.submit(Cancel(name=one.name)),
        lambda: network.committer.submit(Confirm(name=one.name, network=NETWORK)),
        lambda: network.committer.submit(Recall(name=one.name)),
        lambda: network.committer.submit(
            IssueAccess(name=one.name, act=Act.COLLECT, form=Form.PIN, replace=True, network=NETWORK)
        ),
        lambda: network.committer.submit(Acknowledge(one.name, [Act.DEPOSIT, Act.COLLECT])),
        lambda: network.happen(one, FactKind.PARCEL_DEPOSITED, act=Act.DEPOSIT),
        lambda: network.happen(one, FactKind.PARCEL_COLLECTED, act=Act.COLLECT),
        lambda: sweep(network.committer, Reservations(network.readers), now=network.watch.time),
    ]
    network.watch.time += timedelta(minutes=draw.randrange(0, 90))
    await draw.choice(actions)()


async def test_what_is_at_hand_is_what_is_kept(tmp_path: Path, random_cases: Random) -> None:
    async with scene(tmp_path / "gateway.db", doors=dict.fromkeys(list(SizeClass)[:3], 4)) as network:
        known: list[Reservation] = []
        refused = 0
        for _ in range(STEPS):
            try:
                await step(network, random_cases, known)
            except Refusal:
                refused += 1
        assert 0 < refused < STEPS
        at_hand = await network.book()
        kept = (await network.shelf.load(Wanted(books={str(BANK)}))).books[str(BANK)]
        assert at_hand.plan.commitments == {each.id: each for each in kept.commitments}
        assert at_hand.pins() == dict(kept.pins)
        counts = (at_hand.version, at_hand.manifest_number, at_hand.next_status_index)
        assert counts == (kept.version, kept.manifest_number, kept.next_status_index)
        places = [At(RESERVATIONS, each.name.reservation) for each in known]
        found = (await network.shelf.load(Wanted(values=set(places)))).values
        cached = await network.look(*places)
        assert cached == [found[place].value for place in places]
        claims = {claim.id: claim for each in cached if (claim := commitment_of(each)) is not None}
        assert at_hand.plan.commitments == claims, "a reservation and its claim on room came apart"
