"""Refusals of a request for its own form, whatever it asks for; and of a gateway that cannot answer now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from interlock_gateway.domain.errors.refusal import Refusal


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
