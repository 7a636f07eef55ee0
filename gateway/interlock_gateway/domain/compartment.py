"""A compartment as its operator describes it: one door and the space behind it (BNK-9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import auto

from interlock_gateway.domain.capacity import NO_END, WORKING, Climate, Dimensions, Door, Feature, Kind, SizeClass
from interlock_gateway.domain.capacity import features as bits_of
from interlock_gateway.domain.words import Word


class OutageReason(Word):
    """Why a compartment takes nothing in. Names as in ``interlock.v1.OutageReason``."""

    JAMMED = auto()
    NOT_EMPTY = auto()
    LEAKED = auto()
    SENSOR_FAULT = auto()
    BOARD_LOST = auto()
    LEFT_OPEN = auto()
    CLIMATE = auto()
    MAINTENANCE = auto()
    WITHHELD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A time during which a compartment takes nothing in; it counts from now, never from a later day (CAP-9).

    Attributes:
        reason: Why.
        start_time: Since when.
        end_time: Until when, exclusive; ``None``: until it is lifted.
        note: For the record, without personal data.
        by_bank: The bank itself withdrew it.
    """

    reason: OutageReason
    start_time: datetime
    end_time: datetime | None = None
    note: str = ""
    by_bank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compartment:
    """One door and the space behind it.

    Attributes:
        label: What is written on the door; unique at the bank, never changes.
        clear: Clear inner dimensions of the opening.
        max_mass_g: Most mass in grams; 0: not known.
        climate: The climate that it keeps.
        features: What it has beyond that.
        size_class: The largest class whose minimum it meets on every axis.
        outage: Why it takes nothing in; ``None`` while it is in service.
        senses_door: The bank senses its door, apart from the latch.
        senses_occupancy: The bank senses what lies inside.
        opening_count: Openings since it was made.
        create_time: When it was made.
        update_time: When it last changed.
        edition: Its own count of changes, from 1.
    """

    label: str
    clear: Dimensions
    max_mass_g: int = 0
    climate: Climate = Climate.AMBIENT
    features: frozenset[Feature] = frozenset()
    size_class: SizeClass
    outage: Outage | None = None
    senses_door: bool = False
    senses_occupancy: bool = False
    opening_count: int = 0
    create_time: datetime
    update_time: datetime
    edition: int = 1

    @property
    def etag(self) -> str:
        """Changes with every change (AIP-154)."""
        return f"r{self.edition}"

    @property
    def kind(self) -> Kind:
        """What it is counted in."""
        return Kind(self.size_class, self.climate, bits_of(self.features))

    @property
    def door(self) -> Door:
        """What the planner counts; an end within a second counts to the end of that second."""
        if self.outage is None:
            until = WORKING
        elif self.outage.end_time is None:
            until = NO_END
        else:
            until = -int(-self.outage.end_time.timestamp() // 1)
        return Door(self.label, self.kind, until)


def changed(compartment: Compartment, *, now: datetime) -> Compartment:
    """Count a change."""
    return replace(compartment, edition=compartment.edition + 1, update_time=now)
