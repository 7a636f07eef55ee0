"""Reserving, confirming, giving back: what is promised, what comes with it, when room returns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from interlock_gateway.domain.bank import BankState, BookableBy, CollectorField
from interlock_gateway.domain.capacity import Dimensions, Need, SizeClass
from interlock_gateway.domain.errors import (
    BankNotOpen,
    BankNotReporting,
    BankUnknown,
    ClassWouldChange,
    CollectorFieldRequired,
    EtagMismatch,
    InvalidField,
    NoCapacity,
    NoClassFits,
    Refusal,
    ReservationUnknown,
    WindowPast,
    WrongState,
)
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.domain.parcel import Parcel
from interlock_gateway.domain.pins import pin
from interlock_gateway.domain.reservation import CollectorNeeds, Reservation, State
from interlock_gateway.ports import At
from interlock_gateway.use_cases.add_parcel import AddParcel
from interlock_gateway.use_cases.aggregates import COLLECTOR_GROUPS, PERSONAL
from interlock_gateway.use_cases.cancel import Cancel
from interlock_gateway.use_cases.class_needed import NeedAsked
from interlock_gateway.use_cases.confirm import Confirm
from interlock_gateway.use_cases.grants import take_pin
from interlock_gateway.use_cases.groups import key
from interlock_gateway.use_cases.lapses import LapseDue
from interlock_gateway.use_cases.network import Reach
from interlock_gateway.use_cases.reserve import Reserve
from tests.gateway.scene import BANK, HOUR, NETWORK, NOON, Acknowledge, AddBank, Scene, bank, order, scene

MINUTE = timedelta(minutes=1)
HOLD = timedelta(minutes=10)


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path / "gateway.db") as made:
        yield made


def pin_of(reservation: Reservation) -> str:
    return pin(NETWORK.pin_key, reservation.pin_subject, reservation.pin_number)


async def events_of(network: Scene, reservation: Reservation) -> list[str]:
    rows = await network.readers.run(
        lambda connection: connection.execute(
            "SELECT sequence, type FROM events WHERE key = ? ORDER BY position", (str(reservation.name),)
        ).fetchall()
    )
    assert [sequence for sequence, _ in rows] == list(range(1, len(rows) + 1))
    return [type_ for _, type_ in rows]


async def test_a_promise_comes_with_rights_a_pin_and_an_event(network: Scene) -> None:
    reserved = await network.reserved()
    assert (reserved.state, reserved.revision) == (State.CONFIRMED, 1)
    assert [right.act for right in reserved.rights] == [Act.DEPOSIT, Act.COLLECT]
    assert len({right.jti for right in reserved.rights}) == 2
    assert [right.status_index for right in reserved.rights] == [0, 1]
    assert reserved.right(Act.DEPOSIT).expire_time == reserved.window.end  # type: ignore[union-attr]
    assert await events_of(network, reserved) == ["reservation.CONFIRMED"]
    (people,) = await network.look(At(PERSONAL, reserved.name.reservation))
    assert people.ciphertext == b"Ada Lovelace"
    book = await network.book()
    assert book.holder(NETWORK.pin_tag(pin_of(reserved))) == reserved.pin_subject.hex()


async def test_answers_count_the_decisions_at_their_bank(network: Scene) -> None:
    """CAP-15."""
    answers = await network.committer.submit_all([network.reserve() for _ in range(2)])
    assert [answer.allocation_version for answer in answers] == [1, 2]  # type: ignore[union-attr]


async def test_a_hold_gives_no_right(network: Scene) -> None:
    held = await network.reserved(hold=HOLD)
    assert (held.state, held.hold_end, held.rights, held.pin_subject) == (State.HELD, NOON + HOLD, (), b"")
    confirmed = await network.committer.submit(
        Confirm(name=held.name, network=NETWORK, request=network.request(method="Confirm"))
    )
    assert (confirmed.reservation.state, confirmed.reservation.hold_end) == (State.CONFIRMED, None)
    assert [right.act for right in confirmed.reservation.rights] == [Act.DEPOSIT, Act.COLLECT]
    assert len(pin_of(confirmed.reservation)) == 8
    assert await events_of(network, held) == ["reservation.HELD", "reservation.CONFIRMED"]


async def test_a_confirmation_comes_again_as_it_was(network: Scene) -> None:
    """REQ-2: also when the reservation has changed since."""
    held = await network.reserved(hold=HOLD)
    confirm = Confirm(name=held.name, network=NETWORK, request=network.request(method="Confirm"))
    first = await network.committer.submit(confirm)
    await network.committer.submit(Cancel(name=held.name, request=network.request(method="Cancel")))
    assert await network.committer.submit(confirm) == first


async def test_room_is_taken_for_the_whole_window(network: Scene) -> None:
    await network.reserved()
    await network.reserved()
    with pytest.raises(NoCapacity):
        await network.reserved(start=NOON + 30 * HOUR)
    later = NOON + 60 * HOUR
    assert (await network.reserved(start=later)).window.start == later


async def test_a_lapsed_hold_makes_room_for_whoever_asks_next(network: Scene) -> None:
    """CAP-16: no sweep has come by."""
    first = await network.reserved(hold=HOLD)
    second = await network.reserved(hold=HOLD)
    with pytest.raises(NoCapacity):
        await network.reserved()
    network.watch.time += HOLD
    await network.reserved()
    assert [(await network.now(each)).state for each in (first, second)] == [State.EXPIRED, State.EXPIRED]
    assert await events_of(network, first) == ["reservation.HELD", "reservation.EXPIRED"]


async def test_a_lapsed_hold_is_not_confirmed(network: Scene) -> None:
    held = await network.reserved(hold=HOLD)
    network.watch.time += HOLD
    with pytest.raises(WrongState):
        await network.committer.submit(Confirm(name=held.name, network=NETWORK))


async def test_time_alone_frees_nothing(network: Scene) -> None:
    """CAP-11: a promise whose deposit right was given keeps its room until the bank has acknowledged its end."""
    reserved = await network.reserved()
    await network.reserved()
    cancelled = await network.committer.submit(Cancel(name=reserved.name))
    assert cancelled.reservation.state is State.CANCELLED
    with pytest.raises(NoCapacity):
        await network.reserved()
    network.watch.time += 1000 * HOUR
    with pytest.raises(NoCapacity):
        await network.reserved()
    await network.committer.submit(Acknowledge(reserved.name, [Act.DEPOSIT, Act.COLLECT]))
    await network.reserved()


async def test_a_hold_given_back_is_room_at_once(network: Scene) -> None:
    held = await network.reserved(hold=HOLD)
    await network.reserved()
    await network.committer.submit(Cancel(name=held.name))
    await network.reserved()


async def test_a_pin_is_taken_until_the_bank_has_acknowledged_its_end(network: Scene) -> None:
    """RES-32."""
    reserved = await network.reserved()
    tag = NETWORK.pin_tag(pin_of(reserved))
    await network.committer.submit(Cancel(name=reserved.name))
    assert (await network.book()).holder(tag) is not None
    await network.committer.submit(Acknowledge(reserved.name, [Act.COLLECT]))
    assert (await network.book()).holder(tag) is None
    rows = await network.readers.run(lambda connection: connection.execute("SELECT * FROM pins").fetchall())
    assert rows == []


async def test_live_pins_of_a_bank_differ(network: Scene) -> None:
    """RES-32: the first two PINs of a subject are taken, so it gets the third."""
    first = await network.reserved()
    book = await network.book()
    subject = bytes(16)
    wanted = [pin(NETWORK.pin_key, subject, number) for number in range(3)]
    for taken in wanted[:2]:
        book.take_pin(NETWORK.pin_tag(taken), "somebody")
    assert take_pin(book, NETWORK, subject).number == 2
    assert book.holder(NETWORK.pin_tag(pin_of(first))) == first.pin_subject.hex()


async def test_a_group_shares_a_pin(network: Scene) -> None:
    """RES-20."""
    first = await network.reserved(group="family")
    second = await network.reserved(group="family")
    assert (first.pin_subject, first.pin_number) == (second.pin_subject, second.pin_number)
    (group,) = await network.look(At(COLLECTOR_GROUPS, key("acme", str(BANK), "family")))
    assert group.members == (first.name.reservation, second.name.reservation)
    tag = NETWORK.pin_tag(pin_of(first))
    await network.committer.submit(Acknowledge(first.name, [Act.COLLECT]))
    assert (await network.book()).holder(tag) is not None
    await network.committer.submit(Acknowledge(second.name, [Act.COLLECT]))
    assert (await network.book()).holder(tag) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"bank": BankName("oko", "nowhere")}, BankUnknown, id="BNK-1 an unknown bank"),
        pytest.param({"end": NOON - HOUR, "start": NOON - 2 * HOUR}, WindowPast, id="RES-12 a window that is over"),
        pytest.param({"need": NeedAsked()}, InvalidField, id="RES-24 neither class nor dimensions"),
        pytest.param(
            {"need": NeedAsked(dimensions=Dimensions(2000, 10, 10))}, NoClassFits, id="CAP-1 longer than any door"
        ),
        pytest.param({"need": NeedAsked(SizeClass.L)}, NoCapacity, id="CAP-3 no door of that class"),
    ],
)
async def test_what_cannot_be_promised_is_refused(
    network: Scene, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await network.reserved(**changes)
    assert (await network.book()).version == 0


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"bookable_by": BookableBy()}, BankUnknown, id="BNK-3 not bookable by the caller"),
        pytest.param({"state": BankState.EMPTYING}, BankNotOpen, id="BNK-2 it takes nothing in any more"),
        pytest.param(
            {"requires": frozenset({CollectorField.PHONE})}, CollectorFieldRequired, id="RES-23 a phone is required"
        ),
    ],
)
async def test_what_a_bank_does_not_take_is_refused(
    network: Scene, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    await network.committer.submit(AddBank(bank(**changes), {SizeClass.M: 2}))
    with pytest.raises(refusal):
        await network.reserved()


async def test_a_silent_bank_takes_nothing_new(network: Scene) -> None:
    """BNK-5."""
    proposal = Reserve(order(), NETWORK, Reach(NOON - 5 * HOUR))
    with pytest.raises(BankNotReporting):
        await network.committer.submit(proposal)


async def test_accessible_reach_is_a_hard_need(network: Scene) -> None:
    """CAP-2: both doors are free, and neither is within reach."""
    with pytest.raises(NoCapacity):
        await network.reserved(collector=CollectorNeeds(accessible_reach=True))


async def test_the_class_follows_from_the_parcels(network: Scene) -> None:
    """RES-24: a parcel of 90 mm needs an M; two lie on one another, and need a class that this bank does not have."""
    flat = Dimensions(300, 90, 400)
    parcels = tuple(Parcel(number=n, carrier_reference=f"R{n}", dimensions=flat) for n in (1, 2))
    with pytest.raises(NoCapacity):
        await network.reserved(need=NeedAsked(), parcels=parcels)
    assert (await network.reserved(need=NeedAsked(), parcels=parcels[:1])).need == Need(SizeClass.M)


async def test_a_parcel_is_added_while_the_class_stays(network: Scene) -> None:
    """RES-19."""
    small = Parcel(number=1, carrier_reference="R-2", dimensions=Dimensions(300, 80, 400))
    reserved = await network.reserved(parcels=(small,))
    added = AddParcel(name=reserved.name, parcel=small, network=NETWORK, request=network.request(method="Add"))
    promised = await network.committer.submit(added)
    assert [parcel.number for parcel in promised.reservation.parcels] == [1, 2]
    with pytest.raises(ClassWouldChange):
        await network.committer.submit(replace(added, request=network.request(method="Add")))
    assert await events_of(network, reserved) == ["reservation.CONFIRMED", "reservation.PARCEL_ADDED"]


async def test_what_has_changed_since_is_not_changed_unseen(network: Scene) -> None:
    """AIP-154."""
    held = await network.reserved(hold=HOLD)
    await network.committer.submit(Confirm(name=held.name, network=NETWORK, etag=held.etag))
    with pytest.raises(EtagMismatch):
        await network.committer.submit(Cancel(name=held.name, etag=held.etag))


async def test_another_carriers_name_finds_nothing(network: Scene) -> None:
    """PTY-5: the id is right, the party is not."""
    reserved = await network.reserved()
    with pytest.raises(ReservationUnknown):
        await network.committer.submit(Cancel(name=ReservationName("rival", reserved.name.reservation)))


async def test_due_windows_lapse(network: Scene) -> None:
    """RES-5: the deposit window is over, nobody came; the room stays taken until the bank has spoken."""
    reserved = await network.reserved()
    id_ = reserved.name.reservation
    assert await network.committer.submit(LapseDue(id_)) is False
    network.watch.time = reserved.window.end
    assert await network.committer.submit(LapseDue(id_)) is True
    assert (await network.now(reserved)).state is State.EXPIRED
    assert list((await network.book()).plan.commitments) == [id_]
    assert await network.committer.submit(LapseDue(id_)) is False


async def test_of_many_at_once_as_many_get_in_as_there_are_doors(network: Scene) -> None:
    outcomes = await asyncio.gather(
        *(network.committer.submit(network.reserve()) for _ in range(40)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoCapacity"] * 38 + ["Promised"] * 2
