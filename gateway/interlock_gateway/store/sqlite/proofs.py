"""Receipts as their viewers read them, and the facts between them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from interlock_gateway.domain.names import BankName, ReceiptName
from interlock_gateway.ports import Viewer
from interlock_gateway.store.sqlite.readers import Readers
from interlock_gateway.store.sqlite.reading import Condition, Page, get, page, viewer_values
from interlock_gateway.use_cases.aggregates import BANK_KEYS, BANKS, FACTS, RECEIPTS
from interlock_gateway.use_cases.bank_link import BankKey, Lane, StoredFact, StoredReceipt, fact_key

MOST_KEYS = 1_000
"""Keys that a bank can have had; one for each controller."""
_VISIBLE = "t.carrier = :viewer OR t.operator = :viewer OR :network"


@dataclass(frozen=True, slots=True)
class Signing:
    """By what a bank's receipts are read.

    Attributes:
        audience: The bank's ``token_audience``.
        keys: All that it has had, the oldest first.
    """

    audience: str
    keys: tuple[BankKey, ...]


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts with what belongs to them."""

    readers: Readers

    async def get(self, name: ReceiptName, viewer: Viewer) -> StoredReceipt | None:
        """Read one that the viewer may see."""
        return await self.readers.run(get, RECEIPTS, str(name), _visible(viewer))

    async def list(
        self, viewer: Viewer, *, bank: str, operator: str, reservation: str, size: int, start: int | None
    ) -> Page[StoredReceipt]:
        """Read a page, the newest first.

        Args:
            viewer: Who reads.
            bank: Only of this bank; empty: of every one.
            operator: Only of this operator's banks, by party id; empty: of everybody's.
            reservation: Only of this reservation, by id; empty: of every one.
            size: At most so many.
            start: Where the page begins.
        """
        condition = _visible(viewer)
        for column, wanted in (("bank", bank), ("operator", operator), ("reservation", reservation)):
            if wanted:
                condition &= Condition(f"t.{column} = :{column}", {column: wanted})
        return await self.readers.run(page, RECEIPTS, condition, size=size, start_row=start)

    async def earlier(self, receipt: StoredReceipt) -> Sequence[StoredReceipt]:
        """Read the other receipts of the same reservation at the same bank, oldest first."""
        condition = Condition(
            "t.bank = :bank AND t.reservation = :reservation",
            {"bank": receipt.bank, "reservation": receipt.reservation},
        )
        found = await self.readers.run(page, RECEIPTS, condition, size=MOST_KEYS, newest_first=False)
        return found.values

    async def facts(self, receipts: Collection[StoredReceipt]) -> Mapping[str, StoredFact]:
        """Read the facts of receipts, as far as the link has brought them, by the receipt's name."""
        return await self.readers.run(_facts, receipts)

    async def chain(self, bank: BankName, journal_id: str, first: int, last: int) -> Sequence[StoredFact]:
        """Read the custody facts of a journal from ``first`` to ``last``."""
        condition = Condition(
            "t.bank = :bank AND t.journal = :journal AND t.lane = :lane AND t.number BETWEEN :first AND :last",
            {"bank": str(bank), "journal": journal_id, "lane": Lane.CUSTODY.value, "first": first, "last": last},
        )
        found = await self.readers.run(page, FACTS, condition, size=last - first + 1, newest_first=False)
        return sorted(found.values, key=lambda fact: fact.number)

    async def signing(self, bank: str) -> Signing:
        """Read by what a bank's receipts are read."""
        return await self.readers.run(_signing, bank)


def _visible(viewer: Viewer) -> Condition:
    return Condition(_VISIBLE, viewer_values(viewer))


def _facts(connection: sqlite3.Connection, receipts: Collection[StoredReceipt]) -> Mapping[str, StoredFact]:
    found = {}
    for receipt in receipts:
        name = ReceiptName.parse(receipt.name)
        key = fact_key(receipt.bank, name.journal_id, Lane.CUSTODY, name.number)
        fact = get(connection, FACTS, key, Condition())
        if fact is not None:
            found[receipt.name] = fact
    return found


def _signing(connection: sqlite3.Connection, bank: str) -> Signing:
    kept = get(connection, BANKS, bank, Condition())
    keys = page(connection, BANK_KEYS, Condition("t.bank = :bank", {"bank": bank}), size=MOST_KEYS, newest_first=False)
    return Signing("" if kept is None else kept.token_audience, tuple(keys.values))
