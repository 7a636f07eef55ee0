"""Power cuts: a bank that dies at its n-th write, people who go on, and what must be true afterwards.

The doors outlive the agent. People do what people do: whoever finds a door open puts in or takes out what they came
for and closes it; whoever does not shows their code again.
"""

import pickle
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from network import AUDIENCE, NETWORK, SECRET, dep, keys, statuses, token
from scene import SMALL, Scene, World, encoded, unsealed

from interlock import chain, pin
from interlock.access_token import Act
from interlock.deposit_terms import PinTerms
from interlock_edge.access.grant import Granted
from interlock_edge.access.known import Site, keys_for_access
from interlock_edge.access.lockout import Lockout
from interlock_edge.access.pin import pin_verdict
from interlock_edge.access.refusal import Refused
from interlock_edge.access.verdict import verdict
from interlock_edge.bank.effects import Screen
from interlock_edge.bank.inputs import Choice, Chosen, Shown
from interlock_edge.bank.knowledge import knowledge
from interlock_edge.custody.door import Reading
from interlock_edge.custody.fact import Lane
from interlock_edge.drivers.port import Refused as NotPulsed
from interlock_edge.drivers.port import Sent
from interlock_edge.journal.journal import Journal

PIN = "12345678"
PIN_KEY = pin.key(SECRET, 1)


class PowerCut(BaseException):
    """The agent is gone. No code of the agent catches it."""


@dataclass(frozen=True)
class Script:
    """What happens at the bank.

    Attributes:
        by_pin: The collector types a PIN; otherwise they show a QR code.
        sensors: The doors sense what lies inside.
        jams: Pulses that do nothing at the first door, at the deposit and again at the collection.
    """

    by_pin: bool
    sensors: bool
    jams: int

    def __str__(self) -> str:
        """Name the case."""
        return f"{'PIN' if self.by_pin else 'QR'}, {'sensed' if self.sensors else 'no sensors'}, {self.jams} jams"


class SeamBus:
    """The lock bus with two more points at which the power can go: before the coil fires, and before it is answered."""

    def __init__(self, world: World, seam: Callable[[str], None]) -> None:
        self._doors, self._seam = world.doors, seam

    @property
    def boards(self) -> Mapping[str, tuple[str, ...]]:
        return self._doors.boards

    async def pulse(self, compartment: str) -> Sent | NotPulsed:
        self._seam("pulse")
        reply = await self._doors.pulse(compartment)
        self._seam("pulsed")
        return reply

    async def read(self, board: str) -> Mapping[str, Reading]:
        return await self._doors.read(board)


