"""Banks that enrol, connect and report, over real gRPC on this machine."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest

from interlock.deposit_terms import MOST_PARCELS
from interlock.edge.v1 import command_pb2, fact_pb2, link_service_pb2, link_service_pb2_grpc, manifest_pb2
from interlock.enrolment import EnrolmentCode
from interlock.key_set import Use
from interlock.keys import PrivateKey
from interlock.link_proof import time_proven
from interlock.v1 import need_pb2
from interlock_gateway.domain.capacity import DEFAULT_SIZES, Dimensions, SizeClass
from interlock_gateway.domain.compartment import Compartment
from interlock_gateway.domain.discrepancy import Discrepancy, DiscrepancyKind
from interlock_gateway.domain.errors import NoLiveLink, ReceiptInvalid
from interlock_gateway.domain.reservation import State
from interlock_gateway.ports import At
from interlock_gateway.store.sqlite.reading import Condition, page
from interlock_gateway.use_cases.aggregates import DISCREPANCIES, DOORS
from interlock_gateway.use_cases.cancel import Cancel
from interlock_gateway.use_cases.compartments import CreateCompartments
from interlock_gateway.use_cases.status_lists import RENEWED_AFTER
from interlock_gateway.use_cases.submit_receipts import SubmitReceipt
from tests.gateway.links.network import Linked, linked
from tests.gateway.links.tiny_bank import TinyBank
from tests.gateway.scene import BANK, NOON

NEED_SNAPSHOT = manifest_pb2.MANIFEST_OUTCOME_NEED_SNAPSHOT


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Linked]:
    async with linked(tmp_path) as made:
        yield made


async def found(network: Linked) -> list[DiscrepancyKind]:
    """The kinds of all discrepancies."""
    listed = await network.scene.readers.run(page, DISCREPANCIES, Condition(), size=100)
    kinds: list[Discrepancy] = listed.values
    return [each.finding.kind for each in kinds]


# --- Enrolment -----------------------------------------------------------------------------------------------------


async def test_a_retry_of_an_enrolment_is_answered_alike(network: Linked) -> None:
    """LNK-4: the same code and key give the same answer for a day."""
    bank, text = TinyBank(), (await network.code()).text
    await bank.enrol(network.channel, text)
    first = bank.enrolment
    await bank.enrol(network.channel, text)
    assert bank.enrolment == first
    assert bank.secret == network.files.vault.bank_secret(bank.audience)


async def test_a_code_that_comes_with_another_key_is_refused_and_people_are_told(network: Linked) -> None:
    """LNK-5."""
    text = (await network.code()).text
    await TinyBank().enrol(network.channel, text)
    for _ in range(2):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await TinyBank().enrol(network.channel, text)
        assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS
    assert len(await found(network)) == 1


async def test_a_wrong_proof_of_the_code_is_refused(network: Linked) -> None:
    """LNK-2: who knows the code's id alone knows nothing."""
    code = EnrolmentCode.parse((await network.code()).text)
    guessed = EnrolmentCode(code.code_id, secrets.token_bytes(16), code.root_thumbprint)
    request = TinyBank().enrol_request(guessed, b"n" * 32)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await link_service_pb2_grpc.EdgeLinkServiceStub(network.channel).Enroll(request)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_new_code_ends_the_one_before_it(network: Linked) -> None:
    """LNK-1."""
    former = (await network.code()).text
    await network.code()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await TinyBank().enrol(network.channel, former)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_new_controller_takes_the_place_of_the_old(network: Linked) -> None:
    """LNK-6: it learns how far the old journal is known; the old key opens no link any more."""
    old = await network.enrolled()
    stream = await network.connected(old)
    await stream.report([old.write(journal_started=fact_pb2.JournalStarted())])
    new = await network.enrolled()
    assert new.enrolment.predecessor.previous_journal_id == old.journal
    assert new.enrolment.predecessor.previous_number == 1
    assert new.enrolment.predecessor.previous_hash == old.hash
    again = network.stream(old)
    await again.hello()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await again.receive()
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


# --- Hello ---------------------------------------------------------------------------------------------------------


async def test_a_hello_under_another_key_is_refused(network: Linked) -> None:
    """LNK-10."""
    stream = network.stream(await network.enrolled())
    await stream.hello(key=PrivateKey.generate())
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stream.receive()
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_nothing_is_taken_before_the_hello(network: Linked) -> None:
    """LNK-10."""
    stream = network.stream(await network.enrolled())
    await stream.receive()
    await stream.heartbeat()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stream.receive()
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_version_that_is_not_spoken_is_named(network: Linked) -> None:
    """LNK-17."""
    stream = network.stream(await network.enrolled())
    await stream.hello(protocol_versions=[7])
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stream.receive()
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION


