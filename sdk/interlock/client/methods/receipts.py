"""The electronic proof of deposit, collection and recall: ``ReceiptService``."""

from __future__ import annotations

from interlock.client.call import Call, Pages
from interlock.client.core import Core
from interlock.client.method import answering, iterating
from interlock.v1 import receipt_service_pb2 as pb
from interlock.v1.receipt_pb2 import Proof, Receipt


class Receipts(Core):
    """What banks have signed."""

    @answering
    def submit_receipt(self, *receipts: str) -> Call[None]:
        """Bring home the proof of a bank that has no connection, as a courier's phone read it. Needs no key.

        Args:
            *receipts: Compact JWS, 1 to 20, in any order. Any number of times.

        Raises:
            interlock.errors.ReceiptInvalid: one is not a receipt, or no bank of this network signed it.

        >>> client.submit_receipt(receipt_text)
        """
        return Call(pb.SubmitReceiptRequest(receipts=receipts), read=lambda _answer: None)

    @answering
    def get_proof(self, name: str) -> Call[Proof]:
        """Get all that convinces somebody who trusts neither carrier nor operator; ``verify_proof`` holds it together.

        Args:
            name: ``parties/{operator}/banks/{bank}/receipts/{receipt}``.

        >>> proof = client.get_proof(receipt.name)
        >>> client.verify_proof(proof)[-1].number == proof.receipt.number
        True
        """
        return Call(pb.GetProofRequest(name=name), read=lambda answer: answer.proof)

    @iterating
    def list_receipts(
        self, bank: str = "parties/-/banks/-", *, reservation: str = "", page_size: int = 0
    ) -> Pages[Receipt]:
        """List the receipts that the caller may see, newest first.

        Args:
            bank: Of this bank; without it of every one.
            reservation: Only those of this reservation.
            page_size: So many a page, up to 500.

        >>> receipt, *older = client.list_receipts()
        >>> client.verify_receipt(receipt).evidence.value
        'SENSED'
        """
        request = pb.ListReceiptsRequest(parent=bank, reservation=reservation, page_size=page_size)
        return Pages(request, items=lambda page: page.receipts)
