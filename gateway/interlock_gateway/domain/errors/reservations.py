"""Refusals of a reservation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interlock_gateway.domain.errors.refusal import Refusal


@dataclass(eq=False, kw_only=True)
class ReservationUnknown(Refusal):
    """No such reservation for this caller; a foreign one answers the same (PTY-5)."""

    reason = "RESERVATION_UNKNOWN"
    template = "{reservation} is not known."
    reservation: str


@dataclass(eq=False, kw_only=True)
class WrongState(Refusal):
    """The command is not allowed from the reservation's state (RES-2)."""

    reason = "WRONG_STATE"
    template = "{reservation} is {state}: {command} is not possible."
    reservation: str
    state: str
    command: str


@dataclass(eq=False, kw_only=True)
class TooEarly(Refusal):
    """The clock that this lapse belongs to has not run out (RES-5)."""

    reason = "TOO_EARLY"
    template = "{reservation} does not lapse before {due_time}."
    reservation: str
    due_time: datetime | None


@dataclass(eq=False, kw_only=True)
class WindowInvalid(Refusal):
    """A window is inverted, empty, or longer or further away than the network allows (RES-12)."""

    reason = "WINDOW_INVALID"
    template = "{field}: {rule}"
    field: str
    rule: str


@dataclass(eq=False, kw_only=True)
class WindowPast(Refusal):
    """The window, or the end that is asked for, has passed (RES-12)."""

    reason = "WINDOW_PAST"
    template = "{field} ended at {end_time}."
    field: str
    end_time: datetime


@dataclass(eq=False, kw_only=True)
class NoCapacity(Refusal):
    """No kind of door that meets the need is free for the whole stay (CAP-3)."""

    reason = "NO_CAPACITY"
    template = "{bank} has no compartment free for this need and time."
    bank: str
    extendable_until: datetime | None = None


@dataclass(eq=False, kw_only=True)
class NoClassFits(Refusal):
    """No class of the network, or none at this bank, takes these dimensions (CAP-1)."""

    reason = "NO_CLASS_FITS"
    template = "No size class takes {dimensions}."
    dimensions: str


@dataclass(eq=False, kw_only=True)
class ClassWouldChange(Refusal):
    """With the further parcel the reservation would need a larger class (RES-33)."""

    reason = "CLASS_WOULD_CHANGE"
    template = "The parcels together need {needed}, and {planned} is reserved."
    planned: str
    needed: str


@dataclass(eq=False, kw_only=True)
class LimitExceeded(Refusal):
    """A mass, a declared value or a count is above what the bank or the network takes (RES-22)."""

    reason = "LIMIT_EXCEEDED"
    template = "{field}: {given} is more than {limit}."
    field: str
    given: str
    limit: str


@dataclass(eq=False, kw_only=True)
class RestrictionNotServed(Refusal):
    """The bank does not serve a restriction that a parcel bears; it is never ignored (RES-21)."""

    reason = "RESTRICTION_NOT_SERVED"
    template = "{bank} does not serve {restriction}."
    bank: str
    restriction: str
    field: str | None = None


@dataclass(eq=False, kw_only=True)
class NoCommonAccess(Refusal):
    """The bank has no input by which this collector could prove the right (RES-23)."""

    reason = "NO_COMMON_ACCESS"
    template = "{bank} offers {inputs}, and the collector can use {usable}."
    bank: str
    inputs: frozenset[str]
    usable: frozenset[str]


@dataclass(eq=False, kw_only=True)
class CollectorFieldRequired(Refusal):
    """The bank requires a particular of the collector that was not given (RES-34)."""

    reason = "COLLECTOR_FIELD_REQUIRED"
    template = "{bank} requires the collector's {required}."
    bank: str
    required: str
    field: str


@dataclass(eq=False, kw_only=True)
class AccountRequired(Refusal):
    """The bank belongs to a carried network, and the caller has no account with it (BNK-11)."""

    reason = "ACCOUNT_REQUIRED"
    template = "{bank} needs an account with {network}."
    bank: str
    network: str
