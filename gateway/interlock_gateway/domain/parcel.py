"""A parcel, one physical unit, and what limits its hand-over. Holds nothing that identifies a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import auto

from interlock_gateway.domain.capacity.sizes import Dimensions
from interlock_gateway.domain.facts import Evidence
from interlock_gateway.domain.words import Word

MOST_PARCELS = 8
"""Parcels of one reservation: what one person carries away from one compartment (RES-19)."""


class ParcelState(Word):
    """Where one parcel is. Names as in ``interlock.v1.ParcelState``."""

    EXPECTED = auto()
    DEPOSITED = auto()
    COLLECTED = auto()
    RECALLED = auto()
    MISSING = auto()
    LOST = auto()


class RestrictionKind(Word):
    """What can limit a hand-over. Names as the cases of ``interlock.v1.Restriction``."""

    AGE_CHECK = auto()
    PERSONAL_ID = auto()
    PERISHABLE = auto()
    DANGEROUS_GOODS = auto()
    NO_LOCKER_STORAGE = auto()


class AgeCheckMethod(Word):
    """How an age is checked. Names as in ``interlock.v1.AgeCheckMethod``."""

    BEFOREHAND = auto()
    DOCUMENT_AT_BANK = auto()


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restriction; never ignored, only served or refused (RES-21).

    Attributes:
        kind: Which.
        age_check: How the age is checked, for ``AGE_CHECK``.
        minimum_years: Least age, for ``AGE_CHECK``.
        goods_class: ADR class, for example ``"4.1"``, for ``DANGEROUS_GOODS``.
    """

    kind: RestrictionKind
    age_check: AgeCheckMethod | None = None
    minimum_years: int | None = None
    goods_class: str | None = None

    def __str__(self) -> str:
        """Name it for a refusal: the kind, and what of it decides."""
        decides = self.age_check or self.goods_class
        return f"{self.kind} {decides}" if decides else str(self.kind)


class LabelKind(Word):
    """Whether a parcel bears a label when it comes. Names as in ``interlock.v1.LabelKind``."""

    LABELLED = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Value:
    """A declared value.

    Attributes:
        currency: ISO 4217, three capitals.
        amount: In whole units of the currency, with its fractions.
    """

    currency: str
    amount: Decimal

    def __str__(self) -> str:
        """Write it for a refusal."""
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One physical unit of a reservation.

    Attributes:
        number: Within the reservation, from 1, set by the gateway; facts and receipts use it.
        state: Where it is.
        carrier_reference: The carrier's own number; for the carrier's eyes alone.
        sscc: 18 digits, GS1 AI (00), or ``None``.
        s10: 13 characters, UPU S10, or ``None``.
        barcode: What a scanner reads, where it is none of those; or ``None``.
        dimensions: Outer lengths, or ``None`` where the need says a class.
        mass_g: Grams; 0 is unknown.
        declared_value: Or ``None``.
        restrictions: What limits its hand-over.
        label: Whether it bears a label.
        deposit_evidence: How well its coming in is known; ``INFERRED`` where only its going out was seen.
        removal_evidence: How well its going out is known.
        identified_time: When a parcel without a label was tagged and scanned at the bank.
    """

    number: int
    state: ParcelState = ParcelState.EXPECTED
    carrier_reference: str = ""
    sscc: str | None = None
    s10: str | None = None
    barcode: str | None = None
    dimensions: Dimensions | None = None
    mass_g: int = 0
    declared_value: Value | None = None
    restrictions: tuple[Restriction, ...] = ()
    label: LabelKind = LabelKind.LABELLED
    deposit_evidence: Evidence | None = None
    removal_evidence: Evidence | None = None
    identified_time: datetime | None = None

    @property
    def inside(self) -> bool:
        """Whether it lies in the bank, as far as is known."""
        return self.state is ParcelState.DEPOSITED

    @property
    def awaited(self) -> bool:
        """Whether its deposit has not been seen, in time or late."""
        return self.state in {ParcelState.EXPECTED, ParcelState.MISSING}
