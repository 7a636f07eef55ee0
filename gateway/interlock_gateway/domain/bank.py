"""A bank: one locker installation with one controller, as its operator describes it (BNK-1 to BNK-14).

What its link says at this moment (connected, last heard) and which doors it has lie elsewhere; they change at another
pace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import auto
from typing import Final

from interlock_gateway.domain.calendar import Calendar, OpeningHours
from interlock_gateway.domain.names import BankName
from interlock_gateway.domain.parcel import AgeCheckMethod, Restriction, RestrictionKind, Value
from interlock_gateway.domain.reservation import HandOver
from interlock_gateway.domain.terms import CollectFor
from interlock_gateway.domain.windows import DEFAULT_COLLECT_FOR, DEFAULT_RECALL_TIME
from interlock_gateway.domain.words import Word

DEFAULT_SELL_OFFLINE_FOR: Final = timedelta(hours=4)
"""For so long a silent bank takes new reservations (BNK-5)."""
AT_RISK_AFTER: Final = timedelta(hours=24)
"""After so long a silence the carriers with reservations there are told (BNK-5)."""


class BankState(Word):
    """The life of a bank. Names as in ``interlock.v1.BankState``."""

    PLANNED = auto()
    OPEN = auto()
    CLOSING = auto()
    EMPTYING = auto()
    CLOSED = auto()


class Capability(Word):
    """What a bank, or the network behind it, can do. Names as in ``interlock.v1.BankCapability``."""

    HOLD = auto()
    AVAILABILITY = auto()
    EXTEND = auto()
    CANCEL = auto()
    RECALL = auto()
    MANY_PARCELS = auto()
    COLLECTOR_GROUP = auto()
    PIN = auto()
    TOKEN = auto()
    COURIER_SESSION = auto()
    OPEN_DOOR = auto()
    OFFLINE = auto()
    RECEIPT = auto()
    UNLABELLED_RETURN = auto()
    LEAVE_PARCEL = auto()
    WALK_IN = auto()
    DOCUMENTS = auto()
    CLIMATE_RECORD = auto()


class Input(Word):
    """How a person at a bank can prove a right. Names as in ``interlock.v1.Input``."""

    SCANNER = auto()
    KEYPAD = auto()
    SCREEN = auto()
    BLE = auto()
    APP_ONLY = auto()
    AUDIO = auto()


class CollectorField(Word):
    """A particular of the collector that a bank may require. Names as in ``interlock.v1.CollectorField``."""

    NAME = auto()
    PHONE = auto()
    EMAIL = auto()
    LOCALE = auto()
    NETWORK_ID = auto()


class VerifiesAt(Word):
    """Where a token is verified; only BANK counts as working offline. Names as in ``interlock.v1.VerifiesAt``."""

    BANK = auto()
    CONCENTRATOR = auto()
    GATEWAY = auto()


class BookableByMode(Word):
    """Who may book. Names as in ``interlock.v1.BookableByMode``."""

    NONE = auto()
    LIST = auto()
    ALL = auto()


@dataclass(frozen=True, slots=True)
class BookableBy:
    """Who may book a bank, and so find it. A new bank is bookable by nobody (BNK-3).

    Attributes:
        mode: All, some or none.
        parties: Party ids, with ``LIST``.
    """

    mode: BookableByMode = BookableByMode.NONE
    parties: frozenset[str] = frozenset()

    def __contains__(self, party: str) -> bool:
        """Say whether ``party``, a carrier, may book."""
        return self.mode is BookableByMode.ALL or (self.mode is BookableByMode.LIST and party in self.parties)


@dataclass(frozen=True, slots=True)
class Serves:
    """The restrictions that a bank serves; any other is refused (RES-21).

    Attributes:
        age_checks: Ways in which a collector's age can be checked.
        personal_id: Collectors can prove who they are.
        perishable: Parcels that spoil are taken.
        goods_classes: ADR classes of dangerous goods that are taken.
    """

    age_checks: frozenset[AgeCheckMethod] = frozenset()
    personal_id: bool = False
    perishable: bool = False
    goods_classes: frozenset[str] = frozenset()

    def __contains__(self, restriction: Restriction) -> bool:
        """Say whether ``restriction`` is served. What may not lie in a locker is served nowhere."""
        match restriction.kind:
            case RestrictionKind.AGE_CHECK:
                return restriction.age_check in self.age_checks
            case RestrictionKind.PERSONAL_ID:
                return self.personal_id
            case RestrictionKind.PERISHABLE:
                return self.perishable
            case RestrictionKind.DANGEROUS_GOODS:
                return restriction.goods_class in self.goods_classes
            case RestrictionKind.NO_LOCKER_STORAGE:
                return False


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a bank takes of one parcel (RES-22).

    Attributes:
        max_mass_g: Grams; 0 for no limit but the compartment's own.
        max_declared_value: ``None`` for no limit. A value in another currency cannot be compared, so it is above it.
    """

    max_mass_g: int = 0
    max_declared_value: Value | None = None


