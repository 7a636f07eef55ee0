"""Making banks known and describing them anew (BNK-1, BNK-3, BNK-17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from interlock_gateway.domain.bank import Bank, BankState, BookableByMode
from interlock_gateway.domain.bank_events import BankEvent, BankEventKind, told_of_bank
from interlock_gateway.domain.bank_life import changed
from interlock_gateway.domain.errors import (
    BankExists,
    BankUnknown,
    BankWrongState,
    EtagMismatch,
    InvalidField,
    PartyUnknown,
)
from interlock_gateway.domain.ids import AUDIENCE_BYTES, token_audience
from interlock_gateway.domain.names import BankName, PartyName
from interlock_gateway.ports import At, Request, Wanted
from interlock_gateway.use_cases.aggregates import BANK_LINKS, BANKS, PARTIES
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.keeping import bank_named


def bank_seen(desk: Desk, name: BankName, etag: str) -> Bank:
    """Read a bank as its caller last saw it.

    Raises:
        BankUnknown: There is none of this name.
        EtagMismatch: It has changed since; an empty ``etag`` is whatever it is now.
    """
    bank = bank_named(desk, name)
    if etag and etag != bank.etag:
        raise EtagMismatch(resource=str(name), etag=bank.etag)
    return bank


def keep_bank(desk: Desk, bank: Bank, kind: BankEventKind, *, carriers: tuple[str, ...] = ()) -> Bank:
    """Keep a bank that has changed, tell of it, and have it remembered as the answer."""
    desk.put(BANKS, bank)
    desk.tell(told_of_bank(bank, kind, now=desk.now, carriers=carriers))
    desk.remember({"name": str(bank.name), "revision": bank.revision})
    return bank


def bank_before(desk: Desk, answer: Mapping[str, Any]) -> Bank:
    """Give the bank as it was told of when the request was first decided."""
    event = desk.told(answer["name"], answer["revision"])
    if not isinstance(event, BankEvent):
        message = f"{answer['name']} is no bank"
        raise TypeError(message)
    return event.bank


def check_parties(desk: Desk, bank: Bank) -> None:
    """Check that the parties that a bank names exist.

    Raises:
        PartyUnknown: Its host, its vendor, or a carrier that may book it.
    """
    listed = bank.bookable_by.parties if bank.bookable_by.mode is BookableByMode.LIST else frozenset()
    named = sorted({*listed, *(each for each in (bank.host, bank.vendor) if each is not None)})
    known = {party.name.party for party in desk.get_all(PARTIES, named)}
    for each in named:
        if each not in known:
            raise PartyUnknown(party=str(PartyName(each)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBank:
    """A proposal on one bank, answered with the bank.

    Attributes:
        name: Which.
        etag: What the caller last saw; empty: whatever it is now.
        carriers: Party ids of the carriers that have, or have had, a reservation there; they are told.
        request: Under what the outcome is remembered.
    """

    name: BankName
    etag: str = ""
    carriers: tuple[str, ...] = ()
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask for the bank and its book."""
        wanted.values.add(At(BANKS, str(self.name)))
        wanted.books.add(str(self.name))

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Bank:
        """Give the bank as it was then."""
        return bank_before(desk, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateBank:
    """Make a bank known; it is planned, bookable as described, and has no compartment yet.

    Attributes:
        bank: As its operator describes it; audience, times and life are set here.
        request: Under what the outcome is remembered.
    """

    bank: Bank
    request: Request | None = None

    def needs(self, wanted: Wanted) -> None:
        """Ask whether there is such a bank."""
        wanted.values.add(At(BANKS, str(self.bank.name)))

    def decide(self, desk: Desk) -> Bank:
        """Decide.

        Raises:
            BankExists: The id is taken, now or in the past.
            PartyUnknown: As ``check_parties`` says.
            BankUnknown: The bank that it replaces is none of this operator.
        """
        described = self.bank
        if desk.get(BANKS, str(described.name)) is not None:
            raise BankExists(bank=str(described.name))
        check_parties(desk, described)
        replaced = described.replaces
        if replaced is not None and (replaced.party != described.operator or desk.get(BANKS, str(replaced)) is None):
            raise BankUnknown(bank=str(replaced))
        bank = replace(
            described,
            token_audience=token_audience(desk.entropy.token_bytes(AUDIENCE_BYTES)),
            state=BankState.PLANNED,
            create_time=desk.now,
            update_time=desk.now,
        )
        return keep_bank(desk, bank, BankEventKind.CREATED)

    def replay(self, desk: Desk, answer: Mapping[str, Any]) -> Bank:
        """Give the bank as it was then."""
        return bank_before(desk, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateBank(OnBank):
    """Describe a bank anew, in part. Promises already made keep the terms under which they were made.

    Attributes:
        amend: Gives the bank with the named fields changed; pure, and may be asked again.
    """

    amend: Callable[[Bank], Bank]

    def decide(self, desk: Desk) -> Bank:
        """Decide.

        Raises:
            BankUnknown: There is none of this name.
            EtagMismatch: It has changed since.
            BankWrongState: It is closed.
            InvalidField: What the bank itself says can no longer be said for it, or was set once.
            PartyUnknown: As ``check_parties`` says.
        """
        before = bank_seen(desk, self.name, self.etag)
        if before.state is BankState.CLOSED:
            raise BankWrongState(bank=str(before.name), state=before.state)
        after = self.amend(before)
        link = desk.get(BANK_LINKS, str(self.name))
        if after.inputs != before.inputs and link is not None and link.kid is not None:
            raise InvalidField(field="update_mask", rule="inputs are the bank's own to say once it has enrolled.")
        check_parties(desk, after)
        desk.book(str(self.name)).tell_bank("")
        # Who may no longer book it is told too that it has changed, or a directory would show it for ever.
        left = before.bookable_by.parties - after.bookable_by.parties
        bank = changed(after, now=desk.now)
        return keep_bank(desk, bank, BankEventKind.UPDATED, carriers=tuple(sorted({*self.carriers, *left})))
