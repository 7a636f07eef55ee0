"""Facts: what physically happened at the bank. A closed list, written once and never changed (EVD-1)."""

from dataclasses import dataclass
from enum import StrEnum

from interlock.receipt import DoorState, Evidence
from interlock_edge.clock import Instant
from interlock_edge.custody.door import Occupied, Withdrawal
from interlock_edge.custody.kind import SizeClass
from interlock_edge.custody.right import Form, Right


class Lane(StrEnum):
    """A stream of facts with its own gapless numbers (EVD-25)."""

    CUSTODY = "custody"
    """Chained by hash, never dropped."""
    CLIMATE = "climate"
    TELEMETRY = "telemetry"


@dataclass(frozen=True, slots=True)
class Use:
    """On whose word a door opens.

    Attributes:
        right: The right used.
        form: The form in which it was shown.
        series: Its series.
        command: Id of the command, or empty.
        presence: How it was shown that somebody stands there (``SCREEN_CODE``, ``POSITION``, ``STAFF_CALL``), or empty.
        grace: The right was spent here before; the same door opens again.
    """

    right: Right
    form: Form
    series: int = 0
    command: str = ""
    presence: str = ""
    grace: bool = False


@dataclass(frozen=True, slots=True)
class DoorOpened:
    """A door was seen open.

    Attributes:
        compartment: Its label.
        use: On whose word; nothing when nobody had asked for it.
        reservation: Whose parcels lie in it, or empty.
    """

    compartment: str
    use: Use | None
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class DoorClosed:
    """A door was seen closed again. A collector who left the parcel inside shows here alone: ``occupied`` is YES."""

    compartment: str
    occupied: Occupied
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class DoorLeftOpen:
    """A door has stood open for ten minutes."""

    compartment: str
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class DoorNotOpened:
    """A lock was pulsed and no opening was seen. It burns nothing: the right stays."""

    compartment: str
    use: Use
    pulses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Custody of one parcel moved: it was deposited, collected or recalled. The kind of fact that has a receipt.

    Attributes:
        use: On whose right.
        parcel: Its number within the reservation, from 1.
        compartment: Where.
        size_class: Class of the compartment.
        evidence: How well it is known.
        door: How the door stood at the end.
        occupied: What the sensor said at the end.
        opened_time: When the door opened.
        closed_time: When it closed; 0 if it did not.
        from_token_alone: The bank had never been told of the reservation.
    """

    use: Use
    parcel: int
    compartment: str
    size_class: SizeClass
    evidence: Evidence
    door: DoorState
    occupied: Occupied
    opened_time: int
    closed_time: int
    from_token_alone: bool = False


class CourierError(StrEnum):
    """What a person with a parcel ran into. Names and meanings as in ``interlock.v1.CourierError``."""

    COMPARTMENT_BROKEN = "COMPARTMENT_BROKEN"
    PARCEL_TOO_BIG = "PARCEL_TOO_BIG"
    COMPARTMENT_OCCUPIED = "COMPARTMENT_OCCUPIED"
    COMPARTMENT_EMPTY = "COMPARTMENT_EMPTY"
    NO_SUITABLE_COMPARTMENT = "NO_SUITABLE_COMPARTMENT"
    PARCEL_DAMAGED = "PARCEL_DAMAGED"
    PARCEL_LEAKING = "PARCEL_LEAKING"
    WRONG_BANK = "WRONG_BANK"
    LABEL_UNREADABLE = "LABEL_UNREADABLE"
    WRONG_PARCEL = "WRONG_PARCEL"
    PARCEL_MISSING = "PARCEL_MISSING"
    BANK_INACCESSIBLE = "BANK_INACCESSIBLE"
    BANK_BROKEN = "BANK_BROKEN"


@dataclass(frozen=True, slots=True)
class NotDeposited:
    """The depositor opened a door and nothing was put in. The right stands."""

    compartment: str
    use: Use
    evidence: Evidence
    error: CourierError | None = None


class RefusedItem(StrEnum):
    """Why a collector leaves a parcel where it is."""

    DAMAGED = "DAMAGED"
    NOT_MINE = "NOT_MINE"
    UNWANTED = "UNWANTED"


@dataclass(frozen=True, slots=True)
class ParcelRefused:
    """The collector left all parcels in the bank on purpose; the carrier shall take them back."""

    compartment: str
    use: Use
    why: RefusedItem


@dataclass(frozen=True, slots=True)
class ItemFound:
    """Something lies in a compartment that should be empty."""

    compartment: str
    evidence: Evidence
    former_reservation: str = ""


@dataclass(frozen=True, slots=True)
class CompartmentWithdrawn:
    """A compartment left service."""

    compartment: str
    why: Withdrawal
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class CompartmentRestored:
    """A compartment came back into service."""

    compartment: str


class RightEnd(StrEnum):
    """Why a right, or its lower series, opens nothing any more."""

    SPENT = "SPENT"
    REVOKED = "REVOKED"
    """Its revocation was applied, or the recall's door opened."""
    SUPERSEDED = "SUPERSEDED"
    """A higher series was given a yes."""
    DOOR_REUSED = "DOOR_REUSED"
    """Its grace was cut short, because the door was needed for another parcel."""


