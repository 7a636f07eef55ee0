"""Every refusal of the network, one class each.

A refusal is a value with typed facts; the sentence that a person reads is a template over those facts, so a machine
can read all that a person can. The ``reason`` is public: it is the name of a value of the contract's
``interlock.v1.ErrorReason`` without its prefix, and clients branch on it. Which gRPC status a reason travels
under is not known here (REQ-12).

A command may be refused, a fact never is: nothing in this module is raised while a fact is taken in (RES-30).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import ClassVar

_registry: dict[str, type[Refusal]] = {}


class Refusal(Exception):  # noqa: N818 - the domain's word; STYLE names errors after what went wrong, not "Error"
    """What the network declines to do, and why.

    Subclasses are dataclasses: each field is one fact. A subclass that names a ``field`` fact points at the
    misshapen field by its path in the request (``parcels[2].sscc``); one with ``retry_after`` says when to try again.
    """

    reason: ClassVar[str]
    """Value name of ``interlock.v1.ErrorReason`` without ``ERROR_REASON_``; never reused, never renamed."""

    template: ClassVar[str]
    """The sentence for people, over the names of the facts."""

    def __init_subclass__(cls) -> None:
        """Enter the class in the registry; two classes with one reason cannot be imported."""
        super().__init_subclass__()
        if _registry.setdefault(cls.reason, cls) is not cls:
            message = f"two refusals share the reason {cls.reason}"
            raise TypeError(message)

    @property
    def facts(self) -> dict[str, str]:
        """The facts as text, for ``google.rpc.ErrorInfo.metadata``; what is not known (``None``) is left out."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))  # type: ignore[arg-type]
        return {name: _text(value) for name, value in values if value is not None}

    def __str__(self) -> str:
        """Fill the template."""
        return self.template.format_map(_Facts(self.facts))


class _Facts(dict[str, str]):
    """Facts for a template, in which an unknown fact reads as a word instead of failing."""

    def __missing__(self, key: str) -> str:
        return "unknown"


def _text(value: object) -> str:
    """Write one fact: instants as RFC 3339 in UTC, lengths of time in whole seconds, sets sorted."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case timedelta():
            return str(int(value.total_seconds()))
        case frozenset():
            return ",".join(sorted(str(each) for each in value))
        case tuple():
            return ",".join(str(each) for each in value)
        case _:
            return str(value)


def refusals() -> Mapping[str, type[Refusal]]:
    """All refusals by reason; the contract's enum has exactly these values besides UNSPECIFIED."""
    return MappingProxyType(_registry)


def first_refusal(verdicts: Iterable[Refusal | None]) -> Refusal | None:
    """Give the first refusal of a row of checks, each evaluated only when those before it passed."""
    return next((verdict for verdict in verdicts if verdict is not None), None)


# --- The request itself --------------------------------------------------------------------------------------------


@dataclass(eq=False, kw_only=True)
class InvalidName(Refusal):
    """A resource name, or a part of one, does not follow the grammar (PTY-2)."""

    reason = "INVALID_NAME"
    template = "{field} is not a name of the form {pattern}."
    field: str
    pattern: str


@dataclass(eq=False, kw_only=True)
class InvalidField(Refusal):
    """A field breaks a rule that the contract states for it."""

    reason = "INVALID_FIELD"
    template = "{field}: {rule}"
    field: str
    rule: str


@dataclass(eq=False, kw_only=True)
class PageTokenInvalid(Refusal):
    """A page token or an event cursor was not given out by this gateway for this list."""

    reason = "PAGE_TOKEN_INVALID"
    template = "{field} was not given out for this list."
    field: str


@dataclass(eq=False, kw_only=True)
class CursorTooOld(Refusal):
    """The log no longer reaches back to the cursor; start again from ``earliest``."""

    reason = "CURSOR_TOO_OLD"
    template = "The event log begins at {earliest}."
    earliest: str


@dataclass(eq=False, kw_only=True)
class RequestIdReused(Refusal):
    """The ``request_id`` stands for another request of this party and method (REQ-3)."""

    reason = "REQUEST_ID_REUSED"
    template = "request_id {request_id} was used for another request."
    request_id: str


@dataclass(eq=False, kw_only=True)
class EtagMismatch(Refusal):
    """The resource has changed since the caller read it."""

    reason = "ETAG_MISMATCH"
    template = "{resource} has changed; its etag is now {etag}."
    resource: str
    etag: str


@dataclass(eq=False, kw_only=True)
class GroupRefused(Refusal):
    """Another item of the same ``all_or_none_group`` was refused, so this one is too (REQ-7)."""

    reason = "GROUP_REFUSED"
    template = "Item {item} of group {group} was refused: {because}."
    group: str
    item: int
    because: str


