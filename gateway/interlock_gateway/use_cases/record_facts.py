"""Facts from a bank's link: in order, each once, committed before they are acknowledged (LNK-20 to LNK-27)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from interlock import chain
from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.bank_events import told_of_fact
from interlock_gateway.domain.discrepancy import DiscrepancyKind, Finding
from interlock_gateway.domain.errors import BankUnknown, InvalidField
from interlock_gateway.domain.names import BankName, ReceiptName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANK_LINKS, BANKS, FACTS, JOURNALS, RECEIPTS, RESERVATIONS
from interlock_gateway.use_cases.bank_link import (
    BankLink,
    FactStatus,
    Journal,
    Lane,
    StoredFact,
    StoredReceipt,
    fact_key,
    journal_key,
)
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import raise_discrepancy
from interlock_gateway.use_cases.open_link import held_link, suspend
from interlock_gateway.use_cases.taking_in import Told, take_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A receipt whose signature is good.

    Attributes:
        text: The compact JWS.
        previous_hash: The chain hash before its fact.
        hash: The chain hash after it.
        earlier_number: Number of the reservation's earlier receipt; 0 for none.
    """

    text: str
    previous_hash: bytes
    hash: bytes
    earlier_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A fact as it came.

    Attributes:
        number: Its number in the lane.
        body: The serialized fact.
        told: What it says; ``None`` for a kind that is not known here.
        proof: Its receipt.
        proof_flawed: It came with a receipt that proves nothing.
        gap_first: For a gap: the first number that was dropped; it stands at the last. 0 otherwise.
    """

    number: int
    body: bytes
    told: Told | None
    proof: Proof | None = None
    proof_flawed: bool = False
    gap_first: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """How far the facts of a lane are committed.

    Attributes:
        number: The last number; all before it are too.
        suspended: The bank's identity is trusted no more.
    """

    number: int
    suspended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """Take in facts of one lane.

    Attributes:
        bank: The bank's name.
        journal_id: Its journal.
        epoch: Of the link.
        lane: Which.
        facts: In order of number.
    """

    bank: str
    journal_id: str
    epoch: int
    lane: Lane
    facts: tuple[Reported, ...]
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the link, the journal, and what the facts name."""
        wanted.values.update({At(BANKS, self.bank), At(BANK_LINKS, self.bank)})
        wanted.values.add(At(JOURNALS, journal_key(self.bank, self.journal_id)))
        if self.lane is Lane.CUSTODY:
            wanted.books.add(self.bank)
        for reported in self.facts:
            if reported.told is not None:
                wanted.values.update(At(RESERVATIONS, each) for each in reported.told.reservations)
            if reported.proof is not None:
                wanted.values.add(At(RECEIPTS, str(self._name(reported.number))))

    def decide(self, desk: Desk) -> Taken:
        """Decide.

        Raises:
            LinkSuperseded: Another link of the bank is the latest.
            InvalidField: A number is left out.
            BankUnknown: There is none of this name.
        """
        link = held_link(desk, self.bank, self.epoch)
        bank = desk.get(BANKS, self.bank)
        key = journal_key(self.bank, self.journal_id)
        journal = desk.get(JOURNALS, key)
        if bank is None or journal is None:
            raise BankUnknown(bank=self.bank)
        for reported in self.facts:
            if reported.number <= journal.number(self.lane):
                link = self._again(desk, link, reported)
                continue
            journal = self._following(journal, reported)
            link = self._judged(desk, link, journal, reported)
            self._store(desk, bank, link, journal, reported)
        desk.put(JOURNALS, journal)
        desk.put(BANK_LINKS, replace(link, last_heard_time=desk.now))
        return Taken(journal.number(self.lane), link.suspended)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Taken:
        """Never remembered: a fact's address says whether it is known."""
        raise NotImplementedError

    def _name(self, number: int) -> ReceiptName:
        bank = BankName.parse(self.bank)
        return ReceiptName(bank.party, bank.bank, f"{self.journal_id}-{number}")

    def _key(self, number: int) -> str:
        return fact_key(self.bank, self.journal_id, self.lane, number)

    def _again(self, desk: Desk, link: BankLink, reported: Reported) -> BankLink:
        """Look at a fact whose number is known: the same one is nothing new, another one is a fork (RCP-12)."""
        before = desk.get(FACTS, self._key(reported.number))
        if before is None or before.body == reported.body or self.lane is not Lane.CUSTODY:
            return link
        key = f"{before.key}|{hashlib.sha256(reported.body).hexdigest()[:16]}"
        if desk.get(FACTS, key) is None:
            desk.put(
                FACTS, replace(before, key=key, body=reported.body, hash=b"", receipt="", status=FactStatus.FORKED)
            )
        return link if link.suspended else suspend(desk, link)

    def _following(self, journal: Journal, reported: Reported) -> Journal:
        """Step to the next number.

        Raises:
            InvalidField: It is not the next one.
        """
        expected = journal.number(self.lane) + 1
        gap = self.lane is not Lane.CUSTODY and reported.gap_first == expected <= reported.number
        if reported.number != expected and not gap:
            raise InvalidField(field="facts", rule=f"number {expected} comes next, not {reported.number}")
        after = replace(journal, numbers={**journal.numbers, self.lane: reported.number})
        if self.lane is Lane.CUSTODY:
            after = replace(after, hash=chain.follow(journal.hash, reported.body))
        return after

    def _judged(self, desk: Desk, link: BankLink, journal: Journal, reported: Reported) -> BankLink:
        """Hold the chain against what the bank said of it: in its Hello, and in the receipt."""
        if self.lane is not Lane.CUSTODY or link.suspended:
            return link
        claimed = reported.number != link.claimed_number or link.claimed_hash == journal.hash
        proved = reported.proof is None or reported.proof.hash == journal.hash
        return link if claimed and proved else suspend(desk, link)

    def _store(self, desk: Desk, bank: Bank, link: BankLink, journal: Journal, reported: Reported) -> None:
        status = FactStatus.RECORDED if reported.told is not None else FactStatus.UNKNOWN
        desk.put(
            FACTS,
            StoredFact(
                key=self._key(reported.number),
                bank=self.bank,
                journal_id=self.journal_id,
                lane=self.lane,
                number=reported.number,
                body=reported.body,
                hash=journal.hash if self.lane is Lane.CUSTODY else b"",
                receipt="" if reported.proof is None else reported.proof.text,
                status=FactStatus.FORKED if link.suspended else status,
                recorded_time=desk.now,
            ),
        )
        if link.suspended:
            return
        if reported.told is None or reported.proof_flawed:
            kind = DiscrepancyKind.UNKNOWN_FACT if reported.told is None else DiscrepancyKind.UNEXPECTED_FACT
            raise_discrepancy(desk, bank.name, Finding(kind=kind, reservation=None, time=desk.now))
        if self.lane is Lane.CUSTODY and reported.told is not None:
            self._take_in(desk, bank, reported, reported.told)

    def _take_in(self, desk: Desk, bank: Bank, reported: Reported, told: Told) -> None:
        """Record a custody fact, unless its receipt was brought home before."""
        name = self._name(reported.number)
        fact = replace(told.fact, learnt_time=desk.now, receipt=name if reported.proof else None)
        told = replace(told, fact=fact)
        before = desk.get(RECEIPTS, str(name)) if reported.proof is not None else None
        reservation = desk.get(RESERVATIONS, told.reservations[0]) if told.reservations else None
        if before is None:
            desk.tell(told_of_fact(fact, name, None if reservation is None else reservation.name))
        elif not before.waiting:
            return
        if reported.proof is not None:
            desk.put(
                RECEIPTS,
                StoredReceipt(
                    name=str(name),
                    bank=self.bank,
                    carrier=None if reservation is None else reservation.carrier,
                    reservation=told.reservations[0] if told.reservations else "",
                    text=reported.proof.text,
                    fact=fact,
                    hash=reported.proof.hash,
                    earlier_number=reported.proof.earlier_number,
                    waiting=False,
                    recorded_time=desk.now if before is None else before.recorded_time,
                ),
            )
        take_in(desk, bank, told)