@dataclass(frozen=True, slots=True)
class RightEnded:
    """``right``, up to and including ``series``, opens nothing here any more."""

    right: Right
    series: int
    end: RightEnd


@dataclass(frozen=True, slots=True)
class HeadroomSpent:
    """A door of a class was given without asking, under the headroom of that number."""

    number: int
    size_class: SizeClass
    reservation: str
    compartment: str


@dataclass(frozen=True, slots=True)
class CourierErrorReported:
    """A person with a parcel ran into a difficulty."""

    error: CourierError
    compartment: str = ""
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class ClockStepped:
    """The bank's time changed otherwise than by passing. ``answered``: by a signed answer to its own nonce."""

    from_time: int
    to_time: int
    answered: bool


@dataclass(frozen=True, slots=True)
class ParcelIdentified:
    """A returned parcel without a label was tagged and scanned. ``tag``: 16 bytes, keyed."""

    reservation: str
    parcel: int
    tag: bytes


@dataclass(frozen=True, slots=True)
class JournalStarted:
    """The first fact of a journal; a replaced controller names the last fact known of the old one."""

    previous_journal_id: str = ""
    previous_number: int = 0
    previous_hash: bytes = b""


@dataclass(frozen=True, slots=True)
class TenancyHandedDown:
    """A tenancy that a new controller took over by word alone."""

    reservation: str
    compartment: str


@dataclass(frozen=True, slots=True)
class AccessRefused:
    """A token, PIN or barcode was refused. It moved nothing, and never carries what was shown.

    Attributes:
        reason: Name of the reason, as in ``interlock.v1.AccessRefusal``.
        form: What was shown.
        reservation: Whose right, where the signature was good; or empty.
        first_use_time: When the right was used, where it was; or 0.
    """

    reason: str
    form: Form
    reservation: str = ""
    first_use_time: int = 0


@dataclass(frozen=True, slots=True)
class KeypadLocked:
    """Too many wrong PINs."""

    until: int
    wrong_count: int


class Tampering(StrEnum):
    """What looks like the work of somebody who means ill."""

    PIN_GUESSING = "PIN_GUESSING"
    SERIES_JUMP = "SERIES_JUMP"
    SCANNER_PROGRAMMING = "SCANNER_PROGRAMMING"


@dataclass(frozen=True, slots=True)
class TamperSeen:
    """Somebody tampered."""

    kind: Tampering


@dataclass(frozen=True, slots=True)
class OpeningLimited:
    """A limit on openings stopped one."""

    compartment: str
    without_presence: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Facts of this lane, from ``first`` to ``last``, were dropped for want of space. Never in custody.

    It stands in the place of the last of them.
    """

    first: int
    last: int


CustodyBody = (
    JournalStarted
    | DoorOpened
    | DoorClosed
    | DoorLeftOpen
    | DoorNotOpened
    | HandOver
    | NotDeposited
    | ParcelRefused
    | ItemFound
    | CompartmentWithdrawn
    | CompartmentRestored
    | RightEnded
    | HeadroomSpent
    | CourierErrorReported
    | ClockStepped
    | ParcelIdentified
    | TenancyHandedDown
)
TelemetryBody = AccessRefused | KeypadLocked | TamperSeen | OpeningLimited | Gap


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened, with the clock's reading at that moment."""

    body: CustodyBody | TelemetryBody
    at: Instant

    @property
    def lane(self) -> Lane:
        """The lane that it belongs to."""
        return Lane.TELEMETRY if isinstance(self.body, TelemetryBody) else Lane.CUSTODY

    @property
    def reservation(self) -> str:
        """The reservation whose receipts it continues, or empty: only a hand-over has a receipt."""
        return self.body.use.right.subject if isinstance(self.body, HandOver) else ""

    @property
    def subject(self) -> str:
        """The reservation whose earlier receipt it names, or empty."""
        return self.body.use.right.subject if isinstance(self.body, HandOver | ParcelRefused) else ""
