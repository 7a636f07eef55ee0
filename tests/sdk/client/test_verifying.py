"""What a client believes: signatures by keys that the network's root vouches for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from interlock import PrivateKey, access_token, base64url, receipt
from interlock.flaws import Flaw, Flawed
from interlock.proof import verify
from interlock.v1.receipt_pb2 import Proof
from tests.sdk.client.conftest import Either
from tests.sdk.fake.gateway import FakeGateway
from tests.sdk.fake.settling import JOURNAL, signed
from tests.sdk.fake.world import ALTONA, World, name_of


async def test_the_token_of_a_reservation_is_the_networks(client: Either) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    token = await client.verify_token(reserved.deposit_token)
    assert (token.sub, token.act) == (reserved.name.split("/")[-1], access_token.Act.DEPOSIT)


async def test_the_keys_are_asked_for_once(client: Either, gateway: FakeGateway) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    for _ in range(3):
        await client.verify_token(reserved.deposit_token)
    assert gateway.methods()[1:] == ["GetNetwork", "GetKeySet"]


async def test_with_a_root_pinned_no_gateway_is_asked_whose_it_is(
    make: Callable[..., Either], gateway: FakeGateway
) -> None:
    pinned = make(root=gateway.world.root)
    reserved = await pinned.reserve(ALTONA, ["A"])
    await pinned.verify_token(reserved.deposit_token)
    assert gateway.methods()[1:] == ["GetKeySet"]


async def test_a_key_set_of_another_root_is_not_believed(make: Callable[..., Either], other_key: PrivateKey) -> None:
    misled = make(root=base64url.encode(other_key.public.thumbprint()))
    with pytest.raises(Flawed) as caught:
        await misled.verify_token("a.b.c")
    assert caught.value.flaw is Flaw.KEY_UNKNOWN


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"iss": "other"}, Flaw.ISSUER),
        ({"exp": 2_000, "iat": 1_000, "nbf": 1_000}, Flaw.EXPIRED),
        ({"nbf": 9_000_000_000, "exp": 9_000_000_600, "iat": 8_999_999_999}, Flaw.NOT_YET),
    ],
    ids=["of another network", "over", "not begun"],
)
async def test_a_signature_alone_does_not_open(
    client: Either, gateway: FakeGateway, change: dict[str, object], flaw: Flaw
) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    good = access_token.read(reserved.deposit_token, {"k1": gateway.world.signing_key.public})
    bad = access_token.mint(replace(good, **change), gateway.world.signing_key, "k1")  # type: ignore[arg-type]
    with pytest.raises(Flawed) as caught:
        await client.verify_token(bad)
    assert caught.value.flaw is flaw


async def test_a_forged_token_is_not_believed(client: Either, gateway: FakeGateway, other_key: PrivateKey) -> None:
    reserved = await client.reserve(ALTONA, ["A"])
    good = access_token.read(reserved.deposit_token, {"k1": gateway.world.signing_key.public})
    with pytest.raises(Flawed) as caught:
        await client.verify_token(access_token.mint(good, other_key, "k1"))
    assert caught.value.flaw is Flaw.SIGNATURE


async def test_a_receipt_is_its_banks(client: Either, gateway: FakeGateway) -> None:
    listed = await client.list_receipts()
    assert [(await client.verify_receipt(each)).number for each in listed] == [3, 2, 1]
    assert gateway.methods().count("GetBank") == 1
    text = await client.verify_receipt(listed[0].jws, bank=ALTONA)
    assert text.journal_id == JOURNAL


async def test_a_receipt_of_another_bank_is_not_believed(client: Either) -> None:
    newest, *_ = await client.list_receipts()
    with pytest.raises(Flawed) as caught:
        await client.verify_receipt(newest.jws, bank="parties/city/banks/dammtor")
    assert caught.value.flaw is Flaw.ISSUER


async def test_a_receipt_without_a_bank_says_what_is_missing(client: Either) -> None:
    with pytest.raises(ValueError, match="Say of which bank"):
        await client.verify_receipt("a.b.c")


async def test_a_receipt_comes_home_without_a_key(stranger: Either, gateway: FakeGateway) -> None:
    assert await stranger.submit_receipt(*gateway.world.receipts) is None
    assert gateway.last("SubmitReceipt").receipts == gateway.world.receipts


async def test_a_proof_holds_together(client: Either) -> None:
    newest, *_ = await client.list_receipts()
    proof = await client.get_proof(newest.name)
    verified = await client.verify_proof(proof)
    assert [each.number for each in verified] == [1, 3]


def _hash(proof: Proof) -> None:
    proof.chain[1].hash = bytes(32)


def _fact(proof: Proof) -> None:
    proof.chain[2].fact = b"another collection"


def _step(proof: Proof) -> None:
    del proof.chain[1]


def _last(proof: Proof) -> None:
    del proof.chain[2]


def _order(proof: Proof) -> None:
    first = proof.chain[0]
    proof.chain.append(first)


def _text(proof: Proof) -> None:
    proof.receipt.jws = proof.receipt.jws[:-1] + ("A" if proof.receipt.jws[-1] != "A" else "g")


def _other(proof: Proof) -> None:
    proof.earlier_receipts[0].jws = proof.receipt.jws


@pytest.mark.parametrize(
    ("tamper", "flaw", "number"),
    [
        (_hash, Flaw.BROKEN_CHAIN, "3"),
        (_fact, Flaw.BROKEN_CHAIN, "3"),
        (_step, Flaw.BROKEN_CHAIN, "3"),
        (_last, Flaw.BROKEN_CHAIN, "3"),
        (_order, Flaw.BROKEN_CHAIN, "1"),
        (_text, Flaw.SIGNATURE, ""),
        (_other, Flaw.BROKEN_CHAIN, "3"),
    ],
)
async def test_a_proof_that_was_touched_does_not(
    client: Either, tamper: Callable[[Proof], None], flaw: Flaw, number: str
) -> None:
    newest, *_ = await client.list_receipts()
    proof = await client.get_proof(newest.name)
    tamper(proof)
    with pytest.raises(Flawed) as caught:
        await client.verify_proof(proof)
    assert (caught.value.flaw, caught.value.detail) == (flaw, number)


def test_receipts_of_two_reservations_make_no_proof() -> None:
    world = World()
    first, second, _third = signed(world)
    proof = Proof()
    proof.earlier_receipts.add(jws=receipt.sign(first, world.bank_key))
    proof.receipt.jws = receipt.sign(second, world.bank_key)
    assert second.reservation == name_of(2)
    with pytest.raises(Flawed) as caught:
        verify(proof, keys={world.bank_key.public.kid: world.bank_key.public}, bank=first.bank)
    assert caught.value.flaw is Flaw.BROKEN_CHAIN
