"""Events: what the world is told, one for every change, with its audience (EVT-1, EVT-6).

An event is made by the function that causes it and committed with the change. The key is the resource's name, the
sequence its own revision: 1, 2, 3, without gaps. An event carries the resource as it is afterwards; which fields of it
a reader gets is fixed by the view in the reader's audience row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import auto

from interlock_gateway.domain.facts import Evidence
from interlock_gateway.domain.names import ReceiptName
from interlock_gateway.domain.reservation import Reservation
from interlock_gateway.domain.viewers import Audience, audience_of
from interlock_gateway.domain.words import Word


class Topic(Word):
    """A stream of events; ``interlock.<topic>.v1`` where it is a Kafka topic."""

    RESERVATIONS = auto()
    CUSTODY = auto()
    BANKS = auto()


class ReservationEventKind(Word):
    """What changed about a reservation. The first twelve are arrows of its life, named after the state reached."""

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
    PARCEL_ADDED = auto()
    EXTENDED = auto()
    RECALL_REQUESTED = auto()
    SHORT_DEPOSIT = auto()
    REFUSED = auto()
    MOVED = auto()
    IDENTIFIED = auto()
    CORRECTED = auto()
    ACCESS_CHANGED = auto()
    REPLANNED = auto()
    CAPACITY_FREED = auto()
    FORERUNNER_AWAITED = auto()

    @property
    def type(self) -> str:
        """The CloudEvents ``type``, for example ``interlock.reservation.deposited.v1``."""
        return f"interlock.reservation.{self.lower()}.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationEvent:
    """One change of a reservation.

    Attributes:
        kind: What changed.
        reservation: As it is afterwards; its name is the key, its revision the sequence.
        time: When it happened, by the bank's clock where the bank says so.
        recorded_time: When the gateway took it in.
        audience: Who is told, and in which view.
        evidence: How well it is known, where a fact caused it.
        parcels: Numbers of the parcels concerned; empty for all.
        receipt: The proof, where there is one.
    """

    kind: ReservationEventKind
    reservation: Reservation
    time: datetime
    recorded_time: datetime
    audience: tuple[Audience, ...]
    evidence: Evidence | None = None
    parcels: tuple[int, ...] = ()
    receipt: ReceiptName | None = None

    @property
    def topic(self) -> Topic:
        """The stream that it belongs to."""
        return Topic.RESERVATIONS

    @property
    def key(self) -> str:
        """Events of one key keep their order."""
        return str(self.reservation.name)

    @property
    def sequence(self) -> int:
        """Position among the events of its key."""
        return self.reservation.revision


def told(
    reservation: Reservation,
    kind: ReservationEventKind,
    *,
    time: datetime,
    recorded_time: datetime,
    evidence: Evidence | None = None,
    parcels: tuple[int, ...] = (),
    receipt: ReceiptName | None = None,
) -> ReservationEvent:
    """Tell the viewers of ``reservation`` what changed."""
    return ReservationEvent(
        kind=kind,
        reservation=reservation,
        time=time,
        recorded_time=recorded_time,
        audience=audience_of(reservation),
        evidence=evidence,
        parcels=parcels,
        receipt=receipt,
    )
