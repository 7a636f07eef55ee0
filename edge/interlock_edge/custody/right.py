"""A right: leave to do one act on one reservation. The ledger's key, whatever form the right was shown in (ACC-50)."""

from dataclasses import dataclass
from enum import StrEnum

from interlock.access_token import Act


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One act on one subject.

    Attributes:
        subject: A reservation's id; for ``SERVICE`` the token's ``jti`` or the id of the command that asks.
        act: What may be done.
    """

    subject: str
    act: Act


class Form(StrEnum):
    """In what form a right was shown. All forms of one right share one ledger row."""

    QR = "QR"
    """An access token, scanned."""
    PIN = "PIN"
    """Eight digits, typed."""
    BARCODE = "BARCODE"
    """A parcel's own barcode, scanned in a courier session."""
    REMOTE = "REMOTE"
    """A command from the gateway."""
