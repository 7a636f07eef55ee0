"""A fact once it is written: its address for ever, its bytes, its place in the chain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from interlock_edge.custody.fact import Fact, Lane


@dataclass(frozen=True, slots=True)
class Address:
    """Where a fact stands; with the bank, its name for ever."""

    journal_id: str
    lane: Lane
    number: int


@dataclass(frozen=True, slots=True)
class Chained:
    """A fact that has its place and is about to be written.

    Attributes:
        fact: The fact.
        address: Where it stands.
        body: As it travels.
        previous_hash: h(n-1), 32 bytes; empty outside custody.
        hash: h(n), 32 bytes; empty outside custody.
        earlier: Number of the reservation's hand-over before this one, 0 for none.
    """

    fact: Fact
    address: Address
    body: bytes
    previous_hash: bytes
    hash: bytes
    earlier: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A fact as the link sends it."""

    number: int
    body: bytes
    receipt: str
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a gateway told, in the bytes in which it came; what it means is read elsewhere.

    Attributes:
        era: Of the version after it.
        number: Of the version after it.
        snapshot: Entries that it does not name are gone.
        entries: Serialized ``ReservationEntry`` by reservation id.
        removed: Reservations that are gone.
        documents: Named whole: the configuration, the key set, the status list. One not named stays as it was.
    """

    era: int
    number: int
    snapshot: bool
    entries: Mapping[str, bytes] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    documents: Mapping[str, bytes] = field(default_factory=dict)


Encode = Callable[[Fact, Address, int], bytes]
"""Serializes a fact, once: (fact, its address, number of the reservation's earlier hand-over) -> bytes."""

Seal = Callable[[Chained], str]
"""Signs the receipt of a hand-over, inside the transaction that writes it; empty for every other fact."""