class Theatre:
    """Plays one script, over as many lives of the agent as it takes."""

    def __init__(self, path: Path, script: Script, seam: Callable[[str], None] = lambda _: None) -> None:
        self.path, self.script, self.seam = path, script, seam
        self.scene: Scene | None = None
        self.world: World | None = None
        self.told: list[bytes] = []
        """Custody facts that were on disk when the last life ended."""
        pins = PinTerms(1, 0, pin.verifier(PIN_KEY, audience=AUDIENCE, subject="a" * 16, series=0, pin=PIN))
        self.deposit, self.collect = token(Act.DEPOSIT, dep=dep(pin=pins)), token(Act.COLLECT)

    def start(self) -> Scene:
        """Begin another life of the agent at the same doors."""
        scene = Scene(self.path, SMALL, SMALL, SMALL, sensors=self.script.sensors, world=self.world, seam=self.seam)
        scene.agent._bus = SeamBus(scene.world, self.seam)  # noqa: SLF001  the same port, with seams
        if self.world is None:
            self.world = scene.world
            self.world.doors.jam("1", self.script.jams)
        self.scene = scene
        return scene

    def die(self) -> None:
        """End this life and read what it left behind."""
        if self.scene is not None:
            self.scene.journal.close()
            self.scene = None

    def custody(self) -> list[bytes]:
        """Read the custody lane from the file, as an outsider would."""
        journal = Journal.open(self.path, encode=encoded, seal=unsealed)
        try:
            facts = journal.lanes.facts(Lane.CUSTODY, after=0, limit=10_000)
            assert [fact.number for fact in facts] == list(range(1, len(facts) + 1))
            bodies = [fact.body for fact in facts]
            assert [fact.hash for fact in facts] == list(chain.walk(chain.start(journal.journal_id), bodies))
            return bodies
        finally:
            journal.close()

    async def play(self) -> None:
        """Deposit one parcel and collect it again, through any number of deaths."""
        await self._until(self._parcel_is_in, self._depositor)
        assert self.world is not None
        for door in self.world.doors.doors.values():
            door.jams = self.script.jams
        await self._until(self._parcel_is_out, self._collector)

    async def _until(self, done: Callable[[Scene], bool], act: Callable[[Scene], Awaitable[None]]) -> None:
        for _ in range(12):
            try:
                scene = self.scene or self.start()
                await scene.wait()
                if done(scene):
                    return
                await act(scene)
            except PowerCut:
                self.die()
                self.seam = lambda _: None  # once is enough
                before, self.told = self.told, self.custody()
                assert self.told[: len(before)] == before
        message = f"It never came to an end: {self.script}."
        raise AssertionError(message)

    def _parcel_is_in(self, scene: Scene) -> bool:
        return any(tenancy.parcels for tenancy in scene.bank.tenancies.values())

    def _parcel_is_out(self, scene: Scene) -> bool:
        return not any(tenancy.parcels for tenancy in scene.bank.tenancies.values())

    async def _depositor(self, scene: Scene) -> None:
        await self._at_the_door(scene, self.deposit, self._put)

    async def _collector(self, scene: Scene) -> None:
        await self._at_the_door(scene, "" if self.script.by_pin else self.collect, self._take)

    async def _at_the_door(self, scene: Scene, shown: str, do: Callable[[Scene, str], None]) -> None:
        open_ = next((label for label, door in scene.doors.doors.items() if door.open), None)
        if open_ is not None:
            do(scene, open_)
            scene.doors.close(open_)
            await scene.wait()
        elif scene.bank.questions:
            await scene.agent.take(Chosen(Choice.ALL_IN if shown == self.deposit else Choice.HAVE_ALL))
        else:
            await scene.agent.take(Shown(self.granted(scene, shown)))
            await scene.wait(20)  # long enough for three pulses and the next door
            if scene.heard.screens and scene.screen is Screen.DOOR_JAMMED:
                await scene.wait(120)

    def judge(self, scene: Scene, shown: str) -> Granted | Refused:
        """Judge a QR code, or the PIN when nothing is shown."""
        held = keys()
        knows = knowledge(
            scene.bank,
            site=Site(NETWORK, AUDIENCE, doors=3),
            key_set=held,
            keys=keys_for_access(held),
            status=statuses(),
        )
        now = scene.world.now()
        if not shown:
            return pin_verdict(PIN, knows, now, pin_keys={1: PIN_KEY}, lockout=Lockout()).answer
        said = verdict(shown, knows, now)
        assert isinstance(said, Granted | Refused)
        return said

    def granted(self, scene: Scene, shown: str) -> Granted:
        """Judge, and hold the answer to be yes: no power cut and no jam has burnt the right."""
        said = self.judge(scene, shown)
        assert isinstance(said, Granted), said
        return said

    def _put(self, scene: Scene, label: str) -> None:
        inside = [door for door in scene.doors.doors.values() if door.items]
        if not inside:
            scene.doors.put(label, "the parcel")

    def _take(self, scene: Scene, label: str) -> None:
        if scene.doors.doors[label].items:
            scene.doors.take(label)

    def freeze(self, to: Path) -> None:
        """Write the doors down, for a process that is about to be killed."""
        assert self.world is not None
        doors: dict[str, Any] = {label: vars_of(door) for label, door in self.world.doors.doors.items()}
        to.write_bytes(pickle.dumps((self.world.ms, doors)))

    def thaw(self, frozen: Path) -> None:
        """Stand before the doors of a process that was killed."""
        ms, doors = pickle.loads(frozen.read_bytes())  # noqa: S301  our own file
        scene = Scene(self.path.with_name("unused"), SMALL, SMALL, SMALL, sensors=self.script.sensors)
        scene.journal.close()
        self.world = scene.world
        self.world.ms = ms
        for label, said in doors.items():
            for name, value in said.items():
                setattr(self.world.doors.doors[label], name, value)


def vars_of(door: Any) -> dict[str, Any]:
    """Return the fields of a simulated door."""
    return dict(vars(door))
