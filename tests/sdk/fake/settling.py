"""The fake's proofs and disputes: receipts of a real chain, one open discrepancy."""

# ruff: noqa: N802 - the contract names the methods and says what they are told

from __future__ import annotations

from interlock import chain, receipt
from interlock.access_token import Act
from interlock.flaws import Flawed
from interlock.v1 import discrepancy_service_pb2 as dpb
from interlock.v1 import receipt_service_pb2 as pb
from interlock.v1.discrepancy_pb2 import DISCREPANCY_STATE_OPEN, DISCREPANCY_STATE_RESOLVED, Discrepancy
from interlock.v1.receipt_pb2 import ChainStep, Proof, Receipt
from tests.sdk.fake.world import ALTONA, Refusal, World, name_of, now

JOURNAL = "journaljournaljo"
FACTS = (b"a deposit", b"somebody else's", b"a collection")
ACTS = (Act.DEPOSIT, Act.DEPOSIT, Act.COLLECT)


def signed(world: World) -> list[receipt.Receipt]:
    """The receipts of Altona's journal, each over one of ``FACTS``."""
    time_s, before, made = now().seconds, chain.start(JOURNAL), []
    for number, fact in enumerate(FACTS, start=1):
        after = chain.follow(before, fact)
        made.append(
            receipt.Receipt(
                bank=world.banks[ALTONA].token_audience,
                journal_id=JOURNAL,
                number=number,
                recorded_unix_s=time_s,
                clock_uncertainty_s=1,
                act=ACTS[number - 1],
                compartment="7",
                size_class="M",
                parcels=(1,),
                evidence=receipt.Evidence.SENSED,
                door=receipt.DoorState.CLOSED,
                opened_unix_s=time_s - 20,
                closed_unix_s=time_s - 5,
                previous_hash=before,
                hash=after,
                reservation=name_of(2 if number == 2 else 1),
                earlier_number=1 if number == 3 else None,
            )
        )
        before = after
    return made


class Receipts:
    """``ReceiptService``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known = [
            Receipt(
                name=f"{ALTONA}/receipts/{JOURNAL}-{made.number}",
                jws=receipt.sign(made, world.bank_key),
                number=made.number,
                reservation=f"parties/acme/reservations/{made.reservation}",
                previous_hash=made.previous_hash,
                hash=made.hash,
            )
            for made in signed(world)
        ]
        world.receipts = [each.jws for each in self._known]

    def SubmitReceipt(self, request: pb.SubmitReceiptRequest, caller: str) -> pb.SubmitReceiptResponse:
        for text in request.receipts:
            try:
                receipt.read(
                    text,
                    {self._world.bank_key.public.kid: self._world.bank_key.public},
                    bank=self._world.banks[ALTONA].token_audience,
                )
            except Flawed as error:
                raise Refusal("INVALID_ARGUMENT", "RECEIPT_INVALID") from error
        return pb.SubmitReceiptResponse()

    def GetProof(self, request: pb.GetProofRequest, caller: str) -> pb.GetProofResponse:
        asked = next((each for each in self._known if each.name == request.name), None)
        if asked is None:
            raise Refusal("NOT_FOUND", "RECEIPT_UNKNOWN", "There is no such receipt.")
        earlier = [each for each in self._known if each.reservation == asked.reservation and each.number < asked.number]
        first = min(each.number for each in [*earlier, asked])
        steps = [
            ChainStep(number=each.number, hash=each.hash, fact=FACTS[each.number - 1])
            for each in self._known
            if first <= each.number <= asked.number
        ]
        for step in steps:
            if step.number == 2 and asked.number != 2:
                step.ClearField("fact")
        keys = self._world.banks[ALTONA].keys
        proof = Proof(receipt=asked, earlier_receipts=earlier, keys=keys, chain=steps, chain_complete=True)
        return pb.GetProofResponse(proof=proof)

    def ListReceipts(self, request: pb.ListReceiptsRequest, caller: str) -> pb.ListReceiptsResponse:
        found = [each for each in reversed(self._known) if request.reservation in {"", each.reservation}]
        rows, token = self._world.page(found, request)
        return pb.ListReceiptsResponse(receipts=rows, next_page_token=token)


class Discrepancies:
    """``DiscrepancyService``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def ListDiscrepancies(self, request: dpb.ListDiscrepanciesRequest, caller: str) -> dpb.ListDiscrepanciesResponse:
        found = [each for each in self._world.discrepancies if request.state in {0, each.state}]
        return dpb.ListDiscrepanciesResponse(discrepancies=found)

    def GetDiscrepancy(self, request: dpb.GetDiscrepancyRequest, caller: str) -> dpb.GetDiscrepancyResponse:
        return dpb.GetDiscrepancyResponse(discrepancy=self._find(request.name))

    def RaiseDiscrepancy(self, request: dpb.RaiseDiscrepancyRequest, caller: str) -> dpb.RaiseDiscrepancyResponse:
        raised = Discrepancy(
            name=f"{request.parent}/discrepancies/{name_of(8)}", kind=request.kind, state=DISCREPANCY_STATE_OPEN
        )
        self._world.discrepancies.append(raised)
        return dpb.RaiseDiscrepancyResponse(discrepancy=raised)

    def ResolveDiscrepancy(self, request: dpb.ResolveDiscrepancyRequest, caller: str) -> dpb.ResolveDiscrepancyResponse:
        found = self._find(request.name)
        found.state = DISCREPANCY_STATE_RESOLVED
        found.resolution.CopyFrom(request.resolution)
        return dpb.ResolveDiscrepancyResponse(discrepancy=found)

    def _find(self, name: str) -> Discrepancy:
        found = next((each for each in self._world.discrepancies if each.name == name), None)
        if found is None:
            raise Refusal("NOT_FOUND", "DISCREPANCY_UNKNOWN")
        return found
