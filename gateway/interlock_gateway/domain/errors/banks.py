"""Refusals of a bank, of its doors and of its link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interlock_gateway.domain.errors.refusal import Refusal


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
    template = "{bank} still holds or awaits parcels of {reservation_count} reservations."
    bank: str
    reservation_count: int
    end_time: datetime | None = None


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


@dataclass(eq=False, kw_only=True)
class HelloInvalid(Refusal):
    """A bank's Hello does not prove its key over the gateway's nonce, or came out of turn. The flaw is not told."""

    reason = "HELLO_INVALID"
    template = "The Hello is not valid."


@dataclass(eq=False, kw_only=True)
class LinkSuperseded(Refusal):
    """A newer connection of the same bank has taken over."""

    reason = "LINK_SUPERSEDED"
    template = "{bank} is connected anew."
    bank: str


@dataclass(eq=False, kw_only=True)
class ProtocolVersionUnknown(Refusal):
    """None of the bank's protocol versions is spoken here."""

    reason = "PROTOCOL_VERSION_UNKNOWN"
    template = "The versions {served} are served."
    served: tuple[str, ...]
