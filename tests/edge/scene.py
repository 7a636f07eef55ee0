"""A bank on a table: simulated doors, virtual time, an agent that can be thrown away and started again.

Builders default what a case is not about. Nothing sleeps: ``wait`` moves the clock and lets everything due happen.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from interlock.access_token import Act
from interlock_edge.access.grant import Granted
from interlock_edge.attendant import Attendant, Store
from interlock_edge.bank.effects import Alarm, Alert, Screen, Show
from interlock_edge.bank.inputs import (
    Choice,
    Chosen,
    Deadline,
    Input,
    OpenAsked,
    Shown,
    Tick,
)
from interlock_edge.bank.machine import next_wake
from interlock_edge.bank.policy import Policy
from interlock_edge.bank.state import Bank
from interlock_edge.clock import Instant
from interlock_edge.custody.change import CommandResult
from interlock_edge.custody.door import Compartment
from interlock_edge.custody.fact import Fact, HandOver, RefusedItem
from interlock_edge.custody.kind import Kind, SizeClass
from interlock_edge.custody.manifest import Manifest
from interlock_edge.custody.right import Form, Right
from interlock_edge.custody.terms import PinVerifier, StayTerms
from interlock_edge.drivers.simulated import SimulatedBank, SimulatedDoor
from interlock_edge.journal.database import Seam
from interlock_edge.journal.journal import Journal
from interlock_edge.journal.written import Address, Chained, Encode, Seal

NOON = 1_790_000_000
"""Unix seconds; some day in 2026."""
R1, R2, R3 = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"
JOURNAL = "jjjjjjjjjjjjjjjj"
SMALL, MEDIUM, LARGE = Kind(SizeClass.S), Kind(SizeClass.M), Kind(SizeClass.L)
POLL_MS, CLOSELY_MS = 100, 400


def encoded(fact: Fact, address: Address, earlier: int) -> bytes:
    """Serialize a fact for tests that are not about its bytes."""
    said = {"n": address.number, "kind": type(fact.body).__name__, "earlier": earlier, **asdict(fact.body)}
    return json.dumps(said, default=str).encode()


def unsealed(_: Chained) -> str:
    """Sign nothing."""
    return ""


MakeBank = Callable[..., "Scene"]
"""What the fixture ``a_bank`` gives."""


class World:
    """What outlives the agent: time and the doors."""

    def __init__(self, doors: Iterable[SimulatedDoor]) -> None:
        self.ms = 0
        self.noon = NOON
        self.doors = SimulatedBank(doors, clock_ms=lambda: self.ms)

    def now(self) -> Instant:
        return Instant(time=self.noon + self.ms // 1_000, ms=self.ms)


@dataclass
class Heard:
    """Everything that the listeners were told, in order."""

    screens: list[Show] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    results: list[CommandResult] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def show(self, show: Show) -> None:
        self.screens.append(show)

    def alarm(self, alarm: Alarm) -> None:
        self.alarms.append(alarm)

    def answer(self, result: CommandResult) -> None:
        self.results.append(result)

    def written(self, facts: tuple[Chained, ...]) -> None:
        self.facts += [chained.fact for chained in facts]


def layout(*kinds: Kind) -> dict[str, Compartment]:
    """Number compartments from 1 by kind."""
    return {str(n): Compartment(str(n), kind) for n, kind in enumerate(kinds, start=1)}


def terms(kind: Kind = SMALL, *, parcels: int = 1, group: str = "", pins: tuple[PinVerifier, ...] = ()) -> StayTerms:
    """Make a deposit's terms."""
    return StayTerms(kind=kind, parcels=parcels, group=group, pins=pins)


def deposit(reservation: str = R1, stay: StayTerms | None = None, **changes: object) -> Granted:
    """Make the yes to a deposit."""
    return replace(
        Granted(rights=(Right(reservation, Act.DEPOSIT),), form=Form.QR, terms=stay or terms(), from_token_alone=True),
        **changes,  # type: ignore[arg-type]
    )


def collect(*reservations: str, form: Form = Form.QR, **changes: object) -> Granted:
    """Make the yes to a collection; of a group, when several are named."""
    rights = tuple(Right(reservation, Act.COLLECT) for reservation in reservations or (R1,))
    return replace(Granted(rights=rights, form=form), **changes)  # type: ignore[arg-type]


def recall(reservation: str = R1) -> Granted:
    """Make the yes to a recall."""
    return Granted(rights=(Right(reservation, Act.RECALL),), form=Form.QR)


