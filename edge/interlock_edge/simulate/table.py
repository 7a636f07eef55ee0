"""A bank on a table: doors, clock, cable and plug, which outlive the agent that is started and stopped at them."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from interlock_edge import identity
from interlock_edge.agent.agent import Agent
from interlock_edge.agent.opening import open_agent
from interlock_edge.agent.time import Sources
from interlock_edge.bank.machine import next_wake
from interlock_edge.built import Layout
from interlock_edge.drivers.simulated import SimulatedBank, SimulatedDoor
from interlock_edge.link.backoff import Backoff
from interlock_edge.link.client import Link
from interlock_edge.simulate.faults import FaultyBank
from interlock_edge.simulate.remembering import recall, remember

OVERDUE_MS = 50
"""How far to go where something is due already and was not done yet."""


class PowerIsCutError(Exception):
    """Nothing answers: the plug is out."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The power is cut.")


class Table:
    """One simulated bank.

    Attributes:
        doors: The doors and what is broken about them.
        directory: Of its key, identity and journal.
        layout: What the bank is made of.
        agent: While the power is on.
        network_cut: The cable to the gateway is out.
        failed: Carries the exception with which an agent has ended by itself.
    """

    def __init__(self, directory: Path, layout: Layout, *, backoff: Backoff, still_at: int | None = None) -> None:
        """Put up the doors, closed and empty or as they were left. Nothing runs before ``plug_in``.

        Args:
            directory: Of an enrolled bank.
            layout: What it is made of.
            backoff: How soon the link is dialled again.
            still_at: Unix seconds at which its clocks stand still but for what is advanced, and nothing runs by itself:
                for tests. By default they go as this machine's, and the agent runs and dials.
        """
        self.layout = layout
        self.agent: Agent | None = None
        self.network_cut = False
        self.directory, self._backoff, self._gateway = directory, backoff, identity.load(directory).gateway
        self._still_at, self._advanced_ms, self._battery_s = still_at, 0, 0
        self._boot_ms = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._link: Link | None = None
        self._linking: list[asyncio.Task[None]] = []
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        doors = (
            SimulatedDoor(label, has_sensor=built.senses_occupancy) for label, built in layout.compartments.items()
        )
        self.doors = FaultyBank(SimulatedBank(doors, clock_ms=self.ms), moved=self.remember)
        recall(self.doors.bank, directory)

    def remember(self) -> None:
        """Keep how the doors stand and what lies behind them, for a process that is killed."""
        remember(self.doors.bank, self.directory)

    def ms(self) -> int:
        """Read the table's clock, which never steps back, milliseconds."""
        real = time.monotonic_ns() // 1_000_000 if self._still_at is None else 0
        return real + self._advanced_ms

    def system_time(self) -> int:
        """Read the battery clock, unix seconds."""
        real = int(time.time()) if self._still_at is None else self._still_at
        return real + self._advanced_ms // 1_000 + self._battery_s

    async def plug_in(self) -> Agent:
        """Restore the power: the agent starts from what is on disk."""
        if self.agent is None:
            self._boot_ms = self.ms()
            sources = Sources(lambda: self.ms() - self._boot_ms, self.system_time)
            self.agent = open_agent(self.directory, layout=self.layout, bus=self.doors, sources=sources)
            await self.agent.start()
            if self._still_at is None:
                self._tasks = [asyncio.create_task(self.agent.run())]
                self._tasks[0].add_done_callback(self._ended)
                self._dial()
        return self.agent

    async def pull_plug(self) -> None:
        """Cut the power: the agent ends as it stands, and whatever was not on disk is lost."""
        if self.agent is not None:
            agent, self.agent = self.agent, None
            await self._hang_up()
            await _end(*self._tasks)
            self._tasks = []
            agent.journal.close()

    async def cut_network(self, *, cut: bool) -> None:
        """Cut or restore the cable."""
        self.network_cut = cut
        if cut:
            await self._hang_up()
        elif self._still_at is None:
            self._dial()

    async def set_clock(self, to: int) -> None:
        """Set the battery clock, and have the agent, where one runs, believe it as at a start."""
        self._battery_s += to - self.system_time()
        if self.agent is None:
            return
        agent = self.agent
        await agent.clock_moved(agent.timekeeper.started_anew())
        self._clocks_moved()

    async def advance(self, duration_ms: int) -> None:
        """Let time pass: whatever falls due happens, in order."""
        end = self.ms() + duration_ms
        while (left := end - self.ms()) > 0:
            agent = self.running()
            due = next_wake(agent.bank, agent.now())
            leap = left if due is None else min(left, max(due - agent.now().ms, OVERDUE_MS))
            self._advanced_ms += leap
            await agent.rest()
        self._clocks_moved()

    def running(self) -> Agent:
        """Return the agent.

        Raises:
            PowerIsCutError: there is none.
        """
        if self.agent is None:
            raise PowerIsCutError
        return self.agent

    def _dial(self) -> None:
        if self.agent is not None and not self.network_cut and self._link is None:
            self._link = Link(self.agent, self.layout, gateway=self._gateway, backoff=self._backoff)
            self._linking = [asyncio.create_task(self._link.run())]

    async def _hang_up(self) -> None:
        self._link = None
        await _end(*self._linking)
        self._linking = []

    def _clocks_moved(self) -> None:
        """Have the gateway reckon deadlines from the clock as it stands now."""
        if self._link is not None:
            self._link.heartbeat()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Take note that the agent has ended by itself, which it never should."""
        if not task.cancelled() and not self.failed.done() and (error := task.exception()) is not None:
            self.failed.set_exception(error)


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