async def test_a_bank_in_the_year_2019_connects_and_is_told_the_time(network: Linked) -> None:
    """LNK-10, LNK-11: nothing on the way to the first time needs the time."""
    bank = await network.enrolled()
    bank.clock = datetime(2019, 1, 1, tzinfo=UTC)
    stream = network.stream(bank)
    welcome = await stream.connect()
    keys = network.files.key_set.trusted(Use.LINK)
    for nonce, time in ((stream.challenge.nonce, stream.challenge.time), (b"n" * 32, welcome.time)):
        assert time_proven(keys[time.kid], nonce=nonce, unix_ns=time.unix_ns, proof=time.signature)
        assert time.unix_ns == int(network.scene.watch.time.timestamp()) * 10**9


async def test_a_newer_connection_takes_over(network: Linked) -> None:
    """LNK-13: under a higher epoch; what the former still reports is not taken."""
    bank = await network.enrolled()
    former = await network.connected(bank)
    epoch = bank.epoch
    later = await network.connected(bank)
    assert bank.epoch > epoch
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await former.next("acknowledgement")
    assert refused.value.code() is grpc.StatusCode.ABORTED
    assert await later.report([bank.write(journal_started=fact_pb2.JournalStarted())]) == 1


async def test_a_bank_whose_journal_is_another_one_is_suspended(network: Linked) -> None:
    """LNK-15: its facts are kept and change no record; nothing goes down."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    reserved = await network.scene.reserved()
    await stream.report([bank.write(journal_started=fact_pb2.JournalStarted())])
    clone = TinyBank(key=bank.key, audience=bank.audience, held=bank.held)
    clone.write(door_closed=fact_pb2.DoorClosed(compartment="2"))
    again = network.stream(clone)
    assert (await again.connect()).suspended
    assert await again.report([clone.deposit(reserved.name.reservation)]) == 2
    assert (await network.scene.now(reserved)).state is State.CONFIRMED
    assert DiscrepancyKind.JOURNAL_FORKED in await found(network)
    with pytest.raises(NoLiveLink):
        await network.links.command(BANK, command_pb2.Command(reboot=command_pb2.Reboot()), 1.0)


# --- Facts ---------------------------------------------------------------------------------------------------------


async def test_what_a_bank_reports_becomes_the_record(network: Linked) -> None:
    """LNK-23: a deposit and a collection, each acknowledged once it is committed."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    reserved = await network.scene.reserved()
    told = await stream.manifest()
    assert [each.reservation for each in told.reservations] == [reserved.name.reservation]
    assert await stream.report([bank.deposit(reserved.name.reservation)]) == 1
    assert (await network.scene.now(reserved)).state is State.DEPOSITED
    assert await stream.report([bank.collect(reserved.name.reservation, earlier_number=1)]) == 2
    assert (await network.scene.now(reserved)).state is State.COLLECTED


async def test_a_fact_that_comes_twice_counts_once(network: Linked) -> None:
    """LNK-21."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    reserved = await network.scene.reserved()
    bank.deposit(reserved.name.reservation)
    assert await stream.report(bank.facts) == 1
    after = await network.scene.now(reserved)
    assert await stream.report(bank.facts) == 1
    assert await network.scene.now(reserved) == after
    assert await found(network) == []


async def test_a_number_that_is_left_out_ends_the_stream(network: Linked) -> None:
    """LNK-20: nothing behind the hole is taken."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    bank.write(journal_started=fact_pb2.JournalStarted())
    beyond = bank.write(door_closed=fact_pb2.DoorClosed(compartment="1"))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stream.report([beyond])
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    welcome = await network.stream(bank).connect()
    assert {each.lane: each.number for each in welcome.committed}[fact_pb2.LANE_CUSTODY] == 0


async def test_a_second_body_under_one_number_is_a_fork(network: Linked) -> None:
    """LNK-22, RCP-12."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    await stream.report([bank.write(journal_started=fact_pb2.JournalStarted())])
    other = TinyBank(key=bank.key, audience=bank.audience)
    assert await stream.report([other.write(door_closed=fact_pb2.DoorClosed(compartment="2"))]) == 1
    assert await found(network) == [DiscrepancyKind.JOURNAL_FORKED]


async def test_a_body_that_is_not_known_is_kept_and_people_are_told(network: Linked) -> None:
    """LNK-26."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    assert await stream.report([bank.write()]) == 1
    assert await found(network) == [DiscrepancyKind.UNKNOWN_FACT]


