"""Broken receipts: a journal that was changed, shortened in the middle, or signed by somebody else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from interlock import chain, receipt
from interlock.flaws import Flawed
from interlock.keys import PublicKey
from interlock_demo.auditor import journal
from interlock_demo.auditor.findings import Finding, Trouble

_PROVED: Final = frozenset({"parcel_deposited", "parcel_collected", "parcel_recalled"})
"""Facts that must have a receipt."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose receipts are believed.

    Attributes:
        audience: The bank's ``token_audience``.
        keys: Its public keys by thumbprint, former ones included.
    """

    audience: str
    keys: Mapping[str, PublicKey]


@dataclass(slots=True)
class Chain:
    """The custody lane of a journal, followed.

    Attributes:
        receipts: How many receipts it holds.
        verified: How many of them fit their fact and, where a signer is known, bear its signature.
    """

    receipts: int = 0
    verified: int = 0

    def broken(self, connection: sqlite3.Connection, signer: Signer | None = None) -> Iterator[Finding]:
        """Follow the hashes from the beginning and hold each receipt against its fact.

        Args:
            connection: The bank's journal.
            signer: Whose signature the receipts must bear; None: signatures are not looked at.

        Yields:
            One finding for each fact or receipt that does not fit. After a broken hash the walk goes on from what the
            bank wrote, so that one change is one finding.
        """
        id_ = journal.journal_id(connection)
        state = journal.lane(connection, "custody")
        if state is None:
            return
        number, previous = state.pruned, state.pruned_head or chain.start(id_)
        if state.pruned == 0:
            previous = chain.start(id_)
        for written in journal.facts(connection, "custody"):
            for missing in range(number + 1, written.number):
                yield Finding(Trouble.BROKEN_RECEIPT, id_, f"Fact {missing} is missing.")
            followed = chain.follow(previous, written.content)
            gap = written.number != number + 1
            if followed != written.hash and not gap:
                yield Finding(Trouble.BROKEN_RECEIPT, id_, f"Fact {written.number} does not follow from those before.")
            if written.receipt or written.fact.WhichOneof("body") in _PROVED:
                self.receipts += 1
                flaw = _flaw(written, signer)
                self.verified += not flaw
                if flaw:
                    yield Finding(Trouble.BROKEN_RECEIPT, id_, f"Receipt {written.number}: {flaw}.")
            number, previous = written.number, written.hash
        if (number, previous) != (state.last, state.head):
            yield Finding(Trouble.BROKEN_RECEIPT, id_, f"The chain ends at {number}, not at {state.last} as it says.")


def _flaw(written: journal.Written, signer: Signer | None) -> str:
    if not written.receipt:
        return "it was never signed"
    if signer is None:
        return ""
    try:
        said = receipt.read(written.receipt, signer.keys, bank=signer.audience)
    except Flawed as flawed:
        return str(flawed)
    return "" if (said.number, said.hash) == (written.number, written.hash) else "it is about another fact"