@dataclass(eq=False, kw_only=True)
class GroupSpansBanks(Refusal):
    """An ``all_or_none_group`` or a collector group names more than one bank."""

    reason = "GROUP_SPANS_BANKS"
    template = "Group {group} names more than one bank."
    group: str
    field: str


@dataclass(eq=False, kw_only=True)
class NotServedYet(Refusal):
    """The contract has the method; this gateway does not serve it."""

    reason = "NOT_SERVED_YET"
    template = "{method} is not served by this gateway yet."
    method: str


@dataclass(eq=False, kw_only=True)
class CapabilityNotSupported(Refusal):
    """The bank, or the network behind it, cannot do this, and says so in its ``capabilities`` (BNK-12)."""

    reason = "CAPABILITY_NOT_SUPPORTED"
    template = "{bank} does not support {capability}."
    bank: str
    capability: str


@dataclass(eq=False, kw_only=True)
class StoreUnavailable(Refusal):
    """Nothing was decided, or the store did not say whether it was committed (REQ-8)."""

    reason = "STORE_UNAVAILABLE"
    template = "The outcome is unknown; retry with the same request_id."
    retry_after: timedelta


@dataclass(eq=False, kw_only=True)
class ShuttingDown(Refusal):
    """This replica takes no new calls; another does."""

    reason = "SHUTTING_DOWN"
    template = "This gateway is shutting down; try again."
    retry_after: timedelta


@dataclass(eq=False, kw_only=True)
class RateLimited(Refusal):
    """Too many calls from this address or party."""

    reason = "RATE_LIMITED"
    template = "Too many calls; try again in {retry_after} s."
    retry_after: timedelta


# --- Who calls -----------------------------------------------------------------------------------------------------


@dataclass(eq=False, kw_only=True)
class CallTokenMissing(Refusal):
    """The method wants a call token and the call brought none."""

    reason = "CALL_TOKEN_MISSING"
    template = "{method} needs a call token."
    method: str


@dataclass(eq=False, kw_only=True)
class CallTokenInvalid(Refusal):
    """The call token does not prove who calls. The flaw is logged and not told."""

    reason = "CALL_TOKEN_INVALID"
    template = "The call token is not valid."


@dataclass(eq=False, kw_only=True)
class PartySuspended(Refusal):
    """The party may not call until the network owner lifts the suspension (PTY-9)."""

    reason = "PARTY_SUSPENDED"
    template = "{party} is suspended."
    party: str


@dataclass(eq=False, kw_only=True)
class RoleRequired(Refusal):
    """The caller has none of the roles that the method asks for."""

    reason = "ROLE_REQUIRED"
    template = "This needs one of the roles {roles}."
    roles: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class NotOwn(Refusal):
    """The name belongs to another party, and the method is for its owner alone."""

    reason = "NOT_OWN"
    template = "{field} must name a resource of the caller."
    field: str


@dataclass(eq=False, kw_only=True)
class PartyExists(Refusal):
    """The party id is taken; ids are never reused."""

    reason = "PARTY_EXISTS"
    template = "{party} exists already."
    party: str


@dataclass(eq=False, kw_only=True)
class PartyUnknown(Refusal):
    """No such party for this caller."""

    reason = "PARTY_UNKNOWN"
    template = "{party} is not known."
    party: str


@dataclass(eq=False, kw_only=True)
class CodeInvalid(Refusal):
    """A one-time code is wrong, used or past its end; which of them is not told (PTY-7)."""

    reason = "CODE_INVALID"
    template = "The code is not valid."


@dataclass(eq=False, kw_only=True)
class CodeUsed(Refusal):
    """An enrolment code came a second time with another key: an alarm, not a retry (PTY-8)."""

    reason = "CODE_USED"
    template = "The code was used with another key."


@dataclass(eq=False, kw_only=True)
class KeyExists(Refusal):
    """The key is registered already, here or with another party; a key has one owner for ever (PTY-6)."""

    reason = "KEY_EXISTS"
    template = "The key {thumbprint} is registered already."
    thumbprint: str


@dataclass(eq=False, kw_only=True)
class KeyUnknown(Refusal):
    """The party has no such key."""

    reason = "KEY_UNKNOWN"
    template = "{party} has no key {key}."
    party: str
    key: str


@dataclass(eq=False, kw_only=True)
class KeyUnusable(Refusal):
    """The public key is of a type, size or form that the network does not take."""

    reason = "KEY_UNUSABLE"
    template = "{field}: {rule}"
    field: str
    rule: str


@dataclass(eq=False, kw_only=True)
class LastKey(Refusal):
    """Distrusting this key would leave the party unable to call; register another first."""

    reason = "LAST_KEY"
    template = "{key} is the last key of {party}."
    party: str
    key: str


# --- The bank ------------------------------------------------------------------------------------------------------