@dataclass(frozen=True, slots=True)
class BankTerms:
    """The operator's terms that shape every reservation at a bank.

    Attributes:
        recall_time: How long a compartment is kept after the end of collection, for a recall; may be zero.
        refuse_overdue: An overdue parcel is no longer handed out to its collector.
        default_collect_for: Where a reservation says nothing.
        sell_offline_for: For so long the bank takes new reservations though it is silent.
    """

    recall_time: timedelta = DEFAULT_RECALL_TIME
    refuse_overdue: bool = False
    default_collect_for: CollectFor = DEFAULT_COLLECT_FOR
    sell_offline_for: timedelta = DEFAULT_SELL_OFFLINE_FOR


@dataclass(frozen=True, slots=True)
class OpeningLimits:
    """How often a bank may be opened, whoever asks; the bank itself counts.

    Attributes:
        remote_per_minute: Openings from afar without presence.
        remote_per_hour: The same.
        all_per_minute: All openings.
        all_per_hour: All openings; ``None``: four times the number of doors.
    """

    remote_per_minute: int = 3
    remote_per_hour: int = 20
    all_per_minute: int = 12
    all_per_hour: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address, as ``google.type.PostalAddress``; empty where not known.

    Attributes:
        region_code: ISO 3166-1 alpha-2.
        postal_code: As the region writes it.
        administrative_area: Province, state, canton.
        locality: City or village.
        lines: Street and number, in the order in which they are written.
    """

    region_code: str
    postal_code: str = ""
    administrative_area: str = ""
    locality: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """One locker installation with one controller.

    Attributes:
        name: Its name; its party is the operator. Never reused.
        display_name: On its screen and in the directory.
        token_audience: What stands in the ``aud`` of its tokens.
        latitude: Degrees, WGS 84.
        longitude: Degrees, WGS 84.
        address: Where it stands.
        directions: How to find it.
        time_zone: IANA zone.
        opening_hours: When people can reach it; empty: always.
        closed_dates: Local days on which nobody can.
        hand_over: How parcels come in.
        state: Where it stands in its life.
        closing_end: While closing: no commitment reaches beyond this.
        closing_reason: Why it is closing.
        write_off_time: When its operator wrote it off.
        capabilities: What it can do.
        inputs: How people can prove a right.
        serves: The restrictions that it serves.
        requires: Particulars of the collector that it requires.
        limits: The most that it takes of one parcel.
        bookable_by: Who may book it.
        terms: The operator's terms.
        opening_limits: How often it may be opened.
        verifies_at: Where its tokens are verified.
        host: Party id of whose property it stands on, or ``None``.
        vendor: Party id of who built it, or ``None``.
        replaces: The bank that stood here before, or that this one is after a move.
        create_time: When it was made.
        update_time: When it last changed, its link aside.
        revision: Its own count of events, from 1; its link's are among them.
        edition: Its own count of changes, its link aside; the etag.
    """

    name: BankName
    display_name: str
    token_audience: str
    latitude: float
    longitude: float
    address: Address
    directions: str = ""
    time_zone: str
    opening_hours: tuple[OpeningHours, ...] = ()
    closed_dates: frozenset[date] = frozenset()
    hand_over: HandOver = HandOver.AT_BANK
    state: BankState = BankState.PLANNED
    closing_end: datetime | None = None
    closing_reason: str = ""
    write_off_time: datetime | None = None
    capabilities: frozenset[Capability] = frozenset()
    inputs: frozenset[Input] = frozenset()
    serves: Serves = Serves()
    requires: frozenset[CollectorField] = frozenset()
    limits: Limits = Limits()
    bookable_by: BookableBy = BookableBy()
    terms: BankTerms = BankTerms()
    opening_limits: OpeningLimits = OpeningLimits()
    verifies_at: VerifiesAt = VerifiesAt.BANK
    host: str | None = None
    vendor: str | None = None
    replaces: BankName | None = None
    create_time: datetime
    update_time: datetime
    revision: int = 1
    edition: int = 1

    @property
    def operator(self) -> str:
        """Party id of its operator."""
        return self.name.party

    @property
    def etag(self) -> str:
        """Changes with every change, its link aside (AIP-154)."""
        return f"r{self.edition}"

    def calendar(self, zone: tzinfo) -> Calendar:
        """Its calendar.

        Args:
            zone: ``time_zone``, looked up by whoever has the zone database: ``ZoneInfo(bank.time_zone)``.
        """
        return Calendar(zone, self.opening_hours, self.closed_dates)
