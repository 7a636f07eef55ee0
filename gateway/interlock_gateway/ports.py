"""What the use cases need from the world, each port as small as its caller needs.

Nothing here is an implementation: ``store/`` keeps, ``main.py`` plugs together. Storing has two halves that never meet.
*Deciding* goes through the committer, which loads whole values by key and writes what was decided in one piece
(``Shelf``). *Reading* for an answer never waits for a decision and has its own queries beside the store's readers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from interlock_gateway.domain.capacity import Commitment
from interlock_gateway.domain.party import Role
from interlock_gateway.domain.viewers import ANY_CARRIER, ANY_NETWORK_OWNER, Audience

T = TypeVar("T")


class Clock(Protocol):
    """Where the instant of a decision comes from."""

    def now(self) -> datetime:
        """Give the present instant, aware UTC."""
        ...


class Entropy(Protocol):
    """Where random bytes come from; the module ``secrets`` is one."""

    def token_bytes(self, nbytes: int, /) -> bytes:
        """Give ``nbytes`` bytes that nobody can guess."""
        ...


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads. Every read carries one, so that what is foreign is as absent as what is not there (PTY-5).

    Attributes:
        party: Party id.
        roles: What it is.
    """

    party: str
    roles: frozenset[Role] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """What stands for it in the rows of an audience; see ``domain.viewers``."""
        owner = (ANY_NETWORK_OWNER,) if Role.NETWORK_OWNER in self.roles else ()
        carrier = (ANY_CARRIER,) if Role.CARRIER in self.roles else ()
        return (self.party, *owner, *carrier)

    @property
    def network_owner(self) -> bool:
        """Whether it sees what the network sees."""
        return Role.NETWORK_OWNER in self.roles


