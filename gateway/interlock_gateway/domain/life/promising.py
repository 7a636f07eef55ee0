"""The beginning: a reservation is made, asked for, held or confirmed at once (RES-1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from interlock_gateway.domain.capacity.kinds import Kind, Need
from interlock_gateway.domain.events import ReservationEventKind, told
from interlock_gateway.domain.life.outcome import Outcome
from interlock_gateway.domain.names import BankName, ReservationName
from interlock_gateway.domain.parcel import Parcel, ParcelState
from interlock_gateway.domain.reservation import (
    NO_NEEDS,
    CollectorNeeds,
    HandOver,
    NotifiedBy,
    Reservation,
    State,
)
from interlock_gateway.domain.terms import CollectFor, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the carrier asks for, every default filled in and every limit checked.

    Attributes:
        bank: At which bank.
        host: Party id of its host, or ``None``.
        window: From ``windows.deposit_window``.
        collect_for: From ``windows.collect_for``.
        recall_time: The bank's term.
        commitment_end: From ``windows.commitment_end``.
        need: What the parcels ask of a compartment, the collector's need for reach included.
        parcels: In the order in which they were named; their numbers are set here.
        collector: What the collector needs of the bank.
        group: The carrier's word for the collector group, or ``None``.
        hand_over: How the parcels come in.
        notified_by: Who writes to the collector.
    """

    bank: BankName
    host: str | None = None
    window: Window
    collect_for: CollectFor
    recall_time: timedelta
    commitment_end: datetime
    need: Need
    parcels: tuple[Parcel, ...]
    collector: CollectorNeeds = NO_NEEDS
    group: str | None = None
    hand_over: HandOver = HandOver.AT_BANK
    notified_by: NotifiedBy = NotifiedBy.CARRIER


@dataclass(frozen=True, slots=True)
class Pin:
    """Where the collector's PIN comes from; never the PIN itself.

    Attributes:
        subject: 16 random bytes, or those of the collector group.
        number: The ``n`` that was found free (``pins.first_free``).
    """

    subject: bytes
    number: int


def promise(
    terms: Terms,
    *,
    name: ReservationName,
    kind: Kind | None,
    pin: Pin,
    now: datetime,
    hold_end: datetime | None = None,
    answered: bool = True,
) -> Outcome:
    """Make a reservation into which the planner has admitted these terms.

    Args:
        terms: What is promised.
        name: Its name, new in the network.
        kind: Kind of compartment that the planner chose; ``None`` in a carried network.
        pin: Where the collector's PIN comes from.
        now: Instant of the decision.
        hold_end: Hold only, until then; ``None`` confirms at once.
        answered: ``False`` while a carried network has not answered: the reservation is REQUESTED.
    """
    state = State.REQUESTED
    if answered:
        state = State.CONFIRMED if hold_end is None else State.HELD
    reservation = Reservation(
        name=name,
        bank=terms.bank,
        host=terms.host,
        state=state,
        revision=1,
        create_time=now,
        update_time=now,
        window=terms.window,
        collect_for=terms.collect_for,
        recall_time=terms.recall_time,
        commitment_end=terms.commitment_end,
        hold_end=hold_end,
        need=terms.need,
        kind=kind,
        parcels=tuple(
            replace(parcel, number=number, state=ParcelState.EXPECTED)
            for number, parcel in enumerate(terms.parcels, start=1)
        ),
        collector=terms.collector,
        group=terms.group,
        pin_subject=pin.subject,
        pin_number=pin.number,
        hand_over=terms.hand_over,
        notified_by=terms.notified_by,
    )
    return Outcome(reservation, (told(reservation, ReservationEventKind(state), time=now, recorded_time=now),))
