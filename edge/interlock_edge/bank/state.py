"""The state of one bank: what is kept on disk, as last written, and what only lives while the agent runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from interlock_edge.bank.inputs import Chosen
from interlock_edge.bank.policy import Policy
from interlock_edge.custody.change import CommandResult, OpeningMade
from interlock_edge.custody.door import Compartment, Door, Reading
from interlock_edge.custody.ledger import LedgerRow
from interlock_edge.custody.manifest import Manifest
from interlock_edge.custody.right import Right
from interlock_edge.custody.tenancy import Tenancy


class Phase(StrEnum):
    """How far the one opening under way has come; each is a ledger state, kept before its effect."""

    ARMED = "ARMED"
    PULSED = "PULSED"
    OPEN = "OPEN"


@dataclass(frozen=True, slots=True)
class Opening:
    """The one opening under way. There is never a second (ACC-55).

    Attributes:
        right: For which right; its ledger row has the rest.
        compartment: Label of the door.
        phase: How far it has come.
        pulsed_ms: When the lock was last pulsed.
        opened_ms: When the door was seen open, or first seen open after a start.
        warned: How many of the warnings about the open door were given.
        said: What the person chose while the door was open; it counts once the door is closed.
    """

    right: Right
    compartment: str
    phase: Phase
    pulsed_ms: int
    opened_ms: int = 0
    warned: int = 0
    said: Chosen | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A door was opened and closed, and what was done there is not known yet.

    Attributes:
        right: For which right.
        compartment: Label of the door.
        closed_ms: When it closed, or when it was first read after a start. Silence is counted from here.
        decided: Nothing moved and that is written already; only what the person still has to say is open.
    """

    right: Right
    compartment: str
    closed_ms: int
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A courier's session: leave to use the menu, no right.

    Attributes:
        jti: The token's.
        carrier: Party id of the courier's carrier.
        until: When it ends, exclusive, unix seconds.
        used_ms: When the courier was last seen to do something.
    """

    jti: str
    carrier: str
    until: int
    used_ms: int


@dataclass(frozen=True, slots=True)
class Bank:
    """Everything that the machine knows.

    Attributes:
        boot_id: This life of the agent; commands' deadlines name it.
        policy: The numbers that it goes by.
        layout: The compartments by label.
        doors: What is kept about each door, by label.
        ledger: The use of each right. On disk.
        tenancies: Whose parcels lie where, by reservation. On disk.
        openings: The last hour's openings, oldest first. On disk.
        results: Results of the last thousand commands, by id, oldest first. On disk.
        manifest: What the gateway has told. On disk.
        readings: The last settled reading of each compartment, by label.
        opening: The one opening under way.
        questions: Doors whose outcome is open, by label.
        unfinished: After a start: rights whose door has not been read yet.
        queue: The rest of a collector group, to be opened one after another.
        session: The courier at the bank.
        to_tag: Parcels without a label that the courier has taken out and not tagged yet: (reservation, number).
    """

    boot_id: str
    layout: Mapping[str, Compartment]
    policy: Policy = field(default_factory=Policy)
    doors: Mapping[str, Door] = field(default_factory=dict)
    ledger: Mapping[Right, LedgerRow] = field(default_factory=dict)
    tenancies: Mapping[str, Tenancy] = field(default_factory=dict)
    openings: tuple[OpeningMade, ...] = ()
    results: Mapping[str, CommandResult] = field(default_factory=dict)
    manifest: Manifest = field(default_factory=Manifest)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    opening: Opening | None = None
    questions: Mapping[str, Question] = field(default_factory=dict)
    unfinished: frozenset[Right] = frozenset()
    queue: tuple[Right, ...] = ()
    session: Session | None = None
    to_tag: tuple[tuple[str, int], ...] = ()

    def reading(self, compartment: str) -> Reading:
        """Return the last settled reading; UNKNOWN before the first."""
        return self.readings.get(compartment, Reading())

    def door(self, compartment: str) -> Door:
        """Return what is kept about a door."""
        return self.doors.get(compartment, Door(compartment))

    def row(self, right: Right) -> LedgerRow:
        """Return how far the use of ``right`` has come."""
        return self.ledger.get(right) or LedgerRow(right=right)

    def tenant(self, compartment: str) -> Tenancy | None:
        """Return the tenancy in a compartment: the one with parcels inside, or else one in its grace."""
        found = [tenancy for tenancy in self.tenancies.values() if tenancy.compartment == compartment]
        return min(found, key=lambda tenancy: tenancy.ended, default=None)
