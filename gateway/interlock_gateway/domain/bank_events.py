"""What the world is told of a bank: of itself, of what happened there, of what does not agree (EVT-1, EVT-6).

The readers of a key are the same for all its events, so a reader never sees a gap that is only somebody else's event.
That is why a custody fact is a resource of its own, of which there is one event: facts of one bank concern different
carriers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import auto

from interlock_gateway.domain.bank import Bank
from interlock_gateway.domain.discrepancy import Discrepancy
from interlock_gateway.domain.events import Topic
from interlock_gateway.domain.facts import Fact
from interlock_gateway.domain.names import CompartmentName, ReceiptName, ReservationName
from interlock_gateway.domain.viewers import Audience, bank_audience, discrepancy_audience
from interlock_gateway.domain.words import Word


class BankEventKind(Word):
    """What changed about a bank."""

    CREATED = auto()
    UPDATED = auto()
    OPENED = auto()
    CLOSING = auto()
    EMPTYING = auto()
    CLOSED = auto()
    WRITTEN_OFF = auto()
    ENROLLED = auto()
    CONNECTED = auto()
    DISCONNECTED = auto()
    AT_RISK = auto()
    """Silent for a day: the carriers with reservations there should know (BNK-5)."""
    SUSPENDED = auto()
    """Its journal forked; facts are taken in, nothing goes down (LNK-15)."""
    COMPARTMENT_CHANGED = auto()

    @property
    def type(self) -> str:
        """The CloudEvents ``type``, for example ``interlock.bank.connected.v1``."""
        return f"interlock.bank.{self.lower()}.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankEvent:
    """One change of a bank.

    Attributes:
        kind: What changed.
        bank: As it is afterwards; its name is the key, its revision the sequence.
        time: When it happened.
        recorded_time: When the gateway took it in.
        audience: Who is told, and in which view.
        compartment: Which, where one changed.
    """

    kind: BankEventKind
    bank: Bank
    time: datetime
    recorded_time: datetime
    audience: tuple[Audience, ...]
    compartment: CompartmentName | None = None

    @property
    def topic(self) -> Topic:
        """The stream that it belongs to."""
        return Topic.BANKS

    @property
    def key(self) -> str:
        """Events of one key keep their order."""
        return str(self.bank.name)

    @property
    def sequence(self) -> int:
        """Position among the events of its key."""
        return self.bank.revision


def told_of_bank(
    bank: Bank,
    kind: BankEventKind,
    *,
    now: datetime,
    carriers: tuple[str, ...] = (),
    compartment: CompartmentName | None = None,
) -> BankEvent:
    """Tell the viewers of a bank what changed.

    Args:
        bank: As it is afterwards.
        kind: What changed.
        now: Instant of the change.
        carriers: Party ids of the carriers that have, or have had, a reservation there.
        compartment: Which, where one changed.
    """
    audience = bank_audience(bank, carriers=carriers)
    return BankEvent(kind=kind, bank=bank, time=now, recorded_time=now, audience=audience, compartment=compartment)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEvent:
    """One custody fact, as it came from a bank.

    Attributes:
        name: Its address; the key. A fact never changes, so its sequence is 1.
        fact: What it says.
        reservation: Whose parcel it is about, or ``None``.
        audience: Who is told, and in which view.
    """

    name: ReceiptName
    fact: Fact
    reservation: ReservationName | None
    audience: tuple[Audience, ...]

    @property
    def topic(self) -> Topic:
        """The stream that it belongs to."""
        return Topic.CUSTODY

    @property
    def type(self) -> str:
        """The CloudEvents ``type``, for example ``interlock.custody.door_opened.v1``."""
        return f"interlock.custody.{self.fact.kind.lower()}.v1"

    @property
    def key(self) -> str:
        """Events of one key keep their order."""
        return str(self.name)

    @property
    def sequence(self) -> int:
        """Position among the events of its key."""
        return 1

    @property
    def time(self) -> datetime:
        """When it happened, by the bank's clock."""
        return self.fact.time

    @property
    def recorded_time(self) -> datetime:
        """When the gateway took it in."""
        return self.fact.learnt_time


def told_of_fact(fact: Fact, name: ReceiptName, reservation: ReservationName | None) -> CustodyEvent:
    """Tell of a custody fact: the operator, the carrier whose parcel it is about, the network owner."""
    audience = discrepancy_audience(name.party, reservation.party if reservation else None)
    return CustodyEvent(name=name, fact=fact, reservation=reservation, audience=audience)


class DiscrepancyEventKind(Word):
    """What became of a discrepancy."""

    RAISED = auto()
    RESOLVED = auto()

    @property
    def type(self) -> str:
        """The CloudEvents ``type``, for example ``interlock.discrepancy.raised.v1``."""
        return f"interlock.discrepancy.{self.lower()}.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscrepancyEvent:
    """A discrepancy was raised or resolved.

    Attributes:
        kind: Which of the two.
        discrepancy: As it is afterwards; its name is the key, its revision the sequence.
        recorded_time: When.
        audience: Who is told, and in which view.
    """

    kind: DiscrepancyEventKind
    discrepancy: Discrepancy
    recorded_time: datetime
    audience: tuple[Audience, ...]

    @property
    def topic(self) -> Topic:
        """The stream that it belongs to."""
        return Topic.CUSTODY

    @property
    def key(self) -> str:
        """Events of one key keep their order."""
        return str(self.discrepancy.name)

    @property
    def sequence(self) -> int:
        """Position among the events of its key."""
        return self.discrepancy.revision

    @property
    def time(self) -> datetime:
        """When what does not agree happened; of a resolution, when somebody gave it."""
        resolution = self.discrepancy.resolution
        return resolution.resolve_time if resolution else self.discrepancy.finding.time


def told_of_discrepancy(discrepancy: Discrepancy, *, now: datetime) -> DiscrepancyEvent:
    """Tell the viewers of a discrepancy that it was raised, or resolved (EVD-11)."""
    reservation = discrepancy.finding.reservation
    return DiscrepancyEvent(
        kind=DiscrepancyEventKind.RAISED if discrepancy.open else DiscrepancyEventKind.RESOLVED,
        discrepancy=discrepancy,
        recorded_time=now,
        audience=discrepancy_audience(discrepancy.name.party, reservation.party if reservation else None),
    )
