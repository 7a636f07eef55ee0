"""A bank in a few lines that speaks the contract's stubs: no controller, no doors, only what it says."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import grpc

from interlock import chain
from interlock import receipt as receipts
from interlock.access_token import Act
from interlock.edge.v1 import (
    command_pb2,
    fact_pb2,
    inventory_pb2,
    link_service_pb2,
    link_service_pb2_grpc,
    manifest_pb2,
)
from interlock.enrolment import EnrolmentCode, answer_proof, enrol_proof, proofs_equal, unseal
from interlock.keys import PrivateKey
from interlock.link_proof import prove_hello
from interlock.v1 import need_pb2, reservation_pb2
from tests.gateway.scene import NOON

JOURNAL = "journal222222222"
BOOT = "boot222222222222"
ANSWER_S = 5.0
"""So long a test waits for the gateway before it fails."""


@dataclass
class TinyBank:
    """What a bank knows of itself.

    Attributes:
        audience: Its token audience, once enrolled.
        secret: Its own secret, once enrolled.
        facts: Its custody lane, sealed, from number 1.
        hashes: The chain hash after each.
    """

    key: PrivateKey = field(default_factory=PrivateKey.generate)
    journal: str = JOURNAL
    audience: str = ""
    secret: bytes = b""
    enrolment: link_service_pb2.Enrolment = field(default_factory=link_service_pb2.Enrolment)
    facts: list[fact_pb2.SealedFact] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    clock: datetime = NOON
    held: manifest_pb2.Version = field(default_factory=manifest_pb2.Version)
    epoch: int = 0

    async def enrol(self, channel: grpc.aio.Channel, text: str) -> None:
        """Enrol with a code, as a controller does."""
        code, nonce = EnrolmentCode.parse(text), secrets.token_bytes(32)
        answer = await link_service_pb2_grpc.EdgeLinkServiceStub(channel).Enroll(self.enrol_request(code, nonce))
        assert proofs_equal(answer.proof, answer_proof(code, nonce=nonce, answer=answer.enrolment))
        self.enrolment = link_service_pb2.Enrolment.FromString(answer.enrolment)
        self.audience, self.secret = self.enrolment.token_audience, unseal(code, self.enrolment.sealed_secret)

    def enrol_request(self, code: EnrolmentCode, nonce: bytes) -> link_service_pb2.EnrollRequest:
        """The request that proves the code for this bank's key."""
        return link_service_pb2.EnrollRequest(
            code_id=code.code_id,
            public_key=self.key.public.canonical_jwk().decode(),
            nonce=nonce,
            proof=enrol_proof(code, public_key=self.key.public, nonce=nonce),
            inventory=inventory_pb2.Inventory(inputs=[need_pb2.INPUT_SCANNER, need_pb2.INPUT_KEYPAD]),
            firmware="tiny 1",
        )

    # --- Its journal ---------------------------------------------------------------------------------------------

    @property
    def hash(self) -> bytes:
        """The chain hash after its last fact."""
        return self.hashes[-1] if self.hashes else chain.start(self.journal)

    def reading(self) -> fact_pb2.ClockReading:
        """Its clocks now."""
        said = fact_pb2.ClockReading(
            uncertainty_ms=500, state=fact_pb2.CLOCK_STATE_GOOD, boot_id=BOOT, monotonic_ms=5000
        )
        said.time.FromDatetime(self.clock)
        return said

    def write(self, **body: Any) -> fact_pb2.SealedFact:
        """Write a custody fact; a deposit, collection or recall gets its receipt."""
        number = len(self.facts) + 1
        address = fact_pb2.FactAddress(journal_id=self.journal, lane=fact_pb2.LANE_CUSTODY, number=number)
        fact = fact_pb2.Fact(address=address, clock=self.reading(), **body)
        data = fact.SerializeToString(deterministic=True)
        before = self.hash
        self.hashes.append(chain.follow(before, data))
        sealed = fact_pb2.SealedFact(fact=data, receipt=self._receipt(fact, before))
        self.facts.append(sealed)
        return sealed

    def deposit(self, reservation: str, **changes: Any) -> fact_pb2.SealedFact:
        """Write that a parcel was put into compartment 1."""
        return self.write(parcel_deposited=fact_pb2.ParcelDeposited(**(_handed(reservation) | changes)))

    def collect(self, reservation: str, **changes: Any) -> fact_pb2.SealedFact:
        """Write that the parcel was taken out of compartment 1."""
        return self.write(parcel_collected=fact_pb2.ParcelCollected(**(_handed(reservation) | changes)))

    def _receipt(self, fact: fact_pb2.Fact, before: bytes) -> str:
        acts = {"parcel_deposited": Act.DEPOSIT, "parcel_collected": Act.COLLECT, "parcel_recalled": Act.RECALL}
        which = fact.WhichOneof("body") or ""
        if which not in acts:
            return ""
        said = getattr(fact, which)
        seconds = int(self.clock.timestamp())
        receipt = receipts.Receipt(
            bank=self.audience,
            journal_id=self.journal,
            number=fact.address.number,
            recorded_unix_s=seconds,
            clock_uncertainty_s=1,
            act=acts[which],
            compartment=said.compartment,
            size_class="M",
            parcels=(said.parcel_number,),
            evidence=receipts.Evidence.SENSED,
            door=receipts.DoorState.CLOSED,
            opened_unix_s=seconds,
            closed_unix_s=seconds,
            previous_hash=before,
            hash=self.hash,
            reservation=said.reservation,
            earlier_number=said.earlier_number or None,
        )
        return receipts.sign(receipt, self.key)


