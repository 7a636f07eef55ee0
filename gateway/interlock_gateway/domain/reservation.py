"""A reservation: the promise of one compartment at a bank, for a window, for the parcels of one collector.

This is the whole record except the people: whoever collects and whoever sends lie encrypted in a row of their own,
under a key of their own, and nothing in the domain ever sees them (PTY-12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import auto
from typing import Final

from interlock_gateway.domain.capacity.kinds import Kind, Need
from interlock_gateway.domain.facts import Act, Evidence, RefusalReason
from interlock_gateway.domain.names import BankName, ReceiptName, ReservationName
from interlock_gateway.domain.parcel import Parcel
from interlock_gateway.domain.terms import CollectFor, Window
from interlock_gateway.domain.words import Word


class State(Word):
    """The life of a reservation (RES-1). Names as in ``interlock.v1.ReservationState``."""

    REQUESTED = auto()
    HELD = auto()
    CONFIRMED = auto()
    DEPOSITED = auto()
    OVERDUE = auto()
    COLLECTED = auto()
    RECALLED = auto()
    EXPIRED = auto()
    CANCELLED = auto()
    REJECTED = auto()
    BROKEN = auto()
    LOST = auto()


INSIDE = frozenset({State.DEPOSITED, State.OVERDUE})
"""A parcel is in the bank."""
GONE = frozenset({State.COLLECTED, State.RECALLED})
"""All parcels that came are out again."""
ENDED_UNUSED = frozenset({State.EXPIRED, State.CANCELLED, State.REJECTED, State.BROKEN, State.LOST})
"""Nothing is promised and nothing is believed inside; a parcel may turn up all the same (RES-9)."""


class BrokenReason(Word):
    """Why a promise was not kept. Names as in ``interlock.v1.BrokenReason``."""

    CAPACITY_LOST = auto()
    BANK_WRITTEN_OFF = auto()
    NETWORK_WITHDREW = auto()


class HandOver(Word):
    """How a parcel comes into the bank. Names as in ``interlock.v1.HandOver``."""

    AT_BANK = auto()
    INTO_NETWORK = auto()


class NotifiedBy(Word):
    """Who writes to the collector. Names as in ``interlock.v1.NotifiedBy``."""

    CARRIER = auto()
    NETWORK = auto()


@dataclass(frozen=True, slots=True)
class CollectorNeeds:
    """What the collector needs of the bank; says nothing of who it is.

    Attributes:
        pin_only: Has no phone that shows a code.
        accessible_reach: Needs a compartment within accessible reach.
    """

    pin_only: bool = False
    accessible_reach: bool = False


NO_NEEDS: Final = CollectorNeeds()
"""Whoever scans, types and reaches like most people."""


class RightStatus(Word):
    """How the gateway regards a right; what the bank does is known from its facts alone."""

    LIVE = auto()
    SUSPENDED = auto()
    REVOKED = auto()
    SPENT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Leave to do one act on this reservation; token, PIN and re-issued token are forms of it (RES-26).

    Attributes:
        act: What it allows.
        series: Raised by replacing alone; retires lower ones.
        jti: Identifier of its token, 16 characters base64url.
        status_index: Its place in the network's status list.
        issue_time: When this series was given.
        expire_time: The ``exp`` of its token.
        status: How the gateway regards it.
        ended_at_bank: The bank has acknowledged its end, so it can open nothing any more.
    """

    act: Act
    series: int
    jti: str
    status_index: int
    issue_time: datetime
    expire_time: datetime
    status: RightStatus = RightStatus.LIVE
    ended_at_bank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """The record of one promise and of what became of it.

    Attributes:
        name: Its name; the id in it is unique in the network.
        bank: The bank; its party is the operator.
        host: Party id of the bank's host, who sees a little of this; or ``None``.
        state: Where it stands.
        revision: Its own count of changes, from 1; the ``sequence`` of its events.
        create_time: When it was made.
        update_time: When it last changed.
        window: When the depositor may come.
        collect_for: How long the parcels may wait.
        recall_time: How long capacity is kept for a recall after that; the operator's term at creation.
        commitment_end: Until when capacity is kept; it begins with ``window.start``.
        hold_end: While held: when the hold may lapse.
        deposit_time: When the first parcel went in.
        collect_end: Until when the collector is expected; set at the deposit.
        removal_time: When the last parcel went out.
        need: What the parcels ask of a compartment.
        kind: Kind of compartment into which it is planned; ``None`` only in a carried network.
        moving_to: The kind to which it is being moved while the bank has not acknowledged (CAP-7).
        compartment: Label of the compartment, once a parcel is or was in it.
        parcels: 1 to 8, by number.
        collector: What the collector needs of the bank.
        group: The collector group, the carrier's own word for it, or ``None``.
        pin_subject: Random bytes from which the PIN derives; shared by the members of a group.
        pin_number: The ``n`` with which it derives (RES-31).
        rights: Given, at most one an act: the latest series.
        hand_over: How the parcels come in.
        notified_by: Who writes to the collector.
        evidence: How well the latest custody fact is known.
        recall_requested: Somebody wants the parcels taken back.
        refusal_reason: Why the collector left a parcel. While set, the collection clock stands still.
        broken_reason: Why the promise was not kept.
        claim: Reference of the claim for lost parcels.
        pending_forerunner: A proof waits for an earlier receipt.
        capacity_freed: An ended reservation whose right can no longer be used at the bank (CAP-11).
        receipt: The latest receipt.
    """

    name: ReservationName
    bank: BankName
    host: str | None = None
    state: State
    revision: int
    create_time: datetime
    update_time: datetime
    window: Window
    collect_for: CollectFor
    recall_time: timedelta
    commitment_end: datetime
    hold_end: datetime | None = None
    deposit_time: datetime | None = None
    collect_end: datetime | None = None
    removal_time: datetime | None = None
    need: Need
    kind: Kind | None
    moving_to: Kind | None = None
    compartment: str | None = None
    parcels: tuple[Parcel, ...]
    collector: CollectorNeeds = NO_NEEDS
    group: str | None = None
    pin_subject: bytes
    pin_number: int = 0
    rights: tuple[Right, ...] = ()
    hand_over: HandOver = HandOver.AT_BANK
    notified_by: NotifiedBy = NotifiedBy.CARRIER
    evidence: Evidence | None = None
    recall_requested: bool = False
    refusal_reason: RefusalReason | None = None
    broken_reason: BrokenReason | None = None
    claim: str | None = None
    pending_forerunner: bool = False
    capacity_freed: bool = False
    receipt: ReceiptName | None = None

    @property
    def carrier(self) -> str:
        """Party id of the carrier, whose reservation it is."""
        return self.name.party

    @property
    def operator(self) -> str:
        """Party id of the operator, whose bank it is at."""
        return self.bank.party

    @property
    def etag(self) -> str:
        """Changes with every change (AIP-154)."""
        return f"r{self.revision}"

    @property
    def inside(self) -> tuple[Parcel, ...]:
        """The parcels in the bank."""
        return tuple(parcel for parcel in self.parcels if parcel.inside)

    def right(self, act: Act) -> Right | None:
        """The right to ``act`` of the latest series, in whatever status; ``None`` if never given."""
        return next((right for right in self.rights if right.act is act), None)
