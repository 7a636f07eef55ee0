"""A change: everything that one decision writes, in one transaction (EVD-2)."""

from dataclasses import dataclass
from enum import StrEnum

from interlock_edge.custody.door import Door
from interlock_edge.custody.fact import Fact
from interlock_edge.custody.ledger import LedgerRow
from interlock_edge.custody.right import Right
from interlock_edge.custody.tenancy import Tenancy

RESULTS_KEPT = 1_000
"""Results of commands, for copies of them that come late (ACC-71)."""
OPENINGS_KEPT_S = 3_600
"""Openings count against the limits for so long (ACC-57)."""


class Outcome(StrEnum):
    """What became of a command. Accepted is not executed: the result comes when it is known."""

    DONE = "DONE"
    EXPIRED = "EXPIRED"
    """It came after its deadline, or in another life of the agent; it never fires."""
    REFUSED = "REFUSED"
    """The bank would not, for the reason given."""
    FAILED = "FAILED"
    """The bank tried, and the door did not open."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What became of one command; every copy of the command gets the same.

    Attributes:
        command: Its id.
        outcome: What became of it.
        reason: Name of the access refusal, or empty.
        compartment: Label concerned, or empty.
    """

    command: str
    outcome: Outcome
    reason: str = ""
    compartment: str = ""


@dataclass(frozen=True, slots=True)
class OpeningMade:
    """One opening that counts against the limits. ``remote``: at a distance and without presence."""

    time: int
    remote: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What is written together or not at all.

    Attributes:
        facts: Appended in this order.
        ledger: Rows put.
        forgotten: Rights whose row is removed.
        tenancies: Rows put.
        ended_tenancies: Reservations whose row is removed.
        doors: Rows put.
        openings: Openings that count against the limits.
        results: Results of commands.
        kept: Single values by name.
    """

    facts: tuple[Fact, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    forgotten: tuple[Right, ...] = ()
    tenancies: tuple[Tenancy, ...] = ()
    ended_tenancies: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ()
    openings: tuple[OpeningMade, ...] = ()
    results: tuple[CommandResult, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
