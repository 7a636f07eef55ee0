"""Whatever people, doors and power do in whatever order: custody stays sound (EVD-21, ACC-52..59).

Hypothesis plays thirty moves at a bank of three doors and shows the shortest game that breaks a rule.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from network import GROUP, known
from scene import JOURNAL, MEDIUM, R1, R2, R3, SMALL, Scene, World, terms

from interlock.access_token import Act
from interlock.receipt import Evidence
from interlock_edge.access.admission import Showing, admit
from interlock_edge.access.grant import Granted
from interlock_edge.bank.inputs import Choice, Chosen, Deadline, OpenAsked, Reported, ServiceSet, Shown, Tagged
from interlock_edge.custody.change import Change
from interlock_edge.custody.fact import CourierError, DoorOpened, HandOver, RefusedItem
from interlock_edge.custody.ledger import LedgerState
from interlock_edge.custody.right import Form
from interlock_edge.journal.journal import Kept
from interlock_edge.journal.written import Address, Chained

RESERVATIONS, LABELS = (R1, R2, R3), ("1", "2", "3")


@dataclass
class Memory:
    """A store as quick as memory; it keeps what a journal keeps, and forgets what a journal forgets."""

    rows: dict[str, dict[Any, Any]] = field(default_factory=lambda: {"ledger": {}, "tenancy": {}, "door": {}})
    openings: list[Any] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    facts: list[Any] = field(default_factory=list)

    def write(self, change: Change) -> tuple[Chained, ...]:
        self.rows["ledger"].update({row.right: row for row in change.ledger})
        for right in change.forgotten:
            self.rows["ledger"].pop(right, None)
        self.rows["tenancy"].update({tenancy.reservation: tenancy for tenancy in change.tenancies})
        for reservation in change.ended_tenancies:
            self.rows["tenancy"].pop(reservation, None)
        self.rows["door"].update({door.label: door for door in change.doors})
        self.openings += change.openings
        self.results += change.results
        self.facts += change.facts
        return tuple(Chained(fact, Address(JOURNAL, fact.lane, 1), b"", b"", b"", 0) for fact in change.facts)

    def load(self) -> Kept:
        kept = self.rows
        return Kept(
            tuple(kept["ledger"].values()),
            tuple(kept["tenancy"].values()),
            tuple(kept["door"].values()),
            tuple(self.openings),
            tuple(self.results),
        )


_label, _reservation = st.sampled_from(LABELS), st.sampled_from(RESERVATIONS)
_moves = st.one_of(
    st.tuples(st.just("bring"), _reservation),
    st.tuples(st.just("fetch"), _reservation, st.sampled_from([Act.COLLECT, Act.RECALL])),
    st.tuples(st.just("show"), _reservation, st.sampled_from([Act.DEPOSIT, Act.COLLECT, Act.RECALL])),
    st.tuples(st.just("show"), st.just(GROUP), st.just(Act.COLLECT)),
    st.tuples(st.just("command"), _reservation, st.sampled_from([Act.COLLECT, Act.RECALL])),
    st.tuples(st.just("put"), _label),
    st.tuples(st.just("take"), _label),
    st.tuples(st.just("close"), _label),
    st.tuples(st.just("pry"), _label),
    st.tuples(st.just("jam"), _label, st.sampled_from([0, 1, 3, -1])),
    st.tuples(st.just("silence"), st.booleans()),
    st.tuples(st.just("cross"), _label, _label),
    st.tuples(st.just("choose"), st.sampled_from(Choice), st.integers(0, 3)),
    st.tuples(st.just("report"), st.sampled_from(CourierError), _label),
    st.tuples(st.just("service"), _label, st.booleans()),
    st.tuples(st.just("tag"), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([1, 6, 20, 70, 130, 610, 90_000])),
    st.tuples(st.just("plug"), st.none()),
)


class Game:
    """One bank, played with."""

    def __init__(self, *, sensors: bool) -> None:
        self.memory = Memory()
        self.sensors = sensors
        self.world: World | None = None
        self.commands = self.held = 0
        self.start()

    def start(self) -> None:
        self.scene = Scene(None, SMALL, SMALL, MEDIUM, sensors=self.sensors, store=self.memory, world=self.world)
        self.world = self.scene.world

    async def move(self, kind: str, *what: Any) -> None:
        """Make one move."""
        match kind, what:
            case "show", (subject, act):
                await self._show(subject, act)
            case "bring", (subject,):
                await self._show(subject, Act.DEPOSIT)
                await self._at_open_doors("put")
                await self.scene.agent.take(Chosen(Choice.ALL_IN))
            case "fetch", (subject, act):
                await self._show(subject, act)
                await self._at_open_doors("take")
                await self.scene.agent.take(Chosen(Choice.HAVE_ALL))
            case "plug", _:
                self.start()
            case "wait", (seconds,):
                await self.scene.wait(seconds)
            case (("put" | "take" | "close" | "pry" | "jam" | "silence" | "cross"), _):
                self._hands(kind, *what)
            case _:
                await self._say(kind, *what)
        await self.scene.wait(0.3)

    async def _show(self, subject: str, act: Act) -> None:
        said = self._judged(Showing(act=act, subject=subject, form=Form.QR, series=0, terms=self._terms(act)))
        if isinstance(said, Granted):
            await self.scene.agent.take(Shown(said))
        await self.scene.wait(1)

    async def _at_open_doors(self, hand: str) -> None:
        for label in LABELS:
            self._hands(hand, label)
            self.scene.doors.close(label)
        await self.scene.wait(1)

    def _hands(self, kind: str, *what: Any) -> None:
        """Do what hands can do, and nothing else."""
        doors = self.scene.doors
        match kind, what:
            case "put", (label,) if doors.doors[label].open:
                doors.put(label, "thing")
            case "take", (label,) if doors.doors[label].open and doors.doors[label].items:
                doors.take(label)
            case "close", (label,):
                doors.close(label)
            case "pry", (label,):
                doors.pry(label)
            case "jam", (label, pulses):
                doors.jam(label, pulses)
            case "silence", (silent,):
                doors.silence("1", silent=silent)
            case "cross", (label, other):
                doors.cross(label, other)

    async def _say(self, kind: str, *what: Any) -> None:
        """Press buttons, and send commands."""
        agent = self.scene.agent
        self.commands += 1
        command, deadline = f"k{self.commands}", Deadline(self.scene.boot_id, self.world_ms + 5_000)
        match kind, what:
            case "command", (subject, act):
                said = self._judged(Showing(act=act, subject=subject, form=Form.REMOTE, series=0, command=command))
                await agent.take(OpenAsked(command, deadline, said))
            case "choose", (choice, count):
                await agent.take(Chosen(choice, count, RefusedItem.DAMAGED))
            case "report", (error, label):
                await agent.take(Reported(error, label))
            case "service", (label, withdrawn):
                await agent.take(ServiceSet(command, deadline, label, withdrawn=withdrawn))
            case "tag", _:
                await agent.take(Tagged(bytes(16)))

    @property
    def world_ms(self) -> int:
        return self.scene.world.ms

    def _terms(self, act: Act) -> Any:
        return terms(parcels=2, group=GROUP) if act is Act.DEPOSIT else None

    def _judged(self, showing: Showing) -> Any:
        bank = self.scene.bank
        knows = replace(
            known(), ledger=bank.ledger, tenancies=bank.tenancies, openings=bank.openings, limits=bank.policy.limits
        )
        return admit(showing, knows, self.scene.world.now())

    def hold(self) -> None:
        """Hold what must be true at every moment."""
        self._hold_custody()
        self._hold_doors()
        self._hold_disk()

    def _hold_custody(self) -> None:
        moved: Counter[tuple[str, int, bool]] = Counter()
        for fact in self.memory.facts:
            body = fact.body
            if not isinstance(body, HandOver):
                continue
            coming = body.use.right.act is Act.DEPOSIT
            if coming or body.evidence is not Evidence.NONE:  # where nothing speaks for it, it counts as inside (EVD-8)
                moved[body.use.right.subject, body.parcel, coming] += 1
                assert coming or moved[body.use.right.subject, body.parcel, True], "out before in"
        assert not moved or max(moved.values()) == 1, "each parcel comes in once and goes out once"
        spent = set()
        for fact in self.memory.facts:
            if isinstance(fact.body, HandOver) and fact.body.use.right.act is not Act.DEPOSIT:
                if fact.body.evidence is not Evidence.NONE:
                    spent.add(fact.body.use.right)
            elif isinstance(fact.body, DoorOpened) and fact.body.use is not None and not fact.body.use.grace:
                assert fact.body.use.right not in spent, "no right is used twice"

    def _hold_doors(self) -> None:
        inside: dict[str, str] = {}
        for fact in self.memory.facts:
            body = fact.body
            if isinstance(body, HandOver) and body.use.right.act is Act.DEPOSIT:
                inside[body.compartment] = body.use.right.subject
            elif isinstance(body, HandOver) and body.evidence is not Evidence.NONE:
                inside.pop(body.compartment, None)
            elif isinstance(body, DoorOpened) and body.use is not None:
                owner = inside.get(body.compartment, body.use.right.subject)
                assert body.use.right.subject == owner, "no door opens for another one's right"
        for fact in self.memory.facts[self.held :]:
            if isinstance(fact.body, HandOver) and fact.body.evidence is Evidence.SENSED:
                there = bool(self.scene.doors.doors[fact.body.compartment].items)
                assert there is (fact.body.use.right.act is Act.DEPOSIT), "sensed is what is there"
        self.held = len(self.memory.facts)

    def _hold_disk(self) -> None:
        bank = self.scene.bank
        kept = self.memory.load()
        assert {row.right: row for row in kept.ledger} == bank.ledger, "memory is what the disk says"
        assert {tenancy.reservation: tenancy for tenancy in kept.tenancies} == bank.tenancies
        homes = [tenancy.compartment for tenancy in bank.tenancies.values() if not tenancy.ended]
        assert len(homes) == len(set(homes)), "no door is given to two"
        unfinished = {
            right for right, row in bank.ledger.items() if row.state in (LedgerState.ARMED, LedgerState.PULSED)
        }
        assert unfinished <= bank.unfinished | ({bank.opening.right} if bank.opening else set())


@given(sensors=st.booleans(), moves=st.lists(_moves, min_size=10, max_size=30))
def test_custody_stays_sound_whatever_happens(sensors: bool, moves: list[tuple[Any, ...]]) -> None:
    async def play() -> None:
        game = Game(sensors=sensors)
        for move in moves:
            await game.move(*move)
            game.hold()

    asyncio.run(play())
