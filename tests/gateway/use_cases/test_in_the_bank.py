"""What a carrier does while its parcel is on the way or in the bank: access, more time, taking it back, making room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from interlock_gateway.domain.bank import BankState, Input
from interlock_gateway.domain.capacity import Kind, SizeClass
from interlock_gateway.domain.errors import (
    BankNotOpen,
    CapabilityNotSupported,
    NoCapacity,
    SuspendReasonRequired,
    WrongState,
)
from interlock_gateway.domain.facts import Act, FactKind
from interlock_gateway.domain.names import BankName
from interlock_gateway.domain.reservation import Reservation, RightStatus, State
from interlock_gateway.domain.rights import Form
from interlock_gateway.domain.terms import CollectFor
from interlock_gateway.store.sqlite.reservations import Reservations
from interlock_gateway.use_cases.access import AccessGiven, IssueAccess, RevokeAccess
from interlock_gateway.use_cases.cancel import Cancel
from interlock_gateway.use_cases.extend import Extend
from interlock_gateway.use_cases.moves import MovesAcknowledged
from interlock_gateway.use_cases.network import Reach
from interlock_gateway.use_cases.promise import MovesAwaited, Promised
from interlock_gateway.use_cases.recall import Recall
from interlock_gateway.use_cases.reserve import Reserve
from interlock_gateway.use_cases.sweep import sweep
from interlock_gateway.use_cases.with_moves import submit_with_moves
from tests.gateway.scene import HOUR, NETWORK, NOON, AddBank, Scene, bank, order, scene


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path / "gateway.db") as made:
        yield made


async def deposited(network: Scene) -> Reservation:
    return await network.happen(await network.reserved(), FactKind.PARCEL_DEPOSITED)


def issue(network: Scene, reservation: Reservation, act: Act = Act.COLLECT, **changes: object) -> IssueAccess:
    given = {"act": act, "form": Form.TOKEN, "replace": False, "network": NETWORK}
    request = network.request(method="IssueAccess")
    return IssueAccess(name=reservation.name, request=request, **(given | changes))  # type: ignore[arg-type]


# --- Access ------------------------------------------------------------------------------------------------------


async def test_a_right_given_before_is_given_again(network: Scene) -> None:
    """RES-26: nothing changes, nothing is told, and no place in the status list is used up."""
    reserved = await network.reserved()
    before = await network.book()
    given = await network.committer.submit(issue(network, reserved))
    assert given.promised.reservation == reserved
    assert (given.given, given.replaced) == (True, False)
    assert (await network.book()).next_status_index == before.next_status_index == 2


async def test_a_replaced_right_has_a_new_series_and_a_new_pin(network: Scene) -> None:
    """RES-26, RES-32: the old PIN stays taken until the bank has acknowledged."""
    reserved = await network.reserved()
    asked = issue(network, reserved, form=Form.PIN, replace=True)
    given = await network.committer.submit(asked)
    after = given.promised.reservation
    old, new = reserved.right(Act.COLLECT), after.right(Act.COLLECT)
    assert old is not None
    assert new is not None
    assert (new.series, new.status_index) == (old.series + 1, 2)
    assert new.jti != old.jti
    assert after.pin_number == reserved.pin_number + 1
    assert (after.revision, given.replaced) == (2, True)
    assert len((await network.book()).pins()) == 2
    assert await network.committer.submit(asked) == given


async def test_members_of_a_group_get_the_new_pin_together(network: Scene) -> None:
    """RES-20."""
    first = await network.reserved(group="family")
    second = await network.reserved(group="family")
    await network.committer.submit(issue(network, first, form=Form.PIN, replace=True))
    assert (await network.now(second)).pin_number == (await network.now(first)).pin_number == first.pin_number + 1


@pytest.mark.parametrize(
    ("act", "form", "inputs"),
    [
        pytest.param(Act.DEPOSIT, Form.PIN, {Input.KEYPAD}, id="a PIN is for collecting"),
        pytest.param(Act.COLLECT, Form.PIN, {Input.SCANNER}, id="a bank without keys"),
    ],
)
async def test_a_form_that_the_bank_cannot_take_is_refused(
    network: Scene, act: Act, form: Form, inputs: set[Input]
) -> None:
    reserved = await network.reserved()
    await network.committer.submit(AddBank(bank(inputs=frozenset(inputs)), {SizeClass.M: 2}))
    with pytest.raises(CapabilityNotSupported):
        await network.committer.submit(issue(network, reserved, act, form=form))


async def test_a_parcel_is_not_locked_in_by_a_revocation(network: Scene) -> None:
    """RES-29."""
    inside = await deposited(network)
    revoke = RevokeAccess(
        name=inside.name,
        act=Act.COLLECT,
        suspend=False,
        reason="",
        network=NETWORK,
        request=network.request(method="RevokeAccess"),
    )
    given = await network.committer.submit(revoke)
    right = given.promised.reservation.right(Act.COLLECT)
    assert right is not None
    assert (given.given, right.status, right.series) == (True, RightStatus.LIVE, 1)
    assert given.promised.reservation.pin_number == inside.pin_number + 1
    assert await network.committer.submit(revoke) == given


async def test_a_suspension_needs_a_reason_and_is_lifted_by_issuing(network: Scene) -> None:
    """RES-29."""
    inside = await deposited(network)

    async def suspend(reason: str) -> AccessGiven:
        return await network.committer.submit(
            RevokeAccess(name=inside.name, act=Act.COLLECT, suspend=True, reason=reason, network=NETWORK)
        )

    with pytest.raises(SuspendReasonRequired):
        await suspend(" ")
    suspended = await suspend("a court asked for it")
    assert not suspended.given
    right = suspended.promised.reservation.right(Act.COLLECT)
    assert right is not None
    assert right.status is RightStatus.SUSPENDED
    lifted = (await network.committer.submit(issue(network, inside))).promised.reservation.right(Act.COLLECT)
    assert lifted is not None
    assert (lifted.status, lifted.series) == (RightStatus.LIVE, 1)


# --- More time, and taking it back ---------------------------------------------------------------------------------


async def test_the_end_of_collection_is_put_off(network: Scene) -> None:
    """RES-17: two hours after the present end."""
    inside = await deposited(network)
    assert inside.collect_end is not None
    extend = Extend(name=inside.name, collect_for=CollectFor(2), reach=Reach(NOON))
    answer = await network.committer.submit(extend)
    assert isinstance(answer, Promised)
    assert answer.reservation.collect_end == inside.collect_end + 2 * HOUR
    plan = (await network.book()).plan
    end = plan.commitments[inside.name.reservation].end
    assert end == int((inside.collect_end + 2 * HOUR + inside.recall_time).timestamp())


async def test_the_end_is_put_off_no_further_than_there_is_room(network: Scene) -> None:
    """CAP-13: another promise takes the door; the refusal says until when it is free."""
    inside = await deposited(network)
    start = inside.commitment_end + 10 * HOUR
    await network.reserved(start=start)
    await network.reserved(start=start)
    with pytest.raises(NoCapacity) as refusal:
        await network.committer.submit(Extend(name=inside.name, collect_for=CollectFor(12), reach=Reach(NOON)))
    until = refusal.value.extendable_until
    assert until == start - inside.recall_time
    assert inside.collect_end is not None
    length = int((until - inside.collect_end) / HOUR)
    answer = await network.committer.submit(Extend(name=inside.name, collect_for=CollectFor(length), reach=Reach(NOON)))
    assert isinstance(answer, Promised)


async def test_nothing_is_put_off_beyond_a_closing(network: Scene) -> None:
    """BNK-2."""
    inside = await deposited(network)
    closing = bank(state=BankState.CLOSING, closing_end=inside.commitment_end)
    await network.committer.submit(AddBank(closing, {SizeClass.M: 2}))
    with pytest.raises(BankNotOpen):
        await network.committer.submit(Extend(name=inside.name, collect_for=CollectFor(1), reach=Reach(NOON)))


async def test_a_recall_gives_its_right_and_leaves_the_collectors(network: Scene) -> None:
    """RES-18: whoever opens first wins."""
    inside = await deposited(network)
    recall = Recall(name=inside.name, request=network.request(method="Recall"))
    recalled = await network.committer.submit(recall)
    assert recalled.reservation.recall_requested
    assert {right.act: right.status for right in recalled.reservation.rights} == {
        Act.DEPOSIT: RightStatus.SPENT,
        Act.COLLECT: RightStatus.LIVE,
        Act.RECALL: RightStatus.LIVE,
    }
    assert await network.committer.submit(recall) == recalled
    again = await network.committer.submit(Recall(name=inside.name, request=network.request(method="Recall")))
    assert again.reservation == recalled.reservation


async def test_nothing_is_recalled_from_an_empty_door(network: Scene) -> None:
    reserved = await network.reserved()
    with pytest.raises(WrongState):
        await network.committer.submit(Recall(name=reserved.name))


async def test_a_collected_parcel_leaves_its_room(network: Scene) -> None:
    inside = await deposited(network)
    await network.reserved()
    with pytest.raises(NoCapacity):
        await network.reserved()
    collected = await network.happen(inside, FactKind.PARCEL_COLLECTED, act=Act.COLLECT)
    assert collected.state is State.COLLECTED
    await network.reserved()


async def test_a_late_parcel_raises_a_discrepancy_beside_it(network: Scene) -> None:
    """EVD-5: committed in one piece, with an event of its own."""
    reserved = await network.reserved()
    network.watch.time = reserved.window.end
    await sweep(network.committer, Reservations(network.readers), now=network.watch.time)
    late = await network.happen(reserved, FactKind.PARCEL_DEPOSITED)
    assert late.state is State.DEPOSITED
    rows = await network.readers.run(
        lambda connection: connection.execute("SELECT type FROM events ORDER BY position").fetchall()
    )
    assert [type_ for (type_,) in rows] == [
        "reservation.CONFIRMED",
        "reservation.EXPIRED",
        "reservation.DEPOSITED",
        "discrepancy.RAISED",
    ]


# --- The sweep -----------------------------------------------------------------------------------------------------


async def test_the_sweep_ends_what_is_due_and_nothing_else(network: Scene) -> None:
    """RES-5."""
    held = await network.reserved(hold=timedelta(minutes=1))
    inside = await deposited(network)
    where = Reservations(network.readers)
    assert await sweep(network.committer, where, now=network.watch.time) == 0
    network.watch.time += timedelta(minutes=1)
    assert await sweep(network.committer, where, now=network.watch.time) == 1
    assert (await network.now(held)).state is State.EXPIRED
    assert inside.collect_end is not None
    network.watch.time = inside.collect_end
    assert await sweep(network.committer, where, now=network.watch.time) == 1
    assert (await network.now(inside)).state is State.OVERDUE
    assert await sweep(network.committer, where, now=network.watch.time) == 0


# --- Making room ---------------------------------------------------------------------------------------------------


async def test_a_hold_is_moved_to_make_room(tmp_path: Path) -> None:
    """CAP-6: an M door and an L door; the hold for an M stands in the L, because the M was taken when it came."""
    async with scene(tmp_path / "moves.db", doors={SizeClass.M: 1, SizeClass.L: 1}) as network:
        first = await network.reserved(SizeClass.M, hold=timedelta(minutes=10))
        second = await network.reserved(SizeClass.M, hold=timedelta(minutes=10))
        assert second.kind == Kind(SizeClass.L)
        await network.committer.submit(Cancel(name=first.name))
        large = await network.reserved(SizeClass.L)
        assert large.kind == Kind(SizeClass.L)
        assert (await network.now(second)).kind == Kind(SizeClass.M)


async def test_a_promise_is_moved_with_the_banks_word_only(tmp_path: Path) -> None:
    """CAP-7: it counts in both kinds until the bank has acknowledged; then whoever needed the room gets it."""
    async with scene(tmp_path / "moves.db", doors={SizeClass.M: 1, SizeClass.L: 1}) as network:
        hold = await network.reserved(SizeClass.M, hold=timedelta(minutes=10))
        large = await network.reserved(SizeClass.M)
        assert large.kind == Kind(SizeClass.L)
        network.watch.time += timedelta(minutes=10)
        await sweep(network.committer, Reservations(network.readers), now=network.watch.time)
        assert (await network.now(hold)).state is State.EXPIRED

        def wanted(*, connected: bool) -> Reserve:
            reach = Reach(network.watch.time, connected=connected)
            return Reserve(order(SizeClass.L), NETWORK, reach, network.request("large"))

        with pytest.raises(NoCapacity):
            await network.committer.submit(wanted(connected=False))
        awaited = await network.committer.submit(wanted(connected=True))
        assert isinstance(awaited, MovesAwaited)
        assert (await network.now(large)).moving_to == Kind(SizeClass.M)
        with pytest.raises(NoCapacity):
            await network.reserved(SizeClass.M)
        assert await network.committer.submit(MovesAcknowledged((large.name.reservation,))) == 1
        answer = await network.committer.submit(wanted(connected=True))
        assert isinstance(answer, Promised)
        assert answer.reservation.kind == Kind(SizeClass.L)
        assert ((await network.now(large)).kind, (await network.now(large)).moving_to) == (Kind(SizeClass.M), None)
        log = await network.readers.run(
            lambda connection: connection.execute("SELECT number, subject FROM manifest_log ORDER BY number").fetchall()
        )
        assert [number for number, _ in log] == list(range(1, len(log) + 1))
        assert awaited.manifest_number in [number for number, subject in log if subject == large.name.reservation]


class Bank:
    """A bank that is asked, and agrees or not."""

    def __init__(self, *, agrees: bool) -> None:
        self.agrees = agrees
        self.told: list[BankName] = []

    def manifest_changed(self, bank: BankName) -> None:
        self.told.append(bank)

    async def acknowledges(self, bank: BankName, number: int, timeout_s: float) -> bool:
        assert bank in self.told
        assert number > 0
        assert 0 < timeout_s <= 2
        return self.agrees


@pytest.mark.parametrize("agrees", [True, False], ids=["it agrees", "it does not"])
async def test_whoever_needs_a_move_is_answered_after_the_bank(tmp_path: Path, *, agrees: bool) -> None:
    """CAP-7."""
    async with scene(tmp_path / "moves.db", doors={SizeClass.M: 1, SizeClass.L: 1}) as network:
        hold = await network.reserved(SizeClass.M, hold=timedelta(minutes=10))
        large = await network.reserved(SizeClass.M)
        await network.committer.submit(Cancel(name=hold.name))
        request = network.request()

        def wanted() -> Reserve:
            return Reserve(order(SizeClass.L), NETWORK, Reach(NOON, connected=True), request)

        if agrees:
            answer = await submit_with_moves(network.committer, wanted, Bank(agrees=True))
            assert answer.reservation.kind == Kind(SizeClass.L)
            assert (await network.now(large)).kind == Kind(SizeClass.M)
        else:
            with pytest.raises(NoCapacity):
                await submit_with_moves(network.committer, wanted, Bank(agrees=False))
            assert (await network.now(large)).moving_to == Kind(SizeClass.M)
