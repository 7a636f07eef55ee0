"""What a search is asked, what it answers, and what it looks things up in. ``search`` does it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from interlock_gateway.domain.bank import Bank, CollectorField, Input
from interlock_gateway.domain.capacity import Availability, Plan, SizeClass
from interlock_gateway.domain.geography import Box, Position
from interlock_gateway.domain.names import BankName
from interlock_gateway.domain.parcel import Restriction, Value
from interlock_gateway.domain.reservation import NO_NEEDS, CollectorNeeds, HandOver
from interlock_gateway.domain.terms import CollectFor
from interlock_gateway.ports import Viewer
from interlock_gateway.use_cases.class_needed import NeedAsked
from interlock_gateway.use_cases.network import Reach

T = TypeVar("T")

DEFAULT_RADIUS_M = 5_000
DEFAULT_PAGE = 20


class Place(NamedTuple):
    """A bank's place in the order of an answer: nearest first, at one distance by name (BNK-22).

    Attributes:
        distance_m: Whole metres.
        name: The bank's name.
    """

    distance_m: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a search is asked; misshapen fields have been refused before.

    Attributes:
        viewer: Who searches.
        position: Around where.
        radius_m: How far from there.
        need: What the parcels need of a compartment; ``None``: any compartment.
        mass_g: Of the heaviest parcel; 0: not asked.
        declared_value: Of the most valuable parcel; ``None``: not asked.
        restrictions: All that any of the parcels bears.
        collector: What the collector needs of the bank.
        inputs: Of which the bank must have one; ``None``: not asked.
        collector_fields: Particulars that the caller can give; ``None``: not asked.
        start: When the depositor may come; ``None``: now.
        end: Exclusive; ``None``: eight hours later.
        collect_for: How long the parcels may wait; ``None``: each bank's default.
        hand_over: How the parcels come in.
        open_at: People must be able to reach the bank then; ``None``: not asked.
        include_full: Give banks without room too.
        page_size: At most so many.
        after: The place after which this page begins; ``None`` for the first.
    """

    viewer: Viewer
    position: Position
    radius_m: int = DEFAULT_RADIUS_M
    need: NeedAsked | None = None
    mass_g: int = 0
    declared_value: Value | None = None
    restrictions: tuple[Restriction, ...] = ()
    collector: CollectorNeeds = NO_NEEDS
    inputs: frozenset[Input] | None = None
    collector_fields: frozenset[CollectorField] | None = None
    start: datetime | None = None
    end: datetime | None = None
    collect_for: CollectFor | None = None
    hand_over: HandOver = HandOver.AT_BANK
    open_at: datetime | None = None
    include_full: bool = False
    page_size: int = DEFAULT_PAGE
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """Whether there is room for a class, larger doors that meet the need included.

    Attributes:
        size_class: The class.
        availability: As anybody may know it.
        free: How many more would be admitted; ``None`` for who must not know. Above two it counts what fits as all is
            planned now; moving others might make more.
    """

    size_class: SizeClass
    availability: Availability
    free: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A bank that was found.

    Attributes:
        bank: The bank.
        distance_m: How far it is, in whole metres.
        rooms: For the need, or for each class of the bank, smallest first.
    """

    bank: Bank
    distance_m: int
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of answers.

    Attributes:
        found: Nearest first; at one distance by name.
        next_place: ``Asked.after`` of the next page; ``None``: there is none.
        unreachable: Names of banks of which nothing could be said in time; they may have room all the same (BNK-23).
        looked_at: Banks that were examined, for whoever measures.
    """

    found: tuple[Found, ...]
    next_place: Place | None
    unreachable: tuple[str, ...] = ()
    looked_at: int = 0


class Near(NamedTuple):
    """A bank in a box.

    Attributes:
        id: What it is listed by.
        position: Where it stands, to 1e-7 degrees.
    """

    id: int
    position: Position


class Listed(NamedTuple):
    """A bank as it is listed.

    Attributes:
        id: As in ``Near``.
        bank: The bank.
        summary: ``capacity.summary`` of its plan; empty: its commitments have to be counted.
    """

    id: int
    bank: Bank
    summary: bytes


class Places(Protocol):
    """Where banks are looked up, all in one snapshot; valid within ``Directory.look`` alone."""

    def within(self, box: Box) -> Sequence[Near]:
        """Name the banks in a box, by an index, so that it costs as much as there are in it."""
        ...

    def listed(self, ids: Collection[int]) -> Sequence[Listed]:
        """Read banks, in any order."""
        ...

    def plan(self, bank: BankName, now: int) -> Plan:
        """Count a bank's commitments on its doors, as of ``now``, unix seconds."""
        ...


class Directory(Protocol):
    """Gives access to places."""

    async def look(self, search: Callable[[Places], T], /) -> T:
        """Run ``search`` beside the loop."""
        ...


Reaches = Callable[[BankName], Reach]
"""Says how well a bank can be reached at this moment; asked from the thread of the search."""
