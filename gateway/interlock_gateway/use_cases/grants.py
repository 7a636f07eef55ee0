"""Giving the rights and the PIN that a promise comes with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from interlock_gateway.domain.events import ReservationEventKind
from interlock_gateway.domain.facts import Act
from interlock_gateway.domain.ids import GROUP_BYTES, JTI_BYTES, PIN_SUBJECT_BYTES, group_id, jti
from interlock_gateway.domain.life.outcome import changed
from interlock_gateway.domain.names import ReservationName
from interlock_gateway.domain.pins import first_free
from interlock_gateway.domain.reservation import Reservation, Right
from interlock_gateway.domain.rights import Seeds, first_rights, give
from interlock_gateway.domain.terms import Window
from interlock_gateway.use_cases.aggregates import COLLECTOR_GROUPS, RESERVATIONS
from interlock_gateway.use_cases.book import Book
from interlock_gateway.use_cases.desk import Desk
from interlock_gateway.use_cases.groups import CollectorGroup
from interlock_gateway.use_cases.groups import key as group_key
from interlock_gateway.use_cases.keeping import keep
from interlock_gateway.use_cases.network import Network


def seeds(desk: Desk, book: Book) -> Seeds:
    """Draw what a new token needs."""
    return Seeds(jti(desk.entropy.token_bytes(JTI_BYTES)), book.status_index())


def first_rights_at(desk: Desk, book: Book, window: Window, commitment_end: datetime) -> tuple[Right, Right]:
    """Give the rights that a promise at the bank of ``book`` comes with."""
    deposit, collect = seeds(desk, book), seeds(desk, book)
    return first_rights(window, commitment_end, deposit=deposit, collect=collect, now=desk.now)


class PinChosen(NamedTuple):
    """From what a PIN derives; see ``domain.pins``."""

    subject: bytes
    number: int


def choose_pin(desk: Desk, book: Book, network: Network, name: ReservationName, group: str | None) -> PinChosen:
    """Choose a PIN for a new promise: that of its group, or the first that nobody at the bank has (RES-31, RES-32).

    Args:
        desk: The proposal's.
        book: Of the bank.
        network: Whose key derives it.
        name: Of the reservation.
        group: Its collector group, or ``None``.
    """
    if group is None:
        return take_pin(book, network, desk.entropy.token_bytes(PIN_SUBJECT_BYTES))
    key = group_key(name.party, book.bank, group)
    made = desk.get(COLLECTOR_GROUPS, key)
    if made is None:
        uid = group_id(desk.entropy.token_bytes(GROUP_BYTES))
        made = CollectorGroup(key, uid, *take_pin(book, network, desk.entropy.token_bytes(PIN_SUBJECT_BYTES)))
    desk.put(COLLECTOR_GROUPS, replace(made, members=(*made.members, name.reservation)))
    return PinChosen(made.pin_subject, made.pin_number)


def take_pin(book: Book, network: Network, subject: bytes, *, start: int = 0) -> PinChosen:
    """Make the first PIN of ``subject`` from number ``start`` on live that is free at the bank."""
    tag = 0

    def taken(pin: str) -> bool:
        nonlocal tag
        tag = network.pin_tag(pin)
        return book.holder(tag) is not None

    chosen = first_free(network.pin_key, subject, taken=taken, start=start)
    book.take_pin(tag, subject.hex())
    return PinChosen(subject, chosen.number)


def give_right(
    desk: Desk, book: Book, reservation: Reservation, act: Act, *, anew: bool = False
) -> tuple[Reservation, Right]:
    """Give a right, or the one given before; see ``rights.give``."""
    drawn = Seeds(jti(desk.entropy.token_bytes(JTI_BYTES)), book.next_status_index)
    after, right = give(reservation, act, seeds=drawn, now=desk.now, anew=anew)
    if right.jti == drawn.jti:
        book.status_index()
    return after, right


def with_another_pin(desk: Desk, book: Book, network: Network, reservation: Reservation) -> Reservation:
    """Give the collector another PIN; the members of a group go on sharing one.

    The former PIN stays taken until the bank has acknowledged the end of the right: until then it may still work.
    """
    group = group_of(desk, reservation)
    if group is None:
        pin = take_pin(book, network, reservation.pin_subject, start=reservation.pin_number + 1)
        return replace(reservation, pin_number=pin.number)
    pin = take_pin(book, network, group.pin_subject, start=group.pin_number + 1)
    desk.put(COLLECTOR_GROUPS, replace(group, pin_number=pin.number))
    for member in desk.get_all(RESERVATIONS, group.members):
        if member.name != reservation.name:
            after = replace(member, pin_number=pin.number)
            keep(desk, changed(member, after, ReservationEventKind.ACCESS_CHANGED, now=desk.now))
    return replace(reservation, pin_number=pin.number)


def group_of(desk: Desk, reservation: Reservation) -> CollectorGroup | None:
    """Read the group of a reservation; ``None`` where it has none, or is the first of it."""
    if reservation.group is None:
        return None
    return desk.get(COLLECTOR_GROUPS, group_key(reservation.carrier, str(reservation.bank), reservation.group))
