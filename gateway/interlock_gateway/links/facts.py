"""From a sealed fact to plain values: what it says, and whether its receipt proves it (RCP-1, LNK-20)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, TypeVar

from google.protobuf.message import DecodeError, Message

from interlock import receipt as receipts
from interlock.edge.v1 import fact_pb2
from interlock.flaws import Flawed
from interlock.keys import PublicKey
from interlock.v1 import courier_error_pb2, need_pb2, reservation_pb2
from interlock_gateway.domain.capacity import SizeClass
from interlock_gateway.domain.compartment import OutageReason
from interlock_gateway.domain.errors import InvalidField
from interlock_gateway.domain.facts import (
    Act,
    CourierError,
    DoorState,
    Evidence,
    Fact,
    FactKind,
    Occupancy,
    OpeningCause,
    PresenceKind,
    RefusalReason,
    RightEnd,
)
from interlock_gateway.domain.names import BankName, CommandName
from interlock_gateway.domain.words import Word
from interlock_gateway.services.mapping.values import instant, named
from interlock_gateway.use_cases.bank_link import Lane
from interlock_gateway.use_cases.record_facts import Proof, Reported
from interlock_gateway.use_cases.taking_in import Told

W = TypeVar("W", bound=Word)

LANES: Final[Mapping[int, Lane]] = MappingProxyType(
    {fact_pb2.LANE_CUSTODY: Lane.CUSTODY, fact_pb2.LANE_CLIMATE: Lane.CLIMATE, fact_pb2.LANE_TELEMETRY: Lane.TELEMETRY}
)
"""Lanes by the contract's number."""

_WORDS: Final[Mapping[str, tuple[str, Any, type[Word]]]] = MappingProxyType(
    {
        "evidence": ("evidence", reservation_pb2.Evidence, Evidence),
        "door": ("door", fact_pb2.DoorState, DoorState),
        "occupancy": ("occupancy", fact_pb2.Occupancy, Occupancy),
        "act": ("act", reservation_pb2.Act, Act),
        "cause": ("cause", fact_pb2.OpeningCause, OpeningCause),
        "end": ("right_end", fact_pb2.RightEnd, RightEnd),
        "reason": ("refusal_reason", reservation_pb2.RefusalReason, RefusalReason),
        "error": ("courier_error", courier_error_pb2.CourierError, CourierError),
        "courier_error": ("courier_error", courier_error_pb2.CourierError, CourierError),
    }
)
"""Field of a body -> attribute of ``Fact``, the contract's enum, the domain's."""

_OUTAGES: Final[Mapping[int, OutageReason]] = MappingProxyType(
    {
        fact_pb2.WITHDRAWAL_REASON_JAMMED: OutageReason.JAMMED,
        fact_pb2.WITHDRAWAL_REASON_NOT_EMPTY: OutageReason.NOT_EMPTY,
        fact_pb2.WITHDRAWAL_REASON_LEAKED: OutageReason.LEAKED,
        fact_pb2.WITHDRAWAL_REASON_SENSOR_FAULT: OutageReason.SENSOR_FAULT,
        fact_pb2.WITHDRAWAL_REASON_BOARD_LOST: OutageReason.BOARD_LOST,
        fact_pb2.WITHDRAWAL_REASON_LEFT_OPEN: OutageReason.LEFT_OPEN,
        fact_pb2.WITHDRAWAL_REASON_CLIMATE: OutageReason.CLIMATE,
    }
)
_FORMER: Final = ("reservation", "former_reservation")


def read(sealed: fact_pb2.SealedFact, lane: Lane, *, bank: BankName, journal_id: str, signer: Signer) -> Reported:
    """Read a fact as it came.

    Args:
        sealed: The fact and its receipt.
        lane: The lane of the message that brought it.
        bank: Whose it is.
        journal_id: The journal of this link.
        signer: Judges receipts.

    Raises:
        InvalidField: It is no fact, or stands elsewhere than it came.
    """
    try:
        said = fact_pb2.Fact.FromString(sealed.fact)
    except DecodeError as flaw:
        raise InvalidField(field="facts.fact", rule="is not a serialized fact") from flaw
    address = said.address
    if LANES.get(address.lane) is not lane or address.journal_id != journal_id or address.number < 1:
        raise InvalidField(field="facts.fact", rule="names another place than the one it came from")
    proof = signer.proof(sealed.receipt, journal_id, address.number) if sealed.receipt else None
    return Reported(
        number=address.number,
        body=sealed.fact,
        told=_told(said, bank),
        proof=proof,
        proof_flawed=bool(sealed.receipt) and proof is None,
        gap_first=said.gap.first_number if said.WhichOneof("body") == "gap" else 0,
    )


