"""Why something is refused: the precise reason for the record, and the one sentence for the person (ACC-6, ACC-62)."""

from dataclasses import dataclass
from enum import StrEnum

from interlock_edge.custody.fact import AccessRefused, Tampering, TamperSeen
from interlock_edge.custody.right import Form


class Reason(StrEnum):
    """The closed list, in the order in which a verdict reaches it. Names as in ``interlock.v1.AccessRefusal``."""

    MALFORMED = "MALFORMED"
    BAD_HEADER = "BAD_HEADER"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    BAD_CLAIMS = "BAD_CLAIMS"
    WRONG_BANK = "WRONG_BANK"
    NOT_YET = "NOT_YET"
    EXPIRED = "EXPIRED"
    SUPERSEDED = "SUPERSEDED"
    SERIES_JUMP = "SERIES_JUMP"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    USED = "USED"
    NO_PARCEL = "NO_PARCEL"
    WRONG_PIN = "WRONG_PIN"
    LOCKED_OUT = "LOCKED_OUT"
    CLOCK_SUSPECT = "CLOCK_SUSPECT"
    STATUS_STALE = "STATUS_STALE"
    OPENING_LIMIT = "OPENING_LIMIT"
    DOOR_OPEN = "DOOR_OPEN"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"
    NO_SUITABLE_COMPARTMENT = "NO_SUITABLE_COMPARTMENT"
    STORAGE_FULL = "STORAGE_FULL"
    WRONG_ACT = "WRONG_ACT"
    EMPTYING = "EMPTYING"
    OVERDUE = "OVERDUE"
    KEY_SET_EXPIRED = "KEY_SET_EXPIRED"


class Told(StrEnum):
    """What the person at the bank is told: keys of the kiosk's message catalogues.

    Whoever forges learns nothing from it; whoever is honest and wrong learns what to do.
    """

    NOT_ACCEPTED = "NOT_ACCEPTED"
    """This code is not accepted here. One sentence for everything up to a bad claim."""
    OTHER_BANK = "OTHER_BANK"
    """This code is for another bank."""
    TOO_EARLY = "TOO_EARLY"
    TOO_LATE = "TOO_LATE"
    NEWER_CODE = "NEWER_CODE"
    """A newer code has been sent; use that one."""
    WITHDRAWN = "WITHDRAWN"
    """This code has been withdrawn; ask the carrier."""
    ALREADY_USED = "ALREADY_USED"
    NOTHING_HERE = "NOTHING_HERE"
    """No parcel for this code is here, not yet or not any more."""
    KEYPAD_LOCKED = "KEYPAD_LOCKED"
    """Too many wrong PINs; a QR code still works."""
    NOT_NOW = "NOT_NOW"
    """The bank cannot do this at present; the code stays good."""


_TOLD = {
    Reason.WRONG_BANK: Told.OTHER_BANK,
    Reason.NOT_YET: Told.TOO_EARLY,
    Reason.EXPIRED: Told.TOO_LATE,
    Reason.OVERDUE: Told.TOO_LATE,
    Reason.SUPERSEDED: Told.NEWER_CODE,
    Reason.REVOKED: Told.WITHDRAWN,
    Reason.SUSPENDED: Told.WITHDRAWN,
    Reason.USED: Told.ALREADY_USED,
    Reason.NO_PARCEL: Told.NOTHING_HERE,
    Reason.LOCKED_OUT: Told.KEYPAD_LOCKED,
    Reason.CLOCK_SUSPECT: Told.NOT_NOW,
    Reason.STATUS_STALE: Told.NOT_NOW,
    Reason.OPENING_LIMIT: Told.NOT_NOW,
    Reason.DOOR_OPEN: Told.NOT_NOW,
    Reason.OUT_OF_SERVICE: Told.NOT_NOW,
    Reason.NO_SUITABLE_COMPARTMENT: Told.NOT_NOW,
    Reason.STORAGE_FULL: Told.NOT_NOW,
    Reason.EMPTYING: Told.NOT_NOW,
    Reason.KEY_SET_EXPIRED: Told.NOT_NOW,
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A no.

    Attributes:
        reason: For the record, never for the screen.
        form: What was shown.
        reservation: Whose right, where the signature was good; or empty.
        first_use_time: With ``USED``: when the right was used, unix seconds; or 0.
    """

    reason: Reason
    form: Form
    reservation: str = ""
    first_use_time: int = 0

    @property
    def told(self) -> Told:
        """Return what the person is told."""
        return _TOLD.get(self.reason, Told.NOT_ACCEPTED)

    @property
    def facts(self) -> tuple[AccessRefused | TamperSeen, ...]:
        """Return what is recorded of it; never what was shown."""
        refused = AccessRefused(self.reason.value, self.form, self.reservation, self.first_use_time)
        if self.reason is Reason.SERIES_JUMP:
            return (refused, TamperSeen(Tampering.SERIES_JUMP))
        return (refused,)