@dataclass(eq=False, kw_only=True)
class BankUnknown(Refusal):
    """No such bank for this caller. A bank that the caller may neither see nor book answers the same (BNK-3)."""

    reason = "BANK_UNKNOWN"
    template = "{bank} is not known."
    bank: str


@dataclass(eq=False, kw_only=True)
class BankExists(Refusal):
    """The bank id is taken; ids are never reused, also not after closing."""

    reason = "BANK_EXISTS"
    template = "{bank} exists already."
    bank: str


@dataclass(eq=False, kw_only=True)
class BankNotOpen(Refusal):
    """The bank takes no reservation for that time: planned, closing before its end, emptying or closed (BNK-2)."""

    reason = "BANK_NOT_OPEN"
    template = "{bank} is {state}."
    bank: str
    state: str
    end_time: datetime | None = None


@dataclass(eq=False, kw_only=True)
class BankNotReporting(Refusal):
    """The bank has been silent for longer than its operator sells it unseen (BNK-5)."""

    reason = "BANK_NOT_REPORTING"
    template = "{bank} was last heard at {last_heard_time}."
    bank: str
    last_heard_time: datetime | None


@dataclass(eq=False, kw_only=True)
class NoLiveLink(Refusal):
    """What is asked needs a live link to the bank."""

    reason = "NO_LIVE_LINK"
    template = "{bank} is not connected."
    bank: str


@dataclass(eq=False, kw_only=True)
class OutsideOpeningHours(Refusal):
    """The bank cannot be reached by a person at any moment of the deposit window (BNK-7)."""

    reason = "OUTSIDE_OPENING_HOURS"
    template = "{bank} is shut from {start_time} to {end_time}."
    bank: str
    start_time: datetime
    end_time: datetime


@dataclass(eq=False, kw_only=True)
class BankNotEmpty(Refusal):
    """A bank closes only when all custody is out (BNK-2)."""

    reason = "BANK_NOT_EMPTY"
    template = "{bank} still holds parcels of {reservation_count} reservations."
    bank: str
    reservation_count: int


@dataclass(eq=False, kw_only=True)
class BankWrongState(Refusal):
    """The bank's life does not go that way (BNK-2)."""

    reason = "BANK_WRONG_STATE"
    template = "{bank} is {state}."
    bank: str
    state: str


@dataclass(eq=False, kw_only=True)
class LayoutInvalid(Refusal):
    """A bank's layout contradicts itself: a label twice, a compartment below every class."""

    reason = "LAYOUT_INVALID"
    template = "{field}: {rule}"
    field: str
    rule: str


@dataclass(eq=False, kw_only=True)
class CompartmentUnknown(Refusal):
    """The bank has no such compartment, or the caller may not see it."""

    reason = "COMPARTMENT_UNKNOWN"
    template = "{compartment} is not known."
    compartment: str


@dataclass(eq=False, kw_only=True)
class CompartmentOccupied(Refusal):
    """What is asked needs an empty compartment."""

    reason = "COMPARTMENT_OCCUPIED"
    template = "{compartment} is occupied."
    compartment: str


@dataclass(eq=False, kw_only=True)
class CommandUnknown(Refusal):
    """No such command for this caller."""

    reason = "COMMAND_UNKNOWN"
    template = "{command} is not known."
    command: str


@dataclass(eq=False, kw_only=True)
class SecondPartyRequired(Refusal):
    """An evacuation is approved by another party than asked for it (BNK-14)."""

    reason = "SECOND_PARTY_REQUIRED"
    template = "{evacuation} needs the word of a second party."
    evacuation: str


@dataclass(eq=False, kw_only=True)
class EvacuationUnknown(Refusal):
    """No such evacuation for this caller, or it has lapsed."""

    reason = "EVACUATION_UNKNOWN"
    template = "{evacuation} is not known."
    evacuation: str


# --- The reservation -----------------------------------------------------------------------------------------------


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
    """With the further parcel the reservation would need a larger class (RES-20)."""

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
    """The bank requires a particular of the collector that was not given (RES-24)."""

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


# --- Rights --------------------------------------------------------------------------------------------------------


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


# --- Proof ---------------------------------------------------------------------------------------------------------


@dataclass(eq=False, kw_only=True)
class DiscrepancyUnknown(Refusal):
    """No such discrepancy for this caller."""

    reason = "DISCREPANCY_UNKNOWN"
    template = "{discrepancy} is not known."
    discrepancy: str


@dataclass(eq=False, kw_only=True)
class DiscrepancyResolved(Refusal):
    """The discrepancy is settled; a new one can be raised (EVD-8)."""

    reason = "DISCREPANCY_RESOLVED"
    template = "{discrepancy} was resolved at {resolve_time}."
    discrepancy: str
    resolve_time: datetime


@dataclass(eq=False, kw_only=True)
class CorrectionNotPossible(Refusal):
    """The reservation's state cannot be corrected to what the resolution says (EVD-8)."""

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