async def test_a_gap_is_taken_where_facts_may_be_dropped(network: Linked) -> None:
    """LNK-20: it stands at the last number that it covers, and never in custody."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    address = fact_pb2.FactAddress(journal_id=bank.journal, lane=fact_pb2.LANE_TELEMETRY, number=40)
    gap = fact_pb2.Fact(address=address, clock=bank.reading(), gap=fact_pb2.Gap(first_number=1, last_number=40))
    sealed = fact_pb2.SealedFact(fact=gap.SerializeToString())
    await stream.send(facts=link_service_pb2.Facts(lane=fact_pb2.LANE_TELEMETRY, facts=[sealed]))
    assert (await stream.next("acknowledgement")).number == 40


async def test_what_a_bank_spends_beyond_its_loan_is_for_people(network: Linked) -> None:
    """CAP-10: the parcel lies there all the same."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    reserved = await network.scene.reserved()
    spent = fact_pb2.HeadroomSpent(
        reservation=reserved.name.reservation, compartment="2", size_class=need_pb2.SIZE_CLASS_M, fence=1
    )
    assert await stream.report([bank.write(headroom_spent=spent)]) == 1
    assert await found(network) == [DiscrepancyKind.HEADROOM_EXCEEDED]


async def test_a_door_that_opens_by_itself_is_for_people(network: Linked) -> None:
    """EVD-12: also where no reservation is concerned."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    opened = fact_pb2.DoorOpened(compartment="2", cause=fact_pb2.OPENING_CAUSE_UNEXPECTED)
    assert await stream.report([bank.write(door_opened=opened)]) == 1
    assert await found(network) == [DiscrepancyKind.UNEXPECTED_OPENING]


async def test_a_door_that_jams_leaves_the_plan_and_comes_back(network: Linked) -> None:
    """CAP-9, CAP-14: the promise that no other door can keep is owned up to at once."""
    bank = await network.enrolled()
    measured = Compartment(
        label="A", clear=Dimensions(400, 400, 600), size_class=SizeClass.M, create_time=NOON, update_time=NOON
    )
    await network.scene.committer.submit(
        CreateCompartments(bank=BANK, compartments=(measured,), sizes=DEFAULT_SIZES, request=network.scene.request())
    )
    stream = await network.connected(bank)
    reserved = await network.scene.reserved(measured.size_class)
    jammed = fact_pb2.CompartmentWithdrawn(compartment="A", reason=fact_pb2.WITHDRAWAL_REASON_JAMMED)
    await stream.report([bank.write(compartment_withdrawn=jammed)])
    assert (await network.scene.now(reserved)).state is State.BROKEN
    (doors,) = await network.scene.look(At(DOORS, str(BANK)))
    assert doors.compartment("A").outage.by_bank
    await stream.report([bank.write(compartment_restored=fact_pb2.CompartmentRestored(compartment="A"))])
    (doors,) = await network.scene.look(At(DOORS, str(BANK)))
    assert doors.compartment("A").outage is None


async def test_a_parcel_of_nobody_known_is_for_people(network: Linked) -> None:
    """RES-8: a fact is never refused."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    assert await stream.report([bank.deposit("z" * 16)]) == 1
    assert await found(network) == [DiscrepancyKind.UNEXPECTED_FACT]


# --- Receipts by phone ---------------------------------------------------------------------------------------------


async def test_a_receipt_brought_home_is_the_fact_and_the_link_brings_nothing_new(network: Linked) -> None:
    """RCP-3, RCP-21."""
    bank = await network.enrolled()
    reserved = await network.scene.reserved()
    bank.deposit(reserved.name.reservation)
    for _ in range(2):
        await network.scene.committer.submit(SubmitReceipt(bank.facts[0].receipt))
    after = await network.scene.now(reserved)
    assert after.state is State.DEPOSITED
    stream = network.stream(bank)
    await stream.connect()
    assert await stream.report(bank.facts) == 1
    assert await network.scene.now(reserved) == after
    assert await found(network) == []


async def test_a_receipt_waits_for_the_one_before_it(network: Linked) -> None:
    """RCP-20: it is shown as waiting, and both are recorded once the earlier is here."""
    bank = await network.enrolled()
    reserved = await network.scene.reserved()
    bank.deposit(reserved.name.reservation)
    bank.collect(reserved.name.reservation, earlier_number=1)
    await network.scene.committer.submit(SubmitReceipt(bank.facts[1].receipt))
    waiting = await network.scene.now(reserved)
    assert (waiting.state, waiting.pending_forerunner) == (State.CONFIRMED, True)
    await network.scene.committer.submit(SubmitReceipt(bank.facts[0].receipt))
    after = await network.scene.now(reserved)
    assert (after.state, after.pending_forerunner) == (State.COLLECTED, False)
    assert await found(network) == []


