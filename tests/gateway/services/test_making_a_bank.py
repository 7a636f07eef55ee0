"""From nothing to a bank that takes reservations: parties, keys, banks, compartments, codes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from interlock.binding import join
from interlock.enrolment import EnrolmentCode
from interlock.keys import PrivateKey
from interlock.v1 import bank_pb2, compartment_pb2, need_pb2, options_pb2, party_pb2
from interlock.v1 import operator_service_pb2 as op
from interlock.v1 import party_service_pb2 as pt
from interlock_gateway.domain.errors import (
    BankExists,
    BankNotEmpty,
    BankUnknown,
    BankWrongState,
    CodeInvalid,
    CompartmentUnknown,
    EtagMismatch,
    InvalidField,
    KeyExists,
    KeyUnusable,
    LastKey,
    LayoutInvalid,
    NoCapacity,
    NoLiveLink,
    PartyExists,
    PartyUnknown,
)
from interlock_gateway.services.calling import Call
from interlock_gateway.services.operator import OperatorServicer
from interlock_gateway.services.party import PartyServicer
from tests.gateway.services.founding import BANK, OKO, Network, door, registering
from tests.gateway.services.gateway import gateway


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    async with gateway(tmp_path) as made:
        yield Network(made, PartyServicer(made.parts), OperatorServicer(made.parts))


async def test_a_party_comes_in_with_a_key(network: Network) -> None:
    added = await network.add()
    key = PrivateKey.generate()
    code = await network.code()
    registered = await network.register(code, key)
    again = await network.register(code, key)
    got = await network.parties.GetParty(pt.GetPartyRequest(name=OKO), network.oko("GetParty"))
    assert added.state == party_pb2.PARTY_STATE_INVITED
    assert (registered.party, registered.network_id, registered.key.thumbprint) == (OKO, "testnet", key.public.kid)
    assert again == registered
    assert got.party.state == party_pb2.PARTY_STATE_ACTIVE


async def test_the_owners_first_code_is_redeemed_like_any_other(network: Network) -> None:
    assert (await network.register(network.gateway.owner_code, PrivateKey.generate())).party == "parties/owner"


async def test_pty_7_a_retry_gives_the_same_code_and_a_new_code_ends_the_one_before(network: Network) -> None:
    await network.add()
    request_id = network.id()
    first = await network.code(request_id=request_id)
    assert await network.code(request_id=request_id) == first
    second = await network.code()
    with pytest.raises(CodeInvalid):
        await network.register(first, PrivateKey.generate())
    key = PrivateKey.generate()
    registered = await network.register(second, key)
    with pytest.raises(CodeInvalid):
        await network.register(second, PrivateKey.generate())
    await network.code()
    assert await network.register(second, key) == registered
    with pytest.raises(CodeInvalid):
        await network.register(second, PrivateKey.generate())


async def test_pty_6_a_key_has_one_owner_and_a_proof_serves_once(network: Network) -> None:
    await network.add()
    await network.add("acme", options_pb2.ROLE_CARRIER)
    key = PrivateKey.generate()
    await network.register(await network.code(), key)
    code = await network.code("parties/acme")
    with pytest.raises(KeyExists):
        await network.register(code, key)
    other = registering(await network.code(), PrivateKey.generate())
    other.code = code
    with pytest.raises(KeyUnusable):
        await network.parties.RegisterKey(other, Call("m", "192.0.2.1", None))


async def test_a_party_adds_a_key_and_distrusts_the_old_one_but_not_the_last(network: Network) -> None:
    await network.add()
    old = await network.register(await network.code(), PrivateKey.generate())
    key = PrivateKey.generate()
    jwk = key.public.canonical_jwk()
    adding = pt.AddKeyRequest(
        parent=OKO,
        request_id=network.id(),
        public_key=jwk.decode(),
        proof=key.sign(join(b"interlock-add-key", OKO.encode(), jwk)),
    )
    added = await network.parties.AddKey(adding, network.oko("AddKey"))
    assert await network.parties.AddKey(adding, network.oko("AddKey")) == added
    gone = pt.DistrustKeyRequest(name=old.key.name, request_id=network.id())
    distrusted = await network.parties.DistrustKey(gone, network.oko("DistrustKey"))
    assert distrusted.key.HasField("distrust_time")
    with pytest.raises(LastKey):
        await network.parties.DistrustKey(
            pt.DistrustKeyRequest(name=added.key.name, request_id=network.id()), network.oko("DistrustKey")
        )
    listed = await network.parties.ListKeys(pt.ListKeysRequest(parent=OKO), network.oko("ListKeys"))
    assert [each.name for each in listed.keys] == [added.key.name, old.key.name]


async def test_parties_are_listed_by_name_page_by_page(network: Network) -> None:
    for party in ("zeta", "beta", "alfa"):
        await network.add(party)
    request = pt.ListPartiesRequest(roles=[options_pb2.ROLE_OPERATOR], page_size=2)
    first = await network.parties.ListParties(request, network.oko("ListParties"))
    request.page_token = first.next_page_token
    second = await network.parties.ListParties(request, network.oko("ListParties"))
    found = [each.name for page in (first, second) for each in page.parties]
    assert (found, second.next_page_token) == (["parties/alfa", "parties/beta", "parties/zeta"], "")


async def test_what_is_taken_or_not_there_is_refused(network: Network) -> None:
    await network.add()
    with pytest.raises(PartyExists):
        await network.add()
    with pytest.raises(PartyUnknown):
        await network.code("parties/nobody")
    with pytest.raises(PartyUnknown):
        await network.bank(vendor="parties/nobody")
    with pytest.raises(BankUnknown):
        await network.open()


async def test_only_the_network_owner_reads_why_a_party_is_suspended(network: Network) -> None:
    await network.add()
    request = pt.SuspendPartyRequest(name=OKO, request_id=network.id(), reason="unpaid")
    told = await network.parties.SuspendParty(request, network.owner("SuspendParty"))
    seen = await network.parties.GetParty(pt.GetPartyRequest(name=OKO), network.oko("GetParty"))
    assert (told.party.suspend_reason, seen.party.suspend_reason) == ("unpaid", "")
    assert seen.party.state == party_pb2.PARTY_STATE_SUSPENDED


async def test_an_operator_makes_a_bank_and_opens_it(network: Network) -> None:
    await network.add()
    planned = await network.bank()
    with pytest.raises(BankWrongState):
        await network.open()
    built = await network.doors("2", "1")
    opened = await network.open()
    request = op.ListCompartmentsRequest(parent=BANK, page_size=1)
    first = await network.banks.ListCompartments(request, network.oko("ListCompartments"))
    assert planned.state == bank_pb2.BANK_STATE_PLANNED
    assert len(planned.token_audience) == 12
    assert [each.size_class for each in built.compartments] == [need_pb2.SIZE_CLASS_M] * 2
    assert opened.state == bank_pb2.BANK_STATE_OPEN
    assert [each.compartment_count for each in opened.kinds] == [2]
    assert [each.name[-1] for each in first.compartments] == ["1"]
    assert first.next_page_token
    with pytest.raises(BankExists):
        await network.bank()


async def test_a_retry_of_making_a_bank_gives_the_bank_as_it_was(network: Network) -> None:
    await network.add()
    described = bank_pb2.Bank(display_name="Hauptbahnhof", time_zone="Europe/Warsaw")
    request = op.CreateBankRequest(parent=OKO, bank_id="hbf-1", bank=described, request_id=network.id())
    first = await network.banks.CreateBank(request, network.oko("CreateBank"))
    await network.doors("1")
    await network.open()
    again = await network.banks.CreateBank(request, network.oko("CreateBank"))
    assert (again.bank.state, again.bank.etag) == (first.bank.state, first.bank.etag)


async def test_only_what_the_mask_names_changes(network: Network) -> None:
    await network.add()
    await network.add("acme", options_pb2.ROLE_CARRIER)
    planned = await network.bank(directions="behind the kiosk")
    said = bank_pb2.Bank(name=BANK, display_name="ignored")
    said.bookable_by.mode = bank_pb2.BOOKABLE_BY_MODE_LIST
    said.bookable_by.parties.append("parties/acme")
    said.terms.recall_time_hours = 0
    after = await network.update(said, "bookable_by", "terms.recall_time_hours", etag=planned.etag)
    assert list(after.bookable_by.parties) == ["parties/acme"]
    assert (after.display_name, after.directions) == ("Hauptbahnhof", "behind the kiosk")
    assert (after.terms.recall_time_hours, after.terms.default_collect_for.hours) == (0, 72)
    with pytest.raises(EtagMismatch):
        await network.update(said, "bookable_by", etag=planned.etag)
    with pytest.raises(InvalidField):
        await network.update(said, "state")
    with pytest.raises(InvalidField):
        await network.update(said, "terms.no_such_term")


async def test_a_layout_that_contradicts_itself_is_refused_as_a_whole(network: Network) -> None:
    await network.add()
    await network.bank()
    with pytest.raises(LayoutInvalid):
        await network.doors("1", "1")
    small = door("2")
    small.clear.height_mm = 10
    request = op.CreateCompartmentsRequest(parent=BANK, compartments=[door("1"), small], request_id=network.id())
    with pytest.raises(LayoutInvalid):
        await network.banks.CreateCompartments(request, network.oko("CreateCompartments"))
    await network.doors("1")


async def test_a_compartment_goes_out_of_service_and_comes_back(network: Network) -> None:
    await network.add()
    await network.bank()
    built = await network.doors("1")
    changed = door("1")
    changed.out_of_service.reason = compartment_pb2.OUTAGE_REASON_MAINTENANCE
    mask = FieldMask(paths=["out_of_service"])
    request = op.UpdateCompartmentRequest(compartment=changed, update_mask=mask, request_id=network.id())
    out = await network.banks.UpdateCompartment(request, network.oko("UpdateCompartment"))
    opened = await network.open()
    request = op.UpdateCompartmentRequest(compartment=door("1"), update_mask=mask, request_id=network.id())
    back = await network.banks.UpdateCompartment(request, network.oko("UpdateCompartment"))
    assert out.compartment.out_of_service.HasField("start_time")
    assert out.allocation_version > built.allocation_version
    assert [each.out_of_service_count for each in opened.kinds] == [1]
    assert not back.compartment.HasField("out_of_service")


async def test_an_enrolment_code_names_the_networks_root_and_a_retry_gives_it_again(network: Network) -> None:
    await network.add()
    await network.bank()
    request = op.CreateEnrolmentCodeRequest(bank=BANK, request_id=network.id())
    first = await network.banks.CreateEnrolmentCode(request, network.oko("CreateEnrolmentCode"))
    again = await network.banks.CreateEnrolmentCode(request, network.oko("CreateEnrolmentCode"))
    assert again == first
    root = network.gateway.parts.files.key_set.root
    assert EnrolmentCode.parse(first.code).root_thumbprint == root.thumbprint()
    await network.close()
    request.request_id = network.id()
    with pytest.raises(BankWrongState):
        await network.banks.CreateEnrolmentCode(request, network.oko("CreateEnrolmentCode"))


async def test_bnk_2_a_bank_closes_step_by_step(network: Network) -> None:
    await network.add()
    await network.bank(bookable_by=bank_pb2.BookableBy(mode=bank_pb2.BOOKABLE_BY_MODE_ALL))
    await network.doors("1")
    await network.open()
    scene = network.gateway.scene
    order = scene.reserve()
    reach = type(order.reach)(scene.watch.now(), connected=False)
    await scene.committer.submit(type(order)(order.order, network.gateway.parts.network, reach, order.request))
    with pytest.raises(BankNotEmpty) as refused:
        await network.close()
    assert refused.value.reservation_count == 1
    emptying = await network.close(break_promises=True)
    assert (emptying.broken_count, emptying.bank.state) == (1, bank_pb2.BANK_STATE_EMPTYING)
    with pytest.raises(BankNotEmpty):
        await network.close()


async def test_bnk_2_a_bank_that_is_given_up_breaks_its_promises_and_frees_them(network: Network) -> None:
    await network.add()
    await network.bank(bookable_by=bank_pb2.BookableBy(mode=bank_pb2.BOOKABLE_BY_MODE_ALL))
    await network.doors("1")
    await network.open()
    scene = network.gateway.scene
    order = scene.reserve()
    await scene.committer.submit(type(order)(order.order, network.gateway.parts.network, order.reach, order.request))
    request = op.WriteOffBankRequest(name=BANK, request_id=network.id(), reason="burnt")
    gone = await network.banks.WriteOffBank(request, network.oko("WriteOffBank"))
    again = await network.banks.WriteOffBank(request, network.oko("WriteOffBank"))
    assert (gone.broken_count, gone.lost_count, gone.bank.state) == (1, 0, bank_pb2.BANK_STATE_CLOSED)
    assert gone.bank.HasField("write_off_time")
    assert again == gone
    assert not (await scene.book()).plan.commitments


async def test_cap_10_what_is_lent_is_not_for_sale_and_only_what_is_free_is_lent(network: Network) -> None:
    await network.add()
    await network.bank(bookable_by=bank_pb2.BookableBy(mode=bank_pb2.BOOKABLE_BY_MODE_ALL))
    await network.doors("1", "2")
    await network.open()
    scene = network.gateway.scene

    async def reserve() -> None:
        order = scene.reserve()
        mine = type(order)(order.order, network.gateway.parts.network, order.reach, order.request)
        await scene.committer.submit(mine)

    async def lend(count: int) -> op.SetHeadroomResponse:
        request = op.SetHeadroomRequest(
            bank=BANK, request_id=network.id(), size_class=need_pb2.SIZE_CLASS_M, compartment_count=count
        )
        return await network.banks.SetHeadroom(request, network.oko("SetHeadroom"))

    with pytest.raises(NoCapacity):
        await lend(3)
    first = await lend(1)
    await reserve()
    with pytest.raises(NoCapacity):
        await reserve()
    with pytest.raises(NoCapacity):
        await lend(2)
    fewer = await lend(0)
    assert fewer.headroom.fence > first.headroom.fence
    assert (first.headroom.compartment_count, fewer.headroom.compartment_count) == (1, 0)
    with pytest.raises(NoCapacity):
        await reserve()


async def test_a_bank_without_a_link_is_not_commanded(network: Network) -> None:
    await network.add()
    await network.bank()
    await network.doors("1")
    request = op.OpenCompartmentRequest(compartment=f"{BANK}/compartments/1", request_id=network.id(), reason="look")
    with pytest.raises(NoLiveLink):
        await network.banks.OpenCompartment(request, network.oko("OpenCompartment"))
    request.compartment = f"{BANK}/compartments/2"
    with pytest.raises(CompartmentUnknown):
        await network.banks.OpenCompartment(request, network.oko("OpenCompartment"))


async def test_cap_14_a_door_that_is_withdrawn_breaks_the_promise_that_no_move_helps(network: Network) -> None:
    await network.add()
    await network.bank(bookable_by=bank_pb2.BookableBy(mode=bank_pb2.BOOKABLE_BY_MODE_ALL))
    await network.doors("1", "2")
    await network.open()
    scene = network.gateway.scene
    promised = []
    for _ in range(2):
        order = scene.reserve()
        mine = type(order)(order.order, network.gateway.parts.network, order.reach, order.request)
        promised.append((await scene.committer.submit(mine)).reservation)
    changed = door("2")
    changed.out_of_service.reason = compartment_pb2.OUTAGE_REASON_WITHHELD
    request = op.UpdateCompartmentRequest(
        compartment=changed, update_mask=FieldMask(paths=["out_of_service"]), request_id=network.id()
    )
    answer = await network.banks.UpdateCompartment(request, network.oko("UpdateCompartment"))
    states = sorted([(await scene.now(each)).state for each in promised])
    assert (answer.broken_count, states) == (1, ["BROKEN", "CONFIRMED"])