class Scene:
    """One bank, its people and its agent."""

    def __init__(
        self,
        path: Path | None,
        *kinds: Kind,
        sensors: bool = True,
        sprung: bool = True,
        policy: Policy | None = None,
        manifest: Manifest | None = None,
        seam: Seam = lambda _: None,
        encode: Encode | None = None,
        seal: Seal | None = None,
        store: Store | None = None,
        world: World | None = None,
    ) -> None:
        self.layout = layout(*(kinds or (SMALL, SMALL, MEDIUM)))
        self.world = world or World(SimulatedDoor(label, has_sensor=sensors, sprung=sprung) for label in self.layout)
        self.doors = self.world.doors
        self.heard = Heard()
        self.boot_id = f"boot{self.world.ms}"
        if path is not None:
            make = Journal.open if path.exists() else partial(Journal.create, journal_id=JOURNAL)
            self.path = path
            self.journal = make(path, encode=encode or encoded, seal=seal or unsealed, seam=seam)
            store = self.journal
        assert store is not None
        bank = Bank(self.boot_id, self.layout, policy or Policy(), manifest=manifest or Manifest())
        self.agent = Attendant(bank, store=store, bus=self.doors, listener=self.heard, now=self.world.now)

    @property
    def bank(self) -> Bank:
        return self.agent.bank

    # The agent's main loop, by hand.

    async def wait(self, seconds: float = 0.3) -> None:
        """Let time pass: poll the doors closely for a moment after anything was due, and leap where nothing is."""
        end = self.world.ms + int(seconds * 1_000)
        close_until = self.world.ms + CLOSELY_MS
        await self.agent.poll()
        while self.world.ms < end:
            due = next_wake(self.bank, self.world.now())
            leap = end if due is None else min(end, max(due, self.world.ms + 1))
            self.world.ms = min(leap, self.world.ms + POLL_MS) if self.world.ms < close_until else leap
            if due is not None and self.world.ms >= due:
                close_until = self.world.ms + CLOSELY_MS
                await self.agent.take(Tick())
            await self.agent.poll()

    async def take(self, event: Input) -> None:
        """Hand the agent an input, after people's own two seconds, and let follow what follows at once."""
        await self.wait(2)
        await self.agent.take(event)
        await self.wait()

    # People.

    async def show(self, grant: Granted) -> None:
        """Show a right that has its yes."""
        await self.take(Shown(grant))

    async def choose(self, choice: Choice, count: int = 0, item: RefusedItem | None = None) -> None:
        await self.take(Chosen(choice, count, item))

    async def close(self, label: str = "1") -> None:
        await self.wait(2)
        self.doors.close(label)
        await self.wait()

    async def put(self, label: str = "1", item: str = "parcel") -> None:
        """Put something in and close the door."""
        self.doors.put(label, item)
        await self.close(label)

    async def empty(self, label: str = "1") -> None:
        """Take everything out and close the door."""
        while self.doors.doors[label].items:
            self.doors.take(label)
        await self.close(label)

    async def deposited(self, reservation: str = R1, label: str = "1", stay: StayTerms | None = None) -> None:
        """Go through a whole deposit."""
        await self.show(deposit(reservation, stay))
        self.doors.put(label, reservation)
        await self.close(label)
        if not self.doors.doors[label].has_sensor:
            await self.choose(Choice.ALL_IN)

    async def deposited_by_pulling(self, reservation: str = R1, label: str = "1") -> None:
        """Go through a whole deposit at a door without a spring."""
        await self.show(deposit(reservation))
        self.doors.pull(label)
        await self.wait()
        await self.put(label, reservation)

    async def open_remotely(
        self, grant: Granted, command: str = "k", within_ms: int = 5_000, boot_id: str = ""
    ) -> None:
        deadline = Deadline(boot_id or self.boot_id, self.world.ms + within_ms)
        await self.take(OpenAsked(command, deadline, replace(grant, form=Form.REMOTE, command=command)))

    # What came of it.

    def hand_overs(self) -> list[tuple[str, str, int, str]]:
        """Return (act letter, reservation, parcel, evidence) of every hand-over told since this agent started."""
        return [
            (fact.body.use.right.act.value, fact.body.use.right.subject, fact.body.parcel, fact.body.evidence.value)
            for fact in self.heard.facts
            if isinstance(fact.body, HandOver)
        ]

    def kinds(self) -> list[str]:
        """Return the kinds of all facts told, in order."""
        return [type(fact.body).__name__ for fact in self.heard.facts]

    def bodies(self, kind: type) -> list[object]:
        """Return the bodies of all facts of one kind."""
        return [fact.body for fact in self.heard.facts if isinstance(fact.body, kind)]

    @property
    def screen(self) -> Screen:
        return self.heard.screens[-1].screen

    def alerts(self) -> list[Alert]:
        return [alarm.alert for alarm in self.heard.alarms]
