"""Refusals of rights, of openings and of proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from interlock_gateway.domain.errors.refusal import Refusal


@dataclass(eq=False, kw_only=True)
class SuspendReasonRequired(Refusal):
    """A parcel in the bank is locked in for a stated reason only (RES-29)."""

    reason = "SUSPEND_REASON_REQUIRED"
    template = "{field}: suspending the right to a deposited parcel needs a reason."
    field: str


@dataclass(eq=False, kw_only=True)
class AccessRefused(Refusal):
    """The bank was asked to open a door for a right and refused; the right is not used up."""

    reason = "ACCESS_REFUSED"
    template = "{bank} refused: {access_refusal}."
    bank: str
    access_refusal: str


@dataclass(eq=False, kw_only=True)
class SeriesExhausted(Refusal):
    """The right was replaced 65,535 times, which is as far as a token can count."""

    reason = "SERIES_EXHAUSTED"
    template = "The right to {act} on {reservation} cannot be replaced again."
    reservation: str
    act: str


@dataclass(eq=False, kw_only=True)
class PresenceRequired(Refusal):
    """A remote opening names how it is known that somebody stands at the bank."""

    reason = "PRESENCE_REQUIRED"
    template = "Opening a door of {bank} from afar needs a proof of presence."
    bank: str


@dataclass(eq=False, kw_only=True)
class OpeningLimit(Refusal):
    """The bank has been opened as often as it allows; the bank itself counts."""

    reason = "OPENING_LIMIT"
    template = "{bank} allows no further opening before {retry_after} s."
    bank: str
    retry_after: timedelta


@dataclass(eq=False, kw_only=True)
class CommandExpired(Refusal):
    """The bank did not carry the command out by its deadline; it never will."""

    reason = "COMMAND_EXPIRED"
    template = "{bank} did not act by {deadline_time}."
    bank: str
    deadline_time: datetime


@dataclass(eq=False, kw_only=True)
class DiscrepancyUnknown(Refusal):
    """No such discrepancy for this caller."""

    reason = "DISCREPANCY_UNKNOWN"
    template = "{discrepancy} is not known."
    discrepancy: str


@dataclass(eq=False, kw_only=True)
class DiscrepancyResolved(Refusal):
    """The discrepancy is settled; a new one can be raised (EVD-13)."""

    reason = "DISCREPANCY_RESOLVED"
    template = "{discrepancy} was resolved at {resolve_time}."
    discrepancy: str
    resolve_time: datetime


@dataclass(eq=False, kw_only=True)
class CorrectionNotPossible(Refusal):
    """The reservation's state cannot be corrected to what the resolution says (EVD-13)."""

    reason = "CORRECTION_NOT_POSSIBLE"
    template = "{reservation} is {state} and cannot be corrected to {corrected}."
    reservation: str
    state: str
    corrected: str


@dataclass(eq=False, kw_only=True)
class ReceiptUnknown(Refusal):
    """No such receipt for this caller."""

    reason = "RECEIPT_UNKNOWN"
    template = "{receipt} is not known."
    receipt: str


@dataclass(eq=False, kw_only=True)
class ReceiptInvalid(Refusal):
    """The receipt is not one, or no bank of this network signed it."""

    reason = "RECEIPT_INVALID"
    template = "The receipt is not valid."
