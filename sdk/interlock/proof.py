"""A proof held together: the receipts of one reservation, their signatures, and the chain of hashes between (RCP-14).

Nothing in it is believed because a gateway says so: the keys are the reader's own, and each hash is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from interlock import chain, receipt
from interlock.flaws import Flaw, Flawed
from interlock.keys import PublicKey
from interlock.receipt import Receipt
from interlock.v1.receipt_pb2 import ChainStep, Proof


def verify(proof: Proof, *, keys: Mapping[str, PublicKey], bank: str) -> tuple[Receipt, ...]:
    """Check every signature and every hash of ``proof``.

    Args:
        proof: As ``GetProof`` gave it, or as it was kept.
        keys: The bank's keys by thumbprint, former ones included, from the directory and not from ``proof``.
        bank: Its ``token_audience``, likewise.

    Returns:
        The receipts, in the order of the proof: the one that was asked for comes last. Where ``proof.chain_complete``
        is not said, nothing is known of what lies between them.

    Raises:
        Flawed: a receipt that the bank did not sign; ``BROKEN_CHAIN`` where receipts, steps and facts do not follow
            from one another, with the number of the first that does not as its detail.
    """
    texts = [*(each.jws for each in proof.earlier_receipts), proof.receipt.jws]
    receipts = tuple(receipt.read(text, keys, bank=bank) for text in texts)
    asked = receipts[-1]
    for earlier, later in pairwise(receipts):
        # An earlier receipt of the same reservation, or one of the journal of a controller that was replaced.
        if earlier.reservation != later.reservation or not receipt.agree(earlier, later):
            raise Flawed(Flaw.BROKEN_CHAIN, str(later.number))
        if earlier.journal_id == later.journal_id and earlier.number >= later.number:
            raise Flawed(Flaw.BROKEN_CHAIN, str(later.number))
    of_journal = {each.number: each for each in receipts if each.journal_id == asked.journal_id}
    _follow(proof, of_journal)
    return receipts


def _follow(proof: Proof, receipts: Mapping[int, Receipt]) -> None:
    before: ChainStep | None = None
    missing = set(receipts)
    for step in proof.chain:
        named = receipts.get(step.number)
        missing.discard(step.number)
        if not _fits(step, before, named, complete=proof.chain_complete):
            raise Flawed(Flaw.BROKEN_CHAIN, str(step.number))
        before = step
    if proof.chain_complete and missing:
        raise Flawed(Flaw.BROKEN_CHAIN, str(min(missing)))


def _fits(step: ChainStep, before: ChainStep | None, named: Receipt | None, *, complete: bool) -> bool:
    """Say whether ``step`` follows from the one before it and agrees with the receipt of its number."""
    adjacent = before is not None and before.number + 1 == step.number
    if before is not None and (before.number >= step.number or (complete and not adjacent)):
        return False
    previous = before.hash if before is not None and adjacent else None
    if named is not None:
        if named.hash != step.hash or (previous is not None and previous != named.previous_hash):
            return False
        previous = named.previous_hash
    # A fact of somebody else's is not shown; its hash stands in the row and the next one builds on it.
    return not step.fact or previous is None or chain.follow(previous, step.fact) == step.hash