class Event(Protocol):
    """What the log asks of any event; ``domain.events`` has them."""

    @property
    def key(self) -> str:
        """Name of the resource: events of one key keep their order."""
        ...

    @property
    def sequence(self) -> int:
        """The resource's own revision: 1, 2, 3, without gaps."""
        ...

    @property
    def time(self) -> datetime:
        """When it happened."""
        ...

    @property
    def recorded_time(self) -> datetime:
        """When the gateway took it in."""
        ...

    @property
    def audience(self) -> tuple[Audience, ...]:
        """Who is told, and in which view."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate(Generic[T]):
    """A type of value that is kept whole under one key.

    Attributes:
        table: Its table; also its word in a failure.
        type: The dataclass. A field that is added later needs a default: earlier rows do not have it.
        key: Reads the key off a value.
    """

    table: str
    type: type[T]
    key: Callable[[T], str]


class At(NamedTuple):
    """Where a value is kept."""

    aggregate: Aggregate[Any]
    key: str


class Kept(NamedTuple):
    """A value as it is kept.

    Attributes:
        value: The value; ``None`` when there is none under this key.
        version: How often it was written; 0 when there is none. A write says which version it follows.
    """

    value: Any
    version: int


@dataclass(frozen=True, slots=True)
class Request:
    """A call that may be retried (REQ-1).

    Attributes:
        party: Party id of the caller.
        method: The method's full name, for example ``interlock.v1.ReservationService/CreateReservation``.
        request_id: The caller's UUID. Party, method and this one name the request.
        digest: SHA-256 over the request's content, hexadecimal; the same id with another digest is refused.
    """

    party: str
    method: str
    request_id: str
    digest: str

    @property
    def key(self) -> RequestKey:
        """What it is remembered under."""
        return (self.party, self.method, self.request_id)


RequestKey = tuple[str, str, str]
"""Party, method, request id."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The committed outcome of a request (REQ-2).

    Attributes:
        request: Which.
        answer: Names and claims from which the same answer is built again; plain JSON values.
        time: When it was decided.
    """

    request: Request
    answer: Mapping[str, Any]
    time: datetime


class PinRow(NamedTuple):
    """A PIN that is live at a bank. The PIN itself is never kept.

    Attributes:
        tag: 63 bits of a keyed hash of the PIN: equal for equal PINs, and telling nothing without the network's key.
        subject: The PIN subject that holds it, hexadecimal.
    """

    tag: int
    subject: str


@dataclass(slots=True)
class BookRow:
    """A bank's book as it is kept: all that is decided under the lock of this bank (CAP-15).

    Attributes:
        bank: The bank's name.
        version: Its ``allocation_version``; 0 when nothing was ever decided.
        manifest_number: Number of the latest change that the bank must hear of.
        next_status_index: The next free place in the bank's status list.
        commitments: All that stand.
        pins: All that are live.
    """

    bank: str
    version: int = 0
    manifest_number: int = 0
    next_status_index: int = 0
    commitments: Sequence[Commitment] = ()
    pins: Sequence[PinRow] = ()


@dataclass(slots=True)
class BookChange:
    """What a batch changes in one book.

    Attributes:
        bank: The bank's name.
        before: The version that it follows.
        version: The version after it.
        manifest_number: As in ``BookRow``, afterwards.
        next_status_index: As in ``BookRow``, afterwards.
        commitments: By id: the new one, or ``None`` for one that ends.
        pins: PINs taken: the subject by tag.
        freed: Tags of PINs that are free again; they are freed before others are taken.
        manifest: Number and subject of each change that the bank must hear of; the subject is a reservation's id, or
            empty for the configuration.
        summary: What searches read of the plan, see ``capacity.summary``; empty: they have to count.
    """

    bank: str
    before: int
    version: int
    manifest_number: int
    next_status_index: int
    commitments: Mapping[str, Commitment | None]
    pins: Mapping[int, str]
    freed: Collection[int]
    manifest: Sequence[tuple[int, str]]
    summary: bytes = b""


@dataclass(slots=True)
class Wanted:
    """What is to be loaded in one go."""

    values: set[At] = field(default_factory=set)
    books: set[str] = field(default_factory=set)
    requests: set[RequestKey] = field(default_factory=set)
    told: set[tuple[str, int]] = field(default_factory=set)
    """Events, by key and sequence."""

    def __bool__(self) -> bool:
        """Whether anything is wanted."""
        return bool(self.values or self.books or self.requests or self.told)


@dataclass(slots=True)
class Found:
    """What was loaded: an entry for each that was wanted and exists; books that do not exist yet come as empty."""

    values: Mapping[At, Kept]
    books: Mapping[str, BookRow]
    requests: Mapping[RequestKey, Remembered]
    told: Mapping[tuple[str, int], Event]


@dataclass(slots=True)
class Batch:
    """What is to be written in one transaction.

    Attributes:
        values: By place: the new value (``None`` ends it) and the version that it follows.
        books: Changes under the locks of banks.
        events: In the order in which they were decided; the log keeps it.
        remembered: Outcomes, each beside what it is the outcome of.
    """

    values: Mapping[At, Kept]
    books: Sequence[BookChange]
    events: Sequence[Event]
    remembered: Sequence[Remembered]

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.values or self.books or self.events or self.remembered)


class Shelf(Protocol):
    """Where the committer loads from and writes to."""

    async def load(self, wanted: Wanted) -> Found:
        """Load in one snapshot.

        Raises:
            ShelfUnavailable: The database cannot be read.
        """
        ...

    async def write(self, batch: Batch) -> None:
        """Write all of ``batch`` or nothing, durably: it survives a power cut (REQ-9).

        Raises:
            Stale: A version that it follows is no longer the latest. Nothing was written.
            NotAccepted: A row breaks a rule of the schema. Nothing was written.
            InDoubt: The database failed; whether the batch was written must be looked up.
        """
        ...

    async def landed(self, batch: Batch) -> bool:
        """Say whether a batch in doubt was written.

        Raises:
            ShelfUnavailable: The database cannot be read; the batch stays in doubt.
        """
        ...


class ShelfFailure(Exception):
    """The shelf did not do what it was asked."""


class Stale(ShelfFailure):
    """Somebody else has written since; decide again on what is there now."""


class NotAccepted(ShelfFailure):
    """One of the rows breaks a rule of the schema, so none was written."""


class InDoubt(ShelfFailure):
    """No answer from the database: written, or not."""


class ShelfUnavailable(ShelfFailure):
    """The database cannot be read."""