class Signer:
    """Judges the receipts of one bank."""

    def __init__(self, key: PublicKey, token_audience: str) -> None:
        """Trust ``key`` for the bank of this audience."""
        self._keys = {key.kid: key}
        self._audience = token_audience

    def proof(self, text: str, journal_id: str, number: int) -> Proof | None:
        """Read a receipt; ``None`` for one that proves nothing about the fact of this number."""
        try:
            receipt = receipts.read(text, self._keys, bank=self._audience)
        except Flawed:
            return None
        if (receipt.journal_id, receipt.number) != (journal_id, number):
            return None
        return Proof(
            text=text,
            previous_hash=receipt.previous_hash,
            hash=receipt.hash,
            earlier_number=receipt.earlier_number or 0,
        )


def _told(said: fact_pb2.Fact, bank: BankName) -> Told | None:
    """Read what a fact says; ``None`` for a body that is not known here."""
    which = said.WhichOneof("body")
    if which is None:
        return None
    body = getattr(said, which)
    kind = FactKind(which.upper())
    when = instant(said.clock.time)
    fact = Fact(
        kind=kind,
        time=when,
        learnt_time=when,  # set anew by whoever records it, to the instant of the commit
        uncertainty=timedelta(milliseconds=said.clock.uncertainty_ms),
        compartment=_compartment(body),
        parcels=_parcels(body),
        series=_plain(body, "series"),
        size_class=_size_class(body),
        presence=_presence(body),
        command=_command(body, bank),
        **_words(body, which),
    )
    return Told(fact=fact, reservations=_reservations(body), outage=_outage(body, which))


def _words(body: Message, which: str) -> dict[str, Any]:
    """Read the words of closed lists that a body has and sets, to values that this gateway knows."""
    found: dict[str, Any] = {}
    for field in body.DESCRIPTOR.fields:
        if field.name not in _WORDS or (field.name == "reason" and which != "parcel_refused"):
            continue
        attribute, enum, words = _WORDS[field.name]
        value = getattr(body, field.name)
        if value and value in enum.DESCRIPTOR.values_by_number:
            found[attribute] = named(enum, value, words)
    return found


def _plain(body: Message, name: str) -> Any:  # noqa: ANN401 - whatever the field is
    """Read a field that some bodies have; ``None`` where this one does not."""
    return getattr(body, name) if name in body.DESCRIPTOR.fields_by_name else None


def _compartment(body: Message) -> str | None:
    return _plain(body, "compartment") or _plain(body, "to_compartment") or None


def _parcels(body: Message) -> tuple[int, ...]:
    number = _plain(body, "parcel_number")
    return (number,) if number else ()


def _reservations(body: Message) -> tuple[str, ...]:
    one = next((named_ for name in _FORMER if (named_ := _plain(body, name))), None)
    return (one,) if one else tuple(_plain(body, "reservations") or ())


def _size_class(body: Message) -> SizeClass | None:
    value = _plain(body, "size_class")
    return SizeClass(value) if value in need_pb2.SizeClass.values() and value else None


def _presence(body: Message) -> PresenceKind | None:
    said = _plain(body, "presence")
    return PresenceKind(said) if said in PresenceKind.__members__ else None


def _command(body: Message, bank: BankName) -> CommandName | None:
    said = _plain(body, "command_id")
    return CommandName(bank.party, bank.bank, said) if said else None


def _outage(body: Message, which: str) -> OutageReason | None:
    if which == "item_found":
        return OutageReason.NOT_EMPTY
    if which == "compartment_withdrawn":
        # An operator's own word came back: what he withdrew stands in his own record already.
        return _OUTAGES.get(_plain(body, "reason"))
    return None


def clock_time(reading: fact_pb2.ClockReading) -> datetime:
    """Read a bank's wall clock."""
    return instant(reading.time).astimezone(UTC)
