"""Discrepancies: where record and facts, or two people, contradict each other (EVD-10 to EVD-13).

A discrepancy never changes what happened. It names a contradiction, has a deadline, and ends when somebody says what
was true; where that differs from the record, a correcting event follows, and the old one stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import auto
from types import MappingProxyType
from typing import Final

from interlock_gateway.domain.errors import DiscrepancyResolved
from interlock_gateway.domain.facts import CourierError, Evidence
from interlock_gateway.domain.names import DiscrepancyName, ReceiptName, ReservationName
from interlock_gateway.domain.reservation import State
from interlock_gateway.domain.words import Word


class DiscrepancyKind(Word):
    """What does not agree. Names and meanings as in ``interlock.v1.DiscrepancyKind``."""

    UNEXPECTED_FACT = auto()
    """A fact that the record does not explain, of none of the kinds below."""
    UNEXPECTED_DEPOSIT = auto()
    """A parcel came on a reservation that had ended."""
    UNEXPECTED_COLLECT = auto()
    """A parcel was collected that was never seen to come in; its deposit is inferred."""
    UNEXPECTED_RECALL = auto()
    """A parcel was taken back that was never seen to come in; its deposit is inferred."""
    FURTHER_OPENING = auto()
    """The door was opened again after the parcels were out, past the grace."""
    SHORT_DEPOSIT = auto()
    """Parcels were still missing when the deposit window ended."""
    NOT_EMPTY = auto()
    """The compartment was not empty after the parcels were out."""
    FOUND_ITEM = auto()
    """Something lies in a compartment that should be empty."""
    FOUND_EMPTY = auto()
    """The compartment was empty when somebody came for the parcel."""
    DOOR_LEFT_OPEN = auto()
    UNEXPECTED_OPENING = auto()
    """A door opened, and nobody had asked for it."""
    PARCEL_DAMAGED = auto()
    PARCEL_LEAKING = auto()
    WRONG_BANK = auto()
    WRONG_PARCEL = auto()
    PARCEL_LOST = auto()
    PROMISE_BROKEN = auto()
    JOURNAL_FORKED = auto()
    FORERUNNER_MISSING = auto()
    SERIES_JUMP = auto()
    LIFE_SAFETY_RELEASE = auto()
    CLIMATE_EXCURSION = auto()
    BOOKING_UNKNOWN = auto()
    UNKNOWN_FACT = auto()
    HEADROOM_EXCEEDED = auto()


_HOURS: Final = timedelta(hours=4)
_DAY: Final = timedelta(days=1)

DEADLINES: Final = MappingProxyType(
    {
        DiscrepancyKind.PARCEL_LEAKING: _HOURS,
        DiscrepancyKind.UNEXPECTED_OPENING: _HOURS,
        DiscrepancyKind.DOOR_LEFT_OPEN: _HOURS,
        DiscrepancyKind.JOURNAL_FORKED: _HOURS,
        DiscrepancyKind.LIFE_SAFETY_RELEASE: _HOURS,
        DiscrepancyKind.UNEXPECTED_DEPOSIT: _DAY,
        DiscrepancyKind.FOUND_EMPTY: _DAY,
        DiscrepancyKind.NOT_EMPTY: _DAY,
        DiscrepancyKind.FOUND_ITEM: _DAY,
        DiscrepancyKind.WRONG_PARCEL: _DAY,
    }
)
"""How soon somebody should have said what was true; every other kind has ``DEFAULT_DEADLINE`` (EVD-12)."""
DEFAULT_DEADLINE: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A contradiction that was just found; whoever stores it gives it a name (``found``).

    Attributes:
        kind: What does not agree.
        reservation: Whose record it is about, or ``None`` for the bank alone.
        state: The reservation's state when it was found; ``None`` for the bank alone.
        time: When it happened, by the bank's clock where the bank says so.
        evidence: How well the fact behind it is known.
        compartment: Label of the compartment, where one is concerned.
        parcels: Numbers of the parcels concerned; empty for all.
        courier_error: What was reported, where that is behind it.
        receipt: The proof behind it, where there is one.
        note: A sentence of the person who raised it, without personal data.
    """

    kind: DiscrepancyKind
    reservation: ReservationName | None
    state: State | None = None
    time: datetime
    evidence: Evidence | None = None
    compartment: str | None = None
    parcels: tuple[int, ...] = ()
    courier_error: CourierError | None = None
    receipt: ReceiptName | None = None
    note: str = ""


class ResolutionKind(Word):
    """How a discrepancy was settled. Names as in ``interlock.v1.ResolutionKind``."""

    RECORD_STANDS = auto()
    CORRECTED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What was true after all.

    Attributes:
        kind: Whether the record stands.
        corrected_state: With ``CORRECTED``, what the reservation is now; ``None`` otherwise.
        note: What was found, for the record, without personal data.
        claim_reference: The other party's number for its claim, or empty.
        resolved_by: Party id of who said so.
        resolve_time: When.
    """

    kind: ResolutionKind
    corrected_state: State | None = None
    note: str
    claim_reference: str = ""
    resolved_by: str
    resolve_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A named contradiction.

    Attributes:
        name: Under the bank where the fact was.
        finding: What was found.
        raised_by: Name of the party or bank that raised it; empty for the gateway.
        create_time: When it was raised.
        deadline: By when somebody should say what was true. Past it, it stays open and is counted.
        revision: Its own count of changes, from 1.
        resolution: What was true; ``None`` while open.
    """

    name: DiscrepancyName
    finding: Finding
    raised_by: str
    create_time: datetime
    deadline: datetime
    revision: int = 1
    resolution: Resolution | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has said yet what was true."""
        return self.resolution is None

    @property
    def etag(self) -> str:
        """Changes with every change (AIP-154)."""
        return f"r{self.revision}"


def found(finding: Finding, *, name: DiscrepancyName, now: datetime, raised_by: str = "") -> Discrepancy:
    """Give a finding its name and its deadline (EVD-12)."""
    deadline = now + DEADLINES.get(finding.kind, DEFAULT_DEADLINE)
    return Discrepancy(name=name, finding=finding, raised_by=raised_by, create_time=now, deadline=deadline)


def resolve(discrepancy: Discrepancy, resolution: Resolution) -> Discrepancy:
    """Say what was true; appended, never edited. The reservation itself is corrected by ``life.decide`` (EVD-13).

    Raises:
        DiscrepancyResolved: Somebody has said so before.
    """
    if discrepancy.resolution is not None:
        raise DiscrepancyResolved(discrepancy=str(discrepancy.name), resolve_time=discrepancy.resolution.resolve_time)
    return replace(discrepancy, resolution=resolution, revision=discrepancy.revision + 1)
