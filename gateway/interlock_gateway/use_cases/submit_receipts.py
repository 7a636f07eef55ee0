"""Receipts that somebody brought home from a bank without a connection (RCP-20 to RCP-23)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from interlock import receipt as receipts
from interlock.access_token import Act as SignedAct
from interlock.flaws import Flawed
from interlock.keys import PublicKey
from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.bank_events import told_of_fact
from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.errors import ReceiptInvalid
from interlock_gateway.domain.facts import Act, DoorState, Evidence, Fact, FactKind
from interlock_gateway.domain.life.recording import await_forerunner
from interlock_gateway.domain.names import ReceiptName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import (
    BANK_KEYS,
    BANK_LINKS,
    BANKS,
    FACTS,
    JOURNALS,
    PENDING_RECEIPTS,
    RECEIPTS,
    RESERVATIONS,
)
from interlock_gateway.use_cases.bank_link import Lane, PendingReceipts, StoredReceipt, fact_key, journal_key
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import keep
from interlock_gateway.use_cases.open_link import suspend
from interlock_gateway.use_cases.taking_in import Told, take_in

_ACTS: Final = MappingProxyType(
    {
        SignedAct.DEPOSIT: (Act.DEPOSIT, FactKind.PARCEL_DEPOSITED),
        SignedAct.COLLECT: (Act.COLLECT, FactKind.PARCEL_COLLECTED),
        SignedAct.RECALL: (Act.RECALL, FactKind.PARCEL_RECALLED),
    }
)


@dataclass(frozen=True, slots=True)
class SubmitReceipt:
    """Take one receipt. Whoever bears it may; what became of it is not told.

    Attributes:
        text: As it came.
    """

    text: str
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the key that it names."""
        try:
            wanted.values.add(At(BANK_KEYS, receipts.key_id(self.text)))
        except Flawed:
            return

    def decide(self, desk: Desk) -> None:
        """Decide.

        Raises:
            ReceiptInvalid: It is none, or no bank of this network signed it.
        """
        bank, receipt = self._read(desk)
        bank_name = str(bank.name)
        name = ReceiptName(bank.name.party, bank.name.bank, f"{receipt.journal_id}-{receipt.number}")
        known = desk.get(RECEIPTS, str(name))
        fact = desk.get(FACTS, fact_key(bank_name, receipt.journal_id, Lane.CUSTODY, receipt.number))
        link = desk.get(BANK_LINKS, bank_name)
        hashes = {each.hash for each in (known, fact) if each is not None}
        if hashes - {receipt.hash} and link is not None and not link.suspended:
            suspend(desk, link)  # one number, two hashes: somebody has a second journal (RCP-12)
        if not hashes:
            self._take(desk, bank, receipt, name)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> None:
        """Never remembered: the receipt's own address says whether it is known."""
        raise NotImplementedError

    def _read(self, desk: Desk) -> tuple[Bank, receipts.Receipt]:
        try:
            kid = receipts.key_id(self.text)
            key = desk.get(BANK_KEYS, kid)
            bank = None if key is None else desk.get(BANKS, key.bank)
            if key is None or bank is None:
                raise ReceiptInvalid
            keys = {kid: PublicKey.from_jwk(json.loads(key.jwk))}
            return bank, receipts.read(self.text, keys, bank=bank.token_audience)
        except Flawed as flaw:
            raise ReceiptInvalid from flaw

    def _take(self, desk: Desk, bank: Bank, receipt: receipts.Receipt, name: ReceiptName) -> None:
        fact = _fact(receipt, name, learnt=desk.now)
        reservation = desk.get(RESERVATIONS, receipt.reservation) if receipt.reservation else None
        waiting = reservation is not None and _awaits(desk, bank, receipt, name)
        desk.put(
            RECEIPTS,
            StoredReceipt(
                name=str(name),
                bank=str(bank.name),
                carrier=None if reservation is None else reservation.carrier,
                reservation=receipt.reservation or "",
                text=self.text,
                fact=fact,
                hash=receipt.hash,
                earlier_number=receipt.earlier_number or 0,
                waiting=waiting,
                recorded_time=desk.now,
            ),
        )
        desk.tell(told_of_fact(fact, name, None if reservation is None else reservation.name))
        if reservation is not None and waiting:
            pending = desk.get(PENDING_RECEIPTS, reservation.name.reservation)
            names = () if pending is None else pending.names
            desk.put(PENDING_RECEIPTS, PendingReceipts(reservation.name.reservation, (*names, str(name))))
            keep(desk, await_forerunner(reservation, fact))
        else:
            take_in(desk, bank, Told(fact=fact, reservations=(receipt.reservation,) if receipt.reservation else ()))


def _awaits(desk: Desk, bank: Bank, receipt: receipts.Receipt, name: ReceiptName) -> bool:
    """Whether the receipt names an earlier one that is not here yet and can still come (RCP-20)."""
    if receipt.earlier_number is None:
        return False
    journal = desk.get(JOURNALS, journal_key(str(bank.name), receipt.journal_id))
    if journal is not None and journal.number(Lane.CUSTODY) >= receipt.earlier_number:
        return False
    earlier = desk.get(
        RECEIPTS, str(ReceiptName(name.party, name.bank, f"{receipt.journal_id}-{receipt.earlier_number}"))
    )
    return earlier is None or earlier.waiting


def _fact(receipt: receipts.Receipt, name: ReceiptName, *, learnt: datetime) -> Fact:
    act, kind = _ACTS[receipt.act]
    return Fact(
        kind=kind,
        time=datetime.fromtimestamp(receipt.recorded_unix_s, UTC),
        learnt_time=learnt,
        uncertainty=timedelta(seconds=receipt.clock_uncertainty_s),
        evidence=Evidence(receipt.evidence.value),
        door=DoorState(receipt.door.value),
        compartment=receipt.compartment,
        parcels=receipt.parcels,
        act=act,
        size_class=SizeClass[receipt.size_class],
        receipt=name,
    )
