"""``ReceiptService``: what banks have signed, brought home and shown again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from interlock.edge.v1.fact_pb2 import Fact
from interlock.v1 import receipt_pb2
from interlock.v1 import receipt_service_pb2 as pb
from interlock_gateway.domain.errors import ReceiptUnknown
from interlock_gateway.domain.names import BankName, ReceiptName, ReservationName
from interlock_gateway.domain.viewers import discrepancy_audience, views_of
from interlock_gateway.ports import Viewer
from interlock_gateway.services.calling import Call
from interlock_gateway.services.mapping.receipt import Signers, bank_of, key_message, receipt_message
from interlock_gateway.services.pages import next_token, size_of, start
from interlock_gateway.services.parts import Parts
from interlock_gateway.services.projection import project
from interlock_gateway.store.sqlite.proofs import Receipts
from interlock_gateway.use_cases.bank_link import StoredFact, StoredReceipt
from interlock_gateway.use_cases.submit_receipts import SubmitReceipt

MOST_STEPS: Final = 10_000
"""Steps of a chain that one answer shows."""
_ANY: Final = "-"


class ReceiptServicer:
    """Serves it."""

    SERVICE: Final = pb.DESCRIPTOR.services_by_name["ReceiptService"]

    def __init__(self, parts: Parts) -> None:
        """Serve with the parts of one gateway."""
        self._parts = parts
        self._receipts = Receipts(parts.readers)

    async def SubmitReceipt(self, request: pb.SubmitReceiptRequest, _call: Call) -> pb.SubmitReceiptResponse:
        """Take receipts that somebody brought home: all of them, or none."""
        proposals = [SubmitReceipt(text) for text in dict.fromkeys(request.receipts)]
        outcomes = await self._parts.committer.submit_all(
            proposals, groups=["all" if proposals[1:] else ""] * len(proposals)
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return pb.SubmitReceiptResponse()

    async def ListReceipts(self, request: pb.ListReceiptsRequest, call: Call) -> pb.ListReceiptsResponse:
        """List the receipts that the caller may see, newest first."""
        _, operator, _, bank = request.parent.split("/")
        page = await self._receipts.list(
            call.viewer,
            bank="" if bank == _ANY else request.parent,
            operator="" if operator == _ANY else operator,
            reservation=ReservationName.parse(request.reservation).reservation if request.reservation else "",
            size=size_of(request),
            start=start(call, request),
        )
        return pb.ListReceiptsResponse(
            receipts=await self._written(page.values, call.viewer),
            next_page_token=next_token(call, request, page.next_row),
        )

    async def GetProof(self, request: pb.GetProofRequest, call: Call) -> pb.GetProofResponse:
        """Give all that convinces somebody who trusts neither carrier nor operator."""
        name = ReceiptName.parse(request.name)
        asked = await self._receipts.get(name, call.viewer)
        if asked is None:
            raise ReceiptUnknown(receipt=request.name)
        related = await self._receipts.earlier(asked) if asked.reservation else [asked]
        earlier = [each for each in related if _before(each, name)]
        signing = await self._receipts.signing(asked.bank)
        numbers = [
            other.number for each in earlier if (other := ReceiptName.parse(each.name)).journal_id == name.journal_id
        ]
        first = min([name.number, *numbers])
        span = name.number - first + 1
        facts: Sequence[StoredFact] = ()
        if span <= MOST_STEPS:
            facts = await self._receipts.chain(bank_of(asked), name.journal_id, first, name.number)
        whole = len(facts) == span
        if not whole:
            own = [each for each in (*earlier, asked) if ReceiptName.parse(each.name).journal_id == name.journal_id]
            facts = sorted((await self._receipts.facts(own)).values(), key=lambda fact: fact.number)
        steps = [_step(fact, asked.reservation) for fact in facts]
        *before, last = await self._written([*earlier, asked], call.viewer)
        return pb.GetProofResponse(
            proof=receipt_pb2.Proof(
                receipt=last,
                earlier_receipts=before,
                keys=map(key_message, signing.keys),
                chain=steps if whole else [each for each in steps if each.fact],
                chain_complete=whole,
            )
        )

    async def _written(self, receipts: Sequence[StoredReceipt], viewer: Viewer) -> list[receipt_pb2.Receipt]:
        """Write receipts for a reader, in their order."""
        facts = await self._receipts.facts(receipts)
        signers: dict[str, Signers] = {}
        messages = []
        for each in receipts:
            if each.bank not in signers:
                signing = await self._receipts.signing(each.bank)
                signers[each.bank] = Signers.of(signing.audience, signing.keys)
            message = receipt_message(each, facts.get(each.name), signers[each.bank])
            audience = discrepancy_audience(BankName.parse(each.bank).party, each.carrier)
            messages.append(project(message, views_of(viewer.party, viewer.roles, audience)))
        return messages


def _before(receipt: StoredReceipt, asked: ReceiptName) -> bool:
    """Whether a receipt of the same reservation comes before the one that was asked for."""
    name = ReceiptName.parse(receipt.name)
    return name.journal_id != asked.journal_id or name.number < asked.number


def _step(fact: StoredFact, reservation: str) -> receipt_pb2.ChainStep:
    """Write a step of the chain, with the fact itself where it is about the reservation."""
    said = Fact.FromString(fact.body)
    which = said.WhichOneof("body")
    named = "" if which is None else getattr(getattr(said, which), "reservation", "")
    own = bool(reservation) and named == reservation
    return receipt_pb2.ChainStep(number=fact.number, hash=fact.hash, fact=fact.body if own else b"")
