"""A Hello judged: whose key it proves, and where the bank says that it stands (LNK-10, LNK-17)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from interlock.edge.v1 import fact_pb2, link_service_pb2
from interlock.flaws import Flawed
from interlock.key_set import Use
from interlock.keys import PublicKey
from interlock.link_proof import hello_proven, prove_time
from interlock_gateway.domain.errors import BankUnknown, HelloInvalid, ProtocolVersionUnknown
from interlock_gateway.links import picture
from interlock_gateway.links.parts import LinkParts
from interlock_gateway.services.validation import validate
from interlock_gateway.use_cases.aggregates import BANK_KEYS, BANK_LINKS
from interlock_gateway.use_cases.open_link import OpenLink, Standing

PROTOCOL_VERSION = 1
NONCE_BYTES = 32
HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Proved:
    """A bank that has proved its key.

    Attributes:
        hello: What it said.
        key: Its key.
        opening: The proposal by which its link opens.
    """

    hello: link_service_pb2.Hello
    key: PublicKey
    opening: OpenLink


def signed_time(parts: LinkParts, nonce: bytes) -> link_service_pb2.SignedTime:
    """Sign the network's time over a nonce."""
    now = parts.clock.now()
    unix_ns = int(now.timestamp() * 1_000_000) * 1000
    signer = parts.files.signer(Use.LINK, int(now.timestamp()))
    signature = prove_time(signer.key, nonce=nonce, unix_ns=unix_ns)
    return link_service_pb2.SignedTime(unix_ns=unix_ns, kid=signer.kid, signature=signature)


async def judge(parts: LinkParts, said: link_service_pb2.SignedHello, *, token_audience: str, nonce: bytes) -> Proved:
    """Judge a Hello. It needs no time: the nonce alone makes it fresh.

    Args:
        parts: Of the links.
        said: As it came.
        token_audience: The bank that the message names.
        nonce: The challenge to which it answers.

    Raises:
        HelloInvalid: It proves nothing.
        BankUnknown: No such bank.
        ProtocolVersionUnknown: None of the bank's versions is spoken here.
    """
    try:
        hello = link_service_pb2.Hello.FromString(said.hello)
    except DecodeError as flaw:
        raise HelloInvalid from flaw
    validate(hello)
    if hello.bank != token_audience or len(hello.nonce) != NONCE_BYTES or len(hello.chain_hash) != HASH_BYTES:
        raise HelloInvalid
    bank = await parts.readers.run(picture.bank_of, hello.bank)
    if bank is None:
        raise BankUnknown(bank=hello.bank)
    key = await _key(parts, bank)
    if not hello_proven(key, nonce=nonce, hello=said.hello, proof=said.signature):
        raise HelloInvalid
    if PROTOCOL_VERSION not in hello.protocol_versions:
        raise ProtocolVersionUnknown(served=(str(PROTOCOL_VERSION),))
    numbers = {each.lane: each.number for each in hello.last_numbers}
    standing = Standing(
        journal_id=hello.journal_id,
        number=numbers.get(fact_pb2.LANE_CUSTODY, 0),
        hash=hello.chain_hash,
        epoch=hello.link_epoch,
        firmware=hello.firmware,
    )
    return Proved(hello, key, OpenLink(bank=bank, kid=key.kid, said=standing))


async def _key(parts: LinkParts, bank: str) -> PublicKey:
    """Read the key that is the bank's now; a bank that has not enrolled has none."""
    link = await parts.readers.run(picture.value, BANK_LINKS, bank)
    if link is None or link.kid is None:
        raise HelloInvalid
    row = await parts.readers.run(picture.value, BANK_KEYS, link.kid)
    if row is None or row.distrust_time is not None:
        raise HelloInvalid
    try:
        return PublicKey.from_jwk(json.loads(row.jwk))
    except Flawed as flaw:
        raise HelloInvalid from flaw
