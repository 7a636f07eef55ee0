"""What is kept of a bank's link: codes, keys, journals, facts, receipts, commands (docs/protocol/08-link.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import auto

from interlock_gateway.domain.facts import Fact
from interlock_gateway.domain.words import Word


class Lane(Word):
    """A stream of facts with numbers of its own. Names as in ``interlock.edge.v1.Lane``."""

    CUSTODY = auto()
    CLIMATE = auto()
    TELEMETRY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentCode:
    """A one-time code.

    Attributes:
        code_id: Its public half, hexadecimal.
        bank: The bank's name.
        expire_time: Until when it can be redeemed.
        kid: Thumbprint of the key for which it was redeemed; ``None`` while unused.
        use_time: When.
        answer: What was answered then.
        alarmed: It came again with another key, and people were told.
    """

    code_id: str
    bank: str
    expire_time: datetime
    kid: str | None = None
    use_time: datetime | None = None
    answer: bytes = b""
    alarmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BankKey:
    """A key that is or was a bank's own. What it signed while it was trusted stays good (RCP-4).

    Attributes:
        kid: RFC 7638 thumbprint, base64url.
        bank: The bank's name.
        jwk: Canonical JWK.
        enrol_time: When it was made known.
        distrust_time: When another took its place; ``None``: it is the bank's key now.
    """

    kid: str
    bank: str
    jwk: str
    enrol_time: datetime
    distrust_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Predecessor:
    """How far the journal of a replaced controller is known.

    Attributes:
        journal_id: Its journal.
        number: Number of its last custody fact that is known; 0 for none.
        hash: The chain hash after it, 32 bytes.
    """

    journal_id: str
    number: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLink:
    """A bank's link as it is kept.

    Attributes:
        bank: The bank's name.
        kid: Of its key; ``None`` until it has enrolled.
        open_code: Id of the code that can be redeemed now.
        epoch: Of the latest link. Facts, acknowledgements and commands count under the latest alone.
        journal_id: Its journal; ``None`` until its first Hello.
        predecessor: The journal of the controller that it replaced.
        suspended: Its journal has forked: facts are taken in and marked, nothing goes down.
        held_era: Era of the manifest that it has acknowledged.
        held_number: Number of the manifest that it has acknowledged.
        claimed_number: Number of its last custody fact, as its latest Hello said.
        claimed_hash: The chain hash after it, as its latest Hello said.
        last_heard_time: When it was last heard, to the minute or better.
        firmware: As the vendor names it.
    """

    bank: str
    kid: str | None = None
    open_code: str | None = None
    epoch: int = 0
    journal_id: str | None = None
    predecessor: Predecessor | None = None
    suspended: bool = False
    held_era: int = 0
    held_number: int = 0
    claimed_number: int = 0
    claimed_hash: bytes = b""
    last_heard_time: datetime | None = None
    firmware: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """How far a journal is known.

    Attributes:
        key: See ``journal_key``.
        numbers: Last number committed, by lane.
        hash: The chain hash after the last custody fact, 32 bytes.
    """

    key: str
    hash: bytes
    numbers: Mapping[Lane, int] = field(default_factory=dict)

    def number(self, lane: Lane) -> int:
        """Last number committed in ``lane``; 0 for none."""
        return self.numbers.get(lane, 0)


def journal_key(bank: str, journal_id: str) -> str:
    """Write the key of a journal."""
    return f"{bank}|{journal_id}"


class FactStatus(Word):
    """What became of a fact."""

    RECORDED = auto()
    FORKED = auto()
    """It came from an identity that is suspended; kept, and not recorded."""
    UNKNOWN = auto()
    """Of a kind that this gateway does not know; kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFact:
    """A fact in the bytes in which it came.

    Attributes:
        key: See ``fact_key``.
        bank: The bank's name.
        journal_id: Its journal.
        lane: Its lane.
        number: Its number there.
        body: The serialized fact.
        hash: In the custody lane: the chain hash after it.
        receipt: Its receipt, compact JWS, or empty.
        status: What became of it.
        recorded_time: When it came.
    """

    key: str
    bank: str
    journal_id: str
    lane: Lane
    number: int
    body: bytes
    hash: bytes = b""
    receipt: str = ""
    status: FactStatus
    recorded_time: datetime


def fact_key(bank: str, journal_id: str, lane: Lane, number: int) -> str:
    """Write the key of a fact: its address for ever (LNK-21)."""
    return f"{bank}|{journal_id}|{lane}|{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReceipt:
    """A receipt, by link or by phone; the first to come is kept.

    Attributes:
        name: Its resource name.
        bank: The bank's name.
        carrier: Party id of the reservation's carrier, where that is known.
        reservation: Id alone; empty where the bank knew of none.
        text: The compact JWS.
        fact: What it says, to be recorded when nothing is awaited any more.
        hash: The chain hash after its fact.
        earlier_number: Number of the reservation's earlier receipt; 0 for none.
        waiting: Its forerunner is not here yet (RCP-20).
        recorded_time: When it came.
    """

    name: str
    bank: str
    carrier: str | None
    reservation: str
    text: str
    fact: Fact
    hash: bytes
    earlier_number: int
    waiting: bool
    recorded_time: datetime


@dataclass(frozen=True, slots=True)
class PendingReceipts:
    """Receipts of one reservation that wait for an earlier one.

    Attributes:
        reservation: Id alone.
        names: Of the receipts.
    """

    reservation: str
    names: tuple[str, ...] = ()


class CommandState(Word):
    """What became of a command. The last four as in ``interlock.edge.v1.CommandOutcome``."""

    PENDING = auto()
    SENT = auto()
    DONE = auto()
    EXPIRED = auto()
    REFUSED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCommand:
    """A command as a row: pending, sent, result (LNK-41).

    Attributes:
        id: 16 characters, unique.
        bank: The bank's name.
        body: The serialized ``interlock.edge.v1.Command``, without epoch and deadline.
        state: What became of it.
        create_time: When it was asked.
        deadline: Until when it may be carried out, by the gateway's clock.
        result: The serialized ``interlock.edge.v1.CommandResult``; empty while there is none.
        result_time: When that came.
        requested_by: Party id of who asked; empty for the gateway.
    """

    id: str
    bank: str
    body: bytes
    state: CommandState = CommandState.PENDING
    create_time: datetime
    deadline: datetime
    result: bytes = b""
    result_time: datetime | None = None
    requested_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedStatusList:
    """The latest edition of a bank's status list.

    Attributes:
        bank: The bank's name.
        era: Of the number.
        number: Within the era, from 1.
        revoked: Places that are revoked.
        text: The signed text.
        renew_time: From when a newer one is signed, changed or not.
    """

    bank: str
    era: int
    number: int
    revoked: tuple[int, ...]
    text: str
    renew_time: datetime
