"""Keeping what followed for a reservation: the record, its claim on capacity, its PIN, what is told and to whom.

Every use case that changes a reservation ends here, commands and facts alike, so that none of these can be forgotten
or come apart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.bank_events import told_of_discrepancy
from interlock_gateway.domain.calendar import Calendar
from interlock_gateway.domain.claims import commitment_of
from interlock_gateway.domain.discrepancy import Discrepancy, Finding, found
from interlock_gateway.domain.errors import BankUnknown, EtagMismatch, ReservationUnknown
from interlock_gateway.domain.events import ReservationEventKind
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.ids import ID_BYTES, random_id
from interlock_gateway.domain.life.outcome import Outcome, changed
from interlock_gateway.domain.names import BankName, DiscrepancyName, ReservationName
from interlock_gateway.domain.reservation import HandOver, Reservation
from interlock_gateway.use_cases.aggregates import BANKS, COLLECTOR_GROUPS, DISCREPANCIES, RESERVATIONS
from interlock_gateway.use_cases.book import Book
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.groups import key as group_key


def reservation_named(desk: Desk, name: ReservationName, *, etag: str = "") -> Reservation:
    """Read a reservation by its name.

    Args:
        desk: The proposal's.
        name: Its party is the caller, or the caller is the gateway itself.
        etag: What the caller last saw; empty: whatever it is now.

    Raises:
        ReservationUnknown: There is none of this name.
        EtagMismatch: It has changed since.
    """
    reservation = desk.get(RESERVATIONS, name.reservation)
    if reservation is None or reservation.name != name:
        raise ReservationUnknown(reservation=str(name))
    if etag and etag != reservation.etag:
        raise EtagMismatch(resource=str(name), etag=reservation.etag)
    return reservation


def bank_named(desk: Desk, name: BankName) -> Bank:
    """Read a bank by its name.

    Raises:
        BankUnknown: There is none of this name.
    """
    bank = desk.get(BANKS, str(name))
    if bank is None:
        raise BankUnknown(bank=str(name))
    return bank


def calendar_of(bank: Bank) -> Calendar:
    """The calendar of a bank, in its own zone."""
    return bank.calendar(ZoneInfo(bank.time_zone))


def keep(desk: Desk, outcome: Outcome) -> Book:
    """Keep what followed for a reservation.

    Returns:
        The book of its bank, in which the change is counted.
    """
    reservation = outcome.reservation
    book = desk.book(str(reservation.bank))
    desk.put(RESERVATIONS, reservation)
    commitment = commitment_of(reservation)
    if commitment is None:
        book.release(reservation.name.reservation)
    else:
        book.put(commitment)
    if reservation.hand_over is HandOver.AT_BANK:
        book.tell_bank(reservation.name.reservation)
    for event in outcome.events:
        desk.tell(event)
    for finding in outcome.findings:
        raise_discrepancy(desk, reservation.bank, finding)
    _free_pin(desk, book, reservation)
    return book


def raise_discrepancy(desk: Desk, bank: BankName, finding: Finding, *, raised_by: str = "") -> Discrepancy:
    """Keep a finding under a name of its own, at the bank where the fact was."""
    name = DiscrepancyName(bank.party, bank.bank, random_id(desk.entropy.token_bytes(ID_BYTES)))
    discrepancy = found(finding, name=name, now=desk.now, raised_by=raised_by)
    desk.put(DISCREPANCIES, discrepancy)
    desk.tell(told_of_discrepancy(discrepancy, now=desk.now))
    return discrepancy


def amended(before: Reservation, outcome: Outcome, reservation: Reservation, *, now: datetime) -> Outcome:
    """Let more of the reservation change than the command alone would, told as one change.

    Args:
        before: As it was before the command.
        outcome: Of the command.
        reservation: What it left, with more changed.
        now: The instant of the decision.
    """
    if not outcome.events:
        return changed(before, reservation, ReservationEventKind.ACCESS_CHANGED, now=now)
    events = tuple(replace(event, reservation=reservation) for event in outcome.events)
    return Outcome(reservation, events, outcome.findings)


def _free_pin(desk: Desk, book: Book, reservation: Reservation) -> None:
    """Free the PIN once no right that it stands for can open anything at the bank any more (RES-32)."""
    if not _collect_ended(reservation):
        return
    if reservation.group is not None:
        group = desk.get(COLLECTOR_GROUPS, group_key(reservation.carrier, str(reservation.bank), reservation.group))
        if not all(map(_collect_ended, desk.get_all(RESERVATIONS, group.members if group is not None else ()))):
            return
    book.free_pins(reservation.pin_subject.hex())


def _collect_ended(reservation: Reservation) -> bool:
    """Whether the bank has acknowledged that the right to collect opens nothing any more."""
    right = reservation.right(Act.COLLECT)
    return right is not None and right.ended_at_bank
