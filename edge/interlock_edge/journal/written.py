"""A fact once it is written: its address for ever, its bytes, its place in the chain."""

from collections.abc import Callable
from dataclasses import dataclass

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


Encode = Callable[[Fact, Address, int], bytes]
"""Serializes a fact, once: (fact, its address, number of the reservation's earlier hand-over) -> bytes."""

Seal = Callable[[Chained], str]
"""Signs the receipt of a hand-over, inside the transaction that writes it; empty for every other fact."""
