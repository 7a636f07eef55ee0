"""A link opens, is heard, and closes: who holds the bank's one link is decided here (LNK-10 to LNK-16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from interlock import chain
from interlock_gateway.domain.bank_events import BankEventKind, told_of_bank
from interlock_gateway.domain.bank_life import noted
from interlock_gateway.domain.discrepancy import DiscrepancyKind, Finding
from interlock_gateway.domain.errors import BankUnknown, LinkSuperseded
from interlock_gateway.domain.names import BankName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANK_LINKS, BANKS, JOURNALS
from interlock_gateway.use_cases.bank_link import BankLink, Journal, Lane, journal_key
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import raise_discrepancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a bank says that it stands.

    Attributes:
        journal_id: Its journal.
        number: Number of its last custody fact.
        hash: The chain hash after it.
        epoch: Highest link epoch that it has seen.
        firmware: As the vendor names it.
    """

    journal_id: str
    number: int
    hash: bytes
    epoch: int
    firmware: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An accepted link.

    Attributes:
        link: As it is kept now.
        journal: How far its journal is known.
    """

    link: BankLink
    journal: Journal


def continues(link: BankLink, journal: Journal | None, said: Standing) -> bool:
    """Say whether a bank that stands there can be the one that is known (LNK-14).

    A bank that is ahead may be right: what it says of its last number is held against the facts once they are here.
    """
    if link.journal_id is None:
        return True
    if link.journal_id != said.journal_id or journal is None:
        return False
    known = journal.number(Lane.CUSTODY)
    return said.number > known or (said.number == known and said.hash == journal.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLink:
    """Give a bank that has proved its key a new epoch; the link before it ends.

    Attributes:
        bank: The bank's name.
        kid: Of the key that it proved.
        said: Where it stands.
    """

    bank: str
    kid: str
    said: Standing
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank, its link and its journal."""
        wanted.values.update({At(BANKS, self.bank), At(BANK_LINKS, self.bank)})
        wanted.values.add(At(JOURNALS, journal_key(self.bank, self.said.journal_id)))

    def decide(self, desk: Desk) -> Opened:
        """Decide.

        Raises:
            BankUnknown: There is none, or another key has taken its place meanwhile.
        """
        link, bank = desk.get(BANK_LINKS, self.bank), desk.get(BANKS, self.bank)
        if link is None or bank is None or link.kid != self.kid:
            raise BankUnknown(bank=self.bank)
        key = journal_key(self.bank, self.said.journal_id)
        journal = desk.get(JOURNALS, key)
        forked = not link.suspended and not continues(link, journal, self.said)
        if journal is None:
            journal = Journal(key=key, hash=chain.start(self.said.journal_id))
            desk.put(JOURNALS, journal)
        link = replace(
            link,
            # Above what the bank has seen too: it may have spoken to a gateway that was restored since.
            epoch=max(link.epoch, self.said.epoch) + 1,
            journal_id=link.journal_id or self.said.journal_id,
            claimed_number=self.said.number,
            claimed_hash=self.said.hash,
            last_heard_time=desk.now,
            firmware=self.said.firmware,
        )
        after = noted(bank)
        desk.put(BANKS, after)
        desk.tell(told_of_bank(after, BankEventKind.CONNECTED, now=desk.now))
        desk.put(BANK_LINKS, link)
        if forked:
            link = suspend(desk, link)
        return Opened(link, journal)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Opened:
        """Never remembered."""
        raise NotImplementedError


def suspend(desk: Desk, link: BankLink) -> BankLink:
    """Trust a bank's identity no more, until its operator has it enrolled anew (LNK-15)."""
    link = replace(link, suspended=True)
    desk.put(BANK_LINKS, link)
    name = BankName.parse(link.bank)
    raise_discrepancy(desk, name, Finding(kind=DiscrepancyKind.JOURNAL_FORKED, reservation=None, time=desk.now))
    bank = desk.get(BANKS, link.bank)
    if bank is not None:
        after = noted(bank)
        desk.put(BANKS, after)
        desk.tell(told_of_bank(after, BankEventKind.SUSPENDED, now=desk.now))
    return link


def held_link(desk: Desk, bank: str, epoch: int) -> BankLink:
    """Read a bank's link for whoever believes to hold it.

    Raises:
        LinkSuperseded: Another has it now (LNK-13).
    """
    link = desk.get(BANK_LINKS, bank)
    if link is None or link.epoch != epoch:
        raise LinkSuperseded(bank=bank)
    return link


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardOf:
    """The bank is heard under this link; its end is told too, with ``closed``.

    Attributes:
        bank: The bank's name.
        epoch: Of the link.
        closed: The link has ended.
    """

    bank: str
    epoch: int
    closed: bool = False
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank and its link."""
        wanted.values.update({At(BANKS, self.bank), At(BANK_LINKS, self.bank)})

    def decide(self, desk: Desk) -> None:
        """Decide.

        Raises:
            LinkSuperseded: Another link of the bank is the latest.
        """
        link = held_link(desk, self.bank, self.epoch)
        desk.put(BANK_LINKS, replace(link, last_heard_time=desk.now))
        bank = desk.get(BANKS, self.bank)
        if self.closed and bank is not None:
            after = noted(bank)
            desk.put(BANKS, after)
            desk.tell(told_of_bank(after, BankEventKind.DISCONNECTED, now=desk.now))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> None:
        """Never remembered."""
        raise NotImplementedError