async def test_a_receipt_that_no_bank_signed_is_refused(network: Linked) -> None:
    """RCP-22."""
    stranger = TinyBank(audience="a" * 12)
    stranger.deposit("a" * 16)
    with pytest.raises(ReceiptInvalid):
        await network.scene.committer.submit(SubmitReceipt(stranger.facts[0].receipt))


# --- Manifest ------------------------------------------------------------------------------------------------------


async def test_the_first_manifest_is_whole_and_the_next_a_step(network: Linked) -> None:
    """LNK-30."""
    bank = await network.enrolled()
    stream = network.stream(bank)
    await stream.connect()
    whole = await stream.manifest()
    assert not whole.HasField("from")
    assert [each.label for each in whole.configuration.compartments] == ["1", "2"]
    assert whole.key_set == network.files.key_set.text
    assert whole.status_list
    reserved = await network.scene.reserved()
    step = await stream.manifest()
    assert getattr(step, "from") == whole.to
    (entry,) = step.reservations
    assert entry.reservation == reserved.name.reservation
    assert not step.HasField("configuration")
    assert 1 <= len(entry.parcels) <= MOST_PARCELS
    assert entry.pin_verifiers


async def test_a_bank_that_asks_for_everything_gets_it(network: Linked) -> None:
    """LNK-31."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    reserved = await network.scene.reserved()
    step = await stream.manifest(NEED_SNAPSHOT)
    assert step.HasField("from")
    whole = await stream.manifest()
    assert not whole.HasField("from")
    assert [each.reservation for each in whole.reservations] == [reserved.name.reservation]


async def test_a_bank_with_older_keys_is_told_the_new_ones(network: Linked) -> None:
    """ACC-40: at its next link, though nothing else has changed for it."""
    bank = await network.enrolled()
    await network.connected(bank)
    stream = network.stream(bank)
    await stream.connect(key_set=manifest_pb2.Version())
    step = await stream.manifest()
    assert step.HasField("from")
    assert step.key_set == network.files.key_set.text


async def test_a_status_list_is_renewed_before_it_ends(network: Linked) -> None:
    """ACC-65: a bank without a valid one takes no deposit."""
    bank = await network.enrolled()
    await network.connected(bank)
    network.scene.watch.time += RENEWED_AFTER
    stream = network.stream(bank)
    await stream.connect()
    assert (await stream.manifest()).status_list


async def test_capacity_returns_when_the_bank_has_acknowledged_the_revocation(network: Linked) -> None:
    """CAP-11, LNK-33: time alone frees nothing, and no fact is needed."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    reserved = await network.scene.reserved()
    await stream.manifest()
    await network.scene.committer.submit(Cancel(name=reserved.name))
    assert reserved.name.reservation in (await network.scene.book()).plan.commitments
    told = await stream.manifest()
    assert told.reservations[0].deposit.revoked
    assert told.status_list
    await network.links.acknowledges(BANK, told.to.number, 5.0)
    assert reserved.name.reservation not in (await network.scene.book()).plan.commitments
    assert (await network.scene.now(reserved)).capacity_freed


async def test_an_acknowledgement_that_was_lost_is_read_off_the_next_hello(network: Linked) -> None:
    """LNK-33: the bank had applied the revocation when the stream broke."""
    bank = await network.enrolled()
    stream = await network.connected(bank)
    reserved = await network.scene.reserved()
    await stream.manifest()
    await network.scene.committer.submit(Cancel(name=reserved.name))
    bank.held.CopyFrom((await stream.next("manifest")).to)
    again = network.stream(bank)
    await again.connect()
    await again.manifest()  # of the reservation once more: its capacity has returned
    assert reserved.name.reservation not in (await network.scene.book()).plan.commitments


async def test_facts_of_before_come_first(network: Linked) -> None:
    """LNK-35: a bank is told nothing new before what it did is here."""
    bank = await network.enrolled()
    reserved = await network.scene.reserved()
    bank.deposit(reserved.name.reservation)
    await network.scene.committer.submit(Cancel(name=reserved.name))
    stream = network.stream(bank)
    await stream.connect()
    await stream.send(
        facts=link_service_pb2.Facts(lane=fact_pb2.LANE_CUSTODY, facts=bank.facts),
    )
    first, second = await stream.receive(), await stream.receive()
    assert [each.WhichOneof("message") for each in (first, second)] == ["acknowledgement", "manifest"]
    assert (await network.scene.now(reserved)).state is State.DEPOSITED
