"""What goes on for a while: each thing once, also when the line breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from interlock import Retry, errors
from interlock.v1 import reservation_pb2 as rp
from tests.sdk.client.conftest import Either
from tests.sdk.fake.gateway import FakeGateway
from tests.sdk.fake.reservations import move
from tests.sdk.fake.world import ALTONA, Refusal

CUT = ("UNAVAILABLE", "SHUTTING_DOWN")


async def asked(gateway: FakeGateway, method: str) -> None:
    """Come back when the gateway has been asked for ``method``."""
    while method not in gateway.methods():  # noqa: ASYNC110  it is asked in another thread
        await asyncio.sleep(0)


async def test_events_come_oldest_first_and_end_where_the_log_ends(client: Either) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    await client.cancel(reserved.name)
    events = await client.events(follow=False)
    assert [(event.type, event.sequence) for event in events] == [
        ("interlock.reservation.confirmed.v1", 1),
        ("interlock.reservation.cancelled.v1", 2),
    ]


async def test_a_consumer_continues_behind_the_cursor_that_it_kept(client: Either) -> None:
    for number in range(4):
        await client.reserve(ALTONA, [f"A{number}"])
    first, second, *_ = await client.events(follow=False)
    rest = await client.events(after=second.cursor, follow=False)
    assert [event.id for event in [first, second, *rest]] == [f"{place:026d}" for place in (1, 2, 3, 4)]


async def test_a_broken_line_leaves_no_gap_and_doubles_nothing(client: Either, gateway: FakeGateway) -> None:
    for number in range(7):
        await client.reserve(ALTONA, [f"A{number}"])
    gateway.world.cuts.extend([Refusal(*CUT), Refusal(*CUT), Refusal(*CUT)])
    events = await client.events(follow=False)
    assert [int(event.id) for event in events] == [1, 2, 3, 4, 5, 6, 7]
    asked = [seen.request.cursor for seen in gateway.world.seen if seen.method == "StreamEvents"]
    assert asked == ["", "c2", "c4", "c6"]


async def test_following_goes_on_while_others_write(client: Either, make: Callable[..., Either]) -> None:
    writer = make()

    async def write() -> None:
        for number in range(5):
            await writer.reserve(ALTONA, [f"A{number}"])

    writing = asyncio.ensure_future(write())
    events = await client.first(5, client.inner.events())
    await writing
    assert [int(event.id) for event in events] == [1, 2, 3, 4, 5]


async def test_a_restarted_gateway_is_found_again(client: Either, gateway: FakeGateway) -> None:
    for number in range(4):
        await client.reserve(ALTONA, [f"A{number}"])
    source = client.inner.events()
    early = [await client.first(1, source)] if not client.asynchronous else []
    if client.asynchronous:  # leaving an asynchronous iteration ends it, so this one is taken by hand
        early = [[await anext(source)]]
    else:
        source = client.inner.events(after=early[0][0].cursor)
    gateway.stop()
    gateway.start(gateway.port)
    late = await client.first(3, source)
    assert [int(event.id) for event in [*early[0], *late]] == [1, 2, 3, 4]


async def test_from_now_is_said_only_until_there_is_a_place_to_continue_at(
    client: Either, gateway: FakeGateway, make: Callable[..., Either]
) -> None:
    await client.reserve(ALTONA, ["old"])
    gateway.world.cuts.append(Refusal(*CUT))
    writer = make()

    async def write() -> None:
        await asked(gateway, "StreamEvents")
        for number in range(3):
            await writer.reserve(ALTONA, [f"A{number}"])

    writing = asyncio.ensure_future(write())
    events = await client.first(3, client.inner.events(from_now=True))
    await writing
    assert [int(event.id) for event in events] == [2, 3, 4]
    first, second = (seen.request for seen in gateway.world.seen if seen.method == "StreamEvents")
    assert (first.from_now, second.from_now) == (True, False)
    assert second.cursor


async def test_a_log_that_was_cut_off_says_where_it_begins(client: Either, gateway: FakeGateway) -> None:
    gateway.world.forgotten = 3
    with pytest.raises(errors.CursorTooOld) as caught:
        await client.events(after="c1", follow=False)
    assert caught.value.metadata["earliest"] == "c3"


async def test_a_party_that_is_suspended_is_told_so_at_once(client: Either, gateway: FakeGateway) -> None:
    await client.reserve(ALTONA, ["A"])
    gateway.world.cuts.append(Refusal("PERMISSION_DENIED", "PARTY_SUSPENDED"))
    with pytest.raises(errors.PartySuspended):
        await client.first(99, client.inner.events())


async def test_a_stream_gives_up_when_nobody_is_there(make: Callable[..., Either], gateway: FakeGateway) -> None:
    impatient = make(retry=Retry(dial_s=0.2, first_pause_s=0.01))
    gateway.stop()
    with pytest.raises(errors.Unreachable):
        await impatient.events()


async def test_watching_ends_with_the_reservation(client: Either, gateway: FakeGateway) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    watching = asyncio.ensure_future(client.watch(reserved.name))
    await asked(gateway, "WatchReservation")
    move(gateway.world, gateway.world.reservations[reserved.name], rp.RESERVATION_STATE_COLLECTED)
    seen = await watching
    assert seen[-1].state == rp.RESERVATION_STATE_COLLECTED
    assert [each.revision for each in seen] in ([1, 2], [2])  # the change may have been quicker than the watcher


async def test_a_revision_is_told_once_though_the_line_broke(client: Either, gateway: FakeGateway) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    await client.cancel(reserved.name)
    gateway.world.cuts.append(Refusal(*CUT))
    assert [each.revision for each in await client.watch(reserved.name)] == [2]
    assert gateway.methods().count("WatchReservation") == 2


async def test_banks_are_watched_behind_the_last_cursor(client: Either) -> None:
    two = await client.first(2, client.inner.watch_banks())
    assert [answer.bank.name.split("/")[-1] for answer in two] == ["altona", "dammtor"]
    one = await client.first(1, client.inner.watch_banks(cursor=two[0].cursor))
    assert one[0].bank.name.endswith("dammtor")
