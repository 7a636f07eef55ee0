"""What is read for an answer: as the viewers of the domain may, a page at a time, and the log from a cursor on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.errors import CursorTooOld, PageTokenInvalid
from interlock_gateway.domain.events import ReservationEvent
from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.domain.party import Role
from interlock_gateway.domain.reservation import Reservation, State
from interlock_gateway.domain.viewers import View, audience_of, views_of
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.connection import connect
from interlock_gateway.store.sqlite.reservations import Reservations
from interlock_gateway.use_cases.cancel import Cancel
from tests.gateway.scene import BANK, AddBank, Scene, bank, scene

OTHER_BANK = BankName("rival", "hbf-2")
DOORS = {SizeClass.M: 20}

OWNER = Viewer("net", frozenset({Role.NETWORK_OWNER}))
VIEWERS = (
    Viewer("acme", frozenset({Role.CARRIER})),
    Viewer("beta", frozenset({Role.CARRIER})),
    Viewer("oko", frozenset({Role.OPERATOR})),
    Viewer("rival", frozenset({Role.OPERATOR, Role.CARRIER})),
    Viewer("mall", frozenset({Role.HOST})),
    Viewer("stranger", frozenset(Role) - {Role.NETWORK_OWNER}),
    OWNER,
)


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Scene]:
    """Two banks, one of them on the property of a mall; reservations of two carriers."""
    async with scene(tmp_path / "gateway.db", doors={}, banks=()) as made:
        for name, host in ((BANK, "mall"), (OTHER_BANK, None)):
            await made.committer.submit(AddBank(bank(name, host=host), DOORS))
        yield made


async def made(network: Scene) -> list[Reservation]:
    """Six reservations, oldest first."""
    found = []
    for number in range(6):
        carrier = "acme" if number % 3 else "beta"
        found.append(await network.reserved(carrier=carrier, bank=BANK if number % 2 else OTHER_BANK))
    return found


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.party)
async def test_a_reservation_is_there_for_its_viewers_alone(network: Scene, viewer: Viewer) -> None:
    """PTY-5: the store's WHERE is the domain's rule."""
    where = Reservations(network.readers)
    everything = await made(network)
    mine = [each for each in everything if views_of(viewer.party, viewer.roles, audience_of(each))]
    assert [await where.get(each.name, viewer) for each in everything] == [
        each if each in mine else None for each in everything
    ]
    assert (await where.list(viewer)).values == mine[::-1]


async def test_a_name_is_the_whole_name(network: Scene) -> None:
    reserved = await network.reserved()
    assert await Reservations(network.readers).get(ReservationName("beta", reserved.name.reservation), OWNER) is None


async def test_only_the_carrier_is_given_the_people(network: Scene) -> None:
    """PTY-12: not the network owner either."""
    where = Reservations(network.readers)
    reserved = await network.reserved()
    given = {viewer.party: await where.personal(reserved.name, viewer) for viewer in VIEWERS}
    assert [party for party, people in given.items() if people is not None] == ["acme"]


async def test_pages_follow_one_another_without_gap_or_overlap(network: Scene) -> None:
    """AIP-158: also while new ones are made."""
    where = Reservations(network.readers)
    everything = await made(network)
    seen: list[Reservation] = []
    start_row = None
    while True:
        page = await where.list(OWNER, size=4, start_row=start_row)
        seen += page.values
        await network.reserved()
        if page.next_row is None:
            break
        start_row = page.next_row
    assert seen == everything[::-1]


async def test_a_list_is_narrowed_by_carrier_bank_and_state(network: Scene) -> None:
    where = Reservations(network.readers)
    everything = await made(network)
    await network.committer.submit(Cancel(name=everything[1].name))
    cancelled = await where.list(OWNER, states=[State.CANCELLED])
    assert [each.name for each in cancelled.values] == [everything[1].name]
    at_bank = await where.list(OWNER, carrier="acme", bank=BANK, states=[State.CONFIRMED])
    assert [each.name for each in at_bank.values] == [everything[5].name]


async def test_what_is_due_comes_in_the_order_of_time(network: Scene) -> None:
    where = Reservations(network.readers)
    late = await network.reserved(hold=timedelta(minutes=9))
    early = await network.reserved(hold=timedelta(minutes=3))
    await network.reserved()
    now = network.watch.time
    assert await where.due(now + timedelta(minutes=2), 10) == []
    assert await where.due(now + timedelta(minutes=9), 10) == [early.name.reservation, late.name.reservation]
    assert await where.due(now + timedelta(minutes=9), 1) == [early.name.reservation]


# --- The log -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.party)
async def test_the_log_gives_each_reader_its_own(network: Scene, viewer: Viewer) -> None:
    """EVT-6: the same events, in the same views, as the domain says."""
    everything = await made(network)
    entries = await network.log.read(0, 100, viewer)
    wanted = [
        (str(each.name), views)
        for each in everything
        if (views := views_of(viewer.party, viewer.roles, audience_of(each)))
    ]
    assert [(entry.event.key, tuple(sorted(entry.views))) for entry in entries] == [
        (name, tuple(sorted(views))) for name, views in wanted
    ]


async def test_an_event_is_read_back_as_it_was_told(network: Scene) -> None:
    reserved = await network.reserved()
    (entry,) = await network.log.read(0, 10, OWNER)
    assert isinstance(entry.event, ReservationEvent)
    assert entry.event.reservation == reserved
    assert entry.event.audience == audience_of(reserved)
    assert (entry.position, entry.views) == (1, (View.NETWORK,))


async def test_pages_of_the_log_follow_one_another(network: Scene) -> None:
    """EVT-10: a cursor is the position of the last event read."""
    await made(network)
    reader = VIEWERS[0]
    seen: list[int] = []
    while page := await network.log.read(seen[-1] if seen else 0, 3, reader):
        seen += [entry.position for entry in page]
    whole = [entry.position for entry in await network.log.read(0, 100, reader)]
    assert seen == whole
    assert all(one < other for one, other in pairwise(whole))


async def test_a_follower_gets_what_was_and_what_comes(network: Scene) -> None:
    """EVT-12: woken by the commit, for events of its own alone."""
    first = await network.reserved()
    async with aclosing(network.log.follow(0, VIEWERS[0])) as entries:
        assert (await anext(entries)).event.key == str(first.name)
        coming = asyncio.ensure_future(anext(entries))
        await network.reserved(carrier="beta")
        assert not coming.done()
        mine = await network.reserved()
        entry = await coming
        assert (entry.event.key, entry.position) == (str(mine.name), 3)


async def test_what_is_committed_while_a_follower_reads_is_not_missed(network: Scene) -> None:
    async with aclosing(network.log.follow(0, OWNER)) as entries:
        reserved = [await network.reserved() for _ in range(3)]
        keys = [(await anext(entries)).event.key for _ in reserved]
        assert keys == [str(each.name) for each in reserved]


async def test_whoever_watches_one_name_is_woken_by_its_changes_alone(network: Scene) -> None:
    mine, other = await network.reserved(), await network.reserved()
    with network.log.listening([str(mine.name)]) as news:
        await network.committer.submit(Cancel(name=other.name))
        assert not news.is_set()
        await network.committer.submit(Cancel(name=mine.name))
        assert news.is_set()
    await network.reserved()


async def test_a_cursor_of_another_log_is_refused(network: Scene) -> None:
    """EVT-14: after a restore, a reader may know more than the log does."""
    await network.reserved()
    with pytest.raises(PageTokenInvalid):
        await network.log.read(2, 10, OWNER)
    assert await network.log.read(1, 10, OWNER) == []


async def test_a_cursor_before_the_beginning_is_refused(network: Scene) -> None:
    """EVT-13: what was removed is not passed over in silence."""
    await made(network)
    with closing(connect(network.path)) as connection:
        connection.execute("DELETE FROM events WHERE position <= 2")
    with pytest.raises(CursorTooOld) as refusal:
        await network.log.read(1, 10, OWNER)
    assert refusal.value.earliest == "2"
    assert [entry.position for entry in await network.log.read(2, 10, OWNER)] == [3, 4, 5, 6]


async def test_a_log_removed_to_its_end_goes_on_where_it_was(network: Scene) -> None:
    await made(network)
    with closing(connect(network.path)) as connection:
        connection.execute("DELETE FROM events")
    assert await network.log.read(6, 10, OWNER) == []
    await network.reserved()
    assert [entry.position for entry in await network.log.read(6, 10, OWNER)] == [7]