def _handed(reservation: str) -> dict[str, Any]:
    return {
        "reservation": reservation,
        "compartment": "1",
        "parcel_number": 1,
        "evidence": reservation_pb2.EVIDENCE_SENSED,
        "door": fact_pb2.DOOR_STATE_CLOSED,
    }


class Stream:
    """One stream of a tiny bank."""

    def __init__(self, bank: TinyBank, channel: grpc.aio.Channel) -> None:
        """Dial."""
        self.bank = bank
        self.call = link_service_pb2_grpc.EdgeLinkServiceStub(channel).Connect()
        self.challenge = link_service_pb2.Challenge()
        self.welcome = link_service_pb2.Welcome()

    async def receive(self) -> link_service_pb2.ConnectResponse:
        """The next message; a refusal raises ``grpc.RpcError``."""
        message = await asyncio.wait_for(self.call.read(), ANSWER_S)
        if message is grpc.aio.EOF:
            raise grpc.aio.AioRpcError(
                await self.call.code(), grpc.aio.Metadata(), grpc.aio.Metadata(), await self.call.details()
            )
        assert isinstance(message, link_service_pb2.ConnectResponse)
        return message

    async def send(self, **message: Any) -> None:
        """Say something as this bank."""
        await self.call.write(link_service_pb2.ConnectRequest(bank=self.bank.audience, **message))

    async def hello(self, *, key: PrivateKey | None = None, **changes: Any) -> None:
        """Answer the challenge."""
        self.challenge = (await self.receive()).challenge
        bank = self.bank
        said: dict[str, Any] = {
            "bank": bank.audience,
            "protocol_versions": [1],
            "firmware": "tiny 1",
            "journal_id": bank.journal,
            "last_numbers": [link_service_pb2.LaneNumber(lane=fact_pb2.LANE_CUSTODY, number=len(bank.facts))],
            "chain_hash": bank.hash,
            "manifest": bank.held,
            "key_set": manifest_pb2.Version(era=1, number=1),
            "nonce": b"n" * 32,
            "clock": bank.reading(),
            "link_epoch": bank.epoch,
        }
        hello = link_service_pb2.Hello(**(said | changes)).SerializeToString()
        proof = prove_hello(key or bank.key, nonce=self.challenge.nonce, hello=hello)
        await self.send(hello=link_service_pb2.SignedHello(hello=hello, signature=proof))

    async def connect(self, **changes: Any) -> link_service_pb2.Welcome:
        """Say Hello and be welcomed."""
        await self.hello(**changes)
        message = await self.receive()
        assert message.WhichOneof("message") == "welcome"
        self.welcome = message.welcome
        self.bank.epoch = self.welcome.link_epoch
        return self.welcome

    async def next(self, kind: str) -> Any:
        """The next message of a kind; others are passed over."""
        while True:
            message = await self.receive()
            if message.WhichOneof("message") == kind:
                return getattr(message, kind)

    async def manifest(
        self, outcome: manifest_pb2.ManifestOutcome.ValueType = manifest_pb2.MANIFEST_OUTCOME_APPLIED
    ) -> manifest_pb2.ManifestChange:
        """Take the next manifest change and answer it."""
        change = await self.next("manifest")
        assert isinstance(change, manifest_pb2.ManifestChange)
        if outcome == manifest_pb2.MANIFEST_OUTCOME_APPLIED:
            self.bank.held.CopyFrom(change.to)
        await self.send(
            manifest=manifest_pb2.ManifestAcknowledgement(to=change.to, outcome=outcome, held=self.bank.held)
        )
        return change

    async def report(self, facts: Sequence[fact_pb2.SealedFact]) -> int:
        """Send custody facts and give the number that was acknowledged."""
        await self.send(facts=link_service_pb2.Facts(lane=fact_pb2.LANE_CUSTODY, facts=facts))
        acknowledged = await self.next("acknowledgement")
        return int(acknowledged.number)

    async def heartbeat(self, **changes: Any) -> None:
        """Say that it is still here."""
        await self.send(heartbeat=link_service_pb2.Heartbeat(clock=self.bank.reading(), **changes))

    async def answer(self, command: command_pb2.Command, outcome: command_pb2.CommandOutcome.ValueType) -> None:
        """Say what became of a command."""
        await self.send(command_result=command_pb2.CommandResult(id=command.id, outcome=outcome))
