"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """A kind of thing that must never happen."""

    DOUBLE_BOOKING = "double_booking"
    """Two stays in one compartment at a time, or more promises of a kind than there are doors."""
    LOST_EVENT = "lost_event"
    """A gap in the log, or a revision without its event."""
    BROKEN_RECEIPT = "broken_receipt"
    """A fact, a hash or a receipt that does not follow from the ones before."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that went wrong.

    Attributes:
        trouble: What kind of thing.
        where: The bank, the key of the log or the journal.
        what: One plain sentence.
    """

    trouble: Trouble
    where: str
    what: str
