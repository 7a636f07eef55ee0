"""Facts: what physically happened at a bank, as far as a reservation's record must know (EVD-1).

The kinds are the bodies of ``interlock.edge.v1.Fact``, a closed list. A fact reaches the domain once: who received it
has checked its chain, its address and its signature, and has dropped what was known already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import auto

from interlock_gateway.domain.capacity.sizes import SizeClass
from interlock_gateway.domain.names import CommandName, ReceiptName
from interlock_gateway.domain.words import Word


class FactKind(Word):
    """What a fact says: the names of the bodies of ``interlock.edge.v1.Fact``, in capitals."""

    JOURNAL_STARTED = auto()
    DOOR_OPENED = auto()
    DOOR_CLOSED = auto()
    DOOR_LEFT_OPEN = auto()
    DOOR_NOT_OPENED = auto()
    PARCEL_DEPOSITED = auto()
    PARCEL_COLLECTED = auto()
    PARCEL_RECALLED = auto()
    PARCEL_REFUSED = auto()
    NOT_DEPOSITED = auto()
    ITEM_FOUND = auto()
    COMPARTMENT_WITHDRAWN = auto()
    COMPARTMENT_RESTORED = auto()
    RIGHT_ENDED = auto()
    HEADROOM_SPENT = auto()
    COURIER_ERROR_REPORTED = auto()
    CLOCK_STEPPED = auto()
    LIFE_SAFETY_RELEASED = auto()
    TENANCY_HANDED_DOWN = auto()
    PARCEL_IDENTIFIED = auto()
    PARCEL_MOVED = auto()
    CLIMATE_BUCKET = auto()
    CLIMATE_EXCURSION = auto()
    ACCESS_REFUSED = auto()
    KEYPAD_LOCKED = auto()
    TAMPER_SEEN = auto()
    BOARD_CHANGED = auto()
    OPENING_LIMITED = auto()
    CONFIGURATION_CHANGED = auto()
    GAP = auto()


class Evidence(Word):
    """How well a fact is known (EVD-3). Names as in ``interlock.v1.Evidence``."""

    SENSED = auto()
    INFERRED = auto()
    ASSERTED = auto()
    NONE = auto()


class DoorState(Word):
    """How a door stood when the fact was made; ``UNKNOWN`` is never taken for closed."""

    CLOSED = auto()
    OPEN = auto()
    UNKNOWN = auto()


class Occupancy(Word):
    """What a sensor says of the space behind a door. Names as in ``interlock.v1.Occupancy``."""

    EMPTY = auto()
    OCCUPIED = auto()
    UNKNOWN = auto()


class PresenceKind(Word):
    """How presence was shown for an opening from afar. Names as in ``interlock.v1.PresenceKind``."""

    SCREEN_CODE = auto()
    POSITION = auto()
    STAFF_CALL = auto()


class Act(Word):
    """What a right allows. Names as in ``interlock.v1.Act``."""

    DEPOSIT = auto()
    COLLECT = auto()
    RECALL = auto()


class OpeningCause(Word):
    """What made a door open. Names as in ``interlock.edge.v1.OpeningCause``."""

    RIGHT = auto()
    REMOTE_RIGHT = auto()
    OPERATOR = auto()
    SERVICE = auto()
    UNEXPECTED = auto()
    LIFE_SAFETY = auto()
    GRACE = auto()


class RightEnd(Word):
    """Why a right ended at the bank. Names as in ``interlock.edge.v1.RightEnd``."""

    SPENT = auto()
    REVOKED = auto()
    SUPERSEDED = auto()
    DOOR_REUSED = auto()


class RefusalReason(Word):
    """Why a collector left a parcel at the bank. Names as in ``interlock.v1.RefusalReason``."""

    DAMAGED = auto()
    NOT_MINE = auto()
    UNWANTED = auto()


class CourierError(Word):
    """A difficulty that a depositor or courier reports by its code. Names as in ``interlock.v1.CourierError``."""

    COMPARTMENT_BROKEN = auto()
    PARCEL_TOO_BIG = auto()
    COMPARTMENT_OCCUPIED = auto()
    COMPARTMENT_EMPTY = auto()
    NO_SUITABLE_COMPARTMENT = auto()
    BANK_INACCESSIBLE = auto()
    PARCEL_DAMAGED = auto()
    PARCEL_LEAKING = auto()
    WRONG_BANK = auto()
    LABEL_UNREADABLE = auto()
    WRONG_PARCEL = auto()
    PARCEL_MISSING = auto()
    BANK_BROKEN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact that names a reservation.

    Attributes:
        kind: What happened.
        time: When, by the bank's clock, aware UTC.
        learnt_time: When the gateway took it in; a proof brought home by phone counts from when it was brought.
        uncertainty: Half width of the interval around ``time`` in which the true time lies.
        evidence: How well it is known. Where nothing speaks for it, a parcel counts as inside (EVD-8).
        door: How the door stood when the fact was made.
        occupancy: What the sensor says; ``None`` without one.
        compartment: Label of the compartment.
        parcels: Numbers of the parcels meant; empty for all that can be meant.
        act: The act of the right used or ended.
        series: Series of the right used; of an ended right, the highest that ended.
        cause: What made the door open.
        right_end: Why a right ended.
        refusal_reason: Why the collector left the parcel.
        courier_error: What was reported.
        size_class: Class of the compartment, where the fact tells.
        command: The command that caused it.
        presence: How presence was shown, where a command opened a door.
        receipt: Name of the fact's receipt, where it has one.
    """

    kind: FactKind
    time: datetime
    learnt_time: datetime
    uncertainty: timedelta = timedelta(0)
    evidence: Evidence = Evidence.NONE
    door: DoorState = DoorState.UNKNOWN
    occupancy: Occupancy | None = None
    compartment: str | None = None
    parcels: tuple[int, ...] = ()
    act: Act | None = None
    series: int | None = None
    cause: OpeningCause | None = None
    right_end: RightEnd | None = None
    refusal_reason: RefusalReason | None = None
    courier_error: CourierError | None = None
    size_class: SizeClass | None = None
    command: CommandName | None = None
    presence: PresenceKind | None = None
    receipt: ReceiptName | None = None
